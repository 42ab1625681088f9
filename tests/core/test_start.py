import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from elearn.core import state

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def manage(tmp_path: Path) -> Run:
    """Run manage.py as an operator would, with the variables given and no others of ours."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "STATE_DIR": str(tmp_path / "var")}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={**clean, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


PRODUCTION = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "learn.example.org",
    "SITE_URL": "https://learn.example.org",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "DATABASE_URL": "sqlite:////nowhere/db.sqlite3",
}


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "CELERY_BROKER_URL", "EMAIL_URL"])
def test_start_in_production_names_the_missing_setting(manage: Run, name: str) -> None:
    result = manage("start", **{key: value for key, value in PRODUCTION.items() if key != name})
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"elearn: {name} is not set.")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "abc", "elearn: PORT is 'abc'; it must be a whole number, 1 or more.\n"),
        (
            "DEBUG",
            "perhaps",
            "elearn: DEBUG is 'perhaps'; it must be one of: 0, 1, true, false, yes, no.\n",
        ),
    ],
)
def test_start_names_the_bad_value(manage: Run, name: str, value: str, message: str) -> None:
    result = manage("start", **{"DEMO": "1", name: value})
    assert (result.returncode, result.stdout, result.stderr) == (1, "", message)


def test_start_refuses_the_demo_on_a_public_host(manage: Run) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = manage("start", DEMO="1", ALLOWED_HOSTS="learn.example.org", PORT=str(port))
    assert result.returncode == 1
    assert "DEMO=1 together with the public host learn.example.org." in result.stderr
    assert "Traceback" not in result.stderr


def test_start_on_a_taken_port_says_so_before_anything_slow(manage: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = manage("start", DEMO="1", PORT=str(port))
    assert result.returncode == 1
    assert result.stderr == (
        f"CommandError: Port {port} on 127.0.0.1 cannot be used: Address already in use. "
        f"Choose another one, for example: make run PORT={min(port, 65_000) + 1}\n"
    )
    assert not (tmp_path / "var" / "db.sqlite3").exists()


def test_start_in_a_folder_in_use_says_so(manage: Run, tmp_path: Path) -> None:
    descriptor = state.lock(tmp_path / "var")
    try:
        result = manage("start", DEMO="1")
    finally:
        os.close(descriptor)
    assert result.returncode == 1
    assert result.stderr == (
        f"CommandError: The site already runs in {tmp_path / 'var'} (process {os.getpid()}). "
        "Stop that one first, or give this one a folder of its own with STATE_DIR.\n"
    )


def test_reset_refuses_while_the_site_runs(manage: Run, tmp_path: Path) -> None:
    descriptor = state.lock(tmp_path / "var")
    (tmp_path / "var" / "db.sqlite3").write_text("records")
    try:
        result = manage("reset", DEMO="1")
    finally:
        os.close(descriptor)
    assert result.returncode == 1
    assert "Nothing was removed." in result.stderr
    assert (tmp_path / "var" / "db.sqlite3").read_text() == "records"


def test_reset_removes_what_the_site_wrote_and_nothing_else(manage: Run, tmp_path: Path) -> None:
    var = tmp_path / "var"
    state.make_folders(var, var / "broker")
    ours = ("db.sqlite3", "db.sqlite3-wal", "cache.sqlite3", "media/picture.png", "private/proof.pdf")
    for name in (*ours, "diary.txt"):
        (var / name).write_text("x")
    result = manage("reset", DEMO="1")
    assert (result.returncode, result.stderr) == (0, "")
    assert [path.name for path in var.iterdir()] == ["diary.txt"]


def test_reset_outside_the_demo_is_refused(manage: Run) -> None:
    result = manage("reset", **PRODUCTION)
    assert result.returncode == 1
    assert result.stderr == "CommandError: This empties the demo only. Set DEMO=1 if that is what this is.\n"


def test_demo_key_is_made_once_and_for_its_owner_alone(manage: Run, tmp_path: Path) -> None:
    show = ("shell", "-v", "0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)")
    first, second = manage(*show, DEMO="1"), manage(*show, DEMO="1")
    key = tmp_path / "var" / "secret_key"
    assert first.stdout == second.stdout == f"{key.read_text()}\n"
    assert len(key.read_text()) > 50
    assert oct(key.stat().st_mode & 0o777) == "0o600"
    assert [path.name for path in key.parent.iterdir()] == ["secret_key"]
