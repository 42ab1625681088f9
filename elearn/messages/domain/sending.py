from django.core.mail import EmailMessage
from django.db import transaction

from elearn.core import pending
from elearn.messages.models import Message
from elearn.people.models import User

KIND = "messages.message"


@transaction.atomic
def write(*, person: User, reason: str, subject: str, body: str) -> Message:
    """Write a mail to a person; a worker sends it after the transaction. The same reason gives the same row."""
    message, created = Message.objects.get_or_create(
        person=person, reason=reason, defaults={"subject": subject, "body": body}
    )
    if created:
        pending.wake(KIND, message.pk)
    return message


def deliver(message: Message) -> None:
    """Hand the mail to the mail server. Its Message-ID comes from the row, so a repeat is recognisable as one."""
    EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.person.email],
        headers={"Message-ID": f"<message-{message.pk}-{message.created_at:%Y%m%d%H%M%S%f}@elearn>"},
    ).send()
