"""One learner in a cohort: every unit with its dates, every try with its mark, every session."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.models import Attendance, Cohort, CohortMember, LiveSession
from elearn.people.models import User
from elearn.portal.domain.cohort_board import Board, Cell, Learner, UnitLine, read_board


@dataclass(frozen=True)
class ModulePart:
    cell: Cell
    units: Sequence[UnitLine]


@dataclass(frozen=True)
class SessionLine:
    session: LiveSession
    attendance: Attendance | None
    is_over: bool


@dataclass(frozen=True)
class LearnerPage:
    board: Board
    line: Learner
    modules: tuple[ModulePart, ...]
    sessions: tuple[SessionLine, ...]

    @property
    def person(self) -> User:
        return self.line.person


def read_learner(cohort: Cohort, member: CohortMember, language: str) -> LearnerPage:
    """One member who takes part; `cohort.edition.course` is loaded. A constant number of queries."""
    board = read_board(cohort, CohortMember.objects.filter(pk=member.pk, cohort=cohort), language)
    (line,) = board.learners
    marked = {each.session_id: each for each in Attendance.objects.filter(enrolment=line.enrolment)}
    sessions = cohort.sessions.standing().order_by("starts_at", "pk")
    return LearnerPage(
        board,
        line,
        tuple(ModulePart(cell, line.units(cell.module)) for cell in line.cells),
        tuple(SessionLine(each, marked.get(each.pk), each.ends_at <= board.now) for each in sessions),
    )
