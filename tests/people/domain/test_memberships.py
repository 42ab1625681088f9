import datetime
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from elearn.core.models import AuditEvent
from elearn.people.domain import memberships
from elearn.people.domain.memberships import MembershipRefused
from elearn.people.enums import InstitutionState, MembershipOutcome, MembershipState
from elearn.people.models import Institution, Membership, User
from elearn.people.signals import membership_changed
from tests.factories.people import InstitutionFactory, MembershipFactory, UserFactory

DAY = datetime.date(2025, 3, 1)


@pytest.fixture
def heard() -> Iterator[list[tuple[int, str]]]:
    announced: list[tuple[int, str]] = []

    def listen(membership: Membership, what: str, **kwargs: object) -> None:
        announced.append((membership.pk, what))

    membership_changed.connect(listen)
    yield announced
    membership_changed.disconnect(listen)


def claim(person: User, institution: Institution) -> Membership:
    return memberships.claim(person=person, institution=institution, post="Officer", starts_on=DAY)


def add_address(person: User, email: str, primary: bool = True, verified: bool = True) -> EmailAddress:
    return EmailAddress.objects.create(user=person, email=email, primary=primary, verified=verified)


# --- Claiming ----------------------------------------------------------------------------------------------------


def test_claim_twice_is_one_membership(learner: User, institution: Institution) -> None:
    first, second = claim(learner, institution), claim(learner, institution)
    assert (first.pk, first.state, first.post) == (second.pk, MembershipState.CLAIMED, "Officer")


def test_person_may_belong_to_several_institutions(learner: User, institution: Institution) -> None:
    claim(learner, institution)
    claim(learner, InstitutionFactory())
    assert Membership.objects.running().count() == 2


def test_claim_from_the_future_is_refused(learner: User, institution: Institution) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(MembershipRefused, match="future"):
        memberships.claim(person=learner, institution=institution, post="", starts_on=tomorrow)


def test_proposal_of_somebody_else_cannot_be_claimed(learner: User, stranger: User) -> None:
    proposal = InstitutionFactory(state=InstitutionState.PROPOSED, proposed_by=stranger)
    with pytest.raises(MembershipRefused, match="cannot be chosen"):
        claim(learner, proposal)


def test_refused_claim_may_be_made_again(learner: User, focal_point: User, institution: Institution) -> None:
    first = claim(learner, institution)
    memberships.refuse(membership=first, by=focal_point, reason="Unknown here")
    second = claim(learner, institution)
    first.refresh_from_db()
    assert (first.state, first.ends_on) == (MembershipState.REFUSED, timezone.localdate())
    assert (second.pk != first.pk, second.state) == (True, MembershipState.CLAIMED)


# --- By address --------------------------------------------------------------------------------------------------


def test_verified_primary_address_confirms_at_once(
    learner: User, heard: list, django_capture_on_commit_callbacks
) -> None:
    institution = InstitutionFactory(email_domains=["border.example"])
    add_address(learner, "lea@north.border.example")
    with django_capture_on_commit_callbacks(execute=True):
        membership = claim(learner, institution)
    assert (membership.state, membership.email_domain, membership.decided_by) == (
        MembershipState.CONFIRMED,
        "border.example",
        None,
    )
    assert heard == [(membership.pk, MembershipOutcome.CONFIRMED)]
    assert list(AuditEvent.objects.values_list("action", "subject")) == [
        ("people.membership_confirmed_by_address", learner.pk)
    ]


@pytest.mark.parametrize(
    ("email", "primary", "verified"),
    [
        ("lea@border.example", True, False),
        ("lea@border.example", False, True),
        ("lea@other.example", True, True),
    ],
)
def test_other_addresses_confirm_nothing(learner: User, email: str, primary: bool, verified: bool) -> None:
    institution = InstitutionFactory(email_domains=["border.example"])
    add_address(learner, email, primary, verified)
    assert claim(learner, institution).state == MembershipState.CLAIMED


def test_confirmation_falls_back_to_a_claim_when_its_address_goes(
    learner: User, heard: list, django_capture_on_commit_callbacks
) -> None:
    institution = InstitutionFactory(email_domains=["border.example"])
    address = add_address(learner, "lea@border.example")
    membership = claim(learner, institution)
    private = add_address(learner, "lea@private.example", primary=False)
    private.set_as_primary()
    memberships.recheck_addresses(person=learner)
    membership.refresh_from_db()
    assert membership.state == MembershipState.CONFIRMED  # Still theirs, though no longer the primary one.
    address.delete()
    with django_capture_on_commit_callbacks(execute=True):
        memberships.recheck_addresses(person=learner)
        memberships.recheck_addresses(person=learner)
    membership.refresh_from_db()
    assert (membership.state, membership.email_domain, membership.decided_at) == (MembershipState.CLAIMED, "", None)
    assert heard == [(membership.pk, what) for what in (MembershipOutcome.CONFIRMED, MembershipOutcome.ADDRESS_GONE)]


