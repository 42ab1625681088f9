"""Where people work: claimed by themselves, confirmed by the institution's focal point, a manager, or their address."""

from datetime import date

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elearn.people import signals
from elearn.people.domain import rights, trail
from elearn.people.domain.institutions import domain_that_proves, is_at
from elearn.people.enums import InstitutionState, MembershipOutcome, MembershipState
from elearn.people.models import Institution, Membership, User


class MembershipRefused(ValueError):
    """It cannot be done with this membership; the message says why, in words."""


# --- By the person -----------------------------------------------------------------------------------------------


@transaction.atomic
def claim(*, person: User, institution: Institution, post: str, starts_on: date) -> Membership:
    """Say that a person works in an institution. Twice the same institution gives the one running membership.

    Effects: a claim, confirmed at once when the person's verified primary address is at a domain of the institution.
    A new claim that is not confirmed is announced by `membership_claimed`, in the same transaction.
    Repeating it changes the post and the start of a claim that nobody has decided. Refused before: a new claim.
    Refusals: MembershipRefused for an institution that is not offered to this person, and for a start in the future.
    """
    if starts_on > timezone.localdate():
        raise MembershipRefused(_("The day you started cannot lie in the future."))
    if not Institution.objects.claimable_by(person).filter(pk=institution.pk).exists():
        raise MembershipRefused(_("This institution cannot be chosen. Search for it again."))
    running = Membership.objects.running().select_for_update().filter(person=person, institution=institution)
    membership = running.first()
    if membership is not None and membership.state == MembershipState.REFUSED:
        # What was refused stays as it was, in the past; the person may ask again.
        running.update(ends_on=max(timezone.localdate(), membership.starts_on))
        membership = None
    is_new = membership is None
    if membership is None:
        try:
            with transaction.atomic():
                membership = Membership.objects.create(
                    person=person, institution=institution, post=post, starts_on=starts_on
                )
        except IntegrityError:
            # The same claim from another tab at the same moment: that one is the row.
            return Membership.objects.running().get(person=person, institution=institution)
    elif membership.state == MembershipState.CLAIMED:
        membership.post, membership.starts_on = post, starts_on
        membership.save(update_fields=["post", "starts_on"])
    else:
        return membership
    recheck_addresses(person=person)
    membership.refresh_from_db()
    if is_new and membership.state == MembershipState.CLAIMED:
        signals.membership_claimed.send(sender=Membership, membership=membership)
    return membership


@transaction.atomic
def recheck_addresses(*, person: User) -> None:
    """Hold the person's memberships against their addresses, after these or the memberships changed.

    Effects: a claim is confirmed when the verified primary address is at a domain of the institution. What such an
    address has confirmed falls back to a claim, for the focal point to decide, as soon as no verified address of the
    person is at the domain any more. `membership_changed`; audit events.
    """
    # Locked before the addresses are read: one that is taken away meanwhile is found gone by whoever comes second.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not person.is_active:
        return
    addresses = list(EmailAddress.objects.filter(user=person, verified=True).values_list("email", "primary"))
    primary = next((email for email, is_primary in addresses if is_primary), "")
    undecided = Membership.objects.running().filter(person=person, state=MembershipState.CLAIMED)
    for membership in undecided.select_related("institution"):
        domain = domain_that_proves(membership.institution, primary)
        if domain and _move(
            membership,
            MembershipState.CLAIMED,
            MembershipOutcome.CONFIRMED,
            state=MembershipState.CONFIRMED,
            decided_at=timezone.now(),
            decided_by=None,
            email_domain=domain,
            reason="",
        ):
            _record("confirmed_by_address", membership, None)
    resting = Membership.objects.confirmed().filter(person=person).exclude(email_domain="")
    for membership in resting.select_related("institution"):
        kept = any(is_at(email, membership.email_domain) for email, _is_primary in addresses)
        if not kept and _move(
            membership,
            MembershipState.CONFIRMED,
            MembershipOutcome.ADDRESS_GONE,
            state=MembershipState.CLAIMED,
            decided_at=None,
            decided_by=None,
            email_domain="",
        ):
            _record("address_gone", membership, None)


