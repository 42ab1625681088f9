"""The real site as `make run` starts it, on a state folder (and database) of its own, and a browser to use it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect, sync_playwright

from tests.reporting import CHROMIUM

START_SECONDS = 240
# Milliseconds to wait for what a page is to show: usually one second, many where other files of tests run beside it.
PATIENCE = 30_000
REDIS_DATABASES = range(10, 15)  # the last one, 15, is the one that tests/certificates empties
# Without these, the browser looks for its maker's servers at every start.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def site_folder() -> Iterator[Path]:
    """The state folder of the running site; the mail of the demo lies there as files."""
    with tempfile.TemporaryDirectory(prefix="elearn-journey-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def site_variables(site_folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which the site runs, and in which its commands must run."""
    with own_database() as database_url:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        variables = {name: value for name, value in os.environ.items() if name not in ("CACHE_URL", "SECRET_KEY")}
        variables |= {"DEMO": "1", "PORT": str(port), "STATE_DIR": str(site_folder), "DATABASE_URL": database_url}
        variables["CELERY_BROKER_URL"] = own_broker()
        yield variables | {"DJANGO_SETTINGS_MODULE": "elearn.settings"}


@pytest.fixture(scope="session")
def site(site_variables: dict[str, str]) -> Iterator[str]:
    """The address of a running site: web server, worker and sweeper, the shipped course and the demo people.

    Files of tests share it in any order: what one of them does to a person's login, it must undo.
    """
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start"],
        cwd=settings.BASE_DIR,
        env=site_variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_ready(process)
        yield f"http://localhost:{site_variables['PORT']}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


said: deque[str] = deque(maxlen=60)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Beside a journey that failed stands what the site printed last."""
    report: pytest.TestReport = yield
    if report.failed and said:
        report.sections.append(("The site said last", "".join(said)))
    return report


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Return when the site says that it is ready; what it prints later is shown with a test that fails."""
    ready = threading.Event()

    def listen() -> None:
        for line in process.stdout or ():
            said.append(line)
            if line.startswith("Ready:"):
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    if not ready.wait(START_SECONDS) or process.poll() is not None:
        pytest.fail("The site did not start. It said:\n" + "".join(said))


def own_broker() -> str:
    """A broker that no other process of the tests uses: two sites on one would take each other's wake-ups.

    Of Redis's sixteen databases those after the one that was given; the embedded broker lies in the state folder.
    """
    url, worker = os.environ.get("CELERY_BROKER_URL", ""), int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    if not url.startswith("redis") or worker >= len(REDIS_DATABASES):
        return "filesystem://localhost"
    return urlunsplit(urlsplit(url)._replace(path=f"/{REDIS_DATABASES[worker]}"))


class own_database:
    """An empty database beside the one that the other tests use; SQLite keeps its own in the state folder."""

    def __init__(self) -> None:
        self.url = os.environ.get("DATABASE_URL", "")
        self.name = f"elearn_journey_{os.getpid()}"

    def __enter__(self) -> str:
        if not self.url.startswith("postgres"):
            return self.url
        self._run(f'DROP DATABASE IF EXISTS "{self.name}"', f'CREATE DATABASE "{self.name}"')
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{self.name}"))

    def __exit__(self, *error: object) -> None:
        if self.url.startswith("postgres"):
            self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _run(self, *statements: str) -> None:
        maintenance = urlunsplit(urlsplit(self.url)._replace(path="/postgres"))
        with psycopg.connect(maintenance, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed after each file: while it is open, its event loop forbids Django's database in the same process."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shipped_course() -> Path:
    return settings.BASE_DIR / "courses" / "curricula" / "training-of-trainers"
