"""Fifty certificates through two kill -9 of the worker and one loss of everything the broker held.

Everything real and of its own: a database copied from the migrated test database, a state folder, a broker, a Celery
worker and Celery beat as the sweeper.
"""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from elearn.messages.models import Message

CERTIFICATES = 50
PATIENCE = 120  # seconds for everything; some 20 on a quiet machine
REDIS_DATABASE = 15  # emptied by this test, so nobody else's

SEED = """
import uuid
import django
django.setup()
from django.utils import timezone
from courses.models import Course, Edition, Enrolment
from elearn.people.models import User
course = Course.objects.create(key=uuid.uuid4(), code="durable")
module = {"key": str(uuid.uuid4()), "code": "only", "units": []}
variant = {"kind": "full", "languages": ["en"], "modules": [module]}
manifest = {"award": "completion", "titles": {}, "variants": [variant]}
edition = Edition.objects.create(course=course, number=1, manifest=manifest)
for number in range(%d):
    person = User.objects.create(email=f"durable{number}@example.org", printed_name=f"Durable Learner {number}")
    Enrolment.objects.create(
        person=person, course=course, edition=edition, state="completed", completed_at=timezone.now()
    )
"""


@dataclass
class OwnWorld:
    """A state folder, a database and a broker that nothing else uses, and the processes that work on them."""

    folder: Path
    environment: dict[str, str]
    ask: Callable[[str], list[tuple]]
    running: list[subprocess.Popen] = field(default_factory=list)

    def run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], env=self.environment, cwd=settings.BASE_DIR, check=True)

    def start(self, *arguments: str) -> subprocess.Popen:
        log = (self.folder / "log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--quiet", "--skip-checks", "-A", "elearn", *arguments],
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.running.append(process)
        return process

    def start_worker(self) -> subprocess.Popen:
        return self.start("worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat")

    def start_sweeper(self) -> subprocess.Popen:
        return self.start("beat")

    def kill_hard(self, process: subprocess.Popen) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wipe_broker(self) -> None:
        url = self.environment["CELERY_BROKER_URL"]
        if url.startswith("filesystem:"):
            rmtree(self.folder / "broker", ignore_errors=True)
        else:
            import redis

            with closing(redis.Redis.from_url(url)) as server:
                server.flushdb()

    def rendered(self) -> int:
        ((count,),) = self.ask("SELECT count(*) FROM certificates_certificate WHERE work_done_at IS NOT NULL")
        return count

    def wait_for(self, wanted: int, deadline: float) -> int:
        while (rendered := self.rendered()) < wanted:
            assert time.monotonic() < deadline, f"{rendered} of {wanted}:\n{(self.folder / 'log').read_text()[-4000:]}"
            time.sleep(0.05)
        return rendered


@pytest.fixture
def own_world(tmp_path: Path, db: None) -> Iterator[OwnWorld]:
    copy = copied_sqlite if connection.vendor == "sqlite" else copied_postgresql
    with closing(copy(tmp_path)) as database:
        url, ask = next(database)
        world = OwnWorld(
            folder=tmp_path,
            environment={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "elearn.settings",
                "DEMO": "1",
                "SECRET_KEY": "only-for-tests",
                "STATE_DIR": str(tmp_path),
                "DATABASE_URL": url,
                "CACHE_URL": "",
                "CELERY_BROKER_URL": own_broker(),
                "PENDING_LEASE_SECONDS": "3",
                "SWEEP_SECONDS": "1",
            },
            ask=ask,
        )
        world.wipe_broker()
        try:
            yield world
        finally:
            for process in world.running:
                if process.poll() is None:
                    world.kill_hard(process)
            world.wipe_broker()


def copied_sqlite(folder: Path) -> Iterator[tuple[str, Callable[[str], list[tuple]]]]:
    path = folder / "db.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as migrated, closing(sqlite3.connect(path)) as copy:
        migrated.backup(copy)

    def ask(query: str) -> list[tuple]:
        with closing(sqlite3.connect(path, timeout=20)) as database:
            return database.execute(query).fetchall()

    yield f"sqlite:///{path}", ask


def copied_postgresql(folder: Path) -> Iterator[tuple[str, Callable[[str], list[tuple]]]]:
    import psycopg

    given = connection.settings_dict
    name = f"{given['NAME']}_durable"
    access = {
        "host": given["HOST"] or None,
        "port": given["PORT"] or None,
        "user": given["USER"] or None,
        "password": given["PASSWORD"] or None,
    }
    connection.close()  # A database is copied only while nobody is connected to it.

    def administer(statement: str) -> None:
        with psycopg.connect(dbname="postgres", autocommit=True, **access) as server:
            server.execute(statement)

    def ask(query: str) -> list[tuple]:
        with psycopg.connect(dbname=name, **access) as database:
            return database.execute(query).fetchall()

    administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    administer(f'CREATE DATABASE "{name}" TEMPLATE "{given["NAME"]}"')
    try:
        yield urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl(), ask
    finally:
        administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def own_broker() -> str:
    url = settings.CELERY_BROKER_URL
    return urlsplit(url)._replace(path=f"/{REDIS_DATABASE}").geturl() if url.startswith("redis") else "filesystem://"


def test_fifty_certificates_survive_kills_and_a_wiped_broker(own_world: OwnWorld):
    deadline = time.monotonic() + PATIENCE
    own_world.run("-c", SEED % CERTIFICATES)
    own_world.start_sweeper()

    worker = own_world.start_worker()
    own_world.wait_for(10, deadline)
    own_world.kill_hard(worker)
    own_world.wipe_broker()
    assert 10 <= own_world.rendered() < CERTIFICATES

    worker = own_world.start_worker()
    own_world.wait_for(25, deadline)
    own_world.kill_hard(worker)
    assert 25 <= own_world.rendered() < CERTIFICATES

    own_world.start_worker()
    assert own_world.wait_for(CERTIFICATES, deadline) == CERTIFICATES

    rows = own_world.ask("SELECT enrolment_id, serial, pdf, pdf_sha256, leased_until FROM certificates_certificate")
    stored = own_world.folder / "private" / "certificates"
    assert len({enrolment for enrolment, *_rest in rows}) == len(rows) == CERTIFICATES
    assert sorted(file.name for file in stored.iterdir()) == sorted(f"{serial}.pdf" for _e, serial, *_rest in rows)
    assert [
        serial
        for _enrolment, serial, pdf, digest, leased_until in rows
        if hashlib.sha256((own_world.folder / "private" / pdf).read_bytes()).hexdigest() != digest or leased_until
    ] == []
    assert own_world.ask("SELECT count(*) FROM certificates_certificateevent") == [(CERTIFICATES,)]
    assert own_world.ask(f"SELECT count(*) FROM {Message._meta.db_table}") == [(CERTIFICATES,)]
