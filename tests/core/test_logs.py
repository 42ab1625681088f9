"""Every line of the log, as a machine reads it, while people do what they do: none of it tells who they are."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from pytest_django import Settings

from elearn.core import logs, pending
from elearn.messages.domain import sending
from elearn.messages.models import Message
from elearn.people.models import User
from elearn.urls import urlpatterns as site_urlpatterns

PASSWORD = "correct-horse-battery"


class Lines:
    """What was logged since the test began."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def entries(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, object]]:
        return [entry for entry in self.entries if entry["logger"] == logger]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The site's own way to write, in the form of production, into memory."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    root, requests = logging.getLogger(), logging.getLogger("elearn.requests")
    before = requests.level
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield Lines(stream)
    root.removeHandler(handler)
    requests.setLevel(before)


def breaks(request: HttpRequest, serial: str) -> HttpResponse:
    token = request.GET["token"]
    raise RuntimeError(
        f"No mail to lea.learner@example.org from 203.0.113.9 ({request.get_full_path()}, token={token})"
    )


urlpatterns = [path("breaks/<str:serial>/", breaks, name="breaks"), *site_urlpatterns]


def test_a_request_is_one_line_with_its_route(client: Client, db: None, lines: Lines) -> None:
    client.get("/verify/ABCD-EFGH-JKLM/?name=Lea+Learner")
    (entry,) = lines.of("elearn.requests")
    assert sorted(entry) == [
        "level", "logger", "message", "method", "milliseconds", "request", "route", "status", "time",
    ]  # fmt: skip
    assert (entry["method"], entry["route"], entry["message"]) == (
        "GET",
        "verify:certificate",
        f"GET verify:certificate {entry['status']}",
    )
    assert "ABCD" not in lines.text
    assert "Lea" not in lines.text


def test_what_a_monitor_asks_every_second_is_no_line(client: Client, db: None, lines: Lines) -> None:
    client.get("/healthz")
    assert lines.entries == []


def test_a_wrong_password_tells_nothing_about_whose(learner: User, client: Client, lines: Lines) -> None:
    form = {"login": learner.email, "password": "not the right one"}
    response = client.post(reverse("account_login"), form, REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 200
    (entry,) = lines.of("elearn.requests")
    assert entry["route"] == "account_login"
    assert_nobody(lines, learner.email, "not the right one", "203.0.113.9")


def test_signing_up_tells_nothing(db: None, client: Client, lines: Lines) -> None:
    form = {"printed_name": "Nadia Newcomer", "email": "nadia@ministry.example", "password1": PASSWORD}
    form |= {"latin_name": "Nadia", "privacy_notice": "on"}
    assert client.post(reverse("account_signup"), form, REMOTE_ADDR="203.0.113.9").status_code == 302
    message = Message.objects.latest("pk")
    assert_nobody(lines, "Nadia", "nadia", PASSWORD, "203.0.113.9", message.body.split()[-1])
    assert len(lines.of("elearn.requests")) == 1


def test_an_address_that_is_not_there_is_not_repeated(db: None, client: Client, lines: Lines) -> None:
    assert client.get("/en/nothing/lea.learner@example.org/Lea-Learner/?next=/secret/").status_code == 404
    assert [entry["message"] for entry in lines.of("django.request")] == ["Not Found: none"]
    assert_nobody(lines, "lea.", "Lea", "secret")


def test_both_lines_about_a_404_name_the_same_request(db: None, client: Client, lines: Lines) -> None:
    response = client.get("/en/nothing/")
    assert {entry["request"] for entry in lines.entries} == {response["X-Request-ID"]}
    assert len(lines.entries) == 2


@override_settings(ROOT_URLCONF=__name__)
def test_an_error_has_its_trace_but_no_person(db: None, client: Client, lines: Lines) -> None:
    client.raise_request_exception = False
    assert client.get("/breaks/RKEG-QQF2-ZA7P/?token=s3cr3t").status_code == 500
    (entry,) = lines.of("django.request")
    assert entry["message"] == "Internal Server Error: breaks"
    assert "RuntimeError: No mail to [removed] from [removed]" in str(entry["error"])
    assert 'test_logs.py", line' in str(entry["error"])
    assert_nobody(lines, "lea.learner", "203.0.113.9", "s3cr3t", "example.org")


def test_a_form_from_elsewhere_does_not_tell_where_from(db: None, lines: Lines) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {}, secure=True, HTTP_REFERER="https://evil.example/lea@example.org/x")
    assert response.status_code == 403
    assert [entry["logger"] for entry in lines.entries if entry["level"] == "WARNING"] == ["django.security.csrf"]
    assert_nobody(lines, "lea@", "/x")


def test_mail_that_cannot_be_sent_tells_no_address(learner: User, settings: Settings, lines: Lines) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = sending.write(person=learner, reason="test", subject="Dear Lea", body="Your code: XKCDQRST")
    assert not pending.work(sending.KIND, message.pk)
    (entry,) = lines.of("elearn.core.pending")
    assert entry["message"] == f"Work messages.message {message.pk} failed"
    assert "ConnectionRefusedError" in str(entry["error"])
    assert_nobody(lines, learner.email, "Lea", "XKCDQRST")


def test_a_row_that_the_database_refuses_is_not_repeated(learner: User, lines: Lines) -> None:
    statement = "UPDATE people_user SET email = %s, printed_name = NULL WHERE id = %s"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, ["lea@example.org", learner.pk])
    except DatabaseError:
        logging.getLogger("elearn.test").exception("Refused")
    assert "IntegrityError" in lines.text
    assert_nobody(lines, "Lea Learner", "lea@")


