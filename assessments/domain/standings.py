"""How the learners of a group stand in their quizzes and practicals: no snapshot and no answer is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from assessments.domain.marking import Result
from assessments.enums import AttemptState, Counting, HandInState
from assessments.models import Adjustment, Attempt, HandIn, Response
from courses.models import Enrolment


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at a quiz, or one go at a practical.

    `percent` is None while it is open. Of a practical it is always None, and that it was passed says its completion.
    """

    number: int
    began_at: datetime
    ended_at: datetime | None
    percent: Decimal | None
    passed: bool
    waits: bool

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def last_at(self) -> datetime:
        return self.ended_at or self.began_at


@dataclass(frozen=True, slots=True)
class Work:
    """All tries of one learner at one quiz or practical, in their order."""

    tries: list[Try] = field(default_factory=list)

    def counting(self, counts: str) -> Try | None:
        """The try that is the result: of a quiz the best one, of equal ones the first, or the last (Counting)."""
        done = [each for each in self.tries if each.ended_at is not None]
        if not done:
            return None
        return done[-1] if counts == Counting.LAST else max(done, key=lambda each: each.percent or Decimal(0))


Works = dict[int, dict[int, Work]]


def works_of(enrolments: QuerySet[Enrolment]) -> Works:
    """By enrolment and unit, everything that these learners have tried. Two queries."""
    found: Works = {}
    rows = Attempt.objects.filter(enrolment__in=enrolments).order_by("number")
    columns = ("enrolment_id", "unit_id", "number", "started_at", "submitted_at", "pass_mark")
    kept = ("earned", "possible", "waiting")
    for enrolment, unit, number, began, ended, pass_mark, earned, possible, waiting in rows.values_list(
        *columns, *kept
    ):
        percent, passed = None, False
        if ended is not None and earned is not None:
            result = Result(earned, possible, pass_mark, waiting)
            percent, passed = result.percent, result.passed
        tried = Try(number, began, ended, percent, passed, bool(waiting))
        found.setdefault(enrolment, {}).setdefault(unit, Work()).tries.append(tried)
    goes = HandIn.objects.filter(enrolment__in=enrolments).order_by("number")
    for enrolment, unit, number, began, ended, state in goes.values_list(
        "enrolment_id", "unit_id", "number", "started_at", "handed_in_at", "state"
    ):
        tried = Try(number, began, ended, None, False, state == HandInState.HANDED_IN)
        found.setdefault(enrolment, {}).setdefault(unit, Work()).tries.append(tried)
    return found


def last_answers(enrolments: QuerySet[Enrolment]) -> dict[int, datetime]:
    """When each last answered in an attempt that is still open. One query."""
    rows = Response.objects.filter(attempt__enrolment__in=enrolments, attempt__state=AttemptState.IN_PROGRESS)
    return dict(rows.order_by().values_list("attempt__enrolment").annotate(last=Max("received_at")))


@dataclass(frozen=True)
class MoreAttempts:
    """What learners of one cohort were given beyond the attempts allowed: the most generous counts, none are added."""

    of_cohort: dict[UUID | None, int]
    of_person: dict[tuple[int, UUID | None], int]

    def at(self, person: int, unit: UUID) -> int:
        own = (self.of_person.get((person, key), 0) for key in (unit, None))
        return max(self.of_cohort.get(unit, 0), self.of_cohort.get(None, 0), *own)


def more_attempts(course: int, cohort: int, people: Iterable[int]) -> MoreAttempts:
    """The same rule as domain.adjustments.given_to, for many learners. One query."""
    given = MoreAttempts({}, {})
    wanted = set(people)
    rows = Adjustment.objects.in_force().filter(Q(cohort=cohort) | Q(person__isnull=False), course=course)
    for of_cohort, person, unit, extra in rows.values_list("cohort_id", "person_id", "unit__key", "extra_attempts"):
        if of_cohort:
            given.of_cohort[unit] = max(extra, given.of_cohort.get(unit, 0))
        elif person in wanted:
            given.of_person[person, unit] = max(extra, given.of_person.get((person, unit), 0))
    return given
