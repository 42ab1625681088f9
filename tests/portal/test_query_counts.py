"""How many queries a page takes: the same with one row as with three, and no more than is written here."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.progress import complete_unit
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
@pytest.mark.parametrize(("path", "queries"), [("/en/", 12), ("/en/courses/", 13), ("/en/desk/", 7)])
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
    pages = [(CoursePage.objects.get().url, 14), (lesson.get_parent().url, 14), (lesson.url, 14)]
    client.get(pages[0][0])
    for url, queries in pages:
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200


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
    with django_assert_num_queries(17):
        assert client.get(quiz.url).status_code == 200
    with django_assert_num_queries(6):
        assert client.get(attempt_url).status_code == 200
    client.post(f"{attempt_url}submit/")
    with django_assert_num_queries(10):
        assert client.get(f"{attempt_url}result/").status_code == 200
