"""Mail is a row first: what a worker would do with the rows, and what a person reads in the mail."""

import re

from django.core import mail
from django.utils import timezone

from elearn.core import pending
from elearn.messages.domain import sending
from elearn.messages.models import Message

CODE = re.compile(r"^([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)


def deliver_mail() -> list[mail.EmailMessage]:
    """Send what waits, as a worker does, and answer what was sent just now.

    What is not due yet is made so, but for digests: whether mail waits for the morning depends on the hour of the test.
    """
    before = len(mail.outbox)
    Message.objects.filter(work_done_at=None, digest_due_at=None).update(work_due_at=timezone.now(), urgent=True)
    for pk in Message.objects.filter(Message.due(timezone.now())).order_by("pk").values_list("pk", flat=True):
        assert pending.work(sending.KIND, pk)
    return mail.outbox[before:]


def code_by_mail() -> str:
    """The code in the mail that has just been sent."""
    found = CODE.search(deliver_mail()[-1].body)
    assert found is not None
    return found.group(1)
