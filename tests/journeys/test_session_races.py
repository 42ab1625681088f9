"""What two can do at once with a session's list."""

from uuid import uuid4

import pytest
from django.utils import timezone

from courses.domain.cohorts import check_in
from courses.domain.cohorts.attending import Entered, enter_attendance
from courses.domain.cohorts.calendars import new_address
from courses.domain.cohorts.sessions import cancel_session, create_sessions, plan_of
from courses.domain.progress import complete_unit
from courses.enums import AttendanceSource, AttendanceState, EnrolmentState
from courses.models import Attendance, CalendarFeed, Cohort, Enrolment, LiveSession
from elearn.messages.models import Message
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.courses import make_released_course
from tests.factories.people import UserFactory
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PRESENT, ABSENT = AttendanceState.PRESENT.value, AttendanceState.ABSENT.value


def make_cohort(lessons: int = 1) -> Cohort:
    return CohortFactory(course=make_released_course(modules=1, lessons=lessons), attendance_percent=100)


def session_now(cohort: Cohort) -> LiveSession:
    return LiveSessionFactory(cohort=cohort, starts_at=timezone.now(), place="R")


def enter(session: LiveSession, state: str, *enrolments: int) -> Entered:
    return enter_attendance(
        session=session,
        by=session.cohort.trainer,
        wanted=dict.fromkeys(enrolments, state),
        seen={},
        source=AttendanceSource.LIST,
    )


def no_error(results: list[object]) -> bool:
    return [result for result in results if isinstance(result, Exception)] == []


def test_two_trainers_who_save_the_list_at_once_write_each_entry_once() -> None:
    cohort = make_cohort()
    session, keys = session_now(cohort), [make_member(cohort).enrolment_id for _index in range(6)]
    results = at_once(lambda: enter(session, PRESENT, *keys), lambda: enter(session, ABSENT, *reversed(keys)))
    assert no_error(results)
    assert sorted(result.written for result in results) == [0, 6]
    assert sorted(len(result.elsewhere) for result in results) == [0, 6]
    assert len(set(Attendance.objects.values_list("state", flat=True))) == 1


def test_lists_of_two_sessions_at_once_do_not_wait_for_each_other() -> None:
    cohort = make_cohort()
    sessions, keys = [session_now(cohort), session_now(cohort)], [make_member(cohort).enrolment_id for _ in range(6)]
    for enrolment in Enrolment.objects.all():
        complete_unit(enrolment=enrolment, unit=cohort.course.units.get(), language="en", revision=None)
    results = at_once(lambda: enter(sessions[0], PRESENT, *keys), lambda: enter(sessions[1], PRESENT, *reversed(keys)))
    assert no_error(results)
    assert Enrolment.objects.completed().count() == 6


def test_check_in_and_the_trainers_list_at_once_are_one_entry() -> None:
    cohort = make_cohort()
    session = session_now(cohort)
    code = check_in.code_of(session, timezone.now())
    for _round in range(3):
        member = make_member(cohort)
        results = at_once(
            lambda: check_in.check_in(session=session, person=member.person, code=code),  # noqa: B023
            lambda: check_in.check_in(session=session, person=member.person, code=code),  # noqa: B023
            lambda: enter(session, ABSENT, member.enrolment_id),  # noqa: B023
        )
        assert no_error(results)
        entry = Attendance.objects.get(enrolment=member.enrolment)
        by_list = entry.source == AttendanceSource.LIST
        assert (entry.state, results[2].written) == ((ABSENT, 1) if by_list else (PRESENT, 0))


def test_last_unit_and_last_session_at_once_complete_the_course() -> None:
    cohort = make_cohort()
    for _round in range(4):
        member = make_member(cohort)
    session = session_now(cohort)
    for member in cohort.members.select_related("enrolment"):
        results = at_once(
            lambda: enter(session, PRESENT, member.enrolment_id),  # noqa: B023
            lambda: complete_unit(
                enrolment=member.enrolment,  # noqa: B023
                unit=cohort.course.units.get(),
                language="en",
                revision=None,
            ),
        )
        assert no_error(results)
        assert Enrolment.objects.get(pk=member.enrolment_id).state == EnrolmentState.COMPLETED


def test_cancelling_at_once_is_one_cancellation_and_one_mail() -> None:
    cohort = make_cohort()
    session = LiveSessionFactory(cohort=cohort, place="R")
    assert no_error(at_once(*(lambda: cancel_session(session=session, by=cohort.trainer) for _click in range(3))))
    session.refresh_from_db()
    assert (session.sequence, Message.objects.count()) == (1, 1)


def test_planning_at_once_is_one_series() -> None:
    cohort = make_cohort()
    plan, key = plan_of(LiveSessionFactory(cohort=cohort, place="R")), uuid4()
    results = at_once(
        *(lambda: create_sessions(cohort=cohort, by=cohort.trainer, plan=plan, key=key, weeks=3) for _click in range(3))
    )
    assert no_error(results)
    assert LiveSession.objects.count() == 4


def test_new_addresses_at_once_leave_one() -> None:
    person = UserFactory()
    assert no_error(at_once(*(lambda: new_address(person=person) for _click in range(4))))
    assert CalendarFeed.objects.count() == 1
