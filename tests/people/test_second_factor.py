"""The second step: offered to all, demanded before the CMS and other people's data."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from elearn.core.models import AuditEvent
from elearn.messages.models import Message
from elearn.people.domain import second_factor
from elearn.people.enums import Role
from elearn.people.gate import second_factor_first
from elearn.people.models import RoleGrant, User
from tests.factories.mail import code_by_mail

PASSWORD = "correct horse battery"
CMS = "/cms/"


@pytest.fixture
def demanded(settings: object) -> None:
    """As in production; the demo, on whose settings tests run, does without."""
    settings.SECOND_FACTOR_DEMANDED = True  # type: ignore[attr-defined]


def with_address(person: User) -> User:
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def code_of(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def give_app(person: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def log_in(person: User, browser: Client | None = None) -> tuple[Client, HttpResponse]:
    browser = browser or Client()
    return browser, browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


# --- Of whom it is demanded --------------------------------------------------------------------------------------


def test_demanded_of_whoever_sees_other_people(
    demanded: None, learner: User, trainer: User, author: User, manager: User, focal_point: User, admin: User
) -> None:
    people = (learner, trainer, author, manager, focal_point, admin)
    fresh = [User.objects.get(pk=person.pk) for person in people]
    assert [second_factor.is_demanded_of(person) for person in fresh] == [False, True, True, True, True, True]


@pytest.mark.parametrize("role", Role)
def test_demanded_of_every_role(demanded: None, learner: User, role: Role) -> None:
    RoleGrant.objects.create(person=learner, role=role)
    assert second_factor.is_demanded_of(learner)


def test_no_longer_demanded_when_the_role_has_ended(demanded: None, learner: User) -> None:
    past = timezone.now() - timezone.timedelta(days=2)
    RoleGrant.objects.create(
        person=learner, role=Role.TRAINER, starts_at=past, ends_at=past + timezone.timedelta(days=1)
    )
    assert not second_factor.is_demanded_of(learner)


def test_waived_in_the_demo_alone(learner: User, admin: User) -> None:
    assert settings.DEMO
    assert not settings.SECOND_FACTOR_DEMANDED
    assert not second_factor.is_demanded_of(admin)


# --- The gate ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [CMS, "/cms/pages/", "/cms/reports/site-history/", "/cms/images/", "/cms/api/main/pages/"]
)
@pytest.mark.parametrize("role", [Role.AUTHOR, Role.MANAGER, None])
def test_cms_leads_whoever_has_no_second_step_to_setting_one_up(
    demanded: None, author: User, manager: User, admin: User, path: str, role: Role | None
) -> None:
    person = {Role.AUTHOR: author, Role.MANAGER: manager, None: admin}[role]
    browser, _login = log_in(with_address(person))
    response = browser.get(path)
    assert (response.status_code, response.headers["Location"]) == (302, reverse("mfa_index"))
    assert "a password alone is not enough" in browser.get(reverse("mfa_index")).content.decode()
    assert browser.post(path).headers["Location"] == reverse("mfa_index")


def test_cms_is_no_affair_of_a_stranger(demanded: None, stranger: User) -> None:
    browser, _login = log_in(with_address(stranger))
    assert browser.get(CMS).headers["Location"].startswith(reverse("account_login"))


def test_setting_up_an_app_opens_the_cms_and_leads_back(
    demanded: None, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, _login = log_in(with_address(author))
    browser, _login = log_in(author)
    browser.get("/cms/pages/")
    ask = browser.get(reverse("mfa_activate_totp")).headers["Location"]
    page = browser.post(ask, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    # The test's own transaction never commits; on the site, this one does before the answer goes out.
    monkeypatch.setattr(transaction, "on_commit", lambda do: do())
    response = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    page = browser.get(response.headers["Location"])
    assert 'href="/cms/pages/"' in page.content.decode()
    assert len(page.context["unused_codes"]) == 10
    assert browser.get(CMS).status_code == 200
    # A login from before, elsewhere, has proved nothing: it is over.
    assert elsewhere.get(CMS).headers["Location"].startswith(reverse("account_login"))


def test_login_with_the_app_opens_the_cms(demanded: None, author: User) -> None:
    secret = give_app(with_address(author))
    browser, response = log_in(author)
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert browser.get(CMS).headers["Location"].startswith(reverse("account_login"))
    response = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert response.headers["Location"] == "/en/desk/"
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/cms/images/").status_code == 200
    assert not any("mfa_authenticator" in query["sql"] for query in queries.captured_queries)


@pytest.mark.parametrize("way", ["code", "password reset"])
def test_a_code_by_mail_does_not_go_round_the_second_step(demanded: None, author: User, way: str) -> None:
    secret = give_app(with_address(author))
    browser = Client()
    if way == "code":
        confirm = browser.post(reverse("account_request_login_code"), {"email": author.email}).headers["Location"]
        response = browser.post(confirm, {"code": code_by_mail()})
    else:
        confirm = browser.post(reverse("account_reset_password"), {"email": author.email}).headers["Location"]
        choose = browser.post(confirm, {"code": code_by_mail()}).headers["Location"]
        response = browser.post(choose, {"password1": "quite another phrase", "password2": "quite another phrase"})
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in browser.session
    browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert browser.get(CMS).status_code == 200


def test_session_that_has_proved_nothing_is_asked_for_the_second_step(
    demanded: None, author: User, client: Client
) -> None:
    secret = give_app(with_address(author))
    client.force_login(author)
    response = client.get("/cms/images/")
    assert response.headers["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fcms%2Fimages%2F"
    response = client.post(response.headers["Location"], {"code": code_of(secret)})
    assert response.headers["Location"] == "/cms/images/"
    assert client.get("/cms/images/").status_code == 200


def test_gate_before_a_view_lets_strangers_through_to_its_own_refusal(
    demanded: None, stranger: User, trainer: User, client: Client
) -> None:
    @second_factor_first
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("data of others")

    def asked_by(person: User) -> HttpResponse:
        client.force_login(person)
        request = client.get("/healthz").wsgi_request
        request.user, request.path = person, "/en/teach/"
        request._messages = default_storage(request)  # type: ignore[attr-defined]
        return view(request)

    assert asked_by(stranger).status_code == 200
    assert asked_by(User.objects.get(pk=trainer.pk)).headers["Location"] == reverse("mfa_index")


# --- Codes -------------------------------------------------------------------------------------------------------


def test_code_of_the_app_works_once(author: User) -> None:
    secret = give_app(with_address(author))
    code = code_of(secret)
    browser, _login = log_in(author)
    assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    browser, _login = log_in(author)
    assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert browser.post(reverse("mfa_authenticate"), {"code": code_of(secret, step=1)}).status_code == 302


def test_recovery_code_opens_once(author: User) -> None:
    give_app(with_address(author))
    code = RecoveryCodes.activate(author).get_unused_codes()[0]
    browser, _login = log_in(author)
    assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    browser, _login = log_in(author)
    assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_wrong_codes_are_counted(author: User) -> None:
    secret = give_app(with_address(author))
    browser, _login = log_in(author)
    for _attempt in range(5):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    page = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert page.status_code == 200
    assert "too many wrong attempts" in page.content.decode()


def test_secrets_are_not_readable_in_the_database(author: User, settings: object) -> None:
    secret = give_app(author)
    stored = Authenticator.objects.get().data["secret"]
    assert secret not in stored
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "a new one"  # type: ignore[attr-defined]
    assert Authenticator.objects.get().wrap().validate_code(code_of(secret))
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert not Authenticator.objects.get().wrap().validate_code(code_of(secret, step=1))
    assert not Authenticator.objects.get().wrap().validate_code(code_of(""))


# --- Removing and resetting --------------------------------------------------------------------------------------


def remove_app(person: User, secret: str) -> tuple[Client, HttpResponse]:
    browser, _login = log_in(with_address(person))
    browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser, browser.post(reverse("mfa_deactivate_totp"))


def test_last_second_step_stays_while_it_is_demanded(demanded: None, author: User) -> None:
    browser, response = remove_app(author, give_app(author))
    assert response.status_code == 200
    assert "this is your only one" in response.content.decode()
    assert Authenticator.objects.filter(user=author).count() == 1
    assert browser.get(CMS).status_code == 200


def test_last_passkey_stays_while_it_is_demanded(demanded: None, author: User, client: Client) -> None:
    key = Authenticator.objects.create(user=author, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    client.force_login(author)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with_address(author)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.post(reverse("mfa_remove_webauthn", args=[key.pk]), follow=True)
    assert "this is your only one" in response.content.decode()
    assert Authenticator.objects.filter(user=author).count() == 1


def test_somebody_of_whom_it_is_not_demanded_may_stop(demanded: None, learner: User) -> None:
    _browser, response = remove_app(learner, give_app(learner))
    assert (response.status_code, response.headers["Location"]) == (302, reverse("mfa_index"))
    assert Authenticator.objects.count() == 0


def test_reset_takes_everything_and_ends_every_login(demanded: None, author: User, admin: User) -> None:
    secret = give_app(with_address(author))
    browser, _login = log_in(author)
    browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    out = StringIO()
    call_command("reset_second_factor", author.email.upper(), reason="Phone stolen, asked by telephone", stdout=out)
    assert out.getvalue() == f"1 removed for {author.email}. Logged out everywhere, and told by mail.\n"
    assert Authenticator.objects.count() == UserSession.objects.filter(user=author).count() == 0
    event = AuditEvent.objects.get(action="people.second_factor_reset")
    assert (event.subject, event.actor, event.details) == (
        author,
        None,
        {"removed": 1, "reason": "Phone stolen, asked by telephone"},
    )
    assert Message.objects.get(person=author).subject == f"Your two-step login at {settings.SITE_NAME} was reset"
    assert browser.get(CMS).headers["Location"].startswith(reverse("account_login"))
    browser, _login = log_in(author)
    assert browser.get(CMS).headers["Location"] == reverse("mfa_index")


def test_reset_names_an_unknown_address(db: None) -> None:
    with pytest.raises(CommandError, match=re.escape("Nobody has an account with nobody@example.org.")):
        call_command("reset_second_factor", "nobody@example.org", reason="a test")


def test_every_page_of_the_second_step_is_for_those_logged_in(db: None, client: Client) -> None:
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "usersessions_list"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_person_logs_out_elsewhere(learner: User, as_person: Callable[[User], Client]) -> None:
    elsewhere, _login = log_in(with_address(learner))
    browser, _login = log_in(learner)
    assert len(browser.get(reverse("usersessions_list")).context["sessions"]) == 2
    browser.post(reverse("usersessions_list"))
    assert browser.get(reverse("desk")).status_code == 200
    assert elsewhere.get(reverse("desk")).status_code == 302


def test_time_of_a_login_is_the_persons_own(learner: User, as_person: Callable[[User], Client]) -> None:
    with_address(learner)
    browser, _login = log_in(learner)
    UserSession.objects.update(created_at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    User.objects.filter(pk=learner.pk).update(time_zone="Africa/Nairobi")
    assert "Since 1 April 2026, 01:30 EAT" in browser.get(reverse("usersessions_list")).content.decode()
