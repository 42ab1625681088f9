import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from elearn.people.domain.roles import holds_role
from elearn.people.enums import Role, Scope
from elearn.people.models import Membership, RoleGrant, User
from elearn.portal.domain.demo import PASSWORD, NotTheDemo, make_demo_people

LOGINS = ["admin", "manager", "focal", "author", "reviewer", "editor", "trainer", "learner"]


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return {person.email.partition("@")[0]: person for person in make_demo_people()}


def test_demo_people_have_the_known_password_and_a_confirmed_address(people: dict[str, User]) -> None:
    assert list(people) == LOGINS
    for login, person in people.items():
        assert person.email == f"{login}@demo.example"
        assert person.check_password(PASSWORD)
        address = EmailAddress.objects.get(user=person)
        assert (address.email, address.primary, address.verified) == (person.email, True, True)


def test_demo_people_hold_their_roles(people: dict[str, User]) -> None:
    held = {login: [role for role in Role if holds_role(person, role)] for login, person in people.items()}
    assert held == {
        "admin": [],
        "manager": [Role.MANAGER],
        "focal": [],
        "author": [Role.AUTHOR],
        "reviewer": [Role.REVIEWER],
        "editor": [Role.EDITOR],
        "trainer": [Role.TRAINER],
        "learner": [],
    }
    grant = RoleGrant.objects.get(person=people["focal"])
    membership = Membership.objects.get(person=people["focal"])
    assert (grant.role, grant.scope, grant.institution) == (
        Role.FOCAL_POINT,
        Scope.INSTITUTION,
        membership.institution,
    )
    assert [login for login, person in people.items() if person.is_superuser] == ["admin"]


def test_demo_people_made_twice_are_left_as_they_are(people: dict[str, User]) -> None:
    learner = people["learner"]
    learner.printed_name = "Amina D."
    learner.set_password("something else")
    learner.save()
    assert make_demo_people() == []
    learner.refresh_from_db()
    assert learner.printed_name == "Amina D."
    assert learner.check_password("something else")
    assert (RoleGrant.objects.count(), Membership.objects.count()) == (6, 7)


def test_demo_people_outside_the_demo_are_refused(db: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(NotTheDemo):
        make_demo_people()
    with pytest.raises(CommandError, match="made with DEMO=1 only"):
        call_command("demo")
    assert User.objects.count() == 0


@pytest.mark.parametrize("login", LOGINS)
def test_demo_person_logs_in_at_the_site(people: dict[str, User], client: Client, login: str) -> None:
    response = client.post("/accounts/login/", {"login": f"{login}@demo.example", "password": PASSWORD})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(people[login].pk)
