from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from elearn.core import state, views

ALL_OK = {"database": "ok", "migrations": "ok", "cache": "ok", "broker": "ok"}


@pytest.fixture
def broker_folder(settings: Settings) -> Path:
    state.make_folders(settings.STATE_DIR, settings.BROKER_DIR)
    return settings.BROKER_DIR / "queue"


def test_healthz_asks_no_database(client: Client) -> None:
    # Without the `db` fixture any query would fail this test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_when_all_answers(db: None, client: Client, broker_folder: Path) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "parts": ALL_OK})


def test_readyz_names_the_broker_that_does_not_answer(db: None, client: Client, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.BROKER_DIR = settings.STATE_DIR / "not-there"
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"ready": False, "parts": {**ALL_OK, "broker": "failing"}})


def test_readyz_names_missing_migrations(db: None, client: Client, broker_folder: Path) -> None:
    views._migrated.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"ready": False, "parts": {**ALL_OK, "migrations": "failing"}},
    )


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
