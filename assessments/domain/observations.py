"""Sessions of a cohort that somebody observed and judged by a rubric: with the same rubric as a practical, and without
any hand-in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain import assessors
from assessments.domain.practical_rules import PRACTICAL
from assessments.domain.practicals import PracticalRefused, open_for_observation
from assessments.domain.reading.practical import RubricView, view_of
from assessments.domain.rubrics import as_it_stands, freeze, in_language, score
from assessments.enums import AssessmentPart, AssessmentState
from assessments.models import HandIn, Rubric, RubricAssessment, RubricVersion
from courses.models import Cohort, Unit
from elearn.people.domain import trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.enums import Role, Scope
from elearn.people.models import RoleGrant, User

LONGEST_REASONS = 10_000  # characters
LONGEST_COMMENT = 2000
LONGEST_OCCASION = 200
# Two sendings of the same form this close to one another are one observation.
REPEAT = timedelta(minutes=10)

OBSERVED = "assessments.session_observed"


class ObservationRefused(Exception):
    """The observation cannot be written; the message says why, in words for the person."""


@transaction.atomic
def observe_session(
    *,
    assessor: User,
    cohort: Cohort,
    subject: User,
    observed_on: date,
    occasion: str,
    rubric: Rubric,
    levels: Mapping[str, str],
    comments: Mapping[str, str],
    reasons: str,
) -> RubricAssessment:
    """Write what an assessor judged of somebody in a session of a cohort.

    Effects: the rubric is frozen as it stands, the assessment is final and stands alone: it passes or fails nothing.
    An audit event that the subject can read. The same sent twice within minutes is one.
    Refusals: ObservationRefused when the assessor may not judge this person there, when the person neither trains nor
    learns in the cohort, when the day is still to come or before the cohort, when the rubric is not the course's, when
    a criterion is without a level, or without a reason. PersonErased.
    """
    # In one order, so that two who observe each other do not wait for one another.
    for pk in sorted({subject.pk, assessor.pk}):
        lock_person(pk)
    _refuse_if_not_theirs(assessor, cohort, subject)
    _refuse_wrong_day(cohort, observed_on)
    if rubric.course_code != cohort.course.code:
        raise ObservationRefused(_("This rubric belongs to another course. Nothing was saved."))
    version = freeze(rubric)
    outcome = score(version, levels)
    if outcome.open_criteria:
        raise ObservationRefused(_("Choose a level for every criterion. Nothing was saved."))
    if not reasons.strip():
        raise ObservationRefused(_("Say in a few words why. Nothing was saved."))
    facts = {"subject": subject, "cohort": cohort, "observed_on": observed_on, "occasion": occasion.strip()}
    judged = {
        "rubric": version,
        "levels": _known(version, levels),
        "comments": {key: text.strip() for key, text in _known(version, comments).items() if text.strip()},
        "reasons": reasons.strip(),
    }
    repeat = _repeat_of(assessor, {**facts, **judged})
    if repeat is not None:
        return repeat
    assessment = RubricAssessment.objects.create(
        assessor=assessor,
        part=AssessmentPart.OBSERVATION,
        fraction=outcome.fraction,
        state=AssessmentState.FINAL,
        final_at=timezone.now(),
        **facts,
        **judged,
    )
    trail.record(OBSERVED, actor=assessor, subject=subject, assessment=assessment.pk)
    return assessment


def _refuse_if_not_theirs(assessor: User, cohort: Cohort, subject: User) -> None:
    if not assessors.may_judge(assessor, subject, cohort):
        raise ObservationRefused(
            _("You cannot assess this person: it is you, or you have trained them, or your role does not cover it.")
        )
    if subject.pk not in {person.pk for person in people_of(cohort)}:
        raise ObservationRefused(_("This person neither trains nor learns in this cohort. Nothing was saved."))


def _refuse_wrong_day(cohort: Cohort, observed_on: date) -> None:
    if observed_on > timezone.localdate():
        raise ObservationRefused(_("The day of the session is still to come. Nothing was saved."))
    if observed_on < cohort.starts_on:
        raise ObservationRefused(_("The cohort had not begun on that day. Nothing was saved."))


def _known(version: RubricVersion, given: Mapping[str, str]) -> dict[str, str]:
    """What belongs to the rubric's criteria, and nothing else that was sent."""
    ids = [criterion["id"] for criterion in next(iter(version.contents.values()))["criteria"]]
    return {key: given[key] for key in ids if key in given}


