"""What the cohort's page says of each learner in each module."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Attempt, QuizPage
from courses.domain.progress import complete_unit
from courses.domain.releasing import release
from courses.enums import AttendanceSource, AttendanceState, EnrolmentState
from courses.models import (
    Attendance,
    Cohort,
    CohortMember,
    CoursePage,
    Enrolment,
    Extension,
    ModuleDate,
    Unit,
    UnitCompletion,
)
from elearn.people.models import User
from elearn.portal.domain.cohort_board import Learner, read_board
from elearn.portal.enums import CellState, LearnerState, Reason, WorkState
from tests.factories.assessments import make_quiz
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.courses import make_course_page, make_lesson, make_module
from tests.factories.taken_quizzes import take

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 5, 20)
NOON = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


@pytest.fixture
def cohort(db: None) -> Cohort:
    """Two modules: two lessons and a quiz of two attempts; a lesson. The first day was thirty days ago."""
    page = make_course_page("rescue-at-sea")
    first = make_module(page, "m1")
    make_lesson(first, "m1-l1")
    make_lesson(first, "m1-l2")
    make_quiz(first, "m1-quiz", questions=2, shuffle=False, attempts_allowed=2)
    make_lesson(make_module(page, "m2"), "m2-l1")
    course = release(page=CoursePage.objects.get(pk=page.pk), by=None).course
    return CohortFactory(course=course, starts_on=TODAY - days(30), ends_on=TODAY + days(30))


def date_module(cohort: Cohort, number: int, opens: int | None = None, due: int | None = None) -> ModuleDate:
    """Days from today."""
    module = cohort.edition.structure.variants[0].modules[number - 1]
    return ModuleDate.objects.create(
        cohort=cohort,
        module=module.uuid,
        opens_on=None if opens is None else TODAY + days(opens),
        due_on=None if due is None else TODAY + days(due),
    )


def seat(cohort: Cohort, *done: str, ago: int = 1, seated: int = 30, **person: Any) -> CohortMember:
    """Somebody who has done these units, the last of them so many days ago."""
    from tests.factories.people import UserFactory

    member = make_member(cohort, UserFactory(**person))
    CohortMember.objects.filter(pk=member.pk).update(seated_at=NOON - days(seated))
    for code in done:
        UnitCompletion.objects.create(
            enrolment=member.enrolment,
            unit=Unit.objects.get(code=code),
            language="en",
            completed_at=NOON - days(ago),
        )
    return member


def row(cohort: Cohort, member: CohortMember) -> Learner:
    board = read_board(cohort, cohort.members.all(), "en")
    return next(learner for learner in board.learners if learner.member.pk == member.pk)


def cells(cohort: Cohort, member: CohortMember) -> list[CellState]:
    return [cell.state for cell in row(cohort, member).cells]


def test_learner_who_has_done_nothing_has_not_begun(cohort: Cohort) -> None:
    learner = row(cohort, seat(cohort, seated=3))
    assert [cell.state for cell in learner.cells] == [CellState.NOT_BEGUN, CellState.NOT_BEGUN]
    assert (learner.state, learner.reasons, learner.last_active) == (LearnerState.NOT_BEGUN, (), None)
    assert (learner.done, learner.required, learner.percent) == (0, 4, 0)


@pytest.mark.parametrize(("seated", "reasons"), [(6, ()), (7, (Reason.NOT_STARTED,))])
def test_learner_who_has_not_begun_within_a_week_needs_a_word(cohort: Cohort, seated: int, reasons: tuple) -> None:
    assert row(cohort, seat(cohort, seated=seated)).reasons == reasons


def test_module_with_something_done_is_in_progress_and_with_everything_done(cohort: Cohort) -> None:
    learner = row(cohort, seat(cohort, "m1-l1", "m2-l1"))
    assert [cell.state for cell in learner.cells] == [CellState.PROGRESS, CellState.DONE]
    assert [(cell.done, cell.required) for cell in learner.cells] == [(1, 3), (1, 1)]
    assert (learner.state, learner.reasons, learner.percent) == (LearnerState.PROGRESS, (), 50)
    assert learner.last_active == NOON - days(1)


def test_module_that_opens_later_is_not_open_yet(cohort: Cohort) -> None:
    date_module(cohort, 2, opens=1)
    assert cells(cohort, seat(cohort, "m1-l1")) == [CellState.PROGRESS, CellState.CLOSED]


@pytest.mark.parametrize(("due", "state"), [(0, CellState.PROGRESS), (-1, CellState.LATE)])
def test_module_is_late_when_its_due_day_is_over(cohort: Cohort, due: int, state: CellState) -> None:
    date_module(cohort, 1, due=due)
    learner = row(cohort, seat(cohort, "m1-l1"))
    assert learner.cells[0].state == state
    assert learner.reasons == ((Reason.LATE,) if state == CellState.LATE else ())


def test_due_day_ends_where_the_learner_is(cohort: Cohort) -> None:
    """At noon UTC it is already tomorrow on Kiritimati."""
    date_module(cohort, 1, due=0)
    east, west = seat(cohort, "m1-l1", time_zone="Pacific/Kiritimati"), seat(cohort, "m1-l1", time_zone="America/Lima")
    assert [cells(cohort, member)[0] for member in (east, west)] == [CellState.LATE, CellState.PROGRESS]


def test_extension_takes_lateness_away(cohort: Cohort) -> None:
    dates = date_module(cohort, 1, due=-3)
    member = seat(cohort, "m1-l1")
    Extension.objects.create(
        enrolment=member.enrolment,
        cohort=cohort,
        module=dates.module,
        due_on=TODAY + days(2),
        granted_by=cohort.trainer,
    )
    cell = row(cohort, member).cells[0]
    assert (cell.state, cell.due_on, cell.is_extended) == (CellState.PROGRESS, TODAY + days(2), True)


@pytest.mark.parametrize(("ago", "state"), [(13, CellState.PROGRESS), (14, CellState.STUCK)])
def test_learner_who_does_nothing_for_fourteen_days_is_stuck(cohort: Cohort, ago: int, state: CellState) -> None:
    learner = row(cohort, seat(cohort, "m1-l1", ago=ago))
    assert [cell.state for cell in learner.cells] == [state, CellState.NOT_BEGUN]
    assert learner.reasons == ((Reason.STUCK,) if state == CellState.STUCK else ())


def test_login_is_activity_but_does_not_unstick(cohort: Cohort) -> None:
    learner = row(cohort, seat(cohort, "m1-l1", ago=20, last_login=NOON - days(2)))
    assert (learner.last_active, learner.state) == (NOON - days(2), LearnerState.STUCK)


def test_late_and_silent_gives_both_reasons(cohort: Cohort) -> None:
    date_module(cohort, 1, due=-1)
    learner = row(cohort, seat(cohort, "m1-l1", ago=20))
    assert learner.cells[0].state == CellState.LATE
    assert learner.reasons == (Reason.LATE, Reason.STUCK)


def take_quiz(member: CohortMember, *chosen: str) -> Attempt:
    return take(member.cohort.course, enrolment=member.enrolment, chosen=chosen)


def test_failed_quiz_needs_a_word_and_without_attempts_left_is_stuck(cohort: Cohort) -> None:
    member = seat(cohort)
    take_quiz(member, "right", "wrong-1")
    learner = row(cohort, member)
    (work,) = learner.cells[0].work
    assert (work.state, str(work.percent), len(work.tries)) == (WorkState.FAILED, "50.0", 1)
    assert (learner.cells[0].state, learner.reasons) == (CellState.PROGRESS, (Reason.FAILED,))
    take_quiz(member, "wrong-1", "wrong-1")
    learner = row(cohort, member)
    (work,) = learner.cells[0].work
    assert (str(work.percent), len(work.tries), work.no_more) == ("50.0", 2, True)
    assert (learner.cells[0].state, learner.reasons) == (CellState.STUCK, (Reason.STUCK, Reason.FAILED))


def test_passed_quiz_shows_its_best_mark(cohort: Cohort) -> None:
    member = seat(cohort)
    take_quiz(member, "right", "wrong-1")
    take_quiz(member, "right", "right")
    (work,) = row(cohort, member).cells[0].work
    assert (work.state, str(work.percent)) == (WorkState.PASSED, "100.0")
    assert row(cohort, member).reasons == ()


def test_columns_of_attempts_say_what_their_marks_come_to(cohort: Cohort) -> None:
    from assessments.domain.marking import result_of

    attempt = take_quiz(seat(cohort), "right", "wrong-1")
    attempt.refresh_from_db()
    result = result_of(attempt)
    assert (attempt.earned, attempt.possible, attempt.waiting) == (result.points, result.possible, result.waiting)


def test_learner_who_has_completed_needs_no_word(cohort: Cohort) -> None:
    date_module(cohort, 1, due=-5)
    member = seat(cohort, "m1-l1", "m1-l2", "m1-quiz", "m2-l1", ago=20)
    Enrolment.objects.filter(pk=member.enrolment_id).update(
        state=EnrolmentState.COMPLETED, completed_at=NOON - days(20)
    )
    learner = row(cohort, member)
    assert (learner.state, learner.reasons, learner.percent) == (LearnerState.DONE, (), 100)


def test_withdrawn_learner_is_neither_late_nor_stuck(cohort: Cohort) -> None:
    date_module(cohort, 1, due=-5)
    member = seat(cohort, "m1-l1", ago=20)
    Enrolment.objects.filter(pk=member.enrolment_id).update(state=EnrolmentState.WITHDRAWN)
    learner = row(cohort, member)
    assert (learner.state, learner.reasons) == (LearnerState.ENDED, ())
    assert learner.cells[0].state == CellState.PROGRESS


def test_attendance_counts_sessions_that_are_over_and_count(cohort: Cohort) -> None:
    member, other = seat(cohort), seat(cohort)
    assert row(cohort, member).attended is None
    over = [
        LiveSessionFactory(cohort=cohort, starts_at=NOON - days(number), created_by=cohort.trainer)
        for number in (1, 2, 3)
    ]
    LiveSessionFactory(cohort=cohort, starts_at=NOON + days(1), created_by=cohort.trainer)
    LiveSessionFactory(cohort=cohort, starts_at=NOON - days(4), counts=False, created_by=cohort.trainer)
    for session, state in zip(over, ("present", "late", "excused"), strict=True):
        Attendance.objects.create(
            session=session,
            enrolment=member.enrolment,
            state=AttendanceState(state),
            source=AttendanceSource.LIST,
            entered_by=cohort.trainer,
        )
    assert (row(cohort, member).attended, row(cohort, other).attended) == (2, 0)
    assert len(read_board(cohort, cohort.members.all(), "en").held) == 3


def test_learner_on_an_older_edition_is_judged_by_it(cohort: Cohort) -> None:
    member = seat(cohort, "m1-l1")
    page = CoursePage.objects.get()
    make_lesson(make_module(page, "m3"), "m3-l1")
    edition = release(page=CoursePage.objects.get(pk=page.pk), by=None)
    cohort.edition = edition
    cohort.save()
    learner = row(cohort, member)
    assert [cell.state for cell in learner.cells] == [CellState.PROGRESS, CellState.NOT_BEGUN, CellState.ELSEWHERE]
    assert learner.required == 4


def test_everything_done_by_the_verbs_is_completed(cohort: Cohort) -> None:
    member = seat(cohort)
    take_quiz(member, "right", "right")
    for code in ("m1-l1", "m1-l2", "m2-l1"):
        complete_unit(enrolment=member.enrolment, unit=Unit.objects.get(code=code), language="en", revision=None)
    learner = row(cohort, member)
    assert [cell.state for cell in learner.cells] == [CellState.DONE, CellState.DONE]
    assert learner.state == LearnerState.DONE
    assert learner.mean == 100


def test_only_seated_members_are_on_the_board(cohort: Cohort, learner: User) -> None:
    seat(cohort)
    CohortMember.objects.create(cohort=cohort, person=learner, state="requested", source="request")
    assert len(read_board(cohort, cohort.members.all(), "en").learners) == 1
    assert QuizPage.objects.count() == 1