def test_confirmation_by_a_person_needs_no_address(learner: User, focal_point: User, institution: Institution) -> None:
    membership = claim(learner, institution)
    memberships.confirm(membership=membership, by=focal_point)
    memberships.recheck_addresses(person=learner)
    membership.refresh_from_db()
    assert membership.state == MembershipState.CONFIRMED


# --- By the institution ------------------------------------------------------------------------------------------


def test_focal_point_confirms_a_claim(
    learner: User, focal_point: User, institution: Institution, heard: list, django_capture_on_commit_callbacks
) -> None:
    membership = claim(learner, institution)
    with django_capture_on_commit_callbacks(execute=True):
        memberships.confirm(membership=membership, by=focal_point)
    assert (membership.state, membership.decided_by) == (MembershipState.CONFIRMED, focal_point)
    assert heard == [(membership.pk, MembershipOutcome.CONFIRMED)]
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject) == ("people.membership_confirmed", focal_point, learner)
    assert (event.details["as"], event.details["institution"]) == (["focal_point"], institution.pk)


def test_focal_point_of_another_institution_decides_nothing(learner: User, focal_point: User) -> None:
    membership = claim(learner, InstitutionFactory(name="Elsewhere"))
    for act in (
        lambda: memberships.confirm(membership=membership, by=focal_point),
        lambda: memberships.refuse(membership=membership, by=focal_point, reason="No"),
        lambda: memberships.end(membership=membership, by=focal_point, on=timezone.localdate()),
    ):
        with pytest.raises(MembershipRefused, match="not one that you look after"):
            act()
    membership.refresh_from_db()
    assert (membership.state, membership.ends_on) == (MembershipState.CLAIMED, None)


def test_nobody_confirms_themselves(focal_point: User, manager: User, institution: Institution) -> None:
    own = claim(manager, institution)
    with pytest.raises(MembershipRefused, match="own membership"):
        memberships.confirm(membership=own, by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=own.pk).update(
            state=MembershipState.CONFIRMED, decided_at=timezone.now(), decided_by=manager
        )


def test_stale_decision_is_refused(learner: User, focal_point: User, manager: User, institution: Institution) -> None:
    membership = claim(learner, institution)
    stale = Membership.objects.get(pk=membership.pk)
    memberships.confirm(membership=membership, by=focal_point)
    with pytest.raises(MembershipRefused, match="in the meantime"):
        memberships.refuse(membership=stale, by=manager, reason="Unknown")
    fresh = Membership.objects.get(pk=membership.pk)
    with pytest.raises(MembershipRefused, match="in the meantime"):
        memberships.refuse(membership=fresh, by=manager, reason="Unknown", seen=MembershipState.CLAIMED)
    fresh.refresh_from_db()
    assert (fresh.state, fresh.decided_by) == (MembershipState.CONFIRMED, focal_point)


def test_refusing_needs_a_reason(learner: User, focal_point: User, institution: Institution) -> None:
    membership = claim(learner, institution)
    with pytest.raises(MembershipRefused, match="reason"):
        memberships.refuse(membership=membership, by=focal_point, reason="  ")


def test_claim_to_a_proposal_waits_for_a_manager(learner: User, manager: User) -> None:
    proposal = InstitutionFactory(state=InstitutionState.PROPOSED, proposed_by=learner)
    membership = claim(learner, proposal)
    with pytest.raises(MembershipRefused, match="only proposed"):
        memberships.confirm(membership=membership, by=manager)


# --- Ending ------------------------------------------------------------------------------------------------------


def test_person_ends_their_own_membership_and_keeps_the_history(learner: User, institution: Institution) -> None:
    membership = MembershipFactory(person=learner, institution=institution, confirmed=True)
    memberships.end(membership=membership, by=learner, on=timezone.localdate())
    memberships.end(membership=membership, by=learner, on=DAY)
    assert (membership.ends_on, membership.ended_by, membership.state) == (
        timezone.localdate(),
        learner,
        MembershipState.CONFIRMED,
    )
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("days", [1, -4000])
def test_end_lies_between_start_and_today(learner: User, institution: Institution, days: int) -> None:
    membership = MembershipFactory(person=learner, institution=institution)
    with pytest.raises(MembershipRefused, match="between"):
        memberships.end(membership=membership, by=learner, on=timezone.localdate() + datetime.timedelta(days=days))


def test_person_does_not_end_the_membership_of_another(learner: User, stranger: User, institution: Institution) -> None:
    membership = MembershipFactory(person=learner, institution=institution)
    with pytest.raises(MembershipRefused):
        memberships.end(membership=membership, by=stranger, on=timezone.localdate())


def test_closed_account_is_not_confirmed_by_its_address(institution: Institution) -> None:
    institution.email_domains = ["border.example"]
    institution.save()
    person = UserFactory(is_active=False)
    add_address(person, "p@border.example")
    assert claim(person, institution).state == MembershipState.CLAIMED
