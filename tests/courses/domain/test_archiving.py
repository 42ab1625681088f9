"""Every door by which a page with records could be lost."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from courses.domain.archiving import HasRecords, archive_state, set_archived
from courses.domain.catalogue import read_catalogue
from courses.models import Course, CoursePage, Enrolment, LessonPage, ModulePage
from elearn.core.models import AuditEvent
from elearn.people.models import User
from tests.factories.courses import make_course_page, make_lesson, make_module


def pages_of(course: Course) -> dict[str, Page]:
    page = CoursePage.objects.get(translation_key=course.key)
    return {
        "lesson": LessonPage.objects.get(key="m1-l1"),
        "module": ModulePage.objects.get(key="m1"),
        "course": page,
        "catalogue": page.get_parent(),
        "home": page.get_parent().get_parent(),
    }


@pytest.mark.parametrize("which", ["lesson", "module", "course", "catalogue", "home"])
def test_deleting_in_code_is_refused(course: Course, which: str) -> None:
    count = Page.objects.count()
    pk = pages_of(course)[which].pk
    with pytest.raises(HasRecords), transaction.atomic():
        Page.objects.get(pk=pk).delete()
    with pytest.raises(HasRecords), transaction.atomic():
        Page.objects.filter(pk=pk).delete()
    assert Page.objects.count() == count


@pytest.mark.parametrize("which", ["lesson", "module", "course", "catalogue"])
def test_delete_button_is_refused_in_words(course: Course, admin: User, client: Client, which: str) -> None:
    client.force_login(admin)
    page = pages_of(course)[which]
    response = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
    assert response.status_code == 200
    assert "part of a released edition" in response.content.decode()
    assert Page.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("action", ["delete", "unpublish"])
@pytest.mark.parametrize("which", ["lesson", "module", "course"])
def test_bulk_action_is_refused_in_words(course: Course, admin: User, client: Client, which: str, action: str) -> None:
    client.force_login(admin)
    page = pages_of(course)[which]
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    response = client.post(f"{url}?id={page.pk}", {"include_descendants": "on"}, follow=True)
    assert response.status_code == 200
    assert "part of a released edition" in response.content.decode()
    assert Page.objects.get(pk=page.pk).live


@pytest.mark.parametrize("which", ["lesson", "module", "course"])
def test_unpublish_button_is_refused(course: Course, admin: User, client: Client, which: str) -> None:
    client.force_login(admin)
    page = pages_of(course)[which]
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert Page.objects.get(pk=page.pk).live


def test_translation_of_a_released_page_is_not_deleted(course: Course) -> None:
    french = Locale.objects.create(language_code="fr")
    pages = pages_of(course)
    for which in ("home", "catalogue", "course", "module"):
        pages[which].copy_for_translation(french)
    lesson = pages["lesson"].copy_for_translation(french)
    with pytest.raises(HasRecords), transaction.atomic():
        lesson.delete()
    with pytest.raises(HasRecords), transaction.atomic():
        french.delete()
    assert Page.objects.filter(locale=french).count() == 5


def test_language_is_not_deleted_in_the_cms(course: Course, admin: User, client: Client) -> None:
    client.force_login(admin)
    locale = Locale.objects.get(language_code="en")
    client.raise_request_exception = False
    client.post(reverse("wagtaillocales:delete", args=[locale.pk]))
    assert Locale.objects.filter(pk=locale.pk).exists()
    assert Page.objects.filter(locale=locale).count() > 5


def test_move_out_of_the_course_is_refused(course: Course, admin: User, client: Client) -> None:
    lesson = pages_of(course)["lesson"]
    target = make_module(make_course_page("second"), "elsewhere")
    with pytest.raises(HasRecords), transaction.atomic():
        lesson.move(target, pos="last-child")
    client.force_login(admin)
    response = client.post(reverse("wagtailadmin_pages:move_confirm", args=[lesson.pk, target.pk]), follow=True)
    assert "part of a released edition" in response.content.decode()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    client.post(f"{url}?id={lesson.pk}", {"chooser": target.pk, "move_applicable": "on"})
    assert LessonPage.objects.get(pk=lesson.pk).get_parent().get_parent().specific.key == "rescue-at-sea"


def test_move_within_the_course_is_free(course: Course) -> None:
    lesson = pages_of(course)["lesson"]
    lesson.move(ModulePage.objects.get(key="m2"), pos="first-child")
    assert LessonPage.objects.get(key="m1-l1").get_parent().specific.key == "m2"


def test_emptied_module_of_an_edition_is_not_deleted(course: Course) -> None:
    for lesson in LessonPage.objects.filter(key__startswith="m2"):
        lesson.move(ModulePage.objects.get(key="m1"), pos="last-child")
    with pytest.raises(HasRecords), transaction.atomic():
        ModulePage.objects.get(key="m2").delete()


def test_page_without_records_is_deleted_as_ever(course: Course) -> None:
    lesson = make_lesson(ModulePage.objects.get(key="m1"), "fresh")
    lesson.delete()
    assert not LessonPage.objects.filter(key="fresh").exists()


def test_archived_course_leaves_the_catalogue_and_stays_for_its_learners(
    course: Course, enrolment: Enrolment, stranger: User, manager: User, client: Client
) -> None:
    page = pages_of(course)["course"]
    set_archived(page=page, archived=True, by=manager)
    assert read_catalogue(stranger, "en").cards == []
    assert archive_state(page).learners == 1
    client.force_login(enrolment.person)
    assert client.get(LessonPage.objects.get(key="m1-l1").url).status_code == 200
    client.force_login(stranger)
    client.post(reverse("courses:enrol", args=[course.key]))
    assert not Enrolment.objects.filter(person=stranger).exists()
    set_archived(page=page, archived=False, by=manager)
    assert [card.key for card in read_catalogue(stranger, "en").cards] == [course.key]
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "page.archive",
        "page.unarchive",
    ]
