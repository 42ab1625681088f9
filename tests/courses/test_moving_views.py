"""The screen for moving up, and everybody else's attempts at it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.progress import complete_unit
from courses.enums import EnrolmentState
from courses.models import Course, CoursePage, Edition, Enrolment, EnrolmentMove, LessonPage, ModulePage, Unit
from elearn.people.models import User
from tests.factories.courses import add_edition, make_lesson

AsPerson = Callable[[User | None], Client]


@pytest.fixture
def newest(course: Course, enrolment: Enrolment) -> Edition:
    """Edition 2, with one lesson more; the learner takes edition 1."""
    make_lesson(ModulePage.objects.get(key="m1"), "new", title="A new lesson")
    return add_edition(course)


@pytest.fixture
def url(course: Course) -> str:
    return reverse("courses:move_up", args=[course.key])


def complete(enrolment: Enrolment, *codes: str) -> None:
    for unit in Unit.objects.filter(code__in=codes):
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)


def test_preview_shows_what_is_new_and_writes_nothing(
    newest: Edition, enrolment: Enrolment, url: str, as_person: AsPerson
) -> None:
    response = as_person(enrolment.person).get(url)
    text = response.content.decode()
    assert [words in text for words in ("A new lesson", "Move up to edition 2", "Stay in my edition")] == [True] * 3
    assert "no-store" in response.headers["Cache-Control"]
    assert EnrolmentMove.objects.count() == 0


def test_post_moves_and_a_second_click_does_no_harm(
    newest: Edition, enrolment: Enrolment, url: str, as_person: AsPerson
) -> None:
    client = as_person(enrolment.person)
    for _click in range(2):
        response = client.post(url, {"edition": newest.pk})
        assert (response.status_code, response.headers["Location"]) == (302, "/en/courses/rescue-at-sea/")
    move = EnrolmentMove.objects.get()
    assert (move.enrolment, move.to_edition, move.moved_by) == (enrolment, newest, enrolment.person)
    assert "You take edition 2 now" in client.get("/en/desk/").content.decode()
    assert client.get(url).headers["Location"] == "/en/courses/rescue-at-sea/"


def test_moving_into_a_finished_course_leads_to_the_desk(
    course: Course, enrolment: Enrolment, url: str, as_person: AsPerson
) -> None:
    complete(enrolment, "m1-l1", "m1-l2", "m2-l1")
    LessonPage.objects.filter(key="m2-l2").update(live=False)
    newest = add_edition(course)
    client = as_person(enrolment.person)
    assert "and complete the course" in client.get(url).content.decode()
    assert client.post(url, {"edition": newest.pk}).headers["Location"] == "/en/desk/"
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.COMPLETED


def test_preview_that_is_no_longer_the_newest_leads_back_to_a_new_one(
    course: Course, newest: Edition, enrolment: Enrolment, url: str, as_person: AsPerson
) -> None:
    LessonPage.objects.filter(key="m2-l2").update(live=False)
    add_edition(course)
    client = as_person(enrolment.person)
    response = client.post(url, {"edition": newest.pk})
    assert response.headers["Location"] == url
    assert "A newer edition was released in the meantime" in client.get(url).content.decode()
    assert EnrolmentMove.objects.count() == 0


def test_somebody_who_completed_meanwhile_is_told_and_not_moved(
    newest: Edition, enrolment: Enrolment, url: str, as_person: AsPerson
) -> None:
    client = as_person(enrolment.person)
    client.get(url)
    complete(enrolment, "m1-l1", "m1-l2", "m2-l1", "m2-l2")
    response = client.post(url, {"edition": newest.pk})
    assert response.headers["Location"] == "/en/courses/rescue-at-sea/"
    assert "Your certificate stands on that" in client.get("/en/desk/").content.decode()
    assert EnrolmentMove.objects.count() == 0


def test_without_a_newer_edition_there_is_nothing_to_see(
    course: Course, enrolment: Enrolment, url: str, as_person: AsPerson
) -> None:
    client = as_person(enrolment.person)
    assert client.get(url).headers["Location"] == "/en/courses/rescue-at-sea/"


def test_stranger_and_visitor_neither_see_nor_move(
    newest: Edition, enrolment: Enrolment, url: str, stranger: User, trainer: User, as_person: AsPerson
) -> None:
    for person in (stranger, trainer):
        client = as_person(person)
        assert client.get(url).status_code == 404
        assert client.post(url, {"edition": newest.pk}).status_code == 404
    visitor = as_person(None)
    assert visitor.get(url).headers["Location"].startswith("/accounts/login/?next=")
    assert visitor.post(url, {"edition": newest.pk}).headers["Location"].startswith("/accounts/login/?next=")
    assert EnrolmentMove.objects.count() == 0


@pytest.mark.parametrize("edition", ["", "x", "0", "999999", "99999999999999999999"])
def test_edition_that_is_none_of_this_course_is_not_found(
    newest: Edition, enrolment: Enrolment, url: str, edition: str, as_person: AsPerson
) -> None:
    assert as_person(enrolment.person).post(url, {"edition": edition}).status_code == 404
    assert EnrolmentMove.objects.count() == 0


def test_post_without_its_token_is_refused(newest: Edition, enrolment: Enrolment, url: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(enrolment.person)
    assert client.post(url, {"edition": newest.pk}).status_code == 403


# --- In /cms/ ----------------------------------------------------------------------------------------------------


@pytest.fixture
def cms_url(course: Course) -> str:
    return reverse("courses_cms:move_many", args=[CoursePage.objects.get().pk])


def test_manager_sees_the_counts_moves_everybody_and_is_told(
    newest: Edition, enrolment: Enrolment, manager: User, cms_url: str, as_person: AsPerson
) -> None:
    client = as_person(manager)
    assert "1 active learner would move up." in client.get(cms_url).content.decode()
    assert EnrolmentMove.objects.count() == 0
    for _click in range(2):
        assert client.post(cms_url, {"edition": newest.pk}).headers["Location"] == cms_url
    move = EnrolmentMove.objects.get()
    assert (move.enrolment, move.moved_by) == (enrolment, manager)
    assert "Every active learner takes the newest edition already" in client.get(cms_url).content.decode()


def test_manager_whose_preview_is_old_moves_nobody(
    course: Course, newest: Edition, manager: User, cms_url: str, as_person: AsPerson
) -> None:
    LessonPage.objects.filter(key="m2-l2").update(live=False)
    add_edition(course)
    as_person(manager).post(cms_url, {"edition": newest.pk})
    assert EnrolmentMove.objects.count() == 0


def test_author_learner_and_stranger_do_not_move_others(
    newest: Edition,
    enrolment: Enrolment,
    author: User,
    stranger: User,
    cms_url: str,
    as_person: AsPerson,
) -> None:
    for person in (author, enrolment.person, stranger, None):
        client = as_person(person)
        assert client.get(cms_url).status_code in (302, 403)
        assert client.post(cms_url, {"edition": newest.pk}).status_code in (302, 403)
    assert EnrolmentMove.objects.count() == 0


def test_manager_finds_the_screen_beside_the_release_and_an_author_does_not(
    newest: Edition, manager: User, author: User, cms_url: str, as_person: AsPerson
) -> None:
    listing = reverse("wagtailadmin_explore", args=[CoursePage.objects.get().pk])
    found = [cms_url in as_person(person).get(listing).content.decode() for person in (manager, author)]
    assert found == [True, False]
