"""Two learners and a trainer on one warm lesson share its wording, and no byte of anything else."""

import re
from collections.abc import Callable
from itertools import permutations

import pytest
from django.test import Client

from courses.domain.progress import save_reflection
from courses.domain.releasing import release
from courses.models import Course, Enrolment, LessonPage, Unit
from elearn.core import shelf
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module

AsPerson = Callable[[User | None], Client]

WHISPER = "Whisper this to trainers."
NOTES = {"Lea Learner": "Lea doubts her own roster.", "Sam Stranger": "Sam was once turned back himself."}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def lesson(learner: User, stranger: User) -> LessonPage:
    """Two people take the course and have written on the same question; the lesson has facilitator's notes."""
    page = make_course_page()
    lesson = make_lesson(
        make_module(page, "m1"),
        "only",
        body=[
            {"type": "text", "value": "<p>What everybody reads.</p>", "id": "t1"},
            {"type": "reflection", "value": {"question": "What do you think?", "hint": ""}, "id": "r1"},
        ],
        facilitator_notes=f"<p>{WHISPER}</p>",
    )
    course: Course = release(page=page, by=None).course
    for person in (learner, stranger):
        enrolment: Enrolment = EnrolmentFactory(person=person, course=course)
        save_reflection(enrolment=enrolment, unit=Unit.objects.get(), block_id="r1", text=NOTES[person.printed_name])
    return lesson


def read(person: User, lesson: LessonPage) -> tuple[str, set[str], str]:
    """The page as a browser of this person's own shows it, the tokens on it, and the secret they belong to."""
    client = Client()
    client.force_login(person)
    response = client.get(lesson.url)
    page = response.content.decode()
    assert response.status_code == 200
    return page, set(TOKEN.findall(page)), client.cookies["csrftoken"].value


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_warm_lesson_holds_only_what_is_ones_own(
    lesson: LessonPage, learner: User, stranger: User, trainer: User, order: tuple[int, ...]
) -> None:
    people = (learner, stranger, trainer)
    pages = [(people[number], *read(people[number], lesson)) for number in (*order, *order)]
    for person, page, tokens, secret in pages:
        assert "What everybody reads." in page
        assert (WHISPER in page) is (person == trainer)
        assert [name for name, note in NOTES.items() if note in page] == (
            [] if person == trainer else [person.printed_name]
        )
        assert [other.printed_name for other in people if other.printed_name in page] == [person.printed_name]
        others = [own for _person, _page, own, _secret in pages if own is not tokens]
        assert tokens and all(tokens.isdisjoint(other) for other in others)
        assert secret not in [other for _person, _page, _tokens, other in pages if other is not secret]


def test_shelves_hold_the_wording_and_nothing_of_a_person(
    lesson: LessonPage, learner: User, stranger: User, trainer: User
) -> None:
    personal = {*NOTES.values(), WHISPER}
    for person in (learner, stranger, trainer):
        client = Client()
        client.force_login(person)
        for path in ("/en/", "/en/courses/", "/en/courses/rescue-at-sea/", "/en/courses/rescue-at-sea/m1/", lesson.url):
            page = client.get(path).content.decode()
            personal |= set(TOKEN.findall(page))
        client.get("/en/desk/")
        personal |= {client.cookies["csrftoken"].value, client.session.session_key}
        personal |= {person.printed_name, person.email, str(person.public_id)}
    kept = everything_kept()
    assert "What everybody reads." in kept  # The lesson is there, so whatever leaked with it would be too.
    assert "Rescue at sea" in kept
    assert [secret for secret in personal if secret in kept] == []


def everything_kept() -> str:
    """All that the shelves of this process hold, however deep, as text."""
    seen: set[int] = set()
    texts: list[str] = []

    def walk(thing: object) -> None:
        if id(thing) in seen:
            return
        seen.add(id(thing))
        if isinstance(thing, dict):
            for key, value in thing.items():
                walk(key)
                walk(value)
        elif isinstance(thing, (list, tuple, set, frozenset)):
            for part in thing:
                walk(part)
        elif hasattr(thing, "__dict__") and not isinstance(thing, (type, str)):
            walk(vars(thing))
        else:
            texts.append(str(thing))

    for each in shelf._shelves:
        walk(each._kept)
    return "\n".join(texts)
