"""The read side of a cohort's page: every learner by every module, what was last done, and who needs a word.

One object feeds the screen, the files and the report. The rules in words, which docs/cohorts.md and the page explain:

- late: the due day is over where the learner is, and the module is not done
- stuck: begun and not done, and nothing was done in the course for 14 days; or no attempts are left at a quiz of it
  that was not passed
- has not begun: nothing was done within 7 days of the cohort's first day, or of getting the place
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from assessments.domain import standings
from assessments.domain.quizzes import QUIZ
from assessments.domain.standings import MoreAttempts, Try, Work
from certificates.domain.verification import CertificateLine, certificates_for
from courses.domain.cohorts.schedule import Schedule, due_dates
from courses.domain.editions import give_editions
from courses.enums import ATTENDED, EnrolmentState
from courses.models import Attendance, Cohort, CohortMember, Enrolment, LiveSession, UnitCompletion
from elearn.people.models import User
from elearn.portal.domain.cohort_plan import EditionRules, ModuleRule, Plan, PlanModule, PlanUnit, plan_of, rules_of
from elearn.portal.enums import CellState, LearnerState, Reason, WorkState

STUCK_AFTER = timedelta(days=14)
BEGINS_WITHIN = timedelta(days=7)
NO_WORK = Work()


@dataclass(frozen=True, slots=True)
class WorkCell:
    """A learner at one quiz or practical: where it stands, and the mark that counts in per cent (of quizzes)."""

    unit: PlanUnit
    state: WorkState
    percent: Decimal | None
    tries: Sequence[Try]
    no_more: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A learner in one module."""

    module: PlanModule
    state: CellState
    done: int
    required: int
    opens_on: date | None
    due_on: date | None
    is_extended: bool
    work: tuple[WorkCell, ...]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A learner at one unit. `work` is None for what is not marked."""

    unit: PlanUnit
    done_at: datetime | None
    work: WorkCell | None


@dataclass(frozen=True, slots=True)
class Learner:
    """One row. `attended` is None where no session that counts has ended yet."""

    member: CohortMember
    state: LearnerState
    cells: tuple[Cell, ...]
    done: int
    required: int
    last_active: datetime | None
    reasons: tuple[Reason, ...]
    attended: int | None
    certificate: CertificateLine | None
    completions: Mapping[int, datetime]

    @property
    def person(self) -> User:
        return self.member.person  # type: ignore[return-value]  # Whoever is seated is a person.

    @property
    def enrolment(self) -> Enrolment:
        return self.member.enrolment  # type: ignore[return-value]  # So the database demands.

    @property
    def percent(self) -> int:
        return self.done * 100 // self.required if self.required else 0

    @property
    def quizzes(self) -> list[WorkCell]:
        return [work for cell in self.cells for work in cell.work if work.unit.kind == QUIZ]

    def units(self, module: PlanModule) -> list[UnitLine]:
        """The units of one module, one by one."""
        work = {each.unit.key: each for cell in self.cells for each in cell.work}
        return [UnitLine(u, self.completions.get(u.pk or 0), work.get(u.key)) for u in module.units]

    @property
    def mean(self) -> Decimal | None:
        """The mean of the quizzes that have a result, in per cent."""
        marks = [work.percent for work in self.quizzes if work.percent is not None]
        return sum(marks, Decimal(0)) / len(marks) if marks else None


@dataclass(frozen=True)
class Board:
    """`held` are the sessions that count and have ended, by start."""

    cohort: Cohort
    plan: Plan
    held: tuple[LiveSession, ...]
    learners: tuple[Learner, ...]
    now: datetime

    @cached_property
    def counts(self) -> dict[LearnerState, int]:
        return {state: sum(learner.state == state for learner in self.learners) for state in LearnerState}

    @cached_property
    def needing_a_word(self) -> int:
        return sum(bool(learner.reasons) for learner in self.learners)


def read_board(cohort: Cohort, members: QuerySet[CohortMember], language: str) -> Board:
    """The board of those members who take part; `cohort.edition.course` is loaded. A constant number of queries.

    Give only members whom the reader may see (rights.CohortReach.members): nobody else is asked for.
    """
    seated = list(members.seated().select_related("person", "enrolment__institution"))  # type: ignore[attr-defined]
    rows = Enrolment.objects.filter(pk__in=members.seated().values("enrolment"))  # type: ignore[attr-defined]
    now = timezone.now()
    plan = plan_of(cohort, language)
    facts = _read_facts(cohort, seated, rows, plan, now)
    held = tuple(s for s in cohort.sessions.counting().order_by("starts_at", "pk") if s.ends_at <= now)
    attended = _attended(rows, held)
    learners = [_learner(member, facts, plan, now, attended if held else None) for member in seated]
    return Board(cohort, plan, held, tuple(sorted(learners, key=lambda each: each.member.pk)), now)


@dataclass(frozen=True)
class _Facts:
    """What was read of all learners at once, by the enrolment's number."""

    rules: Mapping[int, EditionRules]
    completions: Mapping[int, dict[int, datetime]]
    works: standings.Works
    answers: Mapping[int, datetime]
    more: MoreAttempts
    schedules: Mapping[int, Schedule]
    certificates: Mapping[int, CertificateLine]