# --- By the institution ------------------------------------------------------------------------------------------


def may_decide(by: User, membership: Membership) -> bool:
    """Whether this person decides on the membership: in reach, and not their own."""
    return membership.person_id != by.pk and rights.reach(by, rights.DECIDE_MEMBERSHIPS).covers(membership.institution)


@transaction.atomic
def confirm(*, membership: Membership, by: User, seen: str | None = None) -> None:
    """Confirm a claim, or one that was refused by mistake. `seen` is the state that was on the screen.

    Effects: confirmed, by whom and when; `membership_changed`; an audit event.
    Refusals: MembershipRefused for one's own, out of reach, of an institution that is not known (yet), or when
    somebody else has decided in the meantime.
    """
    _refuse_unless_deciding(membership, by)
    if membership.institution.state != InstitutionState.KNOWN:
        raise MembershipRefused(_("The institution is only proposed. A manager accepts or merges it first."))
    _decide(membership, by, seen, MembershipState.CONFIRMED, MembershipOutcome.CONFIRMED, "")


@transaction.atomic
def refuse(*, membership: Membership, by: User, reason: str, seen: str | None = None) -> None:
    """Refuse a claim, or take back what was confirmed by mistake, with a reason, which the person is told.

    Effects and refusals as `confirm`; refused too without a reason.
    """
    _refuse_unless_deciding(membership, by)
    if not reason.strip():
        raise MembershipRefused(_("Give a reason; the person reads it."))
    _decide(membership, by, seen, MembershipState.REFUSED, MembershipOutcome.REFUSED, reason.strip())


def _decide(
    membership: Membership, by: User, seen: str | None, to: MembershipState, outcome: MembershipOutcome, reason: str
) -> None:
    seen = seen or membership.state
    if seen == to or not _move(
        membership, seen, outcome, state=to, decided_at=timezone.now(), decided_by=by, email_domain="", reason=reason
    ):
        raise MembershipRefused(_("Somebody else has decided this in the meantime. Nothing was changed."))
    _record(to, membership, by, reason=reason)


def _refuse_unless_deciding(membership: Membership, by: User) -> None:
    if membership.person_id == by.pk:
        raise MembershipRefused(_("Nobody decides about their own membership."))
    if not may_decide(by, membership):
        raise MembershipRefused(_("This institution is not one that you look after."))


def _move(membership: Membership, seen: str, outcome: MembershipOutcome, **to: object) -> bool:
    """Claim the transition: of two at once, one finds the row as it saw it."""
    row = Membership.objects.running().filter(pk=membership.pk, state=seen)
    if not row.update(**to):
        return False
    membership.refresh_from_db()
    signals.membership_changed.send(sender=Membership, membership=membership, what=outcome)
    return True


# --- By either ---------------------------------------------------------------------------------------------------


@transaction.atomic
def end(*, membership: Membership, by: User, on: date) -> None:
    """End a membership on a day: by the person, or by whoever decides about it. It stays, with what it was.

    Effects: `ends_on` and `ended_by`; an audit event and `membership_changed` when somebody else ends it. Ending twice
    changes nothing. Refusals: MembershipRefused out of reach, for a day before the start or in the future.
    """
    own = membership.person_id == by.pk
    if not own and not may_decide(by, membership):
        raise MembershipRefused(_("This institution is not one that you look after."))
    if on > timezone.localdate() or on < membership.starts_on:
        raise MembershipRefused(_("Choose a day between the start of the membership and today."))
    if not Membership.objects.running().filter(pk=membership.pk).update(ends_on=on, ended_by=by):
        membership.refresh_from_db()
        return
    membership.refresh_from_db()
    if not own:
        _record("ended", membership, by)
        signals.membership_changed.send(sender=Membership, membership=membership, what=MembershipOutcome.ENDED)


def _record(what: str, membership: Membership, by: User | None, **details: object) -> None:
    event = f"people.membership_{what}"
    details |= {"membership": membership.pk, "institution": membership.institution_id}
    trail.record(event, actor=by, subject=membership.person, **details)
