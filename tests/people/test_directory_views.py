"""The screens that show other people: who opens them, what they show, and what they write down."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from elearn.core.models import AuditEvent
from elearn.people.domain import erasure
from elearn.people.domain.roles import grant_role
from elearn.people.enums import ErasureOrigin, InstitutionState, MembershipState, Role
from elearn.people.models import Institution, Membership, RoleGrant, User
from tests.factories.courses import make_course
from tests.factories.people import ActionFactory, InstitutionFactory, MembershipFactory

AsPerson = Callable[[User | None], Client]
LISTS = [
    "directory:members",
    "directory:roles",
    "directory:grant",
    "directory:institutions",
    "directory:add_institution",
]
OPENED = {
    "stranger": set(),
    "learner": set(),
    "trainer": set(),
    "author": set(),
    "focal_point": {"directory:members"},
    "manager": set(LISTS),
    "admin": set(LISTS),
}


@pytest.fixture
def member(learner: User, institution: Institution) -> Membership:
    return MembershipFactory(person=learner, institution=institution, confirmed=True)


@pytest.fixture
def foreign(stranger: User) -> Membership:
    return MembershipFactory(person=stranger, institution=InstitutionFactory(name="Elsewhere"), confirmed=True)


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("who", OPENED)
def test_lists_open_for_those_whose_work_it_is(request: pytest.FixtureRequest, as_person: AsPerson, who: str) -> None:
    client = as_person(request.getfixturevalue(who))
    opened = {name for name in LISTS if client.get(reverse(name)).status_code == 200}
    assert opened == OPENED[who]
    assert {client.get(reverse(name)).status_code for name in set(LISTS) - opened} <= {403}


def test_nobody_without_a_login_opens_anything(client: Client, member: Membership) -> None:
    for name in LISTS:
        assert client.get(reverse(name)).url.startswith("/accounts/login/")
    assert client.get(reverse("directory:person", args=[member.person.public_id])).url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["directory:members", "directory:roles", "directory:institutions"])
def test_whoever_must_have_a_second_step_is_turned_away_first(
    manager: User, as_person: AsPerson, settings, name: str
) -> None:
    settings.SECOND_FACTOR_DEMANDED = True
    assert as_person(manager).get(reverse(name)).url.startswith("/accounts/2fa/")
    assert actions() == []


def test_focal_point_sees_their_own_people_alone(
    focal_point: User, member: Membership, foreign: Membership, as_person: AsPerson
) -> None:
    client = as_person(focal_point)
    page = client.get(reverse("directory:members")).content.decode()
    assert "Lea Learner" in page and "learner@example.org" in page
    assert "Sam Stranger" not in page and "Elsewhere" not in page
    for own, address in ((member, 200), (foreign, 404)):
        assert client.get(reverse("directory:member", args=[own.public_id])).status_code == address
        assert client.get(reverse("directory:person", args=[own.person.public_id])).status_code == address
        assert client.get(reverse("directory:institution", args=[own.institution.public_id])).status_code == address
    filtered = client.get(reverse("directory:members"), {"institution": foreign.institution.public_id})
    assert "Sam Stranger" not in filtered.content.decode()


@pytest.mark.parametrize("who", ["stranger", "learner", "trainer", "author"])
def test_others_open_no_record(
    request: pytest.FixtureRequest, who: str, focal_point: User, institution: Institution, as_person: AsPerson
) -> None:
    membership = Membership.objects.get(person=focal_point)
    client = as_person(request.getfixturevalue(who))
    for name, key in (
        ("member", membership.public_id),
        ("person", focal_point.public_id),
        ("person_trail", focal_point.public_id),
        ("institution", institution.public_id),
    ):
        assert client.get(reverse(f"directory:{name}", args=[key])).status_code == 403


def test_every_look_is_written_down(
    focal_point: User, manager: User, member: Membership, institution: Institution, as_person: AsPerson
) -> None:
    as_person(focal_point).get(reverse("directory:members"))
    as_person(focal_point).get(reverse("directory:person", args=[member.person.public_id]))
    as_person(manager).get(reverse("directory:person_trail", args=[member.person.public_id]))
    rows = AuditEvent.objects.order_by("pk").values_list("action", "actor", "subject")
    assert list(rows) == [
        ("people.list_read", focal_point.pk, None),
        ("people.record_opened", focal_point.pk, member.person_id),
        ("people.trail_read", manager.pk, member.person_id),
    ]
    assert AuditEvent.objects.get(action="people.list_read").details["institution"] == institution.pk


def test_focal_point_reads_no_trail_and_closes_no_account(
    focal_point: User, member: Membership, as_person: AsPerson
) -> None:
    client = as_person(focal_point)
    assert client.get(reverse("directory:person_trail", args=[member.person.public_id])).status_code == 404
    client.post(reverse("directory:account", args=[member.person.public_id]), {"reason": "Out"})
    member.person.refresh_from_db()
    assert member.person.is_active


def test_focal_point_decides_on_the_screen(
    focal_point: User, learner: User, institution: Institution, as_person: AsPerson
) -> None:
    membership = MembershipFactory(person=learner, institution=institution)
    address = reverse("directory:member", args=[membership.public_id])
    client = as_person(focal_point)
    client.post(address, {"decision": "refuse", "seen": "claimed", "reason": ""})
    membership.refresh_from_db()
    assert membership.state == MembershipState.CLAIMED
    client.post(address, {"decision": "confirm", "seen": "claimed"})
    stale = client.post(address, {"decision": "refuse", "seen": "claimed", "reason": "Too late"}, follow=True)
    assert "in the meantime" in stale.content.decode()
    membership.refresh_from_db()
    assert (membership.state, membership.decided_by) == (MembershipState.CONFIRMED, focal_point)
    client.post(address, {"decision": "end", "seen": "confirmed", "on": str(timezone.localdate())})
    membership.refresh_from_db()
    assert membership.ends_on == timezone.localdate()


def test_foreign_focal_point_cannot_post_a_decision(
    focal_point: User, foreign: Membership, as_person: AsPerson
) -> None:
    address = reverse("directory:member", args=[foreign.public_id])
    assert (
        as_person(focal_point).post(address, {"decision": "refuse", "seen": "confirmed", "reason": "x"}).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, ["claimed", "confirmed", "refused"]),
        ({"state": "claimed"}, ["claimed"]),
        ({"state": "confirmed"}, ["confirmed"]),
        ({"state": "ended"}, ["ended"]),
        ({"q": "person-refused"}, ["refused"]),
        ({"q": "nobody at all"}, []),
        ({"state": "nonsense"}, ["claimed", "confirmed", "refused"]),
    ],
)
def test_members_are_filtered_and_searched(
    manager: User, as_person: AsPerson, query: dict[str, str], shown: list[str]
) -> None:
    for state in ("claimed", "confirmed", "refused", "ended"):
        row = MembershipFactory(confirmed=True, ends_on="2025-06-01" if state == "ended" else None)
        row.state = MembershipState.CONFIRMED if state == "ended" else state
        row.save()
        User.objects.filter(pk=row.person_id).update(email=f"person-{state}@example.org")
    page = as_person(manager).get(reverse("directory:members"), query).content.decode()
    assert [s for s in ("claimed", "confirmed", "refused", "ended") if f"person-{s}@" in page] == shown


# --- Roles -------------------------------------------------------------------------------------------------------


def test_manager_gives_and_ends_a_role_on_the_screen(learner: User, manager: User, as_person: AsPerson) -> None:
    course = make_course(modules=1, lessons=1)
    client = as_person(manager)
    address = f"{reverse('directory:grant')}?role=author:course&q="
    offered = client.get(address)
    assert course.title in offered.content.decode()
    form = {"email": learner.email, "key": str(course.translation_key), "starts_on": str(timezone.localdate())}
    assert client.post(address, form).status_code == 302
    grant = RoleGrant.objects.get(person=learner)
    assert (grant.scope_key, grant.granted_by, grant.ends_at) == (course.translation_key, manager, None)
    page = client.get(reverse("directory:roles")).content.decode()
    assert "Lea Learner" in page and course.title in page
    client.post(reverse("directory:end_role", args=[grant.public_id]))
    client.post(reverse("directory:end_role", args=[grant.public_id]))
    grant.refresh_from_db()
    assert (grant.state, grant.ended_by) == ("ended", manager)
    assert [action for action in actions() if action.startswith("people.role_")] == [
        "people.role_granted",
        "people.role_ended",
    ]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"email": "manager@example.org"}, "Nobody grants a role to themselves."),
        ({"email": "nobody@example.org"}, "No account with this address"),
        ({"starts_on": "2020-01-01"}, "A role starts today or later."),
        ({"ends_on": "2020-01-01"}, "The last day cannot lie before the first."),
    ],
)
def test_role_that_cannot_be_given_says_why(
    learner: User, manager: User, as_person: AsPerson, changed: dict[str, str], error: str
) -> None:
    form = {"email": learner.email, "starts_on": str(timezone.localdate())} | changed
    response = as_person(manager).post(f"{reverse('directory:grant')}?role=trainer:platform", form)
    assert response.status_code == 422
    assert error in response.content.decode()
    assert not RoleGrant.objects.filter(role=Role.TRAINER).exists()


def test_role_lasts_to_the_end_of_its_last_day(learner: User, manager: User, as_person: AsPerson) -> None:
    today = timezone.localdate()
    form = {"email": learner.email, "starts_on": str(today), "ends_on": str(today)}
    assert as_person(manager).post(f"{reverse('directory:grant')}?role=trainer:platform", form).status_code == 302
    grant = RoleGrant.objects.get(person=learner)
    assert (grant.last_day, grant.ends_at > timezone.now()) == (today, True)


def test_manager_of_an_action_sees_the_grants_of_it_alone(
    manager: User, stranger: User, focal_point: User, institution: Institution, trainer: User, as_person: AsPerson
) -> None:
    action = ActionFactory()
    action.institutions.add(institution)
    grant_role(person=stranger, role=Role.MANAGER, granted_by=manager, action=action)
    client = as_person(stranger)
    page = client.get(reverse("directory:roles")).content.decode()
    assert "Fatima Focal" in page
    assert "Tariq Trainer" not in page
    assert client.get(f"{reverse('directory:grant')}?role=manager:platform").context["form"].errors
    foreign = RoleGrant.objects.get(person=trainer)
    assert client.post(reverse("directory:end_role", args=[foreign.public_id])).status_code == 404
    assert client.get(reverse("directory:institutions")).status_code == 403


# --- A person, and their account ---------------------------------------------------------------------------------


def test_record_says_what_the_person_can_see_and_why(focal_point: User, manager: User, as_person: AsPerson) -> None:
    page = as_person(manager).get(reverse("directory:person", args=[focal_point.public_id])).content.decode()
    assert "see the people of an institution" in page and "given by <bdi>Mina Manager</bdi>" in page
    assert "close an account" not in page


def test_focal_point_sees_posts_in_their_own_institution_alone(
    focal_point: User, member: Membership, as_person: AsPerson
) -> None:
    MembershipFactory(person=member.person, institution=InstitutionFactory(name="Elsewhere"), post="Spy")
    page = as_person(focal_point).get(reverse("directory:person", args=[member.person.public_id])).content.decode()
    assert "Border Service of Testland" in page
    assert "Elsewhere" not in page and "Spy" not in page


def test_closed_account_is_out_at_once_and_can_come_back(learner: User, manager: User) -> None:
    theirs, hers = Client(), Client()
    theirs.force_login(learner)
    hers.force_login(manager)
    address = reverse("directory:account", args=[learner.public_id])
    hers.post(address, {"reason": ""})
    assert theirs.get(reverse("people:profile")).status_code == 200
    hers.post(address, {"reason": "Left the programme"})
    assert theirs.get(reverse("people:profile")).status_code == 302
    hers.post(address)
    learner.refresh_from_db()
    assert learner.is_active
    assert theirs.get(reverse("people:profile")).status_code == 302  # The old session stays ended.
    theirs.force_login(learner)
    assert theirs.get(reverse("people:profile")).status_code == 200
    assert [a for a in actions() if "account" in a] == ["people.account_closed", "people.account_reopened"]


def test_nobody_opens_an_account_that_was_erased(learner: User, manager: User, as_person: AsPerson) -> None:
    MembershipFactory(person=learner)
    erasure.erase_now(person=learner, origin=ErasureOrigin.PERSON)
    client, address = as_person(manager), reverse("directory:account", args=[User.objects.get(pk=learner.pk).public_id])
    client.post(address)
    learner.refresh_from_db()
    assert not learner.is_active


def test_manager_closes_neither_their_own_account_nor_an_administrators(
    manager: User, admin: User, as_person: AsPerson
) -> None:
    client = as_person(manager)
    for person in (manager, admin):
        client.post(reverse("directory:account", args=[person.public_id]), {"reason": "Out"})
        person.refresh_from_db()
        assert person.is_active


# --- Institutions ------------------------------------------------------------------------------------------------


def test_manager_merges_a_proposal_on_the_screen(
    learner: User, manager: User, institution: Institution, as_person: AsPerson
) -> None:
    proposal = InstitutionFactory(name="The Border Service", state=InstitutionState.PROPOSED, proposed_by=learner)
    membership = MembershipFactory(person=learner, institution=proposal)
    client = as_person(manager)
    page = client.get(reverse("directory:institution", args=[proposal.public_id]), {"q": "border"}).content.decode()
    assert str(institution.public_id) in page
    form = {"decision": "merge", "into": str(institution.public_id)}
    client.post(reverse("directory:decide_institution", args=[proposal.public_id]), form)
    membership.refresh_from_db()
    assert membership.institution == institution


def test_focal_point_changes_no_institution(focal_point: User, institution: Institution, as_person: AsPerson) -> None:
    client = as_person(focal_point)
    address = reverse("directory:institution", args=[institution.public_id])
    page = client.get(address).content.decode()
    assert "Fatima Focal" in page and "Mina Manager" in page  # Who can see its people, and why.
    form = {"name": "Mine", "kind": "other", "country": "PT", "domains": "evil.example"}
    assert client.post(address, form).status_code == 404
    decide = reverse("directory:decide_institution", args=[institution.public_id])
    assert client.post(decide, {"decision": "accept"}).status_code == 403


def test_public_mail_domain_is_refused_on_the_screen(
    manager: User, institution: Institution, as_person: AsPerson
) -> None:
    form = {"name": "Border", "kind": "other", "country": "PT", "domains": "gmail.com"}
    response = as_person(manager).post(reverse("directory:institution", args=[institution.public_id]), form)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["domains"])


# --- Constant queries --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 3])
def test_lists_take_as_many_queries_with_one_row_as_with_three(
    manager: User, learner: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    for number in range(how_many):
        institution = InstitutionFactory(name=f"Known {number}")
        MembershipFactory(institution=institution, confirmed=True)
        grant_role(person=learner, role=Role.FOCAL_POINT, granted_by=manager, institution=institution)
    client = as_person(manager)
    pages = [
        (reverse("directory:members"), 8),
        (reverse("directory:roles"), 6),
        (reverse("directory:institutions"), 6),
        (reverse("directory:person", args=[learner.public_id]), 7),
    ]
    client.get(pages[0][0])
    for url, queries in pages:
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200
