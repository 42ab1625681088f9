"""Who attended, and the minimum attendance as a rule of passing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.domain.cohorts import attendance
from courses.domain.cohorts.attendance import Standing
from courses.domain.cohorts.attending import (
    CHANGED,
    AttendanceRefused,
    Entered,
    complete_whoever_may,
    enter_attendance,
    list_of,
)
from courses.domain.cohorts.numbers import give_numbers
from courses.domain.cohorts.seating import remove
from courses.domain.cohorts.sessions import SessionPlan, cancel_session, change_session, plan_of
from courses.domain.progress import complete_unit
from courses.enums import AttendanceSource, AttendanceState, EnrolmentState
from courses.models import Attendance, Cohort, CohortMember, Enrolment, LiveSession, PrintKit, Unit
from courses.signals import course_completed
from elearn.core.models import AuditEvent
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
PRESENT, LATE, EXCUSED, ABSENT = AttendanceState


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(course=make_released_course(modules=1, lessons=1), attendance_percent=80)


@pytest.fixture
def member(cohort: Cohort) -> CohortMember:
    return make_member(cohort)


def past_session(cohort: Cohort, **fields: object) -> LiveSession:
    yesterday = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return LiveSessionFactory(cohort=cohort, starts_at=yesterday, place="R", **fields)


def enter(session: LiveSession, wanted: dict[int, str], seen: dict[int, str] | None = None, **more: object) -> Entered:
    fields = {"by": session.cohort.trainer, "source": AttendanceSource.LIST, **more}
    return enter_attendance(session=session, wanted=wanted, seen=seen or {}, **fields)


def finish(enrolment: Enrolment) -> Enrolment:
    for unit in Unit.objects.filter(course=enrolment.course):
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    return Enrolment.objects.get(pk=enrolment.pk)


def state_of(member: CohortMember) -> str:
    return Enrolment.objects.get(pk=member.enrolment_id).state


# --- The list ----------------------------------------------------------------------------------------------------


def test_list_is_entered_once_and_a_change_leaves_a_trail(cohort: Cohort, member: CohortMember) -> None:
    session, key = past_session(cohort), member.enrolment_id
    assert enter(session, {key: PRESENT}) == Entered(1)
    assert enter(session, {key: PRESENT}) == Entered(0)
    assert AuditEvent.objects.filter(action=CHANGED).count() == 0
    other = UserFactory()
    assert enter(session, {key: LATE}, {key: PRESENT}, by=other, source=AttendanceSource.PAPER) == Entered(1)
    entry = Attendance.objects.get()
    assert (entry.state, entry.source, entry.entered_by) == (LATE, AttendanceSource.PAPER, other)
    event = AuditEvent.objects.get(action=CHANGED)
    assert (event.actor, event.subject) == (other, member.person)
    assert (event.details["before"], event.details["after"]) == ("present", "late")
    assert enter(session, {key: ""}, {key: LATE}) == Entered(1)
    assert (Attendance.objects.count(), AuditEvent.objects.filter(action=CHANGED).count()) == (0, 2)


def test_entry_that_changed_since_the_list_was_opened_stays_and_is_told(cohort: Cohort, member: CohortMember) -> None:
    session, key = past_session(cohort), member.enrolment_id
    enter(session, {key: PRESENT})
    found = enter(session, {key: ABSENT}, {key: ""})
    assert (found.written, [row.state for row in found.elsewhere]) == (0, [PRESENT])
    assert Attendance.objects.get().state == PRESENT


def test_line_that_nobody_touched_takes_nothing_back(cohort: Cohort, member: CohortMember) -> None:
    session, key = past_session(cohort), member.enrolment_id
    enter(session, {key: PRESENT})
    assert enter(session, {key: ""}, {key: ""}) == Entered(0)
    assert Attendance.objects.get().state == PRESENT


def test_only_those_who_take_part_are_entered(cohort: Cohort, member: CohortMember) -> None:
    session = past_session(cohort)
    stranger = EnrolmentFactory(course=cohort.course)
    elsewhere = make_member(CohortFactory(course=cohort.course))
    assert enter(session, {stranger.pk: PRESENT, elsewhere.enrolment_id: PRESENT}) == Entered(0)
    assert Attendance.objects.count() == 0


def test_nobody_has_attended_before_it_begins_but_may_be_excused(cohort: Cohort, member: CohortMember) -> None:
    session = LiveSessionFactory(cohort=cohort)
    with pytest.raises(AttendanceRefused, match="has not begun"):
        enter(session, {member.enrolment_id: PRESENT})
    assert enter(session, {member.enrolment_id: EXCUSED}) == Entered(1)


@pytest.mark.parametrize("what", ["cancelled", "closed"])
def test_cancelled_session_and_closed_cohort_take_no_entries(cohort: Cohort, member: CohortMember, what: str) -> None:
    session = past_session(cohort, cancelled_at=timezone.now() if what == "cancelled" else None)
    Cohort.objects.update(closed_at=timezone.now() if what == "closed" else None)
    with pytest.raises(AttendanceRefused, match=what):
        enter(session, {member.enrolment_id: PRESENT})


def test_list_counts_by_name_and_keeps_who_has_left(cohort: Cohort, django_assert_num_queries) -> None:
    session = past_session(cohort)
    members = [make_member(cohort, UserFactory(printed_name=name)) for name in ("Carla", "Amina", "Boris")]
    enter(session, {members[0].enrolment_id: PRESENT, members[1].enrolment_id: ABSENT})
    CohortMember.objects.filter(pk=members[0].pk).update(state="removed", left_at=timezone.now())
    with django_assert_num_queries(3):
        found = [(line.number, line.person.printed_name, line.state) for line in list_of(session)]
    assert found == [(1, "Amina", "absent"), (2, "Boris", ""), (0, "Carla", "present")]


def test_list_has_the_numbers_of_the_sheet_that_was_printed_before_people_came_and_went(cohort: Cohort) -> None:
    amina, _boris = (make_member(cohort, UserFactory(printed_name=name)) for name in ("Amina", "Boris"))
    kit = PrintKit.objects.create(cohort=cohort, language="en", made_by=cohort.trainer)
    give_numbers(kit)
    remove(member=amina, by=cohort.trainer)
    make_member(cohort, UserFactory(printed_name="Aaron"))
    session = LiveSession.objects.select_related("cohort").get(pk=past_session(cohort).pk)
    assert [(line.number, line.person.printed_name) for line in list_of(session)] == [(2, "Boris"), (3, "Aaron")]


# --- The rule ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "sessions", "attended", "excused", "met", "missing"),
    [
        (0, 0, 0, 0, True, 0),
        (0, 3, 0, 0, True, 0),
        (80, 0, 0, 0, False, 0),
        (80, 3, 2, 0, False, 1),
        (80, 3, 3, 0, True, 0),
        (80, 3, 2, 1, True, 0),
        (80, 3, 0, 3, True, 0),
        (66, 3, 2, 0, True, 0),
        (67, 3, 2, 0, False, 1),
        (100, 5, 4, 0, False, 1),
        (1, 5, 0, 0, False, 1),
    ],
)
def test_standing(percent: int, sessions: int, attended: int, excused: int, met: bool, missing: int) -> None:
    standing = Standing(percent, sessions, attended, excused)
    assert (standing.is_met, standing.missing) == (met, missing)


def test_course_is_completed_by_the_entry_that_was_missing_and_never_taken_back(
    cohort: Cohort, member: CohortMember, django_capture_on_commit_callbacks
) -> None:
    heard: list[int] = []

    def listen(enrolment: Enrolment, **kwargs: object) -> None:
        heard.append(enrolment.pk)

    course_completed.connect(listen)
    session, key = past_session(cohort), member.enrolment_id
    assert finish(member.enrolment).state == EnrolmentState.ACTIVE
    with django_capture_on_commit_callbacks(execute=True):
        enter(session, {key: LATE})
    course_completed.disconnect(listen)
    assert (state_of(member), heard) == (EnrolmentState.COMPLETED, [key])
    enter(session, {key: ABSENT}, {key: LATE})
    assert state_of(member) == EnrolmentState.COMPLETED


def test_sessions_to_come_count_as_not_attended_yet(cohort: Cohort, member: CohortMember) -> None:
    enter(past_session(cohort), {member.enrolment_id: PRESENT})
    to_come = LiveSessionFactory(cohort=cohort, place="R")
    assert finish(member.enrolment).state == EnrolmentState.ACTIVE
    assert attendance.is_satisfied(member.enrolment) is False
    enter(to_come, {member.enrolment_id: EXCUSED})
    assert state_of(member) == EnrolmentState.COMPLETED


def test_last_unit_after_enough_sessions_completes(cohort: Cohort, member: CohortMember) -> None:
    enter(past_session(cohort), {member.enrolment_id: PRESENT})
    past_session(cohort, counts=False)
    past_session(cohort, cancelled_at=timezone.now())
    assert finish(member.enrolment).state == EnrolmentState.COMPLETED


def test_cancelling_or_not_counting_the_session_that_was_missed_completes(cohort: Cohort) -> None:
    one, two = make_member(cohort), make_member(cohort)
    sessions = [past_session(cohort) for _index in range(3)]
    enter(sessions[0], {one.enrolment_id: PRESENT, two.enrolment_id: PRESENT})
    enter(sessions[1], {one.enrolment_id: PRESENT})
    finish(one.enrolment), finish(two.enrolment)
    assert (state_of(one), state_of(two)) == (EnrolmentState.ACTIVE, EnrolmentState.ACTIVE)
    cancel_session(session=sessions[2], by=cohort.trainer)
    assert (state_of(one), state_of(two)) == (EnrolmentState.COMPLETED, EnrolmentState.ACTIVE)
    plan = SessionPlan(**{**vars(plan_of(sessions[1])), "counts": False})
    change_session(session=sessions[1], by=cohort.trainer, plan=plan, seen=0)
    assert state_of(two) == EnrolmentState.COMPLETED


def test_milder_rule_completes_whoever_waited(cohort: Cohort, member: CohortMember) -> None:
    waiting = make_member(cohort)
    enter(past_session(cohort), {member.enrolment_id: PRESENT})
    past_session(cohort)
    finish(member.enrolment)
    assert complete_whoever_may(cohort) == 0
    Cohort.objects.update(attendance_percent=50)
    assert complete_whoever_may(cohort) == 1
    assert (state_of(member), state_of(waiting)) == (EnrolmentState.COMPLETED, EnrolmentState.ACTIVE)


def test_learner_without_cohort_is_asked_for_nothing_and_costs_no_query(
    cohort: Cohort, django_assert_num_queries
) -> None:
    enrolment = EnrolmentFactory(course=cohort.course)
    with django_assert_num_queries(0):
        assert attendance.is_satisfied(enrolment)
    assert finish(enrolment).state == EnrolmentState.COMPLETED


@pytest.mark.parametrize("how_many", [1, 3])
def test_rule_takes_as_many_queries_however_many_sessions_and_learners(
    cohort: Cohort, member: CohortMember, django_assert_num_queries, how_many: int
) -> None:
    members = [member, *(make_member(cohort) for _index in range(how_many))]
    for _index in range(how_many):
        enter(past_session(cohort), {each.enrolment_id: PRESENT for each in members})
    with django_assert_num_queries(2):
        assert attendance.is_satisfied(member.enrolment)
    complete_whoever_may(cohort)
    with django_assert_num_queries(8):
        assert complete_whoever_may(cohort) == 0
    session = past_session(cohort)
    with django_assert_num_queries(9):
        enter(session, {each.enrolment_id: ABSENT for each in members})
