"""Claims, leases and failures of durable work, on the rows that this package registers."""

from datetime import timedelta

from celery import current_app
from django.utils import timezone

from certificates.domain.issuing import KIND
from certificates.models import Certificate
from elearn.core import pending


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


def test_lost_broker_loses_nothing(completed, settings, tmp_path, django_capture_on_commit_callbacks):
    """The wake-up fails, the certificate stays outstanding, and a later sweep has it done."""
    from certificates.domain import issuing

    with (
        current_app.connection_for_write("redis://127.0.0.1:1/0") as nowhere,
        current_app.amqp.producer_pool.acquire(block=False),
    ):
        assert nowhere.transport_cls == "redis"
    with django_capture_on_commit_callbacks(execute=True):
        certificate = issuing.issue(enrolment=completed)
    assert pending.sweep() >= 1
    assert pending.work(KIND, certificate.pk) is True
