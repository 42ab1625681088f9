"""Invitations: places kept for people who have no account yet, by an address."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.cohorts import member_mail
from courses.domain.cohorts.addresses import addresses_of, people_at
from courses.domain.cohorts.seating import (
    SeatingRefused,
    has_place,
    has_run_out,
    lock_cohort,
    places_left,
    refuse_cohort,
    seat,
    stand,
)
from courses.enums import MemberSource, MemberState, RowFate
from courses.models import Cohort, CohortMember
from courses.models.cohort import new_token
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

RUNS_FOR = timedelta(days=30)
# Pressing "send again" twice, or two trainers at once, sends one mail.
AGAIN_AFTER = timedelta(minutes=10)
# In these states an address needs no new invitation.
STANDING = (MemberState.SEATED, MemberState.REQUESTED, MemberState.WAITLISTED)


class Guest(NamedTuple):
    """Somebody who is to be invited; `address` is in small letters."""

    address: str
    name: str = ""
    language: str = ""


def add_by_address(*, cohort: Cohort, guest: Guest, source: MemberSource, by: User) -> RowFate:
    """Give whoever has an account at the address a place, and invite them otherwise; answers what became of it.

    Effects: those of `seat` or of `invite`. Refusals: SeatingRefused.
    """
    person = people_at([guest.address]).get(guest.address)
    if person is not None:
        return add_person(cohort=cohort, person=person, source=source, by=by)
    return invite(cohort=cohort, guests=[guest], source=source, by=by)[0]


@transaction.atomic
def add_person(*, cohort: Cohort, person: User, source: MemberSource, by: User) -> RowFate:
    """Give somebody a place, and answer what became of it. Effects and refusals are those of `seat`."""
    lock_person(person.pk)
    lock_cohort(cohort)
    standing = CohortMember.objects.filter(cohort=cohort, person=person).values_list("state", flat=True).first()
    if standing == MemberState.SEATED:
        return RowFate.IN_IT
    member = seat(cohort=cohort, person=person, source=source, by=by)
    if member.state == MemberState.WAITLISTED:
        return RowFate.IN_IT if standing == MemberState.WAITLISTED else RowFate.WAIT
    return RowFate.SEAT


@transaction.atomic
def invite(*, cohort: Cohort, guests: Sequence[Guest], source: MemberSource, by: User | None) -> list[RowFate]:
    """Keep a place for each of these addresses, none of which has an account, and mail them the link.

    Effects: a row each, with a token that runs for 30 days, and a mail; when all places are taken, a turn on the
    waiting list instead. An address that stands in the cohort already is left as it is. Answers what became of each.
    Refusals: SeatingRefused when the cohort is closed or the course archived.
    """
    cohort = lock_cohort(cohort)
    refuse_cohort(cohort)
    known = _known(cohort, guests)
    left = places_left(cohort)
    some_wait = left is not None and CohortMember.objects.filter(cohort=cohort).waiting().exists()
    fates = []
    for guest in guests:
        member = known.get(guest.address)
        if member is not None and stands(member):
            fates.append(RowFate.IN_IT)
            continue
        if member is None or member.person_id is not None:
            member = CohortMember(cohort=cohort, email=guest.address, source=source, asked_at=timezone.now())
        member.cohort, member.name, member.language = cohort, guest.name, guest.language
        known[guest.address] = member
        if left is None or (left > 0 and not some_wait):
            offer_place(cohort, member, by)
            left = None if left is None else left - 1
            fates.append(RowFate.INVITE)
        elif cohort.has_waiting_list:
            stand(member, MemberState.WAITLISTED, by, asked_at=timezone.now(), left_at=None, reason="")
            some_wait = True
            fates.append(RowFate.WAIT)
        else:
            fates.append(RowFate.FULL)
    return fates


def offer_place(cohort: Cohort, member: CohortMember, by: User | None = None) -> bool:
    """Keep a place for an address, in the locked cohort that has one, and mail the link. Answers True."""
    member.cohort = cohort
    member.token, member.expires_at = member.token or new_token(), timezone.now() + RUNS_FOR
    stand(member, MemberState.INVITED, by, left_at=None, reason="")
    member_mail.send_invitation(member, by)
    return True


@transaction.atomic
def send_again(*, member: CohortMember, by: User) -> CohortMember:
    """Mail an invitation once more; it runs for 30 days from now. Within ten minutes nothing is sent twice.

    Effects: the same link. One that had run out takes a place again, or a turn on the waiting list.
    Refusals: SeatingRefused when it was accepted or withdrawn meanwhile, or no place is left and nobody can wait.
    """
    cohort = lock_cohort(member.cohort)
    refuse_cohort(cohort)
    member = CohortMember.objects.get(pk=member.pk)
    if member.state != MemberState.INVITED or member.expires_at is None:
        raise SeatingRefused(_("This invitation was accepted or withdrawn in the meantime, so nothing was sent."))
    now = timezone.now()
    if member.expires_at > now + RUNS_FOR - AGAIN_AFTER:
        return member
    if member.expires_at <= now and not has_place(cohort, member):
        if not cohort.has_waiting_list:
            raise SeatingRefused(_("All places of this cohort are taken."), RowFate.FULL)
        stand(member, MemberState.WAITLISTED, by, asked_at=now)
        return member
    offer_place(cohort, member, by)
    return member


def by_token(token: str) -> CohortMember | None:
    """The invitation that a link carries, also one that has run out."""
    rows = CohortMember.objects.filter(token=token, state=MemberState.INVITED)
    return rows.select_related("cohort__course", "cohort__edition", "decided_by").first()


@transaction.atomic
def accept(*, token: str, person: User) -> CohortMember:
    """Take the place that an invitation keeps, as the person who is logged in.

    Effects: those of `seat`. Accepting twice answers the same row.
    Refusals: SeatingRefused when the invitation has run out, was withdrawn, or was accepted by another account; and
    those of `seat`.
    """
    person = lock_person(person.pk)
    found = CohortMember.objects.filter(token=token).select_related("cohort").first()
    if found is None:
        raise SeatingRefused(_("This invitation was accepted or withdrawn already."))
    lock_cohort(found.cohort)
    member = CohortMember.objects.filter(pk=found.pk).first()
    if member is None or member.token != token or member.state != MemberState.INVITED:
        if member is not None and member.person_id == person.pk and member.state == MemberState.SEATED:
            return member
        raise SeatingRefused(_("This invitation was accepted or withdrawn already."))
    if has_run_out(member):
        raise SeatingRefused(_("This invitation has run out. Ask whoever sent it for a new one."))
    source = MemberSource(member.source)
    return seat(cohort=found.cohort, person=person, source=source, by=person, invitation=member)


def invitations_for(person: User) -> QuerySet[CohortMember]:
    """The invitations that wait for a person, to any address that they have confirmed, with cohort and course."""
    rows = CohortMember.objects.annotate(address=Lower("email")).filter(address__in=addresses_of(person), person=None)
    standing = rows.filter(state=MemberState.INVITED, expires_at__gt=timezone.now(), cohort__closed_at=None)
    return standing.select_related("cohort__course", "decided_by").order_by("asked_at", "pk")


def _known(cohort: Cohort, guests: Sequence[Guest]) -> dict[str, CohortMember]:
    """Rows of the cohort by address. Where an account came by an address, its row counts before what was left over."""
    rows = CohortMember.objects.annotate(address=Lower("email")).filter(
        cohort=cohort, address__in={guest.address for guest in guests}
    )
    known: dict[str, CohortMember] = {}
    for row in rows.order_by("pk"):
        kept = known.get(row.email.lower())
        if kept is None or stands(row) or not stands(kept):
            known[row.email.lower()] = row
    return known


def stands(member: CohortMember) -> bool:
    """Whether the row still means something: an invitation that has run out does not."""
    if member.state == MemberState.INVITED:
        return not has_run_out(member)
    return member.state in STANDING