def _read_facts(
    cohort: Cohort, seated: Sequence[CohortMember], rows: QuerySet[Enrolment], plan: Plan, now: datetime
) -> _Facts:
    enrolments = [member.enrolment for member in seated if member.enrolment is not None]
    for member, enrolment in zip(seated, enrolments, strict=True):
        member.cohort, enrolment.course, enrolment.person = cohort, cohort.course, member.person  # type: ignore[assignment]
    give_editions(enrolments)
    editions = {each.edition_id: each.edition for each in enrolments}
    completions: dict[int, dict[int, datetime]] = {}
    done = UnitCompletion.objects.standing().filter(enrolment__in=rows)
    for pk, unit, at in done.values_list("enrolment_id", "unit_id", "completed_at"):
        completions.setdefault(pk, {})[unit] = at
    return _Facts(
        rules={pk: rules_of(edition, plan.numbers) for pk, edition in editions.items()},
        completions=completions,
        works=standings.works_of(rows),
        answers=standings.last_answers(rows),
        more=standings.more_attempts(cohort.course_id, cohort.pk, (each.person_id for each in enrolments)),
        schedules=due_dates(cohort, enrolments),
        certificates=certificates_for(rows),
    )


def _attended(rows: QuerySet[Enrolment], held: Iterable[LiveSession]) -> dict[int, int]:
    """How many of the sessions each was at. One query."""
    found: dict[int, int] = {}
    there = Attendance.objects.filter(enrolment__in=rows, session__in=[each.pk for each in held], state__in=ATTENDED)
    for enrolment in there.values_list("enrolment_id", flat=True):
        found[enrolment] = found.get(enrolment, 0) + 1
    return found


# --- One learner -------------------------------------------------------------------------------------------------


@dataclass
class _Reading:
    """One learner while their row is put together."""

    enrolment: Enrolment
    rules: EditionRules
    completions: Mapping[int, datetime]
    works: Mapping[int, Work]
    schedule: Schedule
    more: MoreAttempts
    now: datetime
    is_silent: bool = False
    cells: list[Cell] = field(default_factory=list)

    @property
    def is_under_way(self) -> bool:
        return self.enrolment.state == EnrolmentState.ACTIVE


def _learner(
    member: CohortMember, facts: _Facts, plan: Plan, now: datetime, attended: Mapping[int, int] | None
) -> Learner:
    enrolment: Enrolment = member.enrolment  # type: ignore[assignment]
    pk = enrolment.pk
    reading = _Reading(
        enrolment,
        facts.rules[enrolment.edition_id],
        facts.completions.get(pk, {}),
        facts.works.get(pk, {}),
        facts.schedules.get(pk) or Schedule(),
        facts.more,
        now,
    )
    learned = max(
        [*reading.completions.values(), *_tried_at(reading), *filter(None, [facts.answers.get(pk)])], default=None
    )
    reading.is_silent = learned is not None and learned <= now - STUCK_AFTER
    cells = tuple(_cell(reading, module) for module in plan.modules)
    seen = [moment for moment in (learned, member.person.last_login if member.person else None) if moment is not None]
    return Learner(
        member=member,
        state=_state(reading, cells, learned),
        cells=cells,
        done=sum(cell.done for cell in cells),
        required=sum(cell.required for cell in cells),
        last_active=max(seen, default=None),
        reasons=_reasons(reading, member, cells, learned),
        attended=None if attended is None else attended.get(pk, 0),
        certificate=facts.certificates.get(pk),
        completions=reading.completions,
    )


