import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from elearn.core import pending, state, views

ALL_OK = {"database": "ok", "migrations": "ok", "cache": "ok", "broker": "ok", "storage": "ok"}


@pytest.fixture
def broker_folder(settings: Settings) -> Path:
    state.make_folders(settings.STATE_DIR, settings.BROKER_DIR)
    return settings.BROKER_DIR / "queue"


def test_healthz_asks_no_database(client: Client) -> None:
    # Without the `db` fixture any query would fail this test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_when_all_answers(db: None, client: Client, broker_folder: Path) -> None:
    pending.sweep()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "parts": ALL_OK, "background": "ok"})


@pytest.mark.parametrize(("ago", "said"), [(None, "not seen"), (1, "ok"), (119, "ok"), (130, "late")])
def test_readyz_says_when_nobody_sweeps_and_stays_ready(
    db: None, client: Client, broker_folder: Path, settings: Settings, ago: int | None, said: str
) -> None:
    settings.SWEEP_SECONDS = 15
    if ago is not None:
        cache.set(pending.SWEPT, time.time() - ago, timeout=None)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["background"]) == (200, said)


def test_readyz_names_the_broker_that_does_not_answer(db: None, client: Client, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.BROKER_DIR = settings.STATE_DIR / "not-there"
    assert_failing(client, "broker")


def test_readyz_names_missing_migrations(db: None, client: Client, broker_folder: Path) -> None:
    views._migrated.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    assert_failing(client, "migrations")


def test_readyz_names_the_storage_that_cannot_be_written(
    db: None, client: Client, broker_folder: Path, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path / "file" / "private")}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    assert_failing(client, "storage")


def test_readyz_names_the_cache_that_forgets(db: None, client: Client, broker_folder: Path, settings: Settings) -> None:
    forgetful = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {**settings.CACHES, "default": forgetful}
    assert_failing(client, "cache")


def assert_failing(client: Client, part: str) -> None:
    response = client.get("/readyz")
    found = response.json()
    assert (response.status_code, found["ready"], found["parts"]) == (503, False, {**ALL_OK, part: "failing"})


def test_readyz_answers_when_nothing_else_does(tmp_path: Path) -> None:
    """Database, cache and broker refuse to be reached; what is left says so, in seconds, and names no address."""
    code = (
        "import django; django.setup(); from django.test import Client; answer = Client().get('/readyz');"
        "print(answer.status_code, answer.content.decode())"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "elearn.settings", "STATE_DIR": str(tmp_path)}
    environment |= {"DATABASE_URL": "postgres://name:pass@127.0.0.1:1/none", "CACHE_URL": "redis://127.0.0.1:1/1"}
    environment |= {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "METRICS_TOKEN": ""}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, cwd=site.BASE_DIR, env=environment, capture_output=True, text=True, timeout=40)
    status, _space, body = done.stdout.partition(" ")
    failing = dict.fromkeys(("database", "migrations", "cache", "broker"), "failing")
    assert (status, json.loads(body)) == (
        "503",
        {"ready": False, "parts": {**failing, "storage": "ok"}, "background": "not seen"},
    )
    assert [part for part in failing if f"Not ready: {part} (" not in done.stderr] == []
    assert "name:pass" not in done.stderr


def test_a_state_folder_that_is_not_there_is_made_or_named(tmp_path: Path) -> None:
    def showmigrations(folder: Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "elearn.settings", "STATE_DIR": str(folder)}
        return subprocess.run(
            [sys.executable, "manage.py", "showmigrations", "core", "--skip-checks"],
            cwd=site.BASE_DIR,
            env={**environment, "DATABASE_URL": "", "CACHE_URL": ""},
            capture_output=True,
            text=True,
        )

    assert showmigrations(tmp_path / "new" / "var").returncode == 0
    (tmp_path / "file").write_text("no folder")
    refused = showmigrations(tmp_path / "file" / "var")
    assert refused.returncode == 1
    assert refused.stderr == f"elearn: STATE_DIR: {tmp_path / 'file' / 'var'} cannot be made: Not a directory.\n"


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
