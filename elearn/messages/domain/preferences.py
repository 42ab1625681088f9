"""What mail people want, and how often."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from elearn.messages.domain.hours import by_day, digest_time, zone_of
from elearn.messages.enums import DEFAULTS, Category, HowOften
from elearn.messages.models import MailPreference, Message
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

Choices = dict[Category, HowOften]


def choices_of(person: User) -> Choices:
    """What holds for the person, for every category. One query."""
    return choices_of_all([person])[person.pk]


def choices_of_all(people: Collection[User]) -> dict[int, Choices]:
    """The same for many, by their number. One query."""
    found: dict[int, Choices] = defaultdict(lambda: dict(DEFAULTS))
    rows = MailPreference.objects.filter(person__in=[person.pk for person in people])
    for person, category, how in rows.values_list("person", "category", "how"):
        found[person][Category(category)] = HowOften(how)
    return {person.pk: found[person.pk] for person in people}


def plan(
    person: User, how: HowOften | str, *, urgent: bool, now: datetime, useless_after: datetime | None = None
) -> dict[str, Any]:
    """What a mail of a category says about its sending, when it is written or chosen about at this moment.

    One that would be of no use any more when the daily or weekly mail goes out is sent by itself.
    """
    zone = zone_of(person)
    if how == HowOften.NEVER:
        return {"how": how, "digest_due_at": None, "work_due_at": now, "work_done_at": now, "body": ""}
    if urgent or how == HowOften.AT_ONCE:
        due = now if urgent else by_day(now, zone)
        return {"how": how, "digest_due_at": None, "work_due_at": due}
    due = digest_time(how, now, zone)
    if useless_after is not None and useless_after <= due:
        return {"how": how, "digest_due_at": None, "work_due_at": by_day(now, zone)}
    return {"how": how, "digest_due_at": due, "work_due_at": due}


@transaction.atomic
def choose(*, person: User, choices: Mapping[Category, HowOften]) -> Collection[Category]:
    """Change what mail the person gets. Answers the categories in which something changed.

    Effects: what waits to be sent in these categories follows the new choice at once; what a worker is handing to the
    mail server at this moment still arrives.
    Refusals: PersonErased.
    """
    lock_person(person.pk)
    standing, now = choices_of(person), timezone.now()
    changed = {category: how for category, how in choices.items() if how != standing[category]}
    for category, how in changed.items():
        MailPreference.objects.update_or_create(person=person, category=category, defaults={"how": how})
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        waiting = Message.objects.filter(free, person=person, category=category, work_done_at=None)
        for urgent in (False, True):
            rows, facts = waiting.filter(urgent=urgent), plan(person, how, urgent=urgent, now=now)
            if facts["digest_due_at"] is not None:
                late = rows.filter(useless_after__lte=facts["digest_due_at"])
                late.update(**plan(person, how, urgent=urgent, now=now, useless_after=now))
                rows = rows.exclude(useless_after__lte=facts["digest_due_at"])
            rows.update(**facts)
    return changed.keys()


def stop(*, person: User, categories: Collection[Category]) -> None:
    """End mail of these categories. Doing it again changes nothing.

    Effects and refusals: those of `choose`.
    """
    choose(person=person, choices=dict.fromkeys(categories, HowOften.NEVER))
