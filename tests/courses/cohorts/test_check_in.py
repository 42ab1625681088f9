"""Checking in by the code of the minute."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from courses.domain.cohorts import check_in
from courses.domain.cohorts.attending import enter_attendance
from courses.domain.cohorts.check_in import CheckInRefused
from courses.enums import AttendanceSource, AttendanceState, EnrolmentState
from courses.models import Attendance, Cohort, CohortMember, Enrolment, LiveSession, UnitCompletion
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.courses import make_released_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(course=make_released_course(modules=1, lessons=1), attendance_percent=80)


@pytest.fixture
def member(cohort: Cohort) -> CohortMember:
    return make_member(cohort)


def session_from_now(cohort: Cohort, **since: float) -> LiveSession:
    """A session of an hour that began so long ago."""
    return LiveSessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(**since))


def attend(session: LiveSession, person: User | None, code: str | None = None) -> Attendance:
    code = check_in.code_of(session, timezone.now()) if code is None else code
    return check_in.check_in(session=session, person=person, code=code)


def test_code_is_six_digits_of_its_session_and_minute() -> None:
    session, other = LiveSession(secret="a"), LiveSession(secret="b")
    at = datetime.fromtimestamp(1_800_000_000, tz=timezone.get_current_timezone())
    code = check_in.code_of(session, at)
    assert (len(code), code.isdecimal()) == (6, True)
    assert code == check_in.code_of(session, at + timedelta(seconds=59))
    assert code != check_in.code_of(session, at + timedelta(seconds=60))
    assert code != check_in.code_of(other, at)
    assert [check_in.seconds_left(at + timedelta(seconds=s)) for s in (0, 1, 59)] == [60, 59, 1]


@pytest.mark.parametrize(
    ("later", "right"), [(-1, False), (0, True), (59, True), (60, True), (119, True), (120, False), (3600, False)]
)
def test_code_holds_for_its_minute_and_the_next(later: int, right: bool) -> None:
    session = LiveSession(secret="a")
    at = datetime.fromtimestamp(1_800_000_000, tz=timezone.get_current_timezone())
    assert check_in.is_right(session, check_in.code_of(session, at), at + timedelta(seconds=later)) is right


@pytest.mark.parametrize("code", ["", "0", "12345", "1234567", "abcdef", "１２３４５６", "\0"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert check_in.is_right(LiveSession(secret="a"), code, timezone.now()) is False


@pytest.mark.parametrize(
    ("since", "state"),
    [
        ({"minutes": -14}, AttendanceState.PRESENT),
        ({"minutes": 14}, AttendanceState.PRESENT),
        ({"minutes": 15}, AttendanceState.LATE),
        ({"minutes": 74}, AttendanceState.LATE),
    ],
)
def test_who_comes_a_quarter_of_an_hour_after_the_start_is_late(
    cohort: Cohort, member: CohortMember, since: dict, state: str
) -> None:
    entry = attend(session_from_now(cohort, **since), member.person)
    assert (entry.state, entry.source, entry.entered_by) == (state, AttendanceSource.CODE, member.person)


@pytest.mark.parametrize(("since", "words"), [({"minutes": -16}, "too early"), ({"minutes": 75.1}, "too late")])
def test_outside_of_the_window_nobody_checks_in(cohort: Cohort, member: CohortMember, since: dict, words: str) -> None:
    with pytest.raises(CheckInRefused, match=words):
        attend(session_from_now(cohort, **since), member.person)


def test_wrong_code_cancelled_session_and_strangers_are_refused(cohort: Cohort, member: CohortMember) -> None:
    session, elsewhere = session_from_now(cohort), make_member(CohortFactory(course=cohort.course))
    with pytest.raises(CheckInRefused, match="not the code"):
        attend(session, member.person, code="abc")
    with pytest.raises(CheckInRefused, match="not the code"):
        attend(session, member.person, code=check_in.code_of(session, timezone.now() - timedelta(minutes=3)))
    with pytest.raises(CheckInRefused, match="do not take part"):
        attend(session, elsewhere.person)
    LiveSession.objects.update(cancelled_at=timezone.now())
    with pytest.raises(CheckInRefused, match="cancelled"):
        attend(session, member.person)
    assert Attendance.objects.count() == 0


def test_checking_in_again_changes_nothing(cohort: Cohort, member: CohortMember) -> None:
    session = session_from_now(cohort)
    assert attend(session, member.person) == attend(session, member.person)
    assert Attendance.objects.count() == 1


def test_what_a_trainer_entered_stays(cohort: Cohort, member: CohortMember) -> None:
    session = session_from_now(cohort)
    wanted = {member.enrolment_id: AttendanceState.EXCUSED.value}
    enter_attendance(session=session, by=cohort.trainer, wanted=wanted, seen={}, source=AttendanceSource.LIST)
    entry = attend(session, member.person)
    assert (entry.state, entry.entered_by) == (AttendanceState.EXCUSED, cohort.trainer)


def test_check_in_completes_the_course_that_waited_for_it(cohort: Cohort, member: CohortMember) -> None:
    UnitCompletion.objects.create(
        enrolment=member.enrolment, unit=cohort.course.units.get(), language="en", revision=None
    )
    attend(session_from_now(cohort), member.person)
    assert Enrolment.objects.get(pk=member.enrolment_id).state == EnrolmentState.COMPLETED
