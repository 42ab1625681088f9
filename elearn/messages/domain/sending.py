from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from elearn.core import pending
from elearn.messages.domain import preferences, stopping
from elearn.messages.domain.hours import is_quiet, next_morning, zone_of
from elearn.messages.enums import Category, HowOften
from elearn.messages.models import Message
from elearn.people.models import User

KIND = "messages.message"

# How long it stays known that mail went to an address; its text is gone once it was sent.
KEEP_ADDRESSES = timedelta(days=30)
BATCH = 500


@dataclass(frozen=True)
class Letter:
    """A mail of a category to one of many; what the fields mean is said at `write`."""

    person: User
    reason: str
    subject: str
    body: str
    category: Category
    about: UUID | None = None
    urgent: bool = False
    useless_after: datetime | None = None


@transaction.atomic
def write(
    *,
    person: User,
    reason: str,
    subject: str,
    body: str,
    category: Category | None = None,
    about: UUID | None = None,
    urgent: bool = False,
    useless_after: datetime | None = None,
) -> Message:
    """Write a mail to a person; a worker sends it after the transaction. The same reason gives the same row.

    Mail of a category is subject to what the person chose: it may wait for the morning where they are, go into a
    digest, or not be sent; other mail must be sent and is, at once. `about` is the public id of what it belongs to, a
    cohort for instance. `urgent` mail does not wait, and is in no digest. After `useless_after` it is not sent.
    """
    facts: dict[str, Any] = {"subject": subject[:400], "body": body, "about": about, "useless_after": useless_after}
    if category is not None:
        how = preferences.choices_of(person)[category]
        facts |= {"category": category, "urgent": urgent}
        facts |= preferences.plan(person, how, urgent=urgent, now=timezone.now(), useless_after=useless_after)
    message, created = Message.objects.get_or_create(person=person, reason=reason, defaults=facts)
    if created and message.digest_due_at is None and message.work_done_at is None:
        pending.wake(KIND, message.pk)
    return message


@transaction.atomic
def write_all(letters: Sequence[Letter]) -> None:
    """Write mails of categories to many people; the sweeper has them sent. The same reason gives no second one.

    Effects: those of `write`, in as many queries for a thousand as for one, but for batches.
    """
    now = timezone.now()
    people = {letter.person.pk: letter.person for letter in letters}
    chosen = preferences.choices_of_all(people.values())
    rows = []
    for letter in letters:
        facts: dict[str, Any] = {
            "subject": letter.subject[:400],
            "body": letter.body,
            "category": letter.category,
            "about": letter.about,
            "urgent": letter.urgent,
            "useless_after": letter.useless_after,
        }
        how = chosen[letter.person.pk][letter.category]
        facts |= preferences.plan(letter.person, how, urgent=letter.urgent, now=now, useless_after=letter.useless_after)
        rows.append(Message(person=letter.person, reason=letter.reason, **facts))
    Message.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def write_to_address(
    *,
    address: str,
    reason: str,
    subject: str,
    body: str,
    useless_after: datetime | None = None,
    about: UUID | None = None,
) -> Message:
    """Write a mail about logging in, or an invitation, to an address; a worker sends it after the transaction.

    Its text is blanked once it was sent. After `useless_after` it is not sent any more. Whether the address belongs to
    anybody is not asked here, so that a known and an unknown one cause the same work. `about` is the public id of what
    an invitation belongs to.
    """
    message = Message.objects.create(
        address=address, reason=reason, subject=subject[:400], body=body, useless_after=useless_after, about=about
    )
    pending.wake(KIND, message.pk)
    return message


def deliver(message: Message) -> None:
    """Hand the mail to the mail server. Its Message-ID comes from the row, so a repeat is recognisable as one.

    To somebody who was erased nothing is sent; a mail that was written at that very moment is blanked. Mail of a
    category is looked at once more: it may be unwanted by now, or evening where the reader is.
    """
    if message.person is not None and message.person.erased_at is not None:
        Message.objects.filter(pk=message.pk).update(subject="", body="")
        return
    if (
        (message.category or message.is_digest)
        and message.person is not None
        and _is_held_back(message, message.person)
    ):
        return
    if message.useless_after is None or timezone.now() < message.useless_after:
        categories = _may_stop(message)
        foot, headers = _way_out(message.person, categories) if message.person and categories else ("", {})
        EmailMessage(
            subject=message.subject,
            body=message.body.rstrip("\n") + foot if foot else message.body,
            to=[message.recipient],
            headers={"Message-ID": f"<message-{message.pk}-{message.created_at:%Y%m%d%H%M%S%f}@elearn>", **headers},
        ).send()
    if message.person_id is None:
        Message.objects.filter(pk=message.pk).update(body="")


def _is_held_back(message: Message, person: User) -> bool:
    row, now = Message.objects.filter(pk=message.pk), timezone.now()
    if message.category and preferences.choices_of(person)[Category(message.category)] == HowOften.NEVER:
        row.update(how=HowOften.NEVER, body="")
        return True
    zone = zone_of(person)
    if not message.urgent and is_quiet(now, zone):
        row.update(work_due_at=next_morning(now, zone))  # Whoever claimed the row leaves it outstanding.
        return True
    return False


def _may_stop(message: Message) -> list[str]:
    """The categories that the reader may end from within this mail."""
    if message.is_digest:
        return sorted(set(message.collected.values_list("category", flat=True)))
    return [message.category] if message.category else []


def _way_out(person: User, categories: Collection[str]) -> tuple[str, dict[str, str]]:
    """The end of a mail that one may do without, in the reader's language, and its headers."""
    address = stopping.address_of(person, categories)
    with translation.override(person.language):
        words = {
            "kinds": "; ".join(str(Category(name).label) for name in categories),
            "site": settings.SITE_NAME,
            "stop": address,
            "choose": settings.SITE_URL + reverse("mail:preferences"),
        }
        foot = _(
            "\n\n-- \nYou get this mail from %(site)s because of: %(kinds)s.\nNo more of this: %(stop)s\n"
            "Choose which mail you get, and how often: %(choose)s\n"
        )
        return foot % words, stopping.headers_of(address)


def forget_addresses() -> int:
    """Remove what is left of mail to addresses, 30 days after it was written. Answers how many rows."""
    return Message.objects.to_an_address().written_before(timezone.now() - KEEP_ADDRESSES).delete()[0]
