"""Backup and restore between two places of the test's own, of the kind of database that the other tests use."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import ConnectionHandler

from elearn.core import archives, backups, dumps, state
from elearn.core.backups import BackupRefused, Place
from tests.core.places import FILES, Ground, assert_untouched, manifest, rows, stored, written_by_hand


def test_what_was_backed_up_comes_back_row_for_row_and_byte_for_byte(ground: Ground) -> None:
    before = rows(ground.full.database)
    target = ground.safe / "all.tar.gz"
    assert backups.backup(target, ground.full) == len(FILES)
    assert oct(target.stat().st_mode & 0o777) == "0o600"
    assert [path.name for path in ground.safe.iterdir()] == ["all.tar.gz"]
    found = backups.restore(target, ground.empty)
    assert found.database == connection.vendor
    assert len(before["people"]) == 50
    assert rows(ground.empty.database) == before == rows(ground.full.database)
    assert stored(ground.empty) == FILES == stored(ground.full)
    modes = {name: oct((ground.empty.state / name).stat().st_mode & 0o777) for name in FILES}
    assert {mode for name, mode in modes.items() if not name.startswith("media/")} == {"0o600"}
    assert {mode for name, mode in modes.items() if name.startswith("media/")} == {"0o644"}


def test_the_archive_can_be_checked_by_hand(ground: Ground) -> None:
    opened = ground.safe / "opened"
    opened.mkdir()
    subprocess.run(["tar", "xzf", ground.whole], cwd=opened, check=True)
    done = subprocess.run(["sha256sum", "-c", archives.SUMS], cwd=opened, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(": OK\n") == len(FILES) + 2


def test_backup_leaves_out_what_is_made_anew(ground: Ground) -> None:
    made_anew = ("static/site.css", "broker/queue/x", "cache.sqlite3", "beat-schedule", "lock", "metrics/x.db")
    for name in made_anew:
        (ground.full.state / name).parent.mkdir(parents=True, exist_ok=True)
        (ground.full.state / name).write_text("x")
    (ground.full.state / "media" / "link").symlink_to("/etc/passwd")
    try:
        backups.backup(ground.safe / "all.tar.gz", ground.full)
    finally:
        (ground.full.state / "media" / "link").unlink()
        for name in made_anew:
            (ground.full.state / name).unlink()
    backups.restore(ground.safe / "all.tar.gz", ground.empty)
    assert stored(ground.empty) == FILES


def test_backup_while_others_write_holds_one_moment(ground: Ground) -> None:
    """A transaction writes the same number to two tables: a backup that read them at two moments would disagree."""
    with ground.full.database.cursor() as cursor:
        cursor.execute("CREATE TABLE pair_a (n integer)")
        cursor.execute("CREATE TABLE pair_z (n integer)")
    writer = ConnectionHandler({"default": dict(ground.full.database.settings_dict)})["default"]
    writer.inc_thread_sharing()
    stop, written = threading.Event(), []

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with writer.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("INSERT INTO pair_a VALUES (%s)", [number])
                cursor.execute("INSERT INTO pair_z VALUES (%s)", [number])
                cursor.execute("COMMIT")
            written.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while len(written) < 20:
            time.sleep(0.01)
        started = len(written)
        backups.backup(ground.safe / "all.tar.gz", ground.full)
        ended = len(written)
    finally:
        stop.set()
        thread.join()
        writer.close()
        with ground.full.database.cursor() as cursor:
            cursor.execute("DROP TABLE pair_a")
            cursor.execute("DROP TABLE pair_z")
    backups.restore(ground.safe / "all.tar.gz", ground.empty)
    found = rows(ground.empty.database)
    assert found["pair_a"] == found["pair_z"]
    assert started <= len(found["pair_a"]) <= ended + 1


def test_a_file_that_vanishes_meanwhile_is_left_out(ground: Ground) -> None:
    target = ground.safe / "archive"
    there = ground.full.state / "keys" / "issuer.pem"
    with target.open("wb") as out:
        assert archives.pack(out, [("keys/gone", there.with_name("gone")), ("keys/issuer.pem", there)]) == 1


# --- Refused when backing up -------------------------------------------------------------------------------------


def test_backup_overwrites_nothing(ground: Ground) -> None:
    target = ground.safe / "all.tar.gz"
    target.write_text("an older one")
    with pytest.raises(BackupRefused, match="exists already"):
        backups.backup(target, ground.full)
    assert target.read_text() == "an older one"


def test_backup_into_the_folder_that_it_saves_is_refused(ground: Ground) -> None:
    with pytest.raises(BackupRefused, match="itself saved, or even served"):
        backups.backup(ground.full.state / "media" / "all.tar.gz", ground.full)


def test_backup_into_a_folder_that_is_not_there_says_so(ground: Ground) -> None:
    with pytest.raises(BackupRefused, match="cannot be written: No such file or directory"):
        backups.backup(ground.safe / "not-there" / "all.tar.gz", ground.full)
    assert list(ground.safe.iterdir()) == []


def test_a_link_that_leads_nowhere_is_not_written_through(ground: Ground) -> None:
    (ground.safe / "all.tar.gz").symlink_to(ground.safe / "elsewhere")
    with pytest.raises(BackupRefused, match="exists already"):
        backups.backup(ground.safe / "all.tar.gz", ground.full)


# --- Refused when restoring --------------------------------------------------------------------------------------


def test_restore_into_a_database_with_tables_is_refused(ground: Ground) -> None:
    with ground.empty.database.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (n integer)")
    with pytest.raises(BackupRefused, match="not empty: it has 1 tables"):
        backups.restore(ground.whole, ground.empty)
    assert rows(ground.empty.database) == {"kept": []}
    assert stored(ground.empty) == {}


@pytest.mark.parametrize("name", ["media/a", "private/deep/b", "keys/c", "mail/d"])
def test_restore_over_files_is_refused(ground: Ground, name: str) -> None:
    (ground.empty.state / name).parent.mkdir(parents=True)
    (ground.empty.state / name).write_text("kept")
    with pytest.raises(BackupRefused, match="already holds files"):
        backups.restore(ground.whole, ground.empty)
    assert stored(ground.empty) == {name: b"kept"}
    assert dumps.tables(ground.empty.database) == 0


def test_a_database_that_does_not_load_leaves_the_place_empty(ground: Ground) -> None:
    """The files were moved before; they go again, and the demo's own key is as it was."""
    (ground.empty.state / "secret_key").write_text("the key of the second place")
    members = [
        (backups.MANIFEST, manifest(ground)),
        (dumps.FILES[connection.vendor], b"no database at all" * 100),
        ("secret_key", b"another key"),
        ("media/a/b/c", b"c"),
    ]
    with pytest.raises(BackupRefused, match="The database could not be loaded"):
        backups.restore(written_by_hand(ground.safe / "broken", members), ground.empty)
    assert stored(ground.empty) == {"secret_key": b"the key of the second place"}
    assert not (ground.empty.state / "media").exists()
    assert dumps.tables(ground.empty.database) == 0
    backups.restore(ground.whole, ground.empty)
    assert stored(ground.empty) == FILES


