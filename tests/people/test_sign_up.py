"""Signing up: a person with a printed name and an address proved by a code."""

import pytest
from django.test import Client
from django.urls import reverse

from elearn.people.models import User
from tests.factories.mail import code_by_mail
from tests.factories.people import UserFactory

NEW = {
    "printed_name": "مُحَمَّد بن عليّ",
    "email": "New.Person@Example.org",
    "password1": "a long enough phrase",
    "latin_name": "Muhammad",
    "privacy_notice": "on",
}


def test_sign_up_proves_the_address_by_a_code(db: None, client: Client, mailoutbox: list) -> None:
    response = client.post(reverse("account_signup"), NEW)
    assert response.status_code == 302
    person = User.objects.get()
    assert (person.email, person.printed_name, person.latin_name) == (
        "new.person@example.org",
        "مُحَمَّد بن عليّ",
        "Muhammad",
    )
    assert not person.emailaddress_set.get().verified
    assert mailoutbox == []  # It is a row first.
    code = code_by_mail()
    assert mailoutbox[0].to == ["new.person@example.org"]
    response = client.post(response.headers["Location"], {"code": code})
    assert response.status_code == 302
    assert person.emailaddress_set.get().verified
    assert client.get(reverse("desk")).status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "x" * 151])
def test_sign_up_without_a_printable_name_says_so(client: Client, db: None, name: str) -> None:
    response = client.post(reverse("account_signup"), NEW | {"printed_name": name})
    assert response.status_code == 200
    assert "printed_name" in response.context["form"].errors
    assert User.objects.count() == 0


def test_sign_up_with_a_known_address_answers_the_same(db: None, client: Client) -> None:
    unknown = client.post(reverse("account_signup"), NEW)
    client.logout()
    UserFactory(email="known@example.org")
    known = Client().post(reverse("account_signup"), NEW | {"email": "known@example.org"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert User.objects.count() == 2


def test_log_in_by_address_and_password_in_any_case(client: Client, db: None) -> None:
    person = UserFactory(email="known@example.org", password="a long enough phrase")
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    response = client.post(reverse("account_login"), {"login": "KNOWN@example.org", "password": "a long enough phrase"})
    assert (response.status_code, response.headers["Location"]) == (302, "/en/desk/")


@pytest.mark.parametrize("path", ["/cms/login/", "/_util/login/", "/en/_util/login/"])
def test_other_logins_give_way_to_the_one_of_the_site(client: Client, db: None, path: str) -> None:
    response = client.get(f"{path}?next=/cms/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/cms/")