SAID_AND_WRITTEN = [
    ("sent to a.b+c@x.example, o'hara@localhost", "sent to [removed], [removed]"),
    ("to=lea%40example.org", "to=[removed]"),
    ("<zoë@müller.example>", "<[removed]>"),
    ("{'lea@x.example': (550, b'unknown')}", "{'[removed]': (550, b'unknown')}"),
    ("from 203.0.113.9:443 and 2001:db8::7,", "from [removed]:443 and [removed],"),
    ("127.0.0.1 at 10:11:12, version 1.2.3 of 4.5.6.7.8", "127.0.0.1 at 10:11:12, version 1.2.3 of 4.5.6.7.8"),
    ("redis://name:pass@host:6379/0", "redis://host:6379/..."),
    ("see https://x.example/a/b?c=d#e now", "see https://x.example/... now"),
    ("password=x token: y code=12", "password=[removed] token: [removed] code=[removed]"),
    ("Authorization: Bearer abc", "Authorization: [removed]"),
    ("{'password': 'xy', 'n': 1}", "{'password': [removed], 'n': 1}"),
    (
        'duplicate key\nDETAIL:  Key (email)=(x) already exists.\nCONTEXT:  COPY people, line 3: "Lea"\nnext',
        "duplicate key\nDETAIL: [removed]\nCONTEXT: [removed]\nnext",
    ),
    (
        "invalid input syntax for type integer: \"Lea Learner\"\nLINE 1: SELECT 'Lea'\n         ^",
        "invalid input syntax for type integer: [removed]\nLINE 1: [removed]",
    ),
]


@pytest.mark.parametrize(("said", "written"), SAID_AND_WRITTEN)
def test_what_is_blotted_out_and_what_stays(said: str, written: str) -> None:
    assert logs.without_people(said) == written


def test_a_line_for_a_terminal_tells_no_more(lines: Lines) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.LineFormatter("{levelname} {message}", style="{"))
    logger = logging.getLogger("elearn.test")
    logger.addHandler(handler)
    try:
        raise ValueError("lea@example.org")
    except ValueError:
        logger.exception("About %s", "lea@example.org")
    finally:
        logger.removeHandler(handler)
    assert stream.getvalue().startswith("ERROR About [removed]\nTraceback")
    assert stream.getvalue().endswith("ValueError: [removed]\n")
    assert_nobody(lines, "lea@")  # Both forms at once: one must not hand the other its unblotted text.


@pytest.mark.parametrize(
    ("behind", "sent", "is_kept"),
    [
        (True, "abc-12345678", True),
        (False, "abc-12345678", False),
        (True, "lea@example.org", False),
        (True, "x", False),
    ],
)
def test_the_proxy_in_front_may_name_a_request(
    db: None, client: Client, settings: Settings, behind: bool, sent: str, is_kept: bool
) -> None:
    settings.BEHIND_PROXY = behind
    assert (client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"] == sent) is is_kept


def assert_nobody(lines: Lines, *traces: str) -> None:
    assert lines.text
    assert [trace for trace in traces if trace in lines.text] == []


# --- The other programs ------------------------------------------------------------------------------------------


@pytest.fixture
def python(tmp_path: object) -> Callable[..., list[str]]:
    """Run a program on the production form of logs; answer the lines that it wrote to standard error."""

    def run(*arguments: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "elearn.settings",
                "STATE_DIR": str(tmp_path),
                "DATABASE_URL": "",
                "CACHE_URL": "",
                "CELERY_BROKER_URL": "filesystem://",
                "LOG_FORMAT": "json",
                "PYTHONWARNINGS": "always:about lea",
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stderr.splitlines()

    return run


CELERY = """
import logging, warnings
from elearn.celery import app
app.log.setup(loglevel="WARNING", redirect_stdouts=True)
logging.getLogger("celery.worker").error("Cannot connect to redis://:pass@host:6379/1")
app.log.setup_task_loggers()
logging.getLogger("elearn.people.domain.erasure").info("Account 7 was erased.")
warnings.warn("about lea@example.org")
"""


def test_worker_and_sweeper_write_each_line_once_and_in_the_same_form(python: Callable[..., list[str]]) -> None:
    entries = [json.loads(line) for line in python("-c", CELERY)]
    assert [(entry["logger"], entry["message"]) for entry in entries[:2]] == [
        ("celery.worker", "Cannot connect to redis://host:6379/..."),
        ("elearn.people.domain.erasure", "Account 7 was erased."),
    ]
    assert [entry["logger"] for entry in entries[2:]] == ["py.warnings"]
    assert "lea@" not in entries[2]["message"]


GUNICORN = """
from gunicorn.app.wsgiapp import WSGIApplication
import sys
sys.argv = ["gunicorn", "--config", "python:elearn.gunicorn_settings", "elearn.wsgi"]
app = WSGIApplication("")
log = app.cfg.logger_class(app.cfg)
log.warning("Invalid request from ip=%s: %s", "203.0.113.9", "lea@example.org")
log.info("Starting")
"""


def test_the_web_server_writes_its_own_lines_in_the_same_form(python: Callable[..., list[str]]) -> None:
    (entry,) = [json.loads(line) for line in python("-c", GUNICORN)]
    assert (entry["level"], entry["logger"]) == ("WARNING", "gunicorn.error")
    assert entry["message"] == "Invalid request from ip=[removed]: [removed]"
