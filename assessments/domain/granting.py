"""Granting reasonable adjustments, and who may: managers, and trainers of the course or the cohort."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.adjustments import adjusted
from assessments.domain.attempts import is_overdue, rules_of
from assessments.domain.quizzes import QUIZ, QuizRules
from assessments.enums import AttemptState
from assessments.models import Adjustment, Attempt
from courses.models import Cohort, Course, Enrolment, Unit
from elearn.people.domain import rights, trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.domain.roles import grants_in_force
from elearn.people.enums import Role, Scope
from elearn.people.models import User


class AdjustmentRefused(Exception):
    """The act cannot be done; the message says why, in words."""


# --- Who may -----------------------------------------------------------------------------------------------------

ADJUST = rights.Right(
    "assessments.adjust",
    gettext_lazy("give learners more time or attempts at quizzes, read the reasons, and look up their receipts"),
    {Role.MANAGER: (Scope.PLATFORM,), Role.TRAINER: (Scope.PLATFORM, Scope.COURSE, Scope.COHORT)},
    opens="assessments:adjustments",
    screen=gettext_lazy("More time and attempts"),
)


@dataclass(frozen=True)
class Reach:
    """Over whom the right goes: everybody, the learners of these courses, and those of these cohorts."""

    everywhere: bool
    course_keys: frozenset[UUID] = frozenset()
    cohort_ids: frozenset[UUID] = frozenset()

    @property
    def nowhere(self) -> bool:
        return not (self.everywhere or self.course_keys or self.cohort_ids)

    def courses(self) -> QuerySet[Course]:
        rows = Course.objects.order_by("code")
        if self.everywhere:
            return rows
        return rows.filter(Q(key__in=self.course_keys) | Q(pk__in=self._cohorts.values("course"))).distinct()

    def cohorts(self) -> QuerySet[Cohort]:
        rows = Cohort.objects.select_related("course").order_by("course__code", "title")
        if self.everywhere:
            return rows
        return rows.filter(Q(course__key__in=self.course_keys) | Q(pk__in=self._cohorts.values("pk")))

    @cached_property
    def _cohorts(self) -> QuerySet[Cohort]:
        return Cohort.objects.filter(public_id__in=self.cohort_ids)

    def enrolments(self) -> QuerySet[Enrolment]:
        rows = Enrolment.objects.all()
        if self.everywhere:
            return rows
        return rows.filter(Q(course__key__in=self.course_keys) | Q(cohort__public_id__in=self.cohort_ids))

    def covers(self, *, course: Course, person: User | None, cohort: Cohort | None) -> bool:
        """Whether something may be granted to this learner, or cohort, in the course."""
        if self.everywhere or course.key in self.course_keys:
            return True
        if cohort is not None:
            return cohort.public_id in self.cohort_ids
        return person is not None and self.enrolments().filter(person=person, course=course).exists()

    def adjustments(self) -> QuerySet[Adjustment]:
        """The same rule as `covers`, as a filter."""
        rows = Adjustment.objects.select_related("person", "cohort", "course", "unit", "granted_by", "ended_by")
        if self.everywhere:
            return rows
        own = Enrolment.objects.filter(
            person=OuterRef("person"), course=OuterRef("course"), cohort__public_id__in=self.cohort_ids
        )
        in_reach = Q(course__key__in=self.course_keys) | Q(cohort__public_id__in=self.cohort_ids) | Q(Exists(own))
        return rows.filter(in_reach)


def reach_of(person: User) -> Reach:
    if person.is_active and person.is_superuser:
        return Reach(everywhere=True)
    if not person.is_authenticated or not person.is_active:
        return Reach(everywhere=False)
    grants = [grant for grant in grants_in_force(person) if ADJUST.is_given_by(grant)]
    return Reach(
        everywhere=any(grant.scope == Scope.PLATFORM for grant in grants),
        course_keys=frozenset(g.scope_key for g in grants if g.scope == Scope.COURSE and g.scope_key),
        cohort_ids=frozenset(g.scope_key for g in grants if g.scope == Scope.COHORT and g.scope_key),
    )


# --- The acts ----------------------------------------------------------------------------------------------------


@transaction.atomic
def grant_adjustment(
    *,
    by: User,
    course: Course,
    reason: str,
    person: User | None = None,
    cohort: Cohort | None = None,
    unit: Unit | None = None,
    extra_time: int = 0,
    extra_attempts: int = 0,
) -> Adjustment:
    """Give one learner or a cohort more time (per cent) or more attempts, in a course or at one quiz of it.

    Effects: the adjustment; an audit event about the learner, without the reason; the deadline of an attempt that runs
    already moves, counted from its start. One whose time is up stays submitted.
    Refusals: AdjustmentRefused without a reason, when nothing is given, when the quiz or the cohort is not of the
    course, when the person may not grant this, or grants it to themselves. PersonErased.

    The row comes before the locks: an attempt begun at this moment either sees it, or is found here.
    """
    if not reason.strip():
        raise AdjustmentRefused(_("Give a reason. Nothing was granted."))
    if extra_time <= 0 and extra_attempts <= 0:
        raise AdjustmentRefused(_("Give more time or more attempts. Nothing was granted."))
    if (unit is not None and unit.course_id != course.pk) or (cohort is not None and cohort.course_id != course.pk):
        raise AdjustmentRefused(_("This quiz or cohort is not of the course. Nothing was granted."))
    if person is not None and person.pk == by.pk:
        raise AdjustmentRefused(_("Nobody grants this to themselves."))
    if not reach_of(by).covers(course=course, person=person, cohort=cohort):
        raise AdjustmentRefused(_("This is not one of your learners. Nothing was granted."))
    if person is not None:
        person = lock_person(person.pk)  # The reason may tell of a person who is erased at this moment.
    adjustment = Adjustment.objects.create(
        person=person,
        cohort=cohort,
        course=course,
        unit=unit,
        extra_time=extra_time,
        extra_attempts=extra_attempts,
        reason=reason.strip(),
        granted_by=by,
    )
    _write_down("assessments.adjustment_granted", adjustment, by)
    _move_deadlines(adjustment)
    return adjustment


def _write_down(action: str, adjustment: Adjustment, by: User) -> None:
    given = {"adjustment": str(adjustment.public_id), "course": adjustment.course.code}
    trail.record(action, actor=by, subject=adjustment.person, **given)


def _move_deadlines(adjustment: Adjustment) -> None:
    """Give attempts that run already what they would have been given at their start; never less than they have."""
    enrolments = Enrolment.objects.filter(course=adjustment.course)
    whose = {"cohort": adjustment.cohort} if adjustment.cohort_id else {"person": adjustment.person}
    for enrolment in enrolments.filter(**whose).select_for_update(of=("self",)).order_by("pk"):
        running = Attempt.objects.filter(enrolment=enrolment, state=AttemptState.IN_PROGRESS)
        if adjustment.unit_id:
            running = running.filter(unit=adjustment.unit_id)
        for attempt in running.select_for_update(of=("self",)).select_related("unit").order_by("pk"):
            _adjust_running(attempt, enrolment)


def _adjust_running(attempt: Attempt, enrolment: Enrolment) -> None:
    entry = enrolment.edition.structure.unit(attempt.unit.key)
    if entry is None or entry.kind != QUIZ or is_overdue(attempt):
        return
    had, rules = rules_of(attempt), adjusted(QuizRules.from_json(entry.rules), enrolment, attempt.unit.key)
    attempts = max(had.attempts, rules.attempts) if had.attempts and rules.attempts else had.attempts
    if attempt.deadline is not None and rules.time_limit > had.time_limit:
        had = replace(had, time_limit=rules.time_limit)
        attempt.deadline = max(attempt.deadline, attempt.started_at + timedelta(minutes=rules.time_limit))
    attempt.rules = replace(had, attempts=attempts).to_json()
    attempt.save(update_fields=["rules", "deadline"])


@transaction.atomic
def end_adjustment(*, adjustment: Adjustment, by: User) -> Adjustment:
    """End an adjustment from now on.

    Effects: an audit event. What was begun under it keeps its time: no deadline is ever shortened. Ending what has
    ended changes nothing.
    Refusals: AdjustmentRefused when the person may not.
    """
    if not reach_of(by).adjustments().filter(pk=adjustment.pk).exists():
        raise AdjustmentRefused(_("This is not one of your learners. Nothing was changed."))
    ended = Adjustment.objects.in_force().filter(pk=adjustment.pk).update(ended_at=timezone.now(), ended_by=by)
    adjustment.refresh_from_db()
    if ended:
        _write_down("assessments.adjustment_ended", adjustment, by)
    return adjustment
