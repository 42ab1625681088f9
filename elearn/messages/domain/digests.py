"""Mail that people want once a day or once a week, collected into one."""

from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elearn.core import pending
from elearn.messages.domain.sending import KIND
from elearn.messages.enums import Category
from elearn.messages.models import Message
from elearn.people.domain.personal_data import PersonErased, lock_person
from elearn.people.models import User

PEOPLE_AT_MOST = 500  # in one sweep


def make_due_digests() -> int:
    """Write one mail for each person for whom something is due to be collected. Answers how many were written."""
    due = Message.objects.for_a_digest().filter(digest_due_at__lte=timezone.now()).order_by("person")
    people = due.values_list("person", flat=True).distinct()[:PEOPLE_AT_MOST]
    return sum(make_digest(person=pk) is not None for pk in people)


@transaction.atomic
def make_digest(*, person: int) -> Message | None:
    """Collect what is due for a person into one mail; None when nothing is left that is worth a mail.

    Effects: the person is locked, so whoever comes second finds nothing left. What came to be of no use meanwhile is
    left out. What was collected counts as sent with the mail, whose `reason` names the first of it.
    """
    now = timezone.now()
    waiting = Message.objects.for_a_digest().filter(person=person, digest_due_at__lte=now)
    try:
        reader = lock_person(person)
    except PersonErased:
        waiting.update(work_done_at=now, subject="", body="")
        return None
    rows = list(waiting.order_by("pk"))
    pks = [row.pk for row in rows]
    useful = [row for row in rows if row.useless_after is None or now < row.useless_after]
    digest = _write(reader, useful) if useful else None
    Message.objects.filter(pk__in=pks).update(work_done_at=now)
    Message.objects.filter(pk__in=[row.pk for row in useful]).update(digest=digest)
    return digest


def _write(reader: User, rows: list[Message]) -> Message:
    order = list(Category)
    rows = sorted(rows, key=lambda row: (order.index(Category(row.category)), row.pk))
    with translation.override(reader.language):
        subject = ngettext("%(site)s: %(count)d message for you", "%(site)s: %(count)d messages for you", len(rows))
        parts = [_("Hello %(name)s,\n\nthis is what has come for you.") % {"name": reader.printed_name}]
        for category, inside in groupby(rows, key=lambda row: row.category):
            parts.append(f"=== {Category(category).label} ===")
            parts += [f"{row.subject}\n\n{row.body.strip()}\n" for row in inside]
        message = Message.objects.create(
            person=reader,
            reason=f"digest-{min(row.pk for row in rows)}",
            subject=subject % {"site": settings.SITE_NAME, "count": len(rows)},
            body="\n\n".join(parts) + "\n",
            is_digest=True,
        )
    pending.wake(KIND, message.pk)
    return message
