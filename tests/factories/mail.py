"""Mail is a row first: what a worker would do with the rows, and what a person reads in the mail."""

import re

from django.core import mail

from elearn.core import pending
from elearn.messages.domain import sending
from elearn.messages.models import Message

CODE = re.compile(r"^([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)


def deliver_mail() -> list[mail.EmailMessage]:
    """Send what waits, as a worker does, and answer what was sent just now."""
    before = len(mail.outbox)
    for pk in Message.objects.filter(work_done_at=None).order_by("pk").values_list("pk", flat=True):
        assert pending.work(sending.KIND, pk)
    return mail.outbox[before:]


def code_by_mail() -> str:
    """The code in the mail that has just been sent."""
    found = CODE.search(deliver_mail()[-1].body)
    assert found is not None
    return found.group(1)
