"""Who trains a cohort: naming trainers, and letting them go."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.rights import trainer_grants
from courses.models import Cohort
from elearn.people.domain.personal_data import PersonErased, lock_person
from elearn.people.domain.roles import RoleRefused, end_role, grant_role, holds_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User


def with_address(address: str) -> User | None:
    """The open account with this e-mail address, however it is written."""
    return User.objects.filter(email__iexact=address.strip(), is_active=True, erased_at=None).first()


def enter_trainers(*, cohort: Cohort, people: Iterable[User], by: User | None) -> list[User]:
    """Save a cohort that is new, with those who train it; for courses.domain.cohorts.opening, which checks the rest.

    The people are locked before there is a cohort, in one order, so that two who open at once wait and do not block.
    Refusals: CohortRefused without trainers, and for an account that is closed.
    """
    chosen = {person.pk: person for person in people}
    if by is not None and holds_role(by, Role.TRAINER, course_key=cohort.course.key):
        chosen[by.pk] = by
    if not chosen:
        raise CohortRefused(_("A cohort needs somebody who trains it. Name at least one trainer."), "trainers")
    entered = [_locked(pk) for pk in sorted(chosen)]
    cohort.save(force_insert=True)
    for person in entered:
        _grant(cohort, person, by)
    return entered


@transaction.atomic
def add_trainer(*, cohort: Cohort, person: User, by: User) -> None:
    """Make somebody a trainer of a cohort, an open or a closed one; twice changes nothing.

    Effects: a role of trainer for the cohort, with its audit event.
    Refusals: CohortRefused for an account that is closed, and where managers name themselves; PersonErased.
    """
    person = _locked(person.pk)
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if not trainer_grants(locked).filter(person=person).exists():
        _grant(locked, person, by)


@transaction.atomic
def remove_trainer(*, cohort: Cohort, person: User, by: User) -> None:
    """End somebody's training of a cohort; who does not train it is left as they are.

    Effects: the role ends, with its audit event.
    Refusals: CohortRefused for the last trainer of an open cohort. Its row is locked, so that of two who remove the
    last two at once, one is refused.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    grants = trainer_grants(locked)
    theirs = grants.filter(person=person)
    if not theirs.exists():
        return
    if locked.is_open and not grants.exclude(person=person).exists():
        raise CohortRefused(_("This is the last trainer of the cohort. Name another one first, or close the cohort."))
    for grant in theirs:
        end_role(grant=grant, ended_by=by)


def _locked(pk: int) -> User:
    try:
        person = lock_person(pk)
    except PersonErased as erased:
        raise CohortRefused(str(erased), "trainers") from erased
    if not person.is_active:
        raise CohortRefused(_("The account of %s is closed. Name somebody else.") % person, "trainers")
    return person


def _grant(cohort: Cohort, person: User, by: User | None) -> None:
    own = by is not None and by.pk == person.pk
    if own and not holds_role(person, Role.TRAINER, course_key=cohort.course.key):
        raise CohortRefused(
            _("Nobody makes themselves a trainer. Name somebody else, or have another manager name you."), "trainers"
        )
    # Whoever trains the course already is given nothing new by training a cohort of it.
    try:
        grant_role(
            person=person,
            role=Role.TRAINER,
            granted_by=None if own else by,
            scope=Scope.COHORT,
            scope_key=cohort.public_id,
        )
    except RoleRefused as refusal:
        raise CohortRefused(str(refusal), "trainers") from refusal
