"""What two can do to one person at once, done at once, on real connections."""

import datetime

import pytest

from elearn.core.models import AuditEvent
from elearn.people.domain import institutions, memberships
from elearn.people.domain.memberships import MembershipRefused
from elearn.people.domain.roles import grant_role
from elearn.people.enums import InstitutionKind, MembershipState, Role
from elearn.people.models import Institution, Membership, RoleGrant
from tests.factories.people import InstitutionFactory, MembershipFactory, UserFactory
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_focal_points_at_once_give_one_decision() -> None:
    institution = InstitutionFactory()
    manager = UserFactory()
    deciders = [UserFactory(), UserFactory()]
    for person in deciders:
        grant_role(person=person, role=Role.FOCAL_POINT, granted_by=manager, institution=institution)
    claims = [MembershipFactory(institution=institution) for _number in range(5)]
    for claim in claims:
        first, second = (Membership.objects.get(pk=claim.pk) for _person in deciders)
        results = at_once(
            lambda first=first: memberships.confirm(membership=first, by=deciders[0]),
            lambda second=second: memberships.refuse(membership=second, by=deciders[1], reason="Unknown"),
        )
        refusals = [result for result in results if result is not None]
        assert [type(refusal) for refusal in refusals] == [MembershipRefused]
        claim.refresh_from_db()
        winner = deciders[0] if claim.state == MembershipState.CONFIRMED else deciders[1]
        assert claim.decided_by == winner
    assert AuditEvent.objects.filter(action__startswith="people.membership_").count() == len(claims)


def test_claiming_from_many_tabs_at_once_is_one_membership() -> None:
    institution, person = InstitutionFactory(), UserFactory()
    day = datetime.date(2025, 1, 1)
    results = at_once(
        *(
            lambda: memberships.claim(person=person, institution=institution, post="Officer", starts_on=day)
            for _tab in range(4)
        )
    )
    assert {type(result) for result in results} == {Membership}
    assert Membership.objects.count() == 1


def test_giving_a_role_twice_at_once_is_one_grant() -> None:
    manager, person = UserFactory(), UserFactory()
    results = at_once(*(lambda: grant_role(person=person, role=Role.AUTHOR, granted_by=manager) for _click in range(4)))
    assert {type(result) for result in results} == {RoleGrant}
    assert RoleGrant.objects.count() == 1
    assert person.groups.count() == 1


def test_proposing_twice_at_once_is_one_institution() -> None:
    person = UserFactory()
    results = at_once(
        *(
            lambda: institutions.propose(person=person, name="Bureau", kind=InstitutionKind.OTHER, country="KE")
            for _click in range(4)
        )
    )
    assert {type(result) for result in results} == {Institution}
    assert Institution.objects.count() == 1
