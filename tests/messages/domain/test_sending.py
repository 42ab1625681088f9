from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from elearn.core import pending
from elearn.messages.domain import sending
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.mail import code_by_mail, deliver_mail


def test_mail_to_a_person_keeps_its_text(learner: User, mailoutbox: list) -> None:
    message = sending.write(person=learner, reason="a-test", subject="Hello", body="World")
    deliver_mail()
    message.refresh_from_db()
    assert (mailoutbox[0].to, mailoutbox[0].body, message.body) == ([learner.email], "World", "World")


def test_code_is_gone_from_the_table_once_it_was_sent(learner: User, client: Client) -> None:
    client.post(reverse("account_request_login_code"), {"email": learner.email})
    waiting = Message.objects.get()
    assert (waiting.person, waiting.address, waiting.reason) == (None, learner.email, "login_code")
    code = code_by_mail()
    assert code in waiting.body
    sent = Message.objects.get()
    assert (sent.body, sent.work_done_at is not None) == ("", True)


def test_mail_that_comes_too_late_is_not_sent_and_not_kept(db: None, mailoutbox: list) -> None:
    past = timezone.now() - timedelta(seconds=1)
    message = sending.write_to_address(
        address="a@example.org", reason="login_code", subject="Code", body="ABCD-EFGH", useless_after=past
    )
    assert pending.work(sending.KIND, message.pk)
    message.refresh_from_db()
    assert (mailoutbox, message.body) == ([], "")


def test_mail_that_could_not_be_sent_keeps_its_text_for_the_next_try(
    db: None, settings: object, mailoutbox: list
) -> None:
    message = sending.write_to_address(address="a@example.org", reason="a-test", subject="Hello", body="World")
    settings.EMAIL_BACKEND = "no.such.backend"  # type: ignore[attr-defined]
    assert not pending.work(sending.KIND, message.pk)
    message.refresh_from_db()
    assert (message.body, message.work_tries) == ("World", 1)


def test_addresses_are_forgotten_after_thirty_days_and_mail_to_people_is_not(learner: User) -> None:
    person_mail = sending.write(person=learner, reason="a-test", subject="Hello", body="World")
    old = sending.write_to_address(address="a@example.org", reason="a-test", subject="Old", body="")
    young = sending.write_to_address(address="a@example.org", reason="a-test", subject="Young", body="")
    Message.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert sending.forget_addresses() == 1
    assert set(Message.objects.all()) == {person_mail, young}
    assert old not in Message.objects.all()


def test_mail_goes_to_somebody(db: None) -> None:
    with pytest.raises(IntegrityError):
        Message.objects.create(reason="a-test", subject="To nobody", body="")
