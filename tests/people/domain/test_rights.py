"""Who may see whom: predicate and filter, for everybody of the cast, in their own institution and in a foreign one."""

import pytest

from courses.domain.access import TEACHING_ROLES
from courses.domain.authors import COURSE_ROLES
from elearn.people.domain import directory, rights
from elearn.people.domain.roles import SCOPES_OF, grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import Institution, RoleGrant, User
from tests.factories.people import ActionFactory, InstitutionFactory, MembershipFactory


@pytest.fixture
def foreign(db: None) -> Institution:
    return InstitutionFactory(name="Elsewhere")


@pytest.fixture
def action_manager(manager: User, institution: Institution) -> User:
    action = ActionFactory()
    action.institutions.add(institution)
    person = MembershipFactory().person
    grant_role(person=person, role=Role.MANAGER, granted_by=manager, action=action)
    return person


EVERYWHERE, OWN, NOWHERE = (True, True), (True, False), (False, False)
MATRIX = {
    "stranger": NOWHERE,
    "learner": NOWHERE,
    "trainer": NOWHERE,
    "author": NOWHERE,
    "focal_point": OWN,
    "action_manager": OWN,
    "manager": EVERYWHERE,
    "admin": EVERYWHERE,
}


@pytest.mark.parametrize(("who", "sees"), MATRIX.items())
def test_people_are_seen_by_those_whose_institution_it_is(
    request: pytest.FixtureRequest, who: str, sees: tuple[bool, bool], institution: Institution, foreign: Institution
) -> None:
    by = request.getfixturevalue(who)
    own = MembershipFactory(institution=institution, confirmed=True)
    other = MembershipFactory(institution=foreign, confirmed=True)
    reach = rights.reach(by, rights.SEE_PEOPLE)
    assert (reach.covers_person(own.person), reach.covers_person(other.person)) == sees
    assert (own.person in reach.people(), other.person in reach.people()) == sees
    assert (reach.covers(institution), reach.covers(foreign)) == sees
    assert (institution in reach.institutions(), foreign in reach.institutions()) == sees
    assert (own in reach.memberships(), other in reach.memberships()) == sees
    assert rights.holds(by, rights.SEE_PEOPLE) is sees[0]


def test_claim_alone_opens_no_record(focal_point: User, institution: Institution) -> None:
    claimed = MembershipFactory(institution=institution)
    reach = rights.reach(focal_point, rights.SEE_PEOPLE)
    assert claimed in reach.memberships()
    assert not reach.covers_person(claimed.person)


def test_record_closes_when_the_membership_ends(focal_point: User, institution: Institution) -> None:
    ended = MembershipFactory(institution=institution, confirmed=True, ends_on="2025-02-01")
    assert not rights.reach(focal_point, rights.SEE_PEOPLE).covers_person(ended.person)


@pytest.mark.parametrize(
    ("who", "held"),
    [
        ("focal_point", {"people.see", "people.decide"}),
        ("action_manager", {"people.see", "people.decide", "people.trail", "people.grant", "people.actions"}),
        ("trainer", set()),
    ],
)
def test_rights_of_a_person_are_those_of_their_roles(request: pytest.FixtureRequest, who: str, held: set[str]) -> None:
    by = request.getfixturevalue(who)
    assert {r.key for r in rights.all_rights() if r.key.startswith("people.") and rights.holds(by, r)} == held


def test_closed_account_has_no_right(focal_point: User, admin: User) -> None:
    for person in (focal_point, admin):
        person.is_active = False
        assert not rights.holds(person, rights.SEE_PEOPLE)
        assert not rights.reach(person, rights.SEE_PEOPLE).everywhere


def test_givable_roles_and_the_grants_one_manages_agree(
    manager: User, action_manager: User, institution: Institution, foreign: Institution, learner: User
) -> None:
    own_action, other_action = institution.actions.get(), ActionFactory()
    made = [
        grant_role(person=learner, role=Role.FOCAL_POINT, granted_by=manager, institution=institution),
        grant_role(person=learner, role=Role.FOCAL_POINT, granted_by=manager, institution=foreign),
        grant_role(person=learner, role=Role.MANAGER, granted_by=manager, action=own_action),
        grant_role(person=learner, role=Role.MANAGER, granted_by=manager, action=other_action),
        grant_role(person=learner, role=Role.TRAINER, granted_by=manager),
    ]
    for by in (manager, action_manager, learner):
        listed = [grant in rights.manageable_grants(by) for grant in made]
        asked = [
            rights.may_give(by, Role(g.role), Scope(g.scope), institution=g.institution, action=g.action) for g in made
        ]
        assert listed == asked
    assert [g in rights.manageable_grants(action_manager) for g in made] == [True, False, True, False, False]


# --- The table ---------------------------------------------------------------------------------------------------


def test_every_right_is_held_by_roles_in_scopes_that_can_be_given() -> None:
    for right in rights.all_rights():
        for role, scopes in right.held_by.items():
            assert set(scopes) <= set(SCOPES_OF[role]), right.key


def test_table_says_what_the_rights_say() -> None:
    table = {(line.role, line.scope): set(line.says) for line in rights.table_of_roles()}
    assert len(table) == sum(len(scopes) for scopes in SCOPES_OF.values())
    for role, scopes in SCOPES_OF.items():
        for scope in scopes:
            grant = RoleGrant(role=role, scope=scope)
            expected = {str(right.says) for right in rights.all_rights() if right.is_given_by(grant)}
            assert table[(role.label, scope.label)] == expected


def test_rights_in_courses_are_those_that_courses_ask_for() -> None:
    by_key = {right.key: right for right in rights.all_rights()}
    assert set(by_key["courses.teach"].held_by) == set(TEACHING_ROLES)
    assert set(by_key["courses.cms"].held_by) == set(COURSE_ROLES)


def test_watchers_are_exactly_those_who_reach_the_person(
    manager: User,
    action_manager: User,
    focal_point: User,
    trainer: User,
    institution: Institution,
    foreign: Institution,
) -> None:
    person = MembershipFactory(institution=institution, confirmed=True).person
    assert {watcher.name for watcher in directory.watchers_of(person)} == {
        str(who) for who in (manager, action_manager, focal_point)
    }
    assert {watcher.name for watcher in directory.watchers_of_institution(foreign)} == {str(manager)}
