"""How many queries a page takes: the same with one row as with three, and no more than is written here."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Question
from courses.domain.progress import complete_unit, save_reflection
from courses.domain.releasing import release
from courses.models import Course, CoursePage, Enrolment, LessonPage, Unit
from elearn.people.models import User
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module, make_released_course

AsPerson = Callable[[User | None], Client]


def courses_with_progress(learner: User, how_many: int) -> None:
    for number in range(how_many):
        course = make_released_course(f"course-{number}", modules=1, lessons=2)
        enrolment = EnrolmentFactory(person=learner, course=course)
        for unit in course.units.all()[: 1 + number]:
            complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/en/", 6), ("/en/courses/", 6), ("/en/desk/", 7)])
def test_lists_take_as_many_queries_with_one_course_as_with_three(
    learner: User, as_person: AsPerson, django_assert_num_queries, how_many: int, path: str, queries: int
) -> None:
    courses_with_progress(learner, how_many)
    client = as_person(learner)
    client.get(path)  # What a process remembers for a minute is looked up once.
    with django_assert_num_queries(queries):
        response = client.get(path)
    assert response.status_code == 200
    titles = [f"Course {number}" for number in range(how_many)]
    assert [title for title in titles if title in response.content.decode()] == titles


@pytest.mark.parametrize("lessons", [1, 3])
def test_course_module_and_lesson_take_as_many_queries_however_long(
    learner: User, as_person: AsPerson, django_assert_num_queries, lessons: int
) -> None:
    course = make_released_course(modules=lessons, lessons=lessons)
    enrolment = EnrolmentFactory(person=learner, course=course)
    complete_unit(enrolment=enrolment, unit=Unit.objects.get(code="m1-l1"), language="en", revision=None)
    client = as_person(learner)
    lesson = LessonPage.objects.get(key="m1-l1")
    pages = [(CoursePage.objects.get().url, 5), (lesson.get_parent().url, 5), (lesson.url, 5)]
    for url, queries in pages:
        client.get(url)  # What all readers share is looked up once.
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200


@pytest.mark.parametrize("notes", [1, 3])
def test_lesson_with_notes_takes_as_many_queries_however_many(
    learner: User, trainer: User, as_person: AsPerson, django_assert_num_queries, notes: int
) -> None:
    page = make_course_page()
    asks = [
        {"type": "reflection", "value": {"question": f"Question {number}?", "hint": ""}, "id": f"r{number}"}
        for number in range(notes)
    ]
    lesson = make_lesson(make_module(page, "m1"), "only", body=asks, facilitator_notes="<p>For trainers.</p>")
    enrolment = EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    for number in range(notes):
        save_reflection(enrolment=enrolment, unit=Unit.objects.get(), block_id=f"r{number}", text=f"Note {number}")
    # A trainer's roles, the edition and the facilitator's notes are asked for; the learner's progress is not.
    for person, queries in ((learner, 5), (trainer, 7)):
        client = as_person(person)
        client.get(lesson.url)
        with django_assert_num_queries(queries):
            page_text = client.get(lesson.url).content.decode()
        assert page_text.count("Note ") == (2 * notes if person == learner else 0)
        assert ("For trainers." in page_text) is (person == trainer)


def test_pages_for_visitors_take_few_queries(course: Course, as_person: AsPerson, django_assert_num_queries) -> None:
    client = as_person(None)
    for path, queries in (("/en/", 2), ("/en/courses/", 2), (CoursePage.objects.get().url, 2)):
        client.get(path)
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("questions", [1, 3])
def test_quiz_takes_as_many_queries_however_many_questions(
    learner: User, as_person: AsPerson, django_assert_num_queries, questions: int
) -> None:
    page = make_course_page()
    module = make_module(page, "m1")
    quiz = make_quiz(module, questions=questions)
    make_lesson(module, "after")
    course: Course = release(page=page, by=None).course
    Enrolment.objects.create(person=learner, course=course, edition=course.current_edition)
    client = as_person(learner)
    client.get(quiz.url)
    start = client.post(reverse("assessments:start", args=[quiz.translation_key]))
    attempt_url = start.headers["Location"]
    with django_assert_num_queries(9):
        assert client.get(quiz.url).status_code == 200
    with django_assert_num_queries(5):
        assert client.get(attempt_url).status_code == 200
    for key in Question.objects.values_list("key", flat=True):
        saved = {f"key-{key}": str(uuid4()), f"based-{key}": 0, f"answer-{key}": "right"}
        # Two of them open and close the savepoint that a test puts in place of both.
        with django_assert_num_queries(8):
            assert client.post(f"{attempt_url}answers/{key}/", saved).json()["stands"] is True
    with django_assert_num_queries(5):
        assert client.get(f"{attempt_url}submit/").status_code == 200
    with django_assert_num_queries(21):  # Six of them are savepoints; the unit is completed, too.
        assert client.post(f"{attempt_url}submit/").headers["Location"] == f"{attempt_url}result/"
    with django_assert_num_queries(10):
        assert client.get(f"{attempt_url}result/").status_code == 200
