"""A learner's notes, gathered: their own, in the order of the lessons, also those whose question is gone."""

import pytest
from django.utils import timezone
from wagtail.models import Locale

from courses.domain.notes import as_text, read_notes
from courses.domain.progress import save_reflection
from courses.domain.releasing import release
from courses.enums import EnrolmentState
from courses.models import Enrolment, LessonPage, Unit
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module


def asks(*questions: str) -> list[dict]:
    """A body with a reflection for each question; its id is made of the question."""
    return [
        {"type": "reflection", "value": {"question": f"{question}?", "hint": ""}, "id": question.lower()}
        for question in questions
    ]


def make_course_that_asks(learner: User, key: str = "asking", lessons: int = 2) -> Enrolment:
    """Lessons `asking-l1` … that ask “First?” and “Second?” each; the learner is enrolled."""
    page = make_course_page(key)
    module = make_module(page, f"{key}-m1")
    for number in range(1, lessons + 1):
        make_lesson(module, f"{key}-l{number}", body=asks("First", "Second"))
    return EnrolmentFactory(person=learner, course=release(page=page, by=None).course)


def write(enrolment: Enrolment, lesson: str, question: str, text: str) -> None:
    unit = Unit.objects.get(course=enrolment.course, code=lesson)
    save_reflection(enrolment=enrolment, unit=unit, block_id=question, text=text)


def shown(person: User, **options: object) -> list[list[tuple[str, list[tuple[str, str]]]]]:
    courses = read_notes(person=person, language="en", **options)
    return [
        [(lesson.title, [(note.question, note.text) for note in lesson.notes]) for lesson in course.lessons]
        for course in courses
    ]


def test_notes_stand_in_the_order_of_lessons_and_questions(learner: User) -> None:
    enrolment = make_course_that_asks(learner)
    write(enrolment, "asking-l2", "first", "three")
    write(enrolment, "asking-l1", "second", "two")
    write(enrolment, "asking-l1", "first", "one")
    assert shown(learner) == [
        [
            ("Asking-l1", [("First?", "one"), ("Second?", "two")]),
            ("Asking-l2", [("First?", "three")]),
        ]
    ]
    course = read_notes(person=learner, language="en")[0]
    assert (course.title, course.count, course.orphans) == ("Asking", 3, ())
    assert course.lessons[0].notes[0].url == "/en/courses/asking/asking-m1/asking-l1/#reflection-first"


def test_notes_are_only_ones_own(learner: User, stranger: User) -> None:
    enrolment = make_course_that_asks(learner)
    write(enrolment, "asking-l1", "first", "mine")
    write(EnrolmentFactory(person=stranger, course=enrolment.course), "asking-l1", "first", "theirs")
    assert shown(learner) == [[("Asking-l1", [("First?", "mine")])]]
    assert shown(stranger) == [[("Asking-l1", [("First?", "theirs")])]]


def test_notes_of_one_course_leave_the_others_out(learner: User) -> None:
    for key in ("asking", "telling"):
        write(make_course_that_asks(learner, key), f"{key}-l1", "first", key)
    only = Enrolment.objects.get(course__code="telling").course.key
    assert shown(learner, course_key=only) == [[("Telling-l1", [("First?", "telling")])]]
    assert len(shown(learner)) == 2


def test_note_whose_question_or_lesson_is_gone_is_still_shown(learner: User) -> None:
    enrolment = make_course_that_asks(learner)
    write(enrolment, "asking-l1", "first", "kept")
    write(enrolment, "asking-l1", "second", "its question went")
    write(enrolment, "asking-l2", "first", "its lesson went")
    lesson = LessonPage.objects.get(key="asking-l1")
    lesson.body = asks("First")
    lesson.save_revision().publish()
    LessonPage.objects.filter(key="asking-l2").update(live=False)
    course = read_notes(person=learner, language="en")[0]
    assert [note.text for line in course.lessons for note in line.notes] == ["kept"]
    assert [(note.lesson, note.question, note.text) for note in course.orphans] == [
        ("Asking-l2", "", "its lesson went"),
        ("Asking-l1", "", "its question went"),
    ]


def test_notes_of_an_ended_enrolment_and_of_an_earlier_cycle_are_kept_without_links(learner: User) -> None:
    enrolment = make_course_that_asks(learner)
    write(enrolment, "asking-l1", "first", "long ago")
    Enrolment.objects.update(state=EnrolmentState.EXPIRED)
    assert read_notes(person=learner, language="en")[0].lessons[0].url == ""
    again = EnrolmentFactory(person=learner, course=enrolment.course, cycle=2)
    write(again, "asking-l1", "first", "today")
    course = read_notes(person=learner, language="en")[0]
    assert [note.text for note in course.lessons[0].notes] == ["today", "long ago"]
    assert course.lessons[0].url == "/en/courses/asking/asking-m1/asking-l1/"


def test_questions_come_in_the_language_of_the_reader(learner: User) -> None:
    enrolment = make_course_that_asks(learner, lessons=1)
    write(enrolment, "asking-l1", "first", "note")
    arabic = Locale.objects.create(language_code="ar")
    copy = LessonPage.objects.get(key="asking-l1").copy_for_translation(arabic, copy_parents=True)
    copy.body = [{"type": "reflection", "value": {"question": "سؤال؟", "hint": ""}, "id": "first"}]
    copy.save_revision().publish()
    asked = {
        language: read_notes(person=learner, language=language)[0].lessons[0].notes[0].question
        for language in ("en", "ar", "ru")
    }
    assert asked == {"en": "First?", "ar": "سؤال؟", "ru": "First?"}


@pytest.mark.parametrize("how_many", [1, 3])
def test_notes_take_as_many_queries_however_many(learner: User, django_assert_num_queries, how_many: int) -> None:
    for number in range(how_many):
        enrolment = make_course_that_asks(learner, f"course-{number}", lessons=how_many)
        for lesson in range(1, how_many + 1):
            write(enrolment, f"course-{number}-l{lesson}", "first", "note")
    with django_assert_num_queries(5):
        courses = read_notes(person=learner, language="en")
    assert [course.count for course in courses] == [how_many] * how_many


def test_text_to_take_away_has_everything(learner: User) -> None:
    enrolment = make_course_that_asks(learner)
    write(enrolment, "asking-l1", "first", "line one\nline two <b>")
    write(enrolment, "asking-l1", "second", "orphan")
    lesson = LessonPage.objects.get(key="asking-l1")
    lesson.body = asks("First")
    lesson.save_revision().publish()
    day = f"{timezone.localtime():%-d %B %Y}"
    text = as_text(notes=read_notes(person=learner, language="en")[0], person=learner)
    assert text == (
        f"# Asking\n\nNotes of Lea Learner, {day}\n\n"
        f"## Asking-l1\n\n### First?\n\nline one\nline two <b>\n\n({day})\n\n"
        f"## Notes whose question is no longer in the lesson\n\n### Asking-l1\n\norphan\n\n({day})\n\n"
        "http://localhost:8000/en/courses/asking/\n"
    )
