"""Two workers at one person's mail, on real connections."""

from datetime import timedelta

import pytest
from django.utils import timezone

from elearn.core import pending
from elearn.messages.domain import digests, hours, preferences, sending
from elearn.messages.enums import Category, HowOften
from elearn.messages.models import MailPreference, Message
from tests.factories.people import UserFactory
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_make_one_digest_and_send_it_once(mailoutbox: list, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (hours, sending):
        monkeypatch.setattr(module, "is_quiet", lambda moment, zone: False)
    people = [UserFactory() for _index in range(3)]
    for person in people:
        for number in range(3):
            sending.write(person=person, reason=f"p-{number}", subject="S", body="B", category=Category.FORUM)
    Message.objects.update(digest_due_at=timezone.now() - timedelta(minutes=1))
    results = at_once(*(digests.make_due_digests for _worker in range(4)))
    assert sum(int(str(result)) for result in results) == 3
    made = list(Message.objects.filter(is_digest=True).order_by("pk"))
    assert [digest.collected.count() for digest in made] == [3, 3, 3]
    assert not Message.objects.filter(is_digest=False, digest=None).exists()
    at_once(*(lambda pk=digest.pk: pending.work(sending.KIND, pk) for digest in made for _worker in range(2)))  # type: ignore[misc]
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(person.email for person in people)


def test_two_choices_at_once_leave_one_of_them() -> None:
    person = UserFactory()
    choices = [{Category.FORUM: HowOften.NEVER}, {Category.FORUM: HowOften.WEEKLY}]
    results = at_once(*(lambda c=c: preferences.choose(person=person, choices=c) for c in choices))  # type: ignore[misc]
    assert not [result for result in results if isinstance(result, Exception)]
    assert MailPreference.objects.filter(person=person).count() == 1
