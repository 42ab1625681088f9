import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from elearn.core import pending
from elearn.core.models import AuditEvent
from elearn.people.domain import granting, roles
from elearn.people.domain.roles import RoleRefused, end_role, grant_role, holds_role
from elearn.people.enums import GrantState, Role, Scope
from elearn.people.models import Institution, RoleGrant, User
from tests.factories.people import ActionFactory, InstitutionFactory, MembershipFactory


def groups_of(person: User) -> list[str]:
    return sorted(person.groups.values_list("name", flat=True))


def again(person: User) -> User:
    return User.objects.get(pk=person.pk)


# --- Giving ------------------------------------------------------------------------------------------------------


def test_role_is_given_once_and_recorded(learner: User, manager: User, institution: Institution) -> None:
    first = grant_role(person=learner, role=Role.FOCAL_POINT, granted_by=manager, institution=institution)
    second = grant_role(person=learner, role=Role.FOCAL_POINT, granted_by=manager, institution=institution)
    assert first == second
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject) == ("people.role_granted", manager, learner)
    assert (event.details["role"], event.details["institution"]) == ("focal_point", institution.pk)


def test_role_begins_after_the_wait_for_another_who_gives_it(
    learner: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two clicks the one that came first may get the lock last; it is answered the grant of the other."""
    lock, given = QuerySet.select_for_update, []

    def be_overtaken(rows: QuerySet, **kwargs: object) -> QuerySet:
        monkeypatch.setattr(QuerySet, "select_for_update", lock)
        given.append(grant_role(person=learner, role=Role.AUTHOR, granted_by=manager))
        return lock(rows, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", be_overtaken)
    assert [grant_role(person=learner, role=Role.AUTHOR, granted_by=manager)] == given


def test_nobody_gives_themselves_a_role(manager: User) -> None:
    with pytest.raises(RoleRefused, match="themselves"):
        grant_role(person=manager, role=Role.AUTHOR, granted_by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(person=manager, role=Role.AUTHOR, granted_by=manager)


@pytest.mark.parametrize(("role", "scope"), [(Role.FOCAL_POINT, Scope.PLATFORM), (Role.MANAGER, Scope.COURSE)])
def test_role_is_refused_for_a_scope_that_means_nothing(learner: User, manager: User, role: Role, scope: Scope) -> None:
    key = uuid.uuid4() if scope == Scope.COURSE else None
    with pytest.raises(RoleRefused, match="not given for that"):
        grant_role(person=learner, role=role, granted_by=manager, scope=scope, scope_key=key)


def test_role_for_a_course_holds_there_alone(learner: User, manager: User) -> None:
    key = uuid.uuid4()
    grant_role(person=learner, role=Role.TRAINER, granted_by=manager, scope_key=key)
    assert holds_role(learner, Role.TRAINER, course_key=key)
    assert not holds_role(learner, Role.TRAINER, course_key=uuid.uuid4())
    assert not holds_role(learner, Role.TRAINER)


def test_role_for_a_cohort_is_none_for_a_course_of_the_same_key(learner: User, manager: User) -> None:
    key = uuid.uuid4()
    grant_role(person=learner, role=Role.TRAINER, granted_by=manager, scope=Scope.COHORT, scope_key=key)
    assert not holds_role(learner, Role.TRAINER, course_key=key)


def test_same_role_with_other_dates_is_refused_while_it_runs(learner: User, manager: User) -> None:
    grant_role(person=learner, role=Role.TRAINER, granted_by=manager)
    with pytest.raises(RoleRefused, match="other dates"):
        grant_role(person=learner, role=Role.TRAINER, granted_by=manager, ends_at=timezone.now() + timedelta(days=9))
    assert RoleGrant.objects.filter(person=learner).count() == 1


def test_same_role_may_follow_the_one_that_ends(learner: User, manager: User) -> None:
    change = timezone.now() + timedelta(days=9)
    grant_role(person=learner, role=Role.TRAINER, granted_by=manager, ends_at=change)
    grant_role(person=learner, role=Role.TRAINER, granted_by=manager, starts_at=change)
    assert RoleGrant.objects.filter(person=learner).count() == 2


# --- Ending, and dates -------------------------------------------------------------------------------------------


def test_ended_role_counts_no_more_and_stays(author: User, manager: User) -> None:
    grant = RoleGrant.objects.get(person=author)
    end_role(grant=grant, ended_by=manager)
    end_role(grant=grant, ended_by=manager)
    assert (grant.state, grant.ended_by) == (GrantState.ENDED, manager)
    assert not holds_role(again(author), Role.AUTHOR)
    assert groups_of(author) == []
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "people.role_granted",
        "people.role_ended",
    ]


def test_role_that_was_ended_before_it_began_never_begins(learner: User, manager: User) -> None:
    starts_at = timezone.now() + timedelta(days=1)
    grant = grant_role(person=learner, role=Role.AUTHOR, granted_by=manager, starts_at=starts_at)
    assert grant.state == GrantState.COMING
    end_role(grant=grant, ended_by=manager)
    assert grant.state == GrantState.ENDED
    assert list(RoleGrant.objects.in_force(starts_at)) == list(RoleGrant.objects.filter(person=manager))


@pytest.mark.parametrize("state", GrantState.values)
def test_state_of_a_grant_and_the_filter_agree(learner: User, manager: User, state: str) -> None:
    now = timezone.now()
    day = timedelta(days=1)
    for start, end in [(-2, None), (-2, 1), (-2, -1), (1, None), (1, 2), (1, 1), (-2, -2)]:
        ends_at = None if end is None else now + end * day
        RoleGrant.objects.create(
            person=learner, role=Role.TRAINER, granted_by=manager, starts_at=now + start * day, ends_at=ends_at
        )
    rows = RoleGrant.objects.filter(person=learner)
    assert set(rows.in_state(state, now)) == {row for row in rows if row.state_at(now) == state}
    assert set(rows.not_ended(now)) == {row for row in rows if row.state_at(now) != GrantState.ENDED}


# --- The CMS -----------------------------------------------------------------------------------------------------


def test_groups_follow_the_dates_by_the_sweep(learner: User, author: User, manager: User) -> None:
    now = timezone.now()
    soon = grant_role(person=learner, role=Role.AUTHOR, granted_by=manager, starts_at=now + timedelta(hours=1))
    assert groups_of(learner) == []
    RoleGrant.objects.filter(pk=soon.pk).update(starts_at=now - timedelta(hours=1))
    RoleGrant.objects.filter(person=author).update(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    assert not holds_role(again(author), Role.AUTHOR)
    pending.sweep()
    assert (groups_of(learner), groups_of(author), groups_of(manager)) == (["Authors"], [], ["Programme managers"])
    assert roles.align_all_groups() == 0


@pytest.mark.parametrize("how_many", [1, 3])
def test_sweep_asks_as_little_with_one_grant_as_with_three(
    stranger: User, manager: User, django_assert_num_queries, how_many: int
) -> None:
    for number in range(how_many):
        person = MembershipFactory().person
        grant_role(person=person, role=Role.AUTHOR if number else Role.EDITOR, granted_by=manager)
    with django_assert_num_queries(2):
        assert roles.align_all_groups() == 0


def test_group_given_by_hand_is_taken_away(learner: User, db: None) -> None:
    learner.groups.add(Group.objects.get_or_create(name="Authors")[0])
    assert roles.align_groups(learner)
    assert groups_of(learner) == []


def test_group_of_a_narrower_scope_comes_from_its_provider(learner: User, manager: User) -> None:
    key = uuid.uuid4()
    roles.register_group_provider(provide_for_test)
    try:
        grant = grant_role(person=learner, role=Role.AUTHOR, granted_by=manager, scope_key=key)
        assert f"Test {key}" in groups_of(learner)
        end_role(grant=grant, ended_by=manager)
        assert groups_of(learner) == []
    finally:
        roles._group_providers.remove(provide_for_test)


def provide_for_test(grant: RoleGrant) -> list[str]:
    return [f"Test {grant.scope_key}"] if grant.scope == Scope.COURSE else []


# --- As managers do it -------------------------------------------------------------------------------------------


@pytest.fixture
def action_manager(manager: User, stranger: User, institution: Institution) -> User:
    """Manages one Action, to which the institution of the fixtures belongs."""
    action = ActionFactory(code="ACT-A")
    action.institutions.add(institution)
    grant_role(person=stranger, role=Role.MANAGER, granted_by=manager, action=action)
    return stranger


def test_manager_gives_a_role_by_address(learner: User, manager: User, institution: Institution) -> None:
    grant = granting.give(
        by=manager,
        email="LEARNER@example.org",
        role=Role.FOCAL_POINT,
        scope=Scope.INSTITUTION,
        key=str(institution.public_id),
    )
    assert (grant.person, grant.institution, grant.granted_by) == (learner, institution, manager)


def test_manager_cannot_give_themselves_a_role(manager: User) -> None:
    with pytest.raises(RoleRefused, match="themselves"):
        granting.give(by=manager, email=manager.email, role=Role.AUTHOR, scope=Scope.PLATFORM)


@pytest.mark.parametrize("who", ["learner", "trainer", "author", "focal_point"])
def test_others_give_and_end_nothing(request: pytest.FixtureRequest, who: str, manager: User) -> None:
    person = request.getfixturevalue(who)
    someone = MembershipFactory().person
    with pytest.raises(RoleRefused, match="outside what you manage"):
        granting.give(by=person, email=someone.email, role=Role.TRAINER, scope=Scope.PLATFORM)
    with pytest.raises(RoleRefused, match="outside what you manage"):
        granting.end(grant=RoleGrant.objects.get(person=manager), by=person)


def test_manager_of_an_action_gives_roles_within_it_alone(
    action_manager: User, manager: User, institution: Institution
) -> None:
    member = MembershipFactory(institution=institution, confirmed=True).person
    elsewhere, other_action = InstitutionFactory(), ActionFactory()
    own_action = institution.actions.get()
    allowed = [
        (Role.FOCAL_POINT, Scope.INSTITUTION, institution.public_id),
        (Role.MANAGER, Scope.ACTION, own_action.pk),
    ]
    refused = [
        (Role.MANAGER, Scope.PLATFORM, ""),
        (Role.TRAINER, Scope.PLATFORM, ""),
        (Role.FOCAL_POINT, Scope.INSTITUTION, elsewhere.public_id),
        (Role.MANAGER, Scope.ACTION, other_action.pk),
    ]
    for role, scope, key in refused:
        with pytest.raises(RoleRefused, match="outside what you manage"):
            granting.give(by=action_manager, email=member.email, role=role, scope=scope, key=str(key))
    for role, scope, key in allowed:
        granting.give(by=action_manager, email=member.email, role=role, scope=scope, key=str(key))
    assert RoleGrant.objects.filter(person=member).count() == 2
    with pytest.raises(RoleRefused, match="outside what you manage"):
        granting.end(grant=RoleGrant.objects.get(person=manager), by=action_manager)


def test_manager_of_an_action_learns_nothing_of_other_accounts(
    action_manager: User, learner: User, institution: Institution
) -> None:
    refusals = set()
    for email in (learner.email, "nobody@example.org"):
        with pytest.raises(RoleRefused) as refusal:
            granting.give(
                by=action_manager,
                email=email,
                role=Role.FOCAL_POINT,
                scope=Scope.INSTITUTION,
                key=str(institution.public_id),
            )
        refusals.add(str(refusal.value))
    assert len(refusals) == 1


def test_nobody_ends_their_own_role(manager: User) -> None:
    with pytest.raises(RoleRefused, match="their own"):
        granting.end(grant=RoleGrant.objects.get(person=manager), by=manager)


def test_targets_are_those_one_manages(action_manager: User, manager: User, institution: Institution) -> None:
    InstitutionFactory(name="Border Service of Elsewhere")
    found = granting.targets(by=action_manager, scope=Scope.INSTITUTION, text="border")
    assert [key for key, _title in found] == [str(institution.public_id)]
    assert len(granting.targets(by=manager, scope=Scope.INSTITUTION, text="border")) == 2
    assert granting.targets(by=action_manager, scope=Scope.COURSE, text="") == []
