import pytest
from django.contrib.auth.models import AnonymousUser

from courses.domain.arriving import arrive
from courses.models import Course, Enrolment, LessonPage, ModulePage
from elearn.people.models import User
from tests.factories.courses import make_lesson, make_released_course

LESSON = "courses/rescue-at-sea/m1/m1-l1/"


def test_arriving_names_page_and_course_and_what_one_may_do(
    course: Course, enrolment: Enrolment, stranger: User, trainer: User
) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    found = []
    for person in (enrolment.person, stranger, trainer, AnonymousUser()):
        arrival = arrive(person, "en", LESSON)
        assert (arrival.place.page.pk, arrival.place.course_title) == (lesson.pk, "Rescue at sea")
        found.append((arrival.access.enrolment, arrival.access.teaches))
    assert found == [(enrolment, False), (None, False), (None, True), (None, False)]


@pytest.mark.parametrize(
    "address",
    [
        "courses/",
        "courses/nothing/",
        "courses/rescue-at-sea/m1/nothing/",
        "courses/rescue-at-sea/m1/m1-l1/more/",
        "courses/rescue-at-sea/m2/m1-l1/",
        "desk/rescue-at-sea/",
    ],
)
def test_arriving_where_nothing_stands(course: Course, learner: User, address: str) -> None:
    for _time in range(2):
        assert arrive(learner, "en", address) is None
    assert arrive(learner, "fr", LESSON) is None


def test_arriving_at_a_draft_is_arriving_nowhere(course: Course, trainer: User) -> None:
    lesson = make_lesson(ModulePage.objects.get(key="m1"), "new")
    assert arrive(trainer, "en", "courses/rescue-at-sea/m1/new/") is not None
    lesson.unpublish()
    assert arrive(trainer, "en", "courses/rescue-at-sea/m1/new/") is None


def test_second_arrival_takes_two_queries_for_a_learner(enrolment: Enrolment, django_assert_num_queries) -> None:
    arrive(enrolment.person, "en", LESSON)
    person = User.objects.get(pk=enrolment.person.pk)  # As the next request finds them, whose roles nobody has read.
    with django_assert_num_queries(2):
        assert arrive(person, "en", LESSON).access.enrolment == enrolment


def test_second_arrival_sees_that_one_has_withdrawn(enrolment: Enrolment) -> None:
    assert arrive(enrolment.person, "en", LESSON).access.enrolment == enrolment
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn")
    arrival = arrive(enrolment.person, "en", LESSON)
    assert (arrival.access.enrolment, arrival.access.may_read(arrival.place.page.key)) == (None, False)


def test_arrivals_at_many_courses_do_not_meet(db: None, learner: User) -> None:
    courses = [make_released_course(f"course-{number}", modules=1, lessons=1) for number in range(3)]
    for _time in range(2):
        for number, course in enumerate(courses):
            arrival = arrive(learner, "en", f"courses/course-{number}/m1/m1-l1/")
            assert (arrival.place.course_key, arrival.place.course_title) == (course.key, f"Course {number}")
