"""Notes on one page: one's own, to read, print and take away."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain import notes
from courses.models import Enrolment
from elearn.people.models import User
from tests.courses.domain.test_notes import make_course_that_asks, write
from tests.factories.courses import EnrolmentFactory

AsPerson = Callable[[User | None], Client]


@pytest.fixture
def asking(learner: User) -> Enrolment:
    enrolment = make_course_that_asks(learner)
    write(enrolment, "asking-l1", "first", "My secret thought\n<script>alert(1)</script>")
    return enrolment


def urls_of(enrolment: Enrolment) -> tuple[str, str]:
    key = enrolment.course.key
    return reverse("courses:notes_of_course", args=[key]), reverse("courses:notes_download", args=[key])


def test_notes_are_shown_with_question_lesson_name_and_direction(asking: Enrolment, as_person: AsPerson) -> None:
    client = as_person(asking.person)
    for url in (urls_of(asking)[0], reverse("courses:notes")):
        response = client.get(url)
        text = response.content.decode()
        assert "My secret thought<br>&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert 'href="/en/courses/asking/asking-m1/asking-l1/#reflection-first"' in text
        assert ("First?" in text, "Lea Learner" in text, '<p dir="auto">My secret' in text) == (True, True, True)
        assert "no-store" in response.headers["Cache-Control"]


def test_notes_are_taken_away_as_a_text_file(asking: Enrolment, as_person: AsPerson) -> None:
    response = as_person(asking.person).get(urls_of(asking)[1])
    assert response.headers["Content-Disposition"] == 'attachment; filename="notes-asking.txt"'
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    assert "My secret thought\n<script>" in response.content.decode()


def test_stranger_trainer_and_visitor_reach_nobodys_notes(
    asking: Enrolment, stranger: User, trainer: User, as_person: AsPerson
) -> None:
    for person in (stranger, trainer):
        client = as_person(person)
        assert [client.get(url).status_code for url in urls_of(asking)] == [404, 404]
        assert "My secret thought" not in client.get(reverse("courses:notes")).content.decode()
    EnrolmentFactory(person=stranger, course=asking.course)
    client = as_person(stranger)
    assert [client.get(url).status_code for url in urls_of(asking)] == [200, 404]
    assert "My secret thought" not in client.get(urls_of(asking)[0]).content.decode()
    for url in (*urls_of(asking), reverse("courses:notes")):
        assert as_person(None).get(url).headers["Location"] == f"/accounts/login/?next={url}"


def test_without_notes_the_page_says_how_to_write_one(learner: User, as_person: AsPerson) -> None:
    enrolment = make_course_that_asks(learner)
    client = as_person(learner)
    for url in (urls_of(enrolment)[0], reverse("courses:notes")):
        assert "You have no notes yet" in client.get(url).content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_notes_page_takes_as_many_queries_however_many(
    learner: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    enrolment = make_course_that_asks(learner, lessons=how_many)
    for number in range(1, how_many + 1):
        write(enrolment, f"asking-l{number}", "first", "note")
    client = as_person(learner)
    for url in (urls_of(enrolment)[0], reverse("courses:notes")):
        client.get(url)
        with django_assert_num_queries(6):  # The session, the person, and four for the notes.
            client.get(url)


def test_more_notes_than_fit_on_a_page_are_listed_by_course(
    asking: Enrolment, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "MOST_ON_ONE_PAGE", 0)
    client = as_person(asking.person)
    listed = client.get(reverse("courses:notes")).content.decode()
    assert ("My secret thought" in listed, urls_of(asking)[0] in listed) == (False, True)
    assert "My secret thought" in client.get(urls_of(asking)[0]).content.decode()
