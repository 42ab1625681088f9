import pytest
from django.db import IntegrityError, transaction

from courses.domain.enrolment import EnrolmentRefused, enrol
from courses.enums import EnrolmentState
from courses.models import Course, Enrolment
from elearn.people.models import Institution, Membership, User
from tests.factories.courses import EnrolmentFactory


def test_enrol_pins_the_current_edition_and_where_the_person_belongs(
    focal_point: User, course: Course, institution: Institution
) -> None:
    enrolment = enrol(person=focal_point, course=course)
    assert (enrolment.edition, enrolment.state, enrolment.cycle) == (course.current_edition, EnrolmentState.ACTIVE, 1)
    assert enrolment.institution == institution
    Membership.objects.filter(person=focal_point).update(ends_on="2026-01-02", starts_on="2026-01-01")
    enrolment.refresh_from_db()
    assert enrolment.institution == institution


def test_enrol_twice_is_one_row(learner: User, course: Course) -> None:
    assert enrol(person=learner, course=course) == enrol(person=learner, course=course)
    assert Enrolment.objects.count() == 1


def test_enrol_after_completion_answers_the_completed_row(enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.COMPLETED, completed_at="2026-01-01T00:00Z")
    assert enrol(person=enrolment.person, course=enrolment.course).pk == enrolment.pk


def test_enrol_after_withdrawing_is_a_new_cycle(enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.WITHDRAWN)
    assert enrol(person=enrolment.person, course=enrolment.course).cycle == 2


def test_enrol_in_an_unreleased_course_is_refused(learner: User, course: Course) -> None:
    Course.objects.update(current_edition=None)
    course.refresh_from_db()
    with pytest.raises(EnrolmentRefused):
        enrol(person=learner, course=course)


def test_database_refuses_a_second_open_enrolment(enrolment: Enrolment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentFactory(person=enrolment.person, course=enrolment.course, cycle=2)


def test_database_refuses_a_completion_without_a_time(enrolment: Enrolment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.COMPLETED)