def _tried_at(reading: _Reading) -> Iterable[datetime]:
    return (tried.last_at for work in reading.works.values() for tried in work.tries)


def _cell(reading: _Reading, module: PlanModule) -> Cell:
    rule = reading.rules.modules.get(module.key)
    if rule is None:
        return Cell(module, CellState.ELSEWHERE, 0, 0, None, None, False, ())
    times = reading.schedule.of(module.key)
    done, required = rule.count(reading.completions)
    work = tuple(_work_cell(reading, unit) for unit in module.work)
    state = _cell_state(reading, rule, module, work)
    if rule.is_optional:
        done, required = 0, 0
    return Cell(module, state, done, required, times.opens_on, times.due_on, times.is_extended, work)


def _cell_state(reading: _Reading, rule: ModuleRule, module: PlanModule, work: Sequence[WorkCell]) -> CellState:
    if rule.is_done(reading.completions):
        return CellState.DONE
    begun = not rule.units.isdisjoint(reading.completions) or not rule.units.isdisjoint(reading.works)
    if not reading.is_under_way:
        return CellState.PROGRESS if begun else CellState.NOT_BEGUN
    times = reading.schedule.of(module.key)
    if times.due_on is not None and times.is_late and not rule.is_optional:
        return CellState.LATE
    if begun:
        stuck = not rule.is_optional and (reading.is_silent or any(each.no_more for each in work))
        return CellState.STUCK if stuck else CellState.PROGRESS
    return CellState.CLOSED if times.opens_on is not None and not times.is_open else CellState.NOT_BEGUN


def _work_cell(reading: _Reading, unit: PlanUnit) -> WorkCell:
    pk = unit.pk or 0
    rule = reading.rules.quizzes.get(pk)
    tries = reading.works.get(pk, NO_WORK).tries
    counting = reading.works.get(pk, NO_WORK).counting(rule.counts if rule else "last")
    percent = counting.percent if counting and not counting.waits else None
    if pk in reading.completions:
        return WorkCell(unit, WorkState.PASSED, percent, tries)
    if not tries:
        return WorkCell(unit, WorkState.NONE, None, tries)
    if any(each.waits for each in tries):
        return WorkCell(unit, WorkState.WAITING, percent, tries)
    if counting is None:
        return WorkCell(unit, WorkState.OPEN, None, tries)
    is_open = tries[-1].is_open
    limit = rule.attempts if rule else 0
    no_more = (
        bool(limit) and not is_open and len(tries) >= limit + reading.more.at(reading.enrolment.person_id, unit.key)
    )
    return WorkCell(unit, WorkState.FAILED, percent, tries, no_more)


def _state(reading: _Reading, cells: Sequence[Cell], learned: datetime | None) -> LearnerState:
    if reading.enrolment.completed_at is not None:
        return LearnerState.DONE
    if not reading.is_under_way:
        return LearnerState.ENDED
    states = {cell.state for cell in cells}
    if CellState.LATE in states:
        return LearnerState.LATE
    if CellState.STUCK in states:
        return LearnerState.STUCK
    return LearnerState.NOT_BEGUN if learned is None else LearnerState.PROGRESS


def _reasons(
    reading: _Reading, member: CohortMember, cells: Sequence[Cell], learned: datetime | None
) -> tuple[Reason, ...]:
    """Why somebody needs a word; nobody does who has completed the course, or is not enrolled any more."""
    if not reading.is_under_way:
        return ()
    first_day = datetime.combine(member.cohort.starts_on, time.min, tzinfo=reading.schedule.zone or UTC)
    since = max(first_day, member.seated_at or first_day)
    holds = {
        Reason.LATE: any(cell.state == CellState.LATE for cell in cells),
        Reason.STUCK: any(
            cell.state == CellState.STUCK or (cell.state == CellState.LATE and _is_stuck(reading, cell))
            for cell in cells
        ),
        Reason.NOT_STARTED: learned is None and since <= reading.now - BEGINS_WITHIN,
        Reason.FAILED: any(work.state == WorkState.FAILED for cell in cells for work in cell.work),
    }
    return tuple(reason for reason, held in holds.items() if held)


def _is_stuck(reading: _Reading, cell: Cell) -> bool:
    begun = cell.done or any(work.tries for work in cell.work)
    return bool(begun) and (reading.is_silent or any(work.no_more for work in cell.work))
