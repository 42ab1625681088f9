"""Limits on attempts: they hold for all processes together, and count the client, not what the client claims."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from elearn.people.adapter import AccountAdapter
from elearn.people.models import User
from tests.factories.people import UserFactory

PASSWORD = "a long enough phrase"


@pytest.fixture
def known(db: None) -> User:
    person = UserFactory(email="known@example.org", password=PASSWORD)
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def attempt(browser: Client, password: str, email: str = "known@example.org", **extra: str) -> bool:
    browser.post(reverse("account_login"), {"login": email, "password": password}, **extra)
    return "_auth_user_id" in browser.session


def test_sixth_attempt_is_refused_even_with_the_right_password(known: User) -> None:
    for _attempt in range(5):
        assert not attempt(Client(), "wrong")
    assert not attempt(Client(), PASSWORD, REMOTE_ADDR="203.0.113.9")  # From wherever: it is the account that counts.
    caches["default"].clear()
    assert attempt(Client(), PASSWORD)


def test_limit_page_is_a_page_of_the_site(db: None, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}  # type: ignore[attr-defined]
    browser = Client()
    attempt(browser, "wrong", "a@example.org")
    response = browser.post(reverse("account_login"), {"login": "b@example.org", "password": "wrong"})
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


# Each process has the cache, allauth and nothing else of the site; it prints 1 when its attempt was let through.
TRY = """
import ast, sys, django
from django.conf import settings
caches, databases = ast.literal_eval(sys.argv[1])
settings.configure(CACHES=caches, DATABASES=databases, SECRET_KEY="only-for-tests", USE_TZ=True)
django.setup()
from django.test import RequestFactory
from allauth.core.internal import ratelimit
for _ in range(4):
    taken = ratelimit.consume(
        RequestFactory().post("/"), app="allauth.account", action="login_failed",
        config={"login_failed": "5/5m/key"}, key=sys.argv[2],
    )
    print(1 if taken else 0)
"""
CACHE_ROWS = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}


def shared_cache(folder: Path) -> tuple[dict, dict]:
    """The cache that this run is about: Redis, PostgreSQL, or a file as the embedded set-up has it."""
    if settings.CACHE_URL:
        return {"default": {name: settings.CACHES["default"][name] for name in ("BACKEND", "LOCATION")}}, {}
    if not settings.EMBEDDED_DATABASE:
        with connection.cursor() as cursor:  # Tests have another cache, so nothing has made its table here.
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS cache "
                "(cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)"
            )
        names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
        return {"default": CACHE_ROWS}, {"default": {name: connection.settings_dict[name] for name in names}}
    options = {**settings.SQLITE_OPTIONS, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"}
    file = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "cache.sqlite3"), "OPTIONS": options}
    with sqlite3.connect(file["NAME"]) as made:
        made.execute("CREATE TABLE cache (cache_key varchar(255) PRIMARY KEY, value text, expires datetime)")
    return {"default": CACHE_ROWS}, {"default": file}


@pytest.mark.django_db(transaction=True)
def test_limit_holds_across_processes(tmp_path: Path) -> None:
    """Four processes with four attempts each: five of the sixteen are let through, whichever they are."""
    arguments = [sys.executable, "-c", TRY, repr(shared_cache(tmp_path)), str(uuid4())]
    processes = [subprocess.Popen(arguments, stdout=subprocess.PIPE) for _ in range(4)]
    answers = "".join(process.communicate()[0].decode() for process in processes).split()
    assert len(answers) == 16
    assert answers.count("1") == 5


def test_counts_are_not_thrown_away_while_they_matter(tmp_path: Path) -> None:
    """Read as the site reads them: tests have a cache of their own."""
    show = "from elearn.settings import CACHES; print(CACHES['default']['OPTIONS']['MAX_ENTRIES'])"
    environment = {"DEMO": "1", "SECRET_KEY": "only-for-tests", "STATE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", show], cwd=settings.BASE_DIR, env=environment, capture_output=True, check=True
    )
    assert int(done.stdout) == 100_000


# --- Whom they count ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.5", "192.0.2.1"),  # No proxy of ours: the header is whatever the client likes.
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "10.9.9.9, 203.0.113.5", "203.0.113.5"),  # The client wrote the first, our proxy the last.
        (2, "10.9.9.9, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
    ],
)
def test_client_address_is_what_our_own_proxy_saw(settings: object, proxies: int, forwarded: str, address: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies  # type: ignore[attr-defined]
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **headers)
    assert AccountAdapter(request).get_client_ip(request) == address


def test_made_up_header_does_not_buy_more_attempts(known: User, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/ip"}  # type: ignore[attr-defined]
    for number in range(2):
        attempt(Client(), "wrong", f"{number}@example.org", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert not attempt(Client(), PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.99")