def test_what_a_killed_restore_left_is_removed_by_the_next(ground: Ground) -> None:
    leftover = ground.empty.state / f"{state.UNFINISHED}abc"
    leftover.mkdir()
    (leftover / "database.dump").write_text("x")
    backups.restore(ground.whole, ground.empty)
    assert stored(ground.empty) == FILES


# --- As an operator calls it -------------------------------------------------------------------------------------


@pytest.fixture
def environment(ground: Ground) -> Callable[[Place], dict[str, str]]:
    def of(place: Place) -> dict[str, str]:
        url = settings.DATABASE_URL.rpartition("/")[0] + f"/{place.database.settings_dict['NAME']}"
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "elearn.settings",
            "STATE_DIR": str(place.state),
            "DATABASE_URL": url if connection.vendor == "postgresql" else "",
            "CACHE_URL": "",
        }

    return of


def manage(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_backup_that_is_told_to_stop_leaves_nothing(
    ground: Ground, environment: Callable[[Place], dict[str, str]]
) -> None:
    with (ground.full.state / "media" / "film").open("wb") as film:
        film.truncate(8 << 30)
    process = manage(environment(ground.full), "backup", str(ground.safe / "all.tar.gz"))
    deadline = time.monotonic() + 60
    while not any(ground.safe.glob(f"{state.UNFINISHED}*/archive")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    (ground.full.state / "media" / "film").unlink()
    assert process.returncode == 128 + signal.SIGTERM
    assert list(ground.safe.iterdir()) == []


def test_restore_while_the_site_runs_is_refused(ground: Ground, environment: Callable[[Place], dict[str, str]]) -> None:
    ground.empty.database.close()
    lock = state.lock(ground.empty.state)
    try:
        process = manage(environment(ground.empty), "restore", str(ground.whole))
        _output, said = process.communicate(timeout=60)
    finally:
        os.close(lock)
    assert process.returncode == 1
    assert said.startswith(f"CommandError: The site is running in {ground.empty.state} (process {os.getpid()})")
    (ground.empty.state / "lock").unlink()
    assert_untouched(ground.empty)


# --- PostgreSQL --------------------------------------------------------------------------------------------------


@pytest.fixture
def spied_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PostgreSQL's own tools, which note how they were called before they do their work."""
    folder, notes = tmp_path / "bin", tmp_path / "called"
    folder.mkdir()
    for tool in ("pg_dump", "pg_restore"):
        real = shutil.which(tool)
        (folder / tool).write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" "PGPASSWORD=$PGPASSWORD" >>"{notes}"\nexec {real} "$@"\n'
        )
        (folder / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return notes


@pytest.mark.postgresql
def test_no_password_stands_on_a_command_line(
    ground: Ground, spied_tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "p@ss w'rd:/\\\"%é$(id)"
    for place in (ground.full, ground.empty):  # The server of the tests trusts anybody.
        place.database.close()
        monkeypatch.setitem(place.database.settings_dict, "PASSWORD", password)
    backups.backup(ground.safe / "all.tar.gz", ground.full)
    backups.restore(ground.safe / "all.tar.gz", ground.empty)
    assert stored(ground.empty) == FILES
    called = spied_tools.read_text()
    assert called.count(f"PGPASSWORD={password}\n") == 2
    assert called.count(password) == 2


@pytest.mark.postgresql
def test_options_of_the_connection_reach_the_tools(
    ground: Ground, spied_tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.full.database.close()
    options = {"sslmode": "disable", "application_name": "it's us"}
    monkeypatch.setitem(ground.full.database.settings_dict, "OPTIONS", options)
    backups.backup(ground.safe / "all.tar.gz", ground.full)
    assert r"sslmode=disable application_name='it\'s us'" in spied_tools.read_text()


@pytest.mark.postgresql
def test_missing_tools_are_named_and_nothing_is_left(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupRefused, match=r"pg_dump was not found\. Install PostgreSQL's client programs"):
        backups.backup(ground.safe / "second.tar.gz", ground.full)
    with pytest.raises(BackupRefused, match="pg_restore was not found"):
        backups.restore(ground.whole, ground.empty)
    assert_untouched(ground.empty)
    assert list(ground.safe.iterdir()) == []


@pytest.mark.postgresql
def test_restore_while_others_are_connected_is_refused(ground: Ground) -> None:
    other = ConnectionHandler({"default": dict(ground.empty.database.settings_dict)})["default"]
    other.ensure_connection()
    try:
        with pytest.raises(BackupRefused, match="1 other programs are connected to the database"):
            backups.restore(ground.whole, ground.empty)
    finally:
        other.close()
    assert_untouched(ground.empty)
