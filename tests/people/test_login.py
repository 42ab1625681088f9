"""Logging in by password and by code, and that nobody learns from it who has an account."""

import re
import time
from collections.abc import Callable

import pytest
from django.contrib.auth import hashers
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.mail import code_by_mail, deliver_mail
from tests.factories.people import UserFactory

PASSWORD = "a long enough phrase"
KNOWN, UNKNOWN = "known@example.org", "nobody@example.org"


@pytest.fixture
def known(db: None) -> User:
    person = UserFactory(email=KNOWN, printed_name="Kim Known", password=PASSWORD)
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def words_of(response: object) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


# --- By code -----------------------------------------------------------------------------------------------------


def test_code_by_mail_logs_in_and_leads_on(known: User, client: Client) -> None:
    address = f"{reverse('account_request_login_code')}?next=/verify/"
    response = client.post(address, {"email": "Known@Example.org", "next": "/verify/"})
    assert response.headers["Location"] == f"{reverse('account_confirm_login_code')}?next=%2Fverify%2F"
    code = code_by_mail()
    response = client.post(response.headers["Location"], {"code": code.lower().replace("-", " "), "next": "/verify/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/verify/")
    assert client.session["_auth_user_id"] == str(known.pk)
    assert client.session.get_expire_at_browser_close()  # The computer may be shared.


def test_code_sent_twice_lets_the_newest_in(known: User, client: Client) -> None:
    confirm = client.post(reverse("account_request_login_code"), {"email": KNOWN}).headers["Location"]
    first = code_by_mail()
    client.post(confirm, {"action": "resend"})
    second = code_by_mail()
    assert client.post(confirm, {"code": first}).status_code == 200
    assert client.post(confirm, {"code": second}).headers["Location"] == "/en/desk/"


def test_second_click_on_the_button_of_the_code_leads_in(known: User, client: Client) -> None:
    confirm = client.post(reverse("account_request_login_code"), {"email": KNOWN}).headers["Location"]
    code = code_by_mail()
    client.post(confirm, {"code": code})
    response = client.post(confirm, {"code": code}, follow=True)
    assert response.redirect_chain[-1][0] == "/en/desk/"
    assert b"too old" not in response.content


def test_code_that_is_too_old_says_so(known: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm = client.post(reverse("account_request_login_code"), {"email": KNOWN}).headers["Location"]
    code = code_by_mail()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 16 * 60)
    response = client.post(confirm, {"code": code}, follow=True)
    assert response.status_code == 200
    assert "That code is too old, or was used already. Ask for a new one." in response.content.decode()


def test_wrong_code_three_times_leads_back_with_a_word(known: User, client: Client) -> None:
    confirm = client.post(reverse("account_request_login_code"), {"email": KNOWN}).headers["Location"]
    code = code_by_mail()
    for _attempt in range(2):
        assert client.post(confirm, {"code": "AAAA-AAAA"}).status_code == 200
    response = client.post(confirm, {"code": "AAAA-AAAA"})
    assert response.headers["Location"] == reverse("account_request_login_code")
    assert words_of(response)[-1].startswith("There were too many wrong attempts.")
    client.post(confirm, {"code": code})
    assert "_auth_user_id" not in client.session


def test_closed_account_is_told_so(known: User, client: Client) -> None:
    User.objects.filter(pk=known.pk).update(is_active=False)
    response = client.post(reverse("account_login"), {"login": KNOWN, "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_inactive")
    assert "This account is closed" in response.content.decode()


def test_new_password_by_code_logs_in(known: User, client: Client) -> None:
    confirm = client.post(reverse("account_reset_password"), {"email": KNOWN}).headers["Location"]
    choose = client.post(confirm, {"code": code_by_mail()}).headers["Location"]
    response = client.post(choose, {"password1": "quite another phrase", "password2": "quite another phrase"})
    assert (response.status_code, response.headers["Location"]) == (302, "/en/desk/")
    known.refresh_from_db()
    assert known.check_password("quite another phrase")


def test_new_address_takes_the_place_of_the_old_one_once_it_is_proved(known: User, client: Client) -> None:
    client.post(reverse("account_login"), {"login": KNOWN, "password": PASSWORD})
    response = client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    response = client.post(response.headers["Location"], {"password": PASSWORD})
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    known.refresh_from_db()
    assert known.email == KNOWN
    client.post(response.headers["Location"], {"code": code_by_mail()})
    known.refresh_from_db()
    assert known.email == "new@example.org"
    assert list(known.emailaddress_set.values_list("email", "verified")) == [("new@example.org", True)]
    assert {mail.to[0] for mail in deliver_mail()} == {KNOWN}  # Who held the account hears of it.


# --- Known and unknown alike -------------------------------------------------------------------------------------

SIGN_UP = {"printed_name": "Nia New", "latin_name": "", "password1": PASSWORD, "privacy_notice": "on"}
DOORS: dict[str, Callable[[str], dict[str, str]]] = {
    "account_login": lambda email: {"login": email, "password": "not the password"},
    "account_request_login_code": lambda email: {"email": email},
    "account_reset_password": lambda email: {"email": email},
    "account_signup": lambda email: {"email": email, **SIGN_UP},
}


def neutral(body: bytes, email: str) -> str:
    """The page without its tokens, and without the address that was typed."""
    text = body.decode().replace(email, "ADDRESS")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "TOKEN", text)


@pytest.fixture
def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every time a password is hashed: what takes the time by which one could tell."""
    done: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(
        hasher, "encode", lambda self, *args, **kwargs: done.append("") or encode(self, *args, **kwargs)
    )
    return done


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_address_get_the_same_answer_for_the_same_work(
    known: User, door: str, hashings: list[str]
) -> None:
    seen = []
    for email in (KNOWN, UNKNOWN):
        browser = Client()
        hashings.clear()
        Message.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = browser.post(reverse(door), DOORS[door](email))
        pages = [neutral(response.content, email)]
        if response.status_code == 302:
            pages.append(neutral(browser.get(response.headers["Location"]).content, email))
        rows = list(Message.objects.values_list("person", "address"))
        mail_queries = sum("elearn_messages_message" in query["sql"] for query in queries.captured_queries)
        seen.append(
            {
                "answer": (response.status_code, response.headers.get("Location"), pages),
                "hashings": len(hashings),
                "mail": [(person, address.replace(email, "ADDRESS")) for person, address in rows],
                "mail_queries": mail_queries,
            }
        )
    assert seen[0] == seen[1]
    assert seen[0]["hashings"] == (1 if door in ("account_login", "account_signup") else 0)
    assert len(seen[0]["mail"]) == (0 if door == "account_login" else 1)


def test_wrong_codes_after_known_and_unknown_get_the_same_answers(known: User) -> None:
    seen = []
    for email in (KNOWN, UNKNOWN):
        browser = Client()
        confirm = browser.post(reverse("account_signup"), {"email": email, **SIGN_UP}).headers["Location"]
        answers = [browser.post(confirm, {"code": "AAAA-AAAA"}) for _attempt in range(3)]
        seen.append([(one.status_code, one.headers.get("Location"), neutral(one.content, email)) for one in answers])
    assert seen[0] == seen[1]


def test_taking_a_known_address_as_ones_own_answers_as_a_free_one(known: User) -> None:
    other = UserFactory(password=PASSWORD)
    other.emailaddress_set.create(email=other.email, verified=True, primary=True)
    seen = []
    for email in (KNOWN, UNKNOWN):
        browser = Client()
        browser.post(reverse("account_login"), {"login": other.email, "password": PASSWORD})
        response = browser.post(reverse("account_email"), {"email": email, "action_add": ""})
        response = browser.post(response.headers["Location"], {"password": PASSWORD})
        page = browser.get(response.headers["Location"])
        seen.append((response.status_code, response.headers["Location"], neutral(page.content, email)))
    assert seen[0] == seen[1]
    known.refresh_from_db()
    assert known.email == KNOWN


def test_unproved_account_of_somebody_else_is_won_back_by_a_new_password(db: None, client: Client) -> None:
    """Whoever signs up with a stranger's address gains nothing: the address's owner takes the account over."""
    Client().post(reverse("account_signup"), {"email": KNOWN, **SIGN_UP})
    confirm = client.post(reverse("account_reset_password"), {"email": KNOWN}).headers["Location"]
    choose = client.post(confirm, {"code": code_by_mail()}).headers["Location"]
    client.post(choose, {"password1": "quite another phrase", "password2": "quite another phrase"})
    assert client.get(reverse("desk")).status_code == 200
    thief = Client()
    thief.post(reverse("account_login"), {"login": KNOWN, "password": PASSWORD})
    assert "_auth_user_id" not in thief.session
