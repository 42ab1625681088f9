"""An institution's own login, against a small OpenID Connect server on this computer."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from elearn.login_settings import oidc_apps
from elearn.people.domain.institution_login import proven_address
from elearn.people.models import User
from tests.factories.people import UserFactory

OFFICIAL = {"sub": "4711", "name": "Олена Шевченко", "email": "Olena@ministry.example", "email_verified": True}
SECRET = "the secret that the institution and the site share"


class Institution(HTTPServer):
    """Says of whoever comes what `claims` says. Remembers what was asked, to see that the client proves itself."""

    claims: dict[str, Any]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.claims = dict(OFFICIAL)
        self.asked_for_token: dict[str, list[str]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Institution

    def do_GET(self) -> None:
        here = self.server.address
        if self.path == "/.well-known/openid-configuration":
            pages = ("authorization", "token", "userinfo")
            self.say({"issuer": here, "jwks_uri": f"{here}/jwks"} | {f"{p}_endpoint": f"{here}/{p}" for p in pages})
        elif self.path == "/userinfo":
            self.say(self.server.claims)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked_for_token = parse_qs(body)
        claims = {**self.server.claims, "iss": self.server.address, "aud": "elearn", "exp": 4_000_000_000, "iat": 0}
        token = jwt.encode(claims, SECRET, algorithm="HS256")
        self.say({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def say(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def configuration(address: str, **changes: object) -> str:
    provider = {"id": "ministry", "name": "Ministry of Testland", "server_url": address, "client_id": "elearn"}
    return json.dumps([provider | {"secret": SECRET, "email_domains": ["ministry.example"]} | changes])


@pytest.fixture
def institution(settings: Any) -> Iterator[Institution]:
    server = Institution()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    apps = oidc_apps(configuration(server.address))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}}
    yield server
    server.shutdown()
    server.server_close()


LOGIN = "/accounts/institution/ministry/login/"


def go_there_and_back(browser: Client, **extra: str) -> Any:
    """From the button of the login page to the institution, and back with its answer."""
    page = browser.post(LOGIN + (f"?{urlencode(extra)}" if extra else ""))
    assert page.status_code == 200  # A page in between: the policy lets no form lead to another site.
    asked = parse_qs(urlsplit(page.context["redirect_to"]).query)
    assert (asked["client_id"], asked["code_challenge_method"]) == (["elearn"], ["S256"])
    return browser.get(f"{LOGIN}callback/", {"code": "c", "state": asked["state"][0]})


def test_first_login_asks_for_the_name_and_makes_the_account(
    db: None, institution: Institution, client: Client
) -> None:
    assert "Ministry of Testland" in client.get(reverse("account_login")).content.decode()
    response = go_there_and_back(client)
    assert response.headers["Location"] == reverse("socialaccount_signup")
    assert User.objects.count() == 0
    form = client.get(response.headers["Location"]).context["form"]
    assert (form["printed_name"].value(), form["email"].value()) == ("Олена Шевченко", "olena@ministry.example")
    answers = {name: "on" for name, field in form.fields.items() if field.required and name not in ("email",)}
    # Whatever is typed for the address: it is the one that the institution proved.
    answers |= {"printed_name": "Олена Шевченко", "latin_name": "Olena Shevchenko", "email": "boss@elsewhere.example"}
    response = client.post(reverse("socialaccount_signup"), answers)
    assert response.headers["Location"] == "/en/desk/"
    person = User.objects.get()
    assert (person.email, person.printed_name, person.latin_name, person.has_usable_password()) == (
        "olena@ministry.example",
        "Олена Шевченко",
        "Olena Shevchenko",
        False,
    )
    assert list(person.emailaddress_set.values_list("email", "verified")) == [("olena@ministry.example", True)]
    assert client.get(reverse("desk")).status_code == 200
    assert institution.asked_for_token["code_verifier"]


def test_second_login_finds_the_account_even_after_a_new_address(
    db: None, institution: Institution, client: Client
) -> None:
    person = UserFactory(email="olena@ministry.example")
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    assert go_there_and_back(client).headers["Location"] == "/en/desk/"
    assert SocialAccount.objects.get().user == person
    institution.claims["email"] = "o.shevchenko@ministry.example"
    again = Client()
    assert go_there_and_back(again).headers["Location"] == "/en/desk/"
    assert again.session["_auth_user_id"] == str(person.pk)


def test_unproved_account_loses_its_password_when_the_owner_comes(
    db: None, institution: Institution, client: Client
) -> None:
    person = UserFactory(email="olena@ministry.example", password="set by somebody else")
    person.emailaddress_set.create(email=person.email, verified=False, primary=True)
    go_there_and_back(client)
    person.refresh_from_db()
    assert not person.has_usable_password()


@pytest.mark.parametrize(
    "said",
    [
        {"email": "known@elsewhere.example"},
        {"email": "known@ministry.example.evil.example"},
        {"email": "known@sub.ministry.example"},
        {"email": "known@ministry.example", "email_verified": False},
        {"email": "known@ministry.example", "email_verified": "false"},
        {"email": "known@ministry.example", "email_verified": None},
        {"email": None},
        {"email": ["known@ministry.example"]},
    ],
)
def test_address_that_is_not_the_institutions_to_vouch_for_opens_nothing(
    db: None, institution: Institution, client: Client, said: dict[str, Any]
) -> None:
    for email in ("known@elsewhere.example", "known@ministry.example"):
        UserFactory(email=email).emailaddress_set.create(email=email, verified=True, primary=True)
    institution.claims |= said
    response = go_there_and_back(client)
    assert response.status_code == 403
    assert "@ministry.example" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert (User.objects.count(), SocialAccount.objects.count()) == (2, 0)


def test_second_step_is_asked_for_after_the_institution(db: None, institution: Institution, client: Client) -> None:
    person = UserFactory(email="olena@ministry.example")
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    TOTP.activate(person, generate_totp_secret())
    assert go_there_and_back(client).headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_role_holder_without_a_second_step_is_led_to_set_one_up(
    institution: Institution, author: User, client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR_DEMANDED = True
    author.emailaddress_set.create(email=author.email, verified=True, primary=True)
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["email_domains"] = ["example.org"]
    institution.claims["email"] = author.email
    go_there_and_back(client)
    assert client.session["_auth_user_id"] == str(author.pk)
    assert client.get("/cms/").headers["Location"] == reverse("mfa_index")


def test_institution_that_does_not_answer_gets_a_page(db: None, client: Client, settings: Any) -> None:
    apps = oidc_apps(configuration("http://127.0.0.1:1"))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}
    response = client.post(LOGIN)
    assert response.status_code == 502
    assert "did not answer" in response.content.decode()


def test_unknown_institution_is_not_found(db: None, client: Client) -> None:
    assert client.post("/accounts/institution/nobody/login/", follow=True).status_code == 404


def test_person_who_turns_back_is_told_so(db: None, institution: Institution, client: Client) -> None:
    page = client.post(LOGIN)
    state = parse_qs(urlsplit(page.context["redirect_to"]).query)["state"][0]
    response = client.get(f"{LOGIN}callback/", {"error": "access_denied", "state": state}, follow=True)
    assert "You did not log in" in response.content.decode()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "is not JSON"),
        ('{"id": "x"}', "must be a JSON list"),
        (configuration("https://login.example", secret=""), "secret of ministry is missing"),
        (configuration("https://login.example", email_domains=[]), "email_domains of ministry"),
        (configuration("http://login.example"), "server_url of ministry must start with https"),
        (configuration("https://login.example", id="The Ministry"), "small letters"),
    ],
)
def test_mistake_in_the_configuration_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint):
        oidc_apps(text)


def test_token_alone_is_enough_where_there_is_no_userinfo() -> None:
    assert proven_address({"id_token": OFFICIAL}, ["ministry.example"]) == "olena@ministry.example"
