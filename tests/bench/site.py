"""A site of its own for the bench: a state folder, or a PostgreSQL database, that is thrown away, and gunicorn."""

import atexit
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
# What a browser sends with every request. Files of the site are not asked for here: they come from the cache.
BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "en-GB,en;q=0.9",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) bench",
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def size(self) -> int:
        """Bytes on the wire, headers and all."""
        lines = [f"{name}: {value}\r\n" for name, value in self.headers.items()]
        return len("HTTP/1.1 200 OK\r\n\r\n") + sum(map(len, lines)) + len(self.body)


@dataclass(frozen=True)
class Cpu:
    """CPU time used so far, in seconds. That of SQLite is the server's own."""

    server: float
    database: float


class OwnDatabase:
    """An empty PostgreSQL database beside the one named, and what its server processes cost."""

    def __init__(self, url: str) -> None:
        self.name = f"elearn_bench_{os.getpid()}"
        self.url = urlunsplit(urlsplit(url)._replace(path=f"/{self.name}"))
        self.connection = psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True)
        self.connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        self.connection.execute(f'CREATE DATABASE "{self.name}"')
        atexit.register(self.drop)

    def drop(self) -> None:
        atexit.unregister(self.drop)
        self.connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        self.connection.close()

    def settle(self) -> None:
        """Do at once what autovacuum does within minutes of rows arriving."""
        with psycopg.connect(self.url, autocommit=True) as own:
            own.execute("VACUUM ANALYZE")

    def cpu_seconds(self) -> float:
        rows = self.connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [self.name])
        return sum(nanoseconds(Path(f"/proc/{pid}/schedstat")) for (pid,) in rows) / 1e9


class Site:
    def __init__(self, *, learners: int, courses: int, travellers: int, database: OwnDatabase | None) -> None:
        self.database = database
        self.folder = tempfile.mkdtemp(prefix="elearn-bench-")
        atexit.register(self.throw_away)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
            "DEMO": "1",
            "STATE_DIR": self.folder,
            "PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            # A connection that were opened anew in the middle would take its CPU time with it.
            **({"DATABASE_URL": database.url, "CONN_MAX_AGE": "3600"} if database else {}),
        }
        for command in ("migrate -v0", "collectstatic --noinput -v0", "demo"):
            self.python("manage.py", *command.split())
        numbers = (str(number) for number in (learners, courses, travellers))
        self.known = json.loads(self.python("-m", "tests.bench.populate", *numbers))
        if database:
            database.settle()
        self.connection: http.client.HTTPConnection | None = None

    def throw_away(self) -> None:
        atexit.unregister(self.throw_away)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.database:
            self.database.drop()

    def python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def __enter__(self) -> "Site":
        # As `manage.py start` serves, but one worker, so that all CPU time is in one place.
        command = ["gunicorn", "elearn.wsgi:application", "--config", "python:elearn.gunicorn_settings"]
        command += ["--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "1", "--threads", "4", "--log-level", "error"]
        self.server = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=self.environment)
        patience = time.monotonic() + 60
        while time.monotonic() < patience:
            try:
                self.ask("/healthz")
                children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
                self.worker = int(children[0])
                return self
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
        self.__exit__()
        raise TimeoutError("The web server did not answer within 60 s.")

    def __exit__(self, *error: object) -> None:
        self._hang_up()
        self.server.terminate()
        self.server.wait()

    def ask(
        self, path: str, *, cookies: dict[str, str] | None = None, body: bytes | None = None, **more: str
    ) -> Answer:
        """One request on the one connection that is kept open, as browsers do."""
        headers = {**BROWSER, "Host": f"localhost:{self.port}"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())}
        for is_last in (False, True):
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.request("GET" if body is None else "POST", path, body=body, headers=headers)
                answer = self.connection.getresponse()
                return Answer(answer.status, answer.headers, answer.read())
            except (OSError, http.client.HTTPException):
                # The server closes a connection on which nothing was asked for two seconds.
                self._hang_up()
                if is_last:
                    raise
        raise AssertionError

    def _hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def cpu(self) -> Cpu:
        threads = Path(f"/proc/{self.worker}/task").iterdir()
        server = sum(nanoseconds(thread / "schedstat") for thread in threads) / 1e9
        return Cpu(server, self.database.cpu_seconds() if self.database else 0.0)


def nanoseconds(schedstat: Path) -> int:
    """CPU time of a thread, as the kernel counts it; 0 for one that has ended."""
    try:
        return int(schedstat.read_text().split()[0])
    except FileNotFoundError:
        return 0


def postgresql_at(url: str) -> bool:
    """Whether a PostgreSQL answers there that runs on this computer: elsewhere its CPU time cannot be read."""
    try:
        with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), connect_timeout=3) as connection:
            pid = connection.execute("SELECT pg_backend_pid()").fetchone()[0]  # type: ignore[index]
            return Path(f"/proc/{pid}/schedstat").exists()
    except psycopg.Error:
        return False
