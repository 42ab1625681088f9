"""What a cohort came to, in figures: read once, and shown alike on the page, on paper and in a spreadsheet.

Nothing is told by gender or age: groups within a cohort are too small to be nobody.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.enums import CertificateState
from courses.domain.cohorts import rights
from courses.enums import ATTENDED, MemberState
from courses.models import Attendance, Cohort, LiveSession
from elearn.core.spreadsheets import Cell
from elearn.people.domain.names import folded
from elearn.people.domain.places import country_name
from elearn.portal.domain.cohort_board import Board, Learner, read_board
from elearn.portal.domain.cohort_plan import PlanUnit
from elearn.portal.domain.cohort_table import local
from elearn.portal.enums import LearnerState, WorkState


@dataclass(frozen=True)
class Group:
    """Learners of one institution, or one country; each learner is in one group of a kind."""

    label: str
    learners: int
    completed: int
    certificates: int


@dataclass(frozen=True)
class SessionFigures:
    session: LiveSession
    attended: int
    learners: int


@dataclass(frozen=True)
class QuizFigures:
    """`count` learners have a result, and `mean` is theirs, in per cent."""

    unit: PlanUnit
    tried: int
    count: int
    mean: Decimal | None
    passed: int
    waiting: int


@dataclass(frozen=True)
class CohortReport:
    cohort: Cohort
    board: Board
    trainers: Sequence[Any]
    members: dict[MemberState, int]
    certificates: dict[CertificateState, int]
    institutions: Sequence[Group]
    countries: Sequence[Group]
    sessions: Sequence[SessionFigures]
    quizzes: Sequence[QuizFigures]
    hours_online: Decimal
    hours_in_sessions: Decimal

    @property
    def learners(self) -> int:
        return len(self.board.learners)

    @property
    def begun(self) -> int:
        return sum(self._has_begun(learner) for learner in self.board.learners)

    @staticmethod
    def _has_begun(learner: Learner) -> bool:
        return bool(learner.completions) or any(work.tries for cell in learner.cells for work in cell.work)

    @property
    def completed(self) -> int:
        return self.board.counts[LearnerState.DONE]

    @property
    def completion_rate(self) -> Decimal | None:
        return per_cent(self.completed, self.learners)

    @property
    def attendance_rate(self) -> Decimal | None:
        return per_cent(sum(each.attended for each in self.sessions), sum(each.learners for each in self.sessions))


def per_cent(part: int, whole: int) -> Decimal | None:
    return tenth(Decimal(part * 100) / whole) if whole else None


def tenth(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def read_report(cohort: Cohort, language: str) -> CohortReport:
    """The report of a whole cohort, whose edition and course are loaded. A constant number of queries."""
    board = read_board(cohort, cohort.members.all(), language)
    by_state = dict(cohort.members.order_by().values_list("state").annotate(how_many=Count("pk")))
    there = Attendance.objects.filter(session__in=[each.pk for each in board.held], state__in=ATTENDED)
    enrolments = {learner.enrolment.pk for learner in board.learners}
    seen = Counter(pk for pk, enrolment in there.values_list("session", "enrolment") if enrolment in enrolments)
    states = Counter(learner.certificate.state for learner in board.learners if learner.certificate)
    return CohortReport(
        cohort=cohort,
        board=board,
        trainers=rights.trainers_of(cohort),
        members={state: by_state.get(state.value, 0) for state in MemberState},
        certificates={state: states[state] for state in CertificateState if states[state]},
        institutions=_groups(board.learners, _institution_of),
        countries=_groups(board.learners, lambda learner: country_name(learner.enrolment.country)),
        sessions=[SessionFigures(each, seen[each.pk], len(board.learners)) for each in board.held],
        quizzes=[_quiz(unit, board.learners) for unit in board.plan.quizzes],
        hours_online=_hours_online(board),
        hours_in_sessions=_hours_in_sessions(board.held, seen),
    )


def _institution_of(learner: Learner) -> str:
    return learner.enrolment.institution.name if learner.enrolment.institution else ""


def _groups(learners: Iterable[Learner], label: Callable[[Learner], str]) -> list[Group]:
    """The learners by what they have in common; those of whom it is not known stand last."""
    found: dict[str, list[Learner]] = {}
    for learner in learners:
        found.setdefault(label(learner), []).append(learner)
    return [
        Group(
            name or str(_("Not known")),
            len(own),
            sum(each.state == LearnerState.DONE for each in own),
            sum(each.certificate is not None and each.certificate.is_good for each in own),
        )
        for name, own in sorted(found.items(), key=lambda item: (not item[0], folded(item[0])))
    ]


def _quiz(unit: PlanUnit, learners: Iterable[Learner]) -> QuizFigures:
    work = [each for learner in learners for each in learner.quizzes if each.unit.key == unit.key]
    marks = [each.percent for each in work if each.percent is not None]
    return QuizFigures(
        unit,
        tried=sum(bool(each.tries) for each in work),
        count=len(marks),
        mean=tenth(sum(marks, Decimal(0)) / len(marks)) if marks else None,
        passed=sum(each.state == WorkState.PASSED for each in work),
        waiting=sum(each.state == WorkState.WAITING for each in work),
    )


def _hours_online(board: Board) -> Decimal:
    """The minutes that the course states for each unit, for each learner who has done it."""
    minutes = {unit.pk: unit.minutes for module in board.plan.modules for unit in module.units}
    total = sum(minutes.get(unit, 0) for learner in board.learners for unit in learner.completions)
    return tenth(Decimal(total) / 60)


def _hours_in_sessions(held: Iterable[LiveSession], seen: Counter[int]) -> Decimal:
    """The length of each session, for each learner who was there."""
    seconds = sum(int((each.ends_at - each.starts_at).total_seconds()) * seen[each.pk] for each in held)
    return tenth(Decimal(seconds) / 3600)


# --- The figures, in the order in which all three show them ------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A table of the report: `head` is empty where each row is a label with its figure."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


def parts_of(report: CohortReport) -> list[Part]:
    """Every figure of the report, in words of the reader's language."""
    return [part for part in _parts(report) if part.rows]


