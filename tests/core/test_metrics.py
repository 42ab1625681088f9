"""The numbers for a monitor: who may read them, what they say, and that the processes of the web server add up."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from courses.models import Course, Enrolment
from elearn.core import gauges, pending
from elearn.messages.domain import sending
from elearn.messages.models import Message
from elearn.people.models import User

TOKEN = "a-long-token"


@pytest.fixture
def ask(db: None, client: Client, settings: Settings) -> Callable[[], dict[str, float]]:
    """What a monitor with the right token reads."""
    settings.METRICS_TOKEN = TOKEN
    settings.METRICS_DIR.mkdir(parents=True, exist_ok=True)

    def read() -> dict[str, float]:
        response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200
        assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert "no-store" in response["Cache-Control"]
        return numbers(response.content.decode())

    return read


def numbers(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in lines}


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", "Bearer \xe9"])
def test_without_the_token_there_is_nothing_here(db: None, client: Client, settings: Settings, given: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    response = client.get("/metrics", headers={"Authorization": given}, follow=True)
    assert response.status_code == 404
    assert b"elearn_" not in response.content


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer None"])
def test_a_site_without_a_token_has_no_numbers(db: None, client: Client, settings: Settings, given: str) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": given}, follow=True).status_code == 404


def test_work_is_told_by_kind(ask: Callable[[], dict[str, float]], learner: User) -> None:
    for number in range(3):
        sending.write(person=learner, reason=f"test {number}", subject="s", body="b")
    Message.objects.filter(reason="test 0").update(work_done_at=timezone.now())
    Message.objects.filter(reason="test 1").update(
        work_tries=2, work_due_at=timezone.now() + timezone.timedelta(hours=1)
    )
    Message.objects.filter(reason="test 2").update(work_due_at=timezone.now() - timezone.timedelta(hours=1))
    found = ask()
    mail = f'{{kind="{sending.KIND}"}}'
    assert found[f"elearn_work_outstanding{mail}"] == 2
    assert found[f"elearn_work_failing{mail}"] == 1
    assert 3600 <= found[f"elearn_work_oldest_seconds{mail}"] < 3660
    assert found['elearn_work_outstanding{kind="certificates.certificate"}'] == 0
    assert found["elearn_database_up"] == 1


def test_enrolments_under_way_are_counted(
    ask: Callable[[], dict[str, float]], course: Course, enrolment: Enrolment, stranger: User
) -> None:
    assert ask()["elearn_enrolments_active"] == 1
    Enrolment.objects.update(state="withdrawn")
    assert ask()["elearn_enrolments_active"] == 0


def test_asking_costs_one_query_a_number(
    ask: Callable[[], dict[str, float]], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(len(pending.kinds()) + len(gauges.all_gauges())):
        ask()


def test_the_age_of_the_last_sweep_is_told(ask: Callable[[], dict[str, float]]) -> None:
    assert ask()["elearn_sweep_age_seconds"] == float("inf")
    pending.sweep()
    assert 0 <= ask()["elearn_sweep_age_seconds"] < 10
    cache.set(pending.SWEPT, time.time() - 600, timeout=None)
    assert 600 <= ask()["elearn_sweep_age_seconds"] < 610


def test_a_database_that_does_not_answer_leaves_the_other_numbers(ask: Callable[[], dict[str, float]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE courses_enrolment RENAME TO gone")
    found = ask()
    assert found["elearn_database_up"] == 0
    assert "elearn_enrolments_active" not in found
    assert found["elearn_sweep_age_seconds"] == float("inf")


# --- The web server ----------------------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[..., tuple[int, str]]]:
    """gunicorn with two workers, as the settings that ship with the site start it; its database has no tables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").write_bytes(b"of a process that died long ago")
    (tmp_path / "static").mkdir()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "elearn.settings", "STATE_DIR": str(tmp_path)}
    environment |= {"DATABASE_URL": "", "CACHE_URL": "", "CELERY_BROKER_URL": "filesystem://", "METRICS_TOKEN": TOKEN}
    environment |= {"PORT": str(port), "WEB_WORKERS": "2", "WEB_THREADS": "2"}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:elearn.gunicorn_settings", "elearn.wsgi"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=(tmp_path / "log").open("w"))

    def get(path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            asking.request(method, path, headers={"Host": "localhost", **headers})
            answer = asking.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            asking.close()

    try:
        wait_until_it_answers(get)
        yield get
    finally:
        process.terminate()
        process.wait(30)


def wait_until_it_answers(get: Callable[..., tuple[int, str]]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            get("/healthz")
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("The web server did not start.")


def test_counts_of_all_processes_add_up_and_name_routes_only(
    served: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    folder = tmp_path / "metrics"
    assert not (folder / "counter_1.db").exists()
    asked = 0
    while asked < 40 or (len(list(folder.glob("counter_*.db"))) < 2 and asked < 4000):
        asked += 1
        assert served(f"/cms/login/?next=/lea{asked}@example.org")[0] == 302
    invented = served("/cms/login/", "LEA")[0]
    served("/static/css/nobody@example.org.css")
    status, text = served("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert len(list(folder.glob("counter_*.db"))) == 2
    routes = set(re.findall(r'route="([^"]*)"', text))
    assert "static" in routes
    (route,) = routes - {"static"}
    found = numbers(text)
    assert found[f'elearn_requests_total{{method="GET",route="{route}",status="302"}}'] == asked
    assert found[f'elearn_requests_total{{method="other",route="{route}",status="{invented}"}}'] == 1
    assert found[f'elearn_request_seconds_count{{route="{route}"}}'] == asked + 1
    assert found["elearn_database_up"] == 0  # Nothing was migrated here, and the rest is told all the same.
    assert "lea" not in text.replace("elearn", "")
    assert "example" not in text


def test_without_a_token_no_library_is_loaded_and_nothing_is_written(tmp_path: Path) -> None:
    code = (
        "import django, sys; django.setup(); from django.test import Client; Client().get('/cms/login/');"
        "print('prometheus_client' in sys.modules, [p.name for p in __import__('pathlib').Path(sys.argv[1]).iterdir()])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "elearn.settings", "STATE_DIR": str(tmp_path)}
    environment |= {"DATABASE_URL": "", "CACHE_URL": "", "METRICS_TOKEN": "", "CELERY_BROKER_URL": "filesystem://"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(tmp_path)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False []\n"
