"""The screens that the CMS has for courses: release, archive, preview; and its interface for scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from assessments.models import QuizPage
from courses.domain.archiving import HasRecords
from courses.domain.releasing import release
from courses.models import CataloguePage, Course, CoursePage, LessonPage, ModulePage
from elearn.people.models import User
from tests.factories.assessments import QUIZ_RULES, QuestionBankFactory, make_quiz
from tests.factories.courses import make_course, make_course_page, make_lesson, make_module

AsPerson = Callable[[User | None], Client]

# --- Releasing ---------------------------------------------------------------------------------------------------


def test_editor_sees_what_would_be_released_and_releases_it(editor: User, as_person: AsPerson) -> None:
    page = make_course()
    url = reverse("courses_cms:release", args=[page.pk])
    client = as_person(editor)
    shown = client.get(url)
    assert shown.status_code == 200
    assert "M2-l2" in shown.content.decode()
    digest = shown.context["form"]["digest"].value()

    done = client.post(url, {"digest": digest, "note": "First"}, follow=True)

    assert "Edition 1 is released." in done.content.decode()
    edition = Course.objects.get(key=page.translation_key).current_edition
    assert (edition.number, edition.note, edition.released_by) == (1, "First", editor)


def test_release_of_something_else_than_was_shown_is_refused(editor: User, as_person: AsPerson) -> None:
    page = make_course()
    url = reverse("courses_cms:release", args=[page.pk])
    client = as_person(editor)
    digest = client.get(url).context["form"]["digest"].value()
    make_lesson(ModulePage.objects.get(key="m1"), "added-since")
    assert client.post(url, {"digest": digest, "note": ""}).headers["Location"] == url
    assert not Course.objects.exists()


@pytest.mark.parametrize("screen", ["release", "archive"])
@pytest.mark.parametrize("who", ["learner", "stranger", "trainer", "author", "reviewer"])
def test_release_and_archive_are_closed_to_others(
    course: Course, screen: str, who: str, as_person: AsPerson, request: pytest.FixtureRequest
) -> None:
    page = CoursePage.objects.get()
    page.edition_title = "Changed, so that there is something to release"
    page.save_revision().publish()
    url = reverse(f"courses_cms:{screen}", args=[page.pk])
    client = as_person(request.getfixturevalue(who))
    for response in (client.get(url), client.post(url, {"digest": "x"})):
        assert response.status_code == 302
        assert response.headers["Location"] != reverse("wagtailadmin_explore", args=[page.pk])
    course.refresh_from_db()
    assert (course.current_edition.number, course.archived_at) == (1, None)


# --- The archive -------------------------------------------------------------------------------------------------


def test_editor_archives_a_lesson_and_takes_it_back(course: Course, editor: User, as_person: AsPerson) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    url = reverse("courses_cms:archive", args=[lesson.pk])
    client = as_person(editor)
    assert "0 learners are taking this course now" in client.get(url).content.decode()
    assert "is archived" in client.post(url, follow=True).content.decode()
    assert course.units.exclude(archived_at=None).get().key == lesson.translation_key
    assert "Take out of the archive" in client.get(url).content.decode()
    assert "is back from the archive" in client.post(url, follow=True).content.decode()
    assert not course.units.exclude(archived_at=None).exists()


def test_what_was_never_released_is_not_archived(editor: User, as_person: AsPerson) -> None:
    page = make_course()
    response = as_person(editor).get(reverse("courses_cms:archive", args=[page.pk]), follow=True)
    assert "Only courses and units that stand in a released edition" in response.content.decode()


# --- Unpublishing and deleting, past the screens -----------------------------------------------------------------


@pytest.mark.parametrize("key", ["m1-l1", "m1"])
def test_released_page_is_not_unpublished_in_code(course: Course, key: str) -> None:
    page = Page.objects.get(slug=key)
    for target in (page, page.specific):
        with pytest.raises(HasRecords), transaction.atomic():
            target.unpublish()
    assert Page.objects.get(pk=page.pk).live


def test_page_without_records_is_unpublished_as_ever(course: Course) -> None:
    lesson = make_lesson(ModulePage.objects.get(key="m1"), "fresh")
    lesson.unpublish()
    assert not LessonPage.objects.get(key="fresh").live


@pytest.mark.parametrize("action", ["unpublish", "delete"])
@pytest.mark.parametrize("key", ["m1-l1", "m1", "rescue-at-sea"])
def test_interface_for_scripts_refuses_in_words(
    course: Course, admin: User, as_person: AsPerson, action: str, key: str
) -> None:
    page = Page.objects.get(slug=key)
    count = Page.objects.count()
    log = PageLogEntry.objects.count()
    response = as_person(admin).post(f"/cms/api/main/pages/{page.pk}/action/{action}/", {"recursive": True})
    assert response.status_code == 403
    assert "part of a released edition" in response.json()["detail"]
    assert Page.objects.get(pk=page.pk).live
    assert Page.objects.count() == count
    assert PageLogEntry.objects.count() == log


def test_interface_for_scripts_deletes_what_has_no_records(course: Course, admin: User, as_person: AsPerson) -> None:
    lesson = make_lesson(ModulePage.objects.get(key="m1"), "fresh")
    url = f"/cms/api/main/pages/{lesson.pk}/action/"
    client = as_person(admin)
    assert client.post(f"{url}unpublish/").status_code == 200
    assert client.post(f"{url}delete/").status_code == 204
    assert not LessonPage.objects.filter(key="fresh").exists()


def lesson_form(**fields: object) -> dict:
    return nested_form_data(
        {
            "title": "A lesson",
            "slug": "a-lesson",
            "key": "a-lesson",
            "purpose": "To learn.",
            "minutes": 10,
            "required": "on",
            "stands_for": "",
            "facilitator_notes": rich_text("<p>Whisper.</p>"),
            "body": streamfield([("key_point", {"text": rich_text("<p>Keep it.</p>")})]),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            **fields,
        }
    )


def test_expiry_of_a_released_page_is_refused_in_the_editor(course: Course, editor: User, as_person: AsPerson) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    tomorrow = timezone.now() + timedelta(days=1)
    form = lesson_form(slug="m1-l1", key="m1-l1", expire_at=tomorrow.strftime("%Y-%m-%d %H:%M"))
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    response = as_person(editor).post(url, {**form, "action-publish": "1"}, follow=True)
    assert response.status_code == 200
    assert "part of a released edition" in response.content.decode()
    lesson.refresh_from_db()
    assert (lesson.live, lesson.expire_at, lesson.title) == (True, None, "M1-l1")
    assert lesson.get_latest_revision_as_object().title == "A lesson"  # What was written is kept.


# --- Previews ----------------------------------------------------------------------------------------------------


def course_form() -> dict:
    return nested_form_data(
        {
            "title": "A course",
            "slug": "a-course",
            "key": "a-course",
            "summary": "S",
            "purpose": "P",
            "audience": "A",
            "objectives": streamfield([]),
            "about": rich_text("<p>About it.</p>"),
            "theme": "training",
            "level": "foundation",
            "variant": "full",
            "award": "completion",
            "edition_title": "",
            "review_state": "awaiting",
            "review_note": "",
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
        }
    )


def module_form() -> dict:
    return nested_form_data(
        {
            "title": "A module",
            "slug": "a-module",
            "key": "a-module",
            "purpose": "P",
            "objectives": streamfield([]),
            "introduction": rich_text("<p>In.</p>"),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
        }
    )


def quiz_form() -> dict:
    form = {name: value for name, value in lesson_form().items() if not name.startswith("body")}
    bank = QuestionBankFactory()
    rest = {"bank": bank.pk, "draw": 3, "pass_mark": 70, "attempts_allowed": 0, "introduction": rich_text("<p></p>")}
    rest |= {"selection-count": 0, **QUIZ_RULES}
    return {**form, "title": "A quiz", "slug": "a-quiz", "key": "a-quiz", **rest}


FORMS = {CoursePage: course_form, ModulePage: module_form, LessonPage: lesson_form, QuizPage: quiz_form}


@pytest.mark.parametrize("is_first_child", [True, False])
@pytest.mark.parametrize("model", FORMS)
def test_preview_of_a_page_never_saved(
    model: type[Page], is_first_child: bool, author: User, as_person: AsPerson
) -> None:
    parent = CataloguePage.objects.get(locale__language_code="en")
    if model is not CoursePage:
        parent = make_course_page()
        if not is_first_child:
            make_module(parent, "first")
    if issubclass(model, LessonPage | QuizPage):
        parent = make_module(parent, "second")
        if not is_first_child:
            make_lesson(parent, "before")
    url = reverse("wagtailadmin_pages:preview_on_add", args=[model._meta.app_label, model._meta.model_name, parent.pk])
    client = as_person(author)
    form = FORMS[model]()
    assert client.post(url, form).json() == {"is_valid": True, "is_available": True}
    shown = client.get(url)
    assert shown.status_code == 200
    assert form["title"] in shown.content.decode()
    assert not model.objects.filter(slug=form["slug"]).exists()


@pytest.mark.parametrize("state", ["draft", "released"])
@pytest.mark.parametrize("model", FORMS)
def test_preview_of_a_saved_page(model: type[Page], state: str, author: User, as_person: AsPerson) -> None:
    page = make_course_page()
    module = make_module(page, "m1")
    make_lesson(module, "l1")
    make_quiz(module)
    if state == "released":
        release(page=page, by=None)
    page = model.objects.get()
    client = as_person(author)
    form = FORMS[model]() | {"slug": page.slug, "key": page.key}
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(url, form).json() == {"is_valid": True, "is_available": True}
    shown = client.get(url)
    assert (shown.status_code, form["title"] in shown.content.decode()) == (200, True)
    assert client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200