def _repeat_of(assessor: User, facts: dict[str, object]) -> RubricAssessment | None:
    rows = RubricAssessment.objects.filter(assessor=assessor, part=AssessmentPart.OBSERVATION, **facts)
    return rows.filter(final_at__gte=timezone.now() - REPEAT).first()


# --- What the screens show ---------------------------------------------------------------------------------------


def people_of(cohort: Cohort) -> QuerySet[User]:
    """Who trains or learns in a cohort, by name."""
    trains = RoleGrant.objects.in_force().filter(role=Role.TRAINER, scope=Scope.COHORT, scope_key=cohort.public_id)
    learns = cohort.enrolments.values("person")
    people = User.objects.filter(pk__in=trains.values("person")) | User.objects.filter(pk__in=learns)
    return people.filter(erased_at=None).distinct().order_by("printed_name", "pk")


def subjects_for(assessor: User, cohort: Cohort) -> QuerySet[User]:
    """Those of them whom this person may judge: `may_judge` as a filter."""
    people = people_of(cohort)
    if not assessors.may_observe(assessor, cohort):
        return people.none()
    allowed = assessors.subject_ids_for(assessor, list(people.values_list("pk", flat=True)))
    return people.filter(pk__in=allowed)


def rubrics_for(cohort: Cohort, language: str) -> list[Rubric]:
    """The rubrics of the cohort's course, each once: in this language, or in the one that leads."""
    by_key: dict[UUID, Rubric] = {}
    for row in Rubric.objects.filter(course_code=cohort.course.code).select_related("locale").order_by("pk"):
        if row.translation_key not in by_key or row.locale.language_code == language:
            by_key[row.translation_key] = row
    return sorted(by_key.values(), key=lambda row: row.title)


@dataclass(frozen=True)
class ObservationView:
    """An observation that was written, as its assessor and its subject read it."""

    assessment: RubricAssessment
    rubric: RubricView
    percent: int


def read_observation(assessment: RubricAssessment, language: str) -> ObservationView:
    version = assessment.rubric
    if version is None:
        raise ValueError("An observation has a rubric.")
    return ObservationView(
        assessment,
        view_of(version, language, assessment.levels, assessment.comments),
        round((assessment.fraction or 0) * 100),
    )


def written_by(assessor: User) -> QuerySet[RubricAssessment]:
    """The observations that the person has written, the latest first; not of those who were erased."""
    rows = assessors.assessments_by(assessor).filter(subject__erased_at=None)
    return rows.select_related("subject", "cohort", "cohort__course", "rubric").order_by("-observed_on", "-pk")


def open_to(person: User) -> QuerySet[RubricAssessment]:
    """The observations that the person may read: their own as assessor, and those of which they are the subject."""
    rows = RubricAssessment.objects.filter(part=AssessmentPart.OBSERVATION, state=AssessmentState.FINAL)
    own = rows.filter(assessor=person, subject__erased_at=None) | rows.filter(subject=person)
    return own.select_related("subject", "assessor", "cohort", "rubric").order_by("-observed_on", "-pk")


def criteria_of(rubric: Rubric, language: str) -> list[dict[str, Any]]:
    """The criteria of a rubric as it stands, for a form that asks for a level of each."""
    criteria: list[dict[str, Any]] = in_language(as_it_stands(rubric), language)["criteria"]
    return criteria


# --- Practicals that are watched ---------------------------------------------------------------------------------


def practicals_for(person: User) -> QuerySet[Unit]:
    """The practicals in courses of learners whom the person may judge."""
    courses = assessors.enrolments_for(person).values("course")
    return Unit.objects.filter(kind=PRACTICAL, archived_at=None, course__in=courses).order_by("course__code", "code")


def open_practical(*, by: User, unit: Unit, email: str, language: str) -> HandIn:
    """Open the judging of a practical that is watched, for the learner with this address.

    Effects and refusals as `practicals.open_for_observation` has them. Of somebody whom the person may not judge it
    says no more than of somebody who is not there.
    """
    enrolments = assessors.enrolments_for(by).filter(person__email__iexact=email, course=unit.course_id)
    enrolment = enrolments.order_by("-cycle").first()
    if enrolment is None:
        raise PracticalRefused(
            _("Nobody with this address takes the course, or you may not judge them. Nothing was opened.")
        )
    return open_for_observation(enrolment=enrolment, unit=unit, by=by, language=language)
