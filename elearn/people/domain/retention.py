"""How long things are kept: one table, shown to people, applied by `manage.py apply_retention`, and in docs/privacy.md.

The periods are settings.RETENTION_DAYS. A line without a period says in words how long, and nothing is applied.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

log = logging.getLogger(__name__)

BATCH = 500
Words = str | Promise


@dataclass(frozen=True)
class Kept:
    """A line of the table. `due(cutoff)` are the rows whose time is over; `apply(pks)` ends them, a batch at a time."""

    key: str
    what: Words
    why: Words
    then: Words = ""
    how_long: Words = ""
    due: Callable[[datetime], QuerySet[Any]] | None = None
    apply: Callable[[list[int]], None] | None = None

    @property
    def days(self) -> int:
        """0 when it is kept without a period."""
        return int(settings.RETENTION_DAYS.get(self.key, 0)) if self.due else 0

    @property
    def period(self) -> str:
        """How long, in words for a person."""
        if not self.due:
            return str(self.how_long)
        return in_words(self.days) if self.days else _("for good")


@dataclass(frozen=True)
class Applied:
    """What a run did, or would do, for one line."""

    kept: Kept
    cutoff: datetime | None
    count: int


_table: dict[str, Kept] = {}


def register(*lines: Kept) -> None:
    for line in lines:
        _table[line.key] = line


def table() -> list[Kept]:
    return list(_table.values())


def in_words(days: int) -> str:
    if days % 365 == 0:
        return ngettext("%(count)d year", "%(count)d years", days // 365) % {"count": days // 365}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def apply_retention(*, dry_run: bool = False) -> list[Applied]:
    """End everything whose time is over, in batches; running it again changes nothing more. Answers what was done.

    A line that fails is written to the log and the others are done all the same.
    """
    now = timezone.now()
    return [_apply(line, now, dry_run) for line in table() if line.due is not None]


def _apply(line: Kept, now: datetime, dry_run: bool) -> Applied:
    if not line.days or line.due is None or line.apply is None:
        return Applied(line, None, 0)
    cutoff = now - timedelta(days=line.days)
    due = line.due(cutoff)
    if dry_run:
        return Applied(line, cutoff, due.count())
    count, last = 0, 0
    # By primary key, so that a row which could not be ended does not hold up the ones after it.
    while pks := list(due.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        try:
            line.apply(pks)
            count += len(pks)
        except Exception:
            log.exception("Retention of %s failed for %d rows", line.key, len(pks))
        last = pks[-1]
    return Applied(line, cutoff, count)
