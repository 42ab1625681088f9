"""Answers that arrive when the login has run out, in a browser without scripts: kept until it is back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assessments.models import Attempt, ParkedAnswers

KEPT = timedelta(days=1)
# Anybody who knows an attempt's address could send these; so there are few, and they are small.
MOST_PER_ATTEMPT = 5
LONGEST = 500_000  # characters in all fields together
OF_ANSWERS = ("answer-", "key-", "based-")


@transaction.atomic
def park(*, public_id: UUID, posted: Mapping[str, Sequence[str]]) -> UUID | None:
    """Keep what was posted to an attempt in progress; answers the token to find it by, or None where nothing is kept.

    Effects: of one attempt the last few are kept.
    """
    fields = {name: list(values) for name, values in posted.items() if name.startswith(OF_ANSWERS)}
    if not fields or sum(len(value) for values in fields.values() for value in values) > LONGEST:
        return None
    attempt = Attempt.objects.in_progress().filter(public_id=public_id).first()
    if attempt is None:
        return None
    parked = ParkedAnswers.objects.create(attempt=attempt, fields=fields)
    kept = ParkedAnswers.objects.filter(attempt=attempt).values_list("pk", flat=True)[:MOST_PER_ATTEMPT]
    ParkedAnswers.objects.filter(attempt=attempt).exclude(pk__in=list(kept)).delete()
    return parked.token


def find(attempt: Attempt, token: str) -> list[tuple[str, str]]:
    """The fields that were parked for an attempt, as its form would send them again; none for a token of another."""
    try:
        parked = ParkedAnswers.objects.filter(attempt=attempt, token=UUID(token)).first()
    except ValueError:
        return []
    if parked is None or parked.parked_at < timezone.now() - KEPT:
        return []
    return [(name, value) for name, values in parked.fields.items() for value in values]


def forget_old() -> int:
    """Delete what nobody came back for; the sweeper calls it (core.pending)."""
    count, _by_model = ParkedAnswers.objects.filter(parked_at__lt=timezone.now() - KEPT).delete()
    return count
