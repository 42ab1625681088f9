from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from elearn.core import pending
from elearn.messages.models import Message
from elearn.people.models import User

KIND = "messages.message"

# How long it stays known that mail about logging in went to an address; its text is gone once it was sent.
KEEP_ADDRESSES = timedelta(days=30)


@transaction.atomic
def write(*, person: User, reason: str, subject: str, body: str) -> Message:
    """Write a mail to a person; a worker sends it after the transaction. The same reason gives the same row."""
    message, created = Message.objects.get_or_create(
        person=person, reason=reason, defaults={"subject": subject, "body": body}
    )
    if created:
        pending.wake(KIND, message.pk)
    return message


@transaction.atomic
def write_to_address(
    *, address: str, reason: str, subject: str, body: str, useless_after: datetime | None = None
) -> Message:
    """Write a mail about logging in to an address; a worker sends it after the transaction.

    Its text is blanked once it was sent. After `useless_after` it is not sent any more. Whether the address belongs to
    anybody is not asked here, so that a known and an unknown one cause the same work.
    """
    message = Message.objects.create(
        address=address, reason=reason, subject=subject[:400], body=body, useless_after=useless_after
    )
    pending.wake(KIND, message.pk)
    return message


def deliver(message: Message) -> None:
    """Hand the mail to the mail server. Its Message-ID comes from the row, so a repeat is recognisable as one.

    To somebody who was erased nothing is sent; a mail that was written at that very moment is blanked.
    """
    if message.person is not None and message.person.erased_at is not None:
        Message.objects.filter(pk=message.pk).update(subject="", body="")
        return
    if message.useless_after is None or timezone.now() < message.useless_after:
        EmailMessage(
            subject=message.subject,
            body=message.body,
            to=[message.recipient],
            headers={"Message-ID": f"<message-{message.pk}-{message.created_at:%Y%m%d%H%M%S%f}@elearn>"},
        ).send()
    if message.person_id is None:
        Message.objects.filter(pk=message.pk).update(body="")


def forget_addresses() -> int:
    """Remove what is left of mail about logging in, 30 days after it was written. Answers how many rows."""
    return Message.objects.to_an_address().written_before(timezone.now() - KEEP_ADDRESSES).delete()[0]