def _parts(report: CohortReport) -> Iterator[Part]:
    yield Part(_("The cohort"), (), _about(report))
    yield Part(_("People"), (), _people(report))
    groups = (_("Learners"), _("Completed"), _("Valid certificates"))
    yield Part(_("By institution"), (_("Institution"), *groups), [_group(each) for each in report.institutions])
    yield Part(_("By country"), (_("Country"), *groups), [_group(each) for each in report.countries])
    yield Part(
        _("Quizzes"),
        (_("Quiz"), _("Tried by"), _("Results"), _("Mean, per cent"), _("Passed"), _("Waiting for marking")),
        [(q.unit.title, q.tried, q.count, q.mean, q.passed, q.waiting) for q in report.quizzes],
        _("Of each learner one result counts, by the rule of the quiz: the best attempt, or the last."),
    )
    yield Part(
        _("Sessions"),
        (_("Session"), _("Day"), _("Attended"), _("Of learners"), _("Per cent")),
        [_session(each) for each in report.sessions],
        _("Sessions that count and are over. Who came late was there; who was excused was not."),
    )
    yield Part(
        _("Hours of learning"),
        (),
        [(_("Online"), report.hours_online), (_("In sessions"), report.hours_in_sessions)],
        _(
            "Online: the minutes that the course states for each lesson, quiz and task, for each learner who has done "
            "it. In sessions: their length, for each learner who was there."
        ),
    )


def _about(report: CohortReport) -> list[tuple[Cell, ...]]:
    cohort = report.cohort
    rows: list[tuple[Cell, ...]] = [
        (_("Course"), _course_title(report)),
        (_("Edition"), cohort.edition.number),
        (_("Trainers"), ", ".join(person.printed_name for person in report.trainers)),
        (_("Institution"), cohort.institution.name if cohort.institution else ""),
        (_("Action"), str(cohort.action) if cohort.action else ""),
        (_("First day"), cohort.starts_on),
        (_("Last day"), cohort.ends_on),
        (_("Closed on"), timezone.localdate(cohort.closed_at) if cohort.closed_at else None),
        (_("Figures of"), local(report.board.now)),
    ]
    return [row for row in rows if row[1] not in ("", None)]


def _course_title(report: CohortReport) -> str:
    return report.board.plan.course_title or report.cohort.course.code


def _people(report: CohortReport) -> list[tuple[Cell, ...]]:
    members = report.members
    rows: list[tuple[Cell, ...]] = [
        (_("Invited, no answer yet"), members[MemberState.INVITED]),
        (_("Asking for a place"), members[MemberState.REQUESTED]),
        (_("On the waiting list"), members[MemberState.WAITLISTED]),
        (_("Not admitted"), members[MemberState.DECLINED]),
        (_("Have left"), members[MemberState.REMOVED]),
        (_("Take part"), report.learners),
        (_("Have begun"), report.begun),
        (_("Completed"), report.completed),
        (_("Completed, per cent of those who take part"), report.completion_rate),
    ]
    rows += [(_("Certificates: %s") % state.label, count) for state, count in report.certificates.items()]
    return [*rows, (_("Attendance, per cent"), report.attendance_rate)] if report.sessions else rows


def _group(group: Group) -> tuple[Cell, ...]:
    return group.label, group.learners, group.completed, group.certificates


def _session(figures: SessionFigures) -> tuple[Cell, ...]:
    share = per_cent(figures.attended, figures.learners)
    return (
        figures.session.title,
        timezone.localdate(figures.session.starts_at),
        figures.attended,
        figures.learners,
        share,
    )
