"""Who may judge whose work.

A role gives the right, for what it covers; nobody has it over their own work, nor over the work of somebody whom they
prepared: whoever holds or held the role of trainer for the cohort in which the person learned. One thing is excepted:
a trainer may mark the essays of their own cohort, since those are answers of a quiz and no proof of practice.
"""

from collections.abc import Collection, Mapping

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import RubricAssessment, Script
from courses.models import Cohort, CohortMember, Enrolment
from elearn.people.domain import rights
from elearn.people.domain.roles import SCOPES_OF
from elearn.people.enums import Role, Scope
from elearn.people.models import RoleGrant, User

ASSESS = rights.Right(
    "assessments.assess",
    _("read and mark what learners hand in, and observe sessions; never of those whom one has trained oneself"),
    {**rights.MANAGERS, Role.ASSESSOR: SCOPES_OF[Role.ASSESSOR], Role.TRAINER: SCOPES_OF[Role.TRAINER]},
    opens="assessments:marking",
    screen=_("Marking"),
)

# Where a row says what a scope covers.
Places = Mapping[Scope, tuple[str, ...]]


# --- Scripts -----------------------------------------------------------------------------------------------------


def may_assess(person: User, script: Script) -> bool:
    """Whether this person may read and mark this. Never one's own, nor a practical of somebody one has prepared."""
    return scripts_for(person).filter(pk=script.pk).exists()


def scripts_for(person: User) -> QuerySet[Script]:
    """The scripts that `may_assess` answers for: the same rule as a filter."""
    covered = _covered(person, _of_enrolment("enrolment__"))
    if covered is None:
        return Script.objects.none()
    trained = _trained_by(person)
    prepared = Q(enrolment__cohort__public_id__in=trained) | Q(enrolment__in=_once_seated(trained).values("enrolment"))
    return Script.objects.filter(covered).exclude(enrolment__person=person).exclude(prepared, hand_in__isnull=False)


# --- Practicals that nobody has handed in yet, because they are observed ------------------------------------------


def may_assess_practical(person: User, enrolment: Enrolment) -> bool:
    """Whether this person may judge what this learner does before their eyes: as `may_assess` has it for a script."""
    return enrolments_for(person).filter(pk=enrolment.pk).exists()


def enrolments_for(person: User) -> QuerySet[Enrolment]:
    """The enrolments that `may_assess_practical` answers for: the same rule as a filter."""
    covered = _covered(person, _of_enrolment(""))
    if covered is None:
        return Enrolment.objects.none()
    rows, trained = Enrolment.objects.filter(covered).exclude(person=person), _trained_by(person)
    return rows.exclude(Q(cohort__public_id__in=trained) | Q(pk__in=_once_seated(trained).values("enrolment")))


# --- Sessions of cohorts -----------------------------------------------------------------------------------------


def may_observe(person: User, cohort: Cohort) -> bool:
    """Whether this person may observe sessions of this cohort. Whom they may judge there, `may_judge` says."""
    return cohorts_for(person).filter(pk=cohort.pk).exists()


def cohorts_for(person: User) -> QuerySet[Cohort]:
    """The cohorts that `may_observe` answers for: the same rule as a filter."""
    covered = _covered(person, OF_COHORT)
    if covered is None:
        return Cohort.objects.none()
    return Cohort.objects.filter(covered).exclude(public_id__in=_trained_by(person))


def may_judge(person: User, subject: User, cohort: Cohort) -> bool:
    """Whether this person may judge what `subject` does in a session of this cohort."""
    return may_observe(person, cohort) and subject_ids_for(person, [subject.pk]) == {subject.pk}


def subject_ids_for(person: User, subject_ids: Collection[int]) -> set[int]:
    """Those of these people whom the person has not prepared, in whatever cohort, and who are not the person."""
    trained = _trained_by(person)
    now = Enrolment.objects.filter(person__in=subject_ids, cohort__public_id__in=trained).values_list("person")
    once = _once_seated(trained).filter(person__in=subject_ids).values_list("person")
    return set(subject_ids) - {pk for (pk,) in now.order_by().union(once)} - {person.pk}


def assessments_by(person: User) -> QuerySet[RubricAssessment]:
    """The sessions that the person has observed."""
    return RubricAssessment.objects.filter(assessor=person, cohort__isnull=False)


# --- What the rules rest on --------------------------------------------------------------------------------------


def _trained_by(person: User) -> QuerySet:
    """Keys of the cohorts that the person trains or has trained: who has stopped prepared them all the same."""
    begun = RoleGrant.objects.filter(
        person=person, role=Role.TRAINER, scope=Scope.COHORT, scope_key__isnull=False, starts_at__lte=timezone.now()
    )
    # One that was ended before it began has never been held.
    return begun.filter(Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))).values("scope_key")


def _once_seated(trained: QuerySet) -> QuerySet[CohortMember]:
    """Who learned in these cohorts and may have left since: the enrolment no longer says so, this does."""
    return CohortMember.objects.filter(
        cohort__public_id__in=trained, seated_at__isnull=False, enrolment__isnull=False, person__isnull=False
    )


def _of_enrolment(prefix: str) -> Places:
    return {
        Scope.COURSE: (f"{prefix}course__key",),
        Scope.COHORT: (f"{prefix}cohort__public_id",),
        Scope.INSTITUTION: (f"{prefix}institution",),
        Scope.ACTION: (f"{prefix}action", f"{prefix}cohort__action"),
    }


OF_COHORT: Places = {
    Scope.COURSE: ("course__key",),
    Scope.COHORT: ("public_id",),
    Scope.INSTITUTION: ("institution",),
    Scope.ACTION: ("action",),
}


def _covered(person: User, places: Places) -> Q | None:
    """What the person's grants cover, as a condition on rows that say so in these places; None when it is nothing."""
    if not person.is_authenticated or not person.is_active:
        return None
    grants = rights.grants_giving(person, ASSESS)
    if person.is_superuser or any(grant.scope == Scope.PLATFORM for grant in grants):
        return Q(pk__isnull=False)
    condition = Q()
    for grant in grants:
        held = grant.scope_key or grant.institution_id or grant.action_id
        for place in places[Scope(grant.scope)]:
            condition |= Q(**{place: held})
    return condition or None
