"""How long things are kept: one table, applied in batches, the same again when it is run again."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone, translation

from assessments.models import MarkChange, Response
from elearn.core import audit, pending
from elearn.core.models import AuditEvent
from elearn.messages.domain import sending
from elearn.messages.models import Message
from elearn.people.domain import erasure, retention
from elearn.people.domain.contributions import periods
from elearn.people.domain.roles import grant_role
from elearn.people.enums import ErasureOrigin, Gender, Role
from elearn.people.models import ErasureRequest, User
from elearn.people.tasks import apply_retention
from tests.factories import privacy
from tests.factories.mail import deliver_mail
from tests.factories.people import UserFactory


def ago(**length: int) -> datetime:
    return timezone.now() - timedelta(**length)


def counts(dry_run: bool = False) -> dict[str, int]:
    return {done.kept.key: done.count for done in retention.apply_retention(dry_run=dry_run) if done.count}


def verified(**fields: object) -> User:
    person = UserFactory(**fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def test_nothing_young_is_touched(learner: User) -> None:
    sending.write(person=learner, reason="young", subject="Young", body="Young")
    audit.record(action="test", actor=None, subject=learner)
    assert counts() == {}


def test_text_of_old_mail_goes_and_its_row_stays(learner: User) -> None:
    old = sending.write(person=learner, reason="old", subject="Old", body="Old")
    waiting = sending.write(person=learner, reason="waiting", subject="Waiting", body="Waiting")
    Message.objects.filter(pk=old.pk).update(work_done_at=timezone.now())
    Message.objects.update(created_at=ago(days=181))
    assert counts(dry_run=True) == {"mail": 1}
    assert Message.objects.exclude(body="").count() == 2
    assert counts() == {"mail": 1}
    assert counts() == {}
    old.refresh_from_db()
    waiting.refresh_from_db()
    assert ((old.subject, old.body), waiting.body) == (("", ""), "Waiting")
    assert sending.write(person=learner, reason="old", subject="Again", body="Again") == old


def test_more_than_a_batch_is_ended(learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        audit.record(action=f"test-{number}", actor=None, subject=learner)
    AuditEvent.objects.update(at=ago(days=6 * 365 + 1))
    assert counts() == {"audit": 5}
    assert AuditEvent.objects.count() == 0


def test_period_of_zero_keeps_for_good(learner: User, settings) -> None:
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "audit": 0}
    audit.record(action="test", actor=None, subject=learner)
    AuditEvent.objects.update(at=ago(days=9999))
    assert counts() == {}


def test_consent_to_statistics_runs_out(learner: User) -> None:
    User.objects.filter(pk=learner.pk).update(gender=Gender.MAN, statistics_consent_at=ago(days=3 * 365 + 1))
    assert counts() == {"statistics": 1}
    learner.refresh_from_db()
    assert (learner.gender, learner.statistics_consent_at) == ("", None)


def test_answers_go_and_marks_stay(manager: User) -> None:
    privacy.make_known_person(manager)
    marks = MarkChange.objects.count()
    Response.objects.first().attempt.__class__.objects.update(submitted_at=ago(days=5 * 365 + 1))
    assert counts() == {"answers": 2}
    assert (Response.objects.count(), MarkChange.objects.count()) == (0, marks)


def test_old_logins_are_forgotten(learner: User) -> None:
    UserSession.objects.create(
        user=learner, ip="192.0.2.1", user_agent="x", session_key="k" * 32, last_seen_at=ago(days=91)
    )
    Session.objects.create(session_key="s" * 32, session_data="", expire_date=ago(days=1))
    assert counts() == {"logins": 1}
    apply_retention()
    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)


def test_account_that_was_never_confirmed_is_erased(db: None) -> None:
    person = UserFactory(date_joined=ago(days=91))
    EmailAddress.objects.create(user=person, email=person.email, verified=False)
    young = UserFactory(date_joined=ago(days=89))
    confirmed = verified(date_joined=ago(days=91))
    assert counts() == {"unverified": 1}
    assert [User.objects.get(pk=row.pk).erased_at is not None for row in (person, young, confirmed)] == [
        *(True, False, False),
    ]
    assert ErasureRequest.objects.get().origin == ErasureOrigin.UNVERIFIED
    assert counts() == {}


@pytest.mark.parametrize("came_back", ["confirmed", "logged in"])
def test_account_that_is_confirmed_while_others_are_erased_stays(db: None, came_back: str) -> None:
    """Many are chosen at once and erased one after the other."""
    person = UserFactory(date_joined=ago(days=91))
    address = EmailAddress.objects.create(user=person, email=person.email, verified=False)
    chosen = list(periods.never_confirmed(ago(days=90)).values_list("pk", flat=True))
    if came_back == "confirmed":
        address.verified = True
        address.save()
    else:
        User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    assert chosen == [person.pk]
    erasure.erase_unverified(chosen)
    person.refresh_from_db()
    assert (person.erased_at, ErasureRequest.objects.open().count()) == (None, 0)


def test_account_that_nobody_uses_is_warned_and_then_erased(db: None) -> None:
    person = verified(last_login=ago(days=5 * 365 - 29), email="away@example.org")
    verified(last_login=ago(days=5 * 365 - 31))
    assert counts() == {"inactive": 1}
    assert counts() == {}, "One warning."
    row = ErasureRequest.objects.get()
    assert row.person == person
    assert 29 <= (row.work_due_at - timezone.now()).days <= 30
    (told,) = deliver_mail()
    assert told.to == ["away@example.org"]
    assert "To keep it, just log in before that day" in told.body
    ErasureRequest.objects.update(work_due_at=timezone.now())
    assert pending.work(erasure.KIND, row.pk)
    person.refresh_from_db()
    assert person.erased_at is not None


def test_login_keeps_an_account_that_was_warned(db: None, rf) -> None:
    person = verified(last_login=ago(days=5 * 365))
    counts()
    row = ErasureRequest.objects.get()
    user_logged_in.send(sender=User, request=rf.get("/"), user=person)
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert counts() == {}
    assert pending.work(erasure.KIND, row.pk) is False


def test_whoever_holds_a_role_is_not_ended(manager: User) -> None:
    person = verified(last_login=ago(days=5 * 365))
    grant_role(person=person, role=Role.TRAINER, granted_by=manager)
    assert counts() == {}


def test_one_line_that_fails_does_not_stop_the_others(learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    audit.record(action="test", actor=None, subject=learner)
    AuditEvent.objects.update(at=ago(days=9999))
    broken = retention.Kept(
        key="mail", what="", why="", due=lambda cutoff: User.objects.all(), apply=lambda pks: [][len(pks)]
    )
    monkeypatch.setitem(retention._table, "mail", broken)
    assert counts() == {"audit": 1}


def test_command_prints_the_table(learner: User) -> None:
    audit.record(action="test", actor=None, subject=learner)
    AuditEvent.objects.update(at=ago(days=9999))
    out = StringIO()
    call_command("apply_retention", "--dry-run", stdout=out)
    assert re.search(r"^audit +\d{4}-\d{2}-\d{2} +1  It is deleted\.$", out.getvalue(), re.M)
    assert "this was a dry run" in out.getvalue()
    assert AuditEvent.objects.count() == 1
    call_command("apply_retention", stdout=StringIO())
    assert AuditEvent.objects.count() == 0


def test_documentation_has_the_table_of_the_code(db: None) -> None:
    text = (settings.BASE_DIR / "docs" / "privacy.md").read_text()
    with translation.override("en"):
        lines = [f"| {line.what} | {line.why} | {line.period} | {line.then} |" for line in retention.table()]
    assert [line for line in lines if line not in text] == []


@pytest.mark.parametrize("name", [f"RETENTION_{name.upper()}_DAYS" for name in settings.RETENTION_DAYS])
def test_every_period_is_documented(name: str) -> None:
    assert f"`{name}`" in (settings.BASE_DIR / "docs" / "privacy.md").read_text()


def test_task_is_on_the_clock() -> None:
    tasks: list[Callable | str] = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert apply_retention.name in tasks
