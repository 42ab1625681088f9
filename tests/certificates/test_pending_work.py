"""Claims, leases and failures of durable work, on the rows that this package registers."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from certificates.domain import personal_data
from certificates.domain.issuing import KIND
from certificates.models import Certificate
from elearn.core import pending
from elearn.people.domain.personal_data import Identity


def state(certificate: Certificate) -> Certificate:
    return Certificate.objects.get(pk=certificate.pk)


def test_work_is_done_once(certificate):
    assert pending.work(KIND, certificate.pk) is True
    done = state(certificate)
    assert (done.leased_until, done.work_error, done.is_rendered) == (None, "", True)
    assert pending.work(KIND, certificate.pk) is False
    assert state(certificate).work_done_at == done.work_done_at


def test_row_that_another_worker_holds_is_left_alone_until_its_lease_is_over(certificate):
    lease = timezone.now() + timedelta(minutes=1)
    Certificate.objects.filter(pk=certificate.pk).update(leased_until=lease)
    assert pending.work(KIND, certificate.pk) is False
    assert state(certificate).leased_until == lease
    Certificate.objects.filter(pk=certificate.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert pending.work(KIND, certificate.pk) is True


def test_work_that_fails_is_due_again_after_a_pause_that_doubles(certificate):
    Certificate.objects.filter(pk=certificate.pk).update(facts={**certificate.facts, "template": "lost"})
    pauses = []
    for _attempt in range(3):
        now = timezone.now()
        Certificate.objects.filter(pk=certificate.pk).update(work_due_at=now)
        assert pending.work(KIND, certificate.pk) is False
        failed = state(certificate)
        assert (failed.leased_until, failed.work_error) == (None, "KeyError: 'lost'")
        pauses.append(round((failed.work_due_at - now).total_seconds() / 30))
    assert (pauses, failed.work_tries) == ([1, 2, 4], 3)
    assert pending.work(KIND, certificate.pk) is False
    assert state(certificate).work_tries == 3


def test_pause_after_many_failures_is_six_hours(certificate):
    Certificate.objects.filter(pk=certificate.pk).update(
        facts={**certificate.facts, "template": "lost"}, work_tries=32_000
    )
    before = timezone.now()
    assert pending.work(KIND, certificate.pk) is False
    pause = state(certificate).work_due_at - before
    assert timedelta(hours=6) <= pause < timedelta(hours=6, minutes=1)


def test_row_that_was_deleted_meanwhile_is_no_work(db):
    assert pending.work(KIND, 987_654) is False


def test_row_that_is_deleted_between_claim_and_work_is_no_error(certificate, monkeypatch):
    monkeypatch.setattr(QuerySet, "first", lambda rows: None)
    assert pending.work(KIND, certificate.pk) is False


def test_work_asked_for_again_while_it_is_done_is_done_again(certificate, monkeypatch):
    """An erasure right after the worker has stored the PDF, before it marks its row as done."""
    person = certificate.enrolment.person
    kind = pending._kinds[KIND]

    def render_and_be_overtaken(row: Certificate) -> None:
        kind.do(row)
        personal_data.erase(person, Identity.of(person))

    with monkeypatch.context() as patched:
        patched.setitem(pending._kinds, KIND, replace(kind, do=render_and_be_overtaken))
        woken = []
        patched.setattr(pending, "_send", lambda name, pk: woken.append((name, pk)))
        assert pending.work(KIND, certificate.pk) is True
    left = state(certificate)
    assert (left.work_done_at, left.leased_until, woken) == (None, None, [(KIND, certificate.pk)])
    assert left.pdf.storage.exists(f"certificates/{left.serial}.pdf")
    assert pending.work(KIND, certificate.pk) is True
    assert not left.pdf.storage.exists(f"certificates/{left.serial}.pdf")
    assert state(certificate).work_done_at is not None


def test_broker_that_cannot_be_reached_is_no_error_for_who_wakes(tmp_path):
    """Whoever writes a row must not fail because of the broker: the sweeper finds the row."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from elearn.core import pending; pending.wake('x.y', 7)",
        ],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "elearn.settings",
            "DEMO": "1",
            "SECRET_KEY": "only-for-tests",
            "STATE_DIR": str(tmp_path),
            "DATABASE_URL": "",
            "CACHE_URL": "",
            "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "The broker took no wake-up for x.y 7 (OperationalError); the sweeper will." in done.stderr


def test_sweep_wakes_what_is_due_and_counts_it(certificate):
    assert pending.sweep() == 2  # The certificate, and the mail that tells of it.
    assert pending.work(KIND, certificate.pk) is True
    assert pending.sweep() == 1
