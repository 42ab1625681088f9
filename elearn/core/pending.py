"""Durable work: rows with work left to do, a wake-up for a worker, and a sweeper for whatever was left.

A package registers a kind of work in `ready()`; domain code that writes such a row calls `wake()` in the same
transaction. Losing the broker, or a worker half-way, loses nothing: the row stays outstanding and the sweeper, which
Celery beat starts every SWEEP_SECONDS, wakes it again once its lease has run out.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from elearn.core.models import PendingWork

log = logging.getLogger(__name__)

SWEEP_AT_MOST = 500  # rows woken per kind in one sweep
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
SWEPT = "pending:swept"


@dataclass(frozen=True)
class Kind:
    """`do(row)` does the work of one claimed row. It may run more than once, so it must be idempotent."""

    name: str
    model: type[PendingWork]
    do: Callable[..., None]


_kinds: dict[str, Kind] = {}
_finders: list[Callable[[], int]] = []


def register(name: str, model: type[PendingWork], do: Callable[..., None]) -> None:
    _kinds[name] = Kind(name, model, do)


def register_finder(find_missing: Callable[[], int]) -> None:
    """Have `find_missing` run at every sweep: it creates rows whose cause is a fact elsewhere, and counts them."""
    if find_missing not in _finders:
        _finders.append(find_missing)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def wake(name: str, pk: int) -> None:
    """Ask a worker to do the work of a row, once the current transaction has committed."""
    transaction.on_commit(lambda: _send(name, pk))


def _send(name: str, pk: int) -> None:
    try:
        current_app.send_task("core.work", args=[name, pk], ignore_result=True, retry=False)
    except Exception as error:  # Whatever the broker's client raises, the row is safe and the sweeper will find it.
        log.warning("The broker took no wake-up for %s %s (%s); the sweeper will.", name, pk, type(error).__name__)


def work(name: str, pk: int) -> bool:
    """Claim one row and do its work.

    Answers False when there was nothing to claim: done already, not yet due, or held by another worker. A failure is
    written on the row, which becomes due again after a pause that doubles each time, up to six hours. A row whose work
    was asked for once more meanwhile (its `work_due_at` has moved) stays outstanding, and a worker is woken again.
    """
    kind = _kinds[name]
    now = timezone.now()
    lease = now + timedelta(seconds=settings.PENDING_LEASE_SECONDS)
    rows = kind.model._default_manager.filter(pk=pk)
    if not rows.filter(kind.model.due(now)).update(leased_until=lease):
        return False
    row = rows.first()
    if row is None:  # Deleted since it was claimed.
        return False
    try:
        kind.do(row)
    except Exception as error:
        log.exception("Work %s %s failed", name, pk)
        pause = min(FIRST_PAUSE * 2 ** min(row.work_tries, 20), LONGEST_PAUSE)
        rows.filter(leased_until=lease).update(
            leased_until=None,
            work_tries=row.work_tries + 1,
            work_due_at=timezone.now() + pause,
            work_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return False
    as_claimed = rows.filter(work_due_at=row.work_due_at)
    done = as_claimed.update(work_done_at=timezone.now(), leased_until=None, work_error="")
    if not done and rows.filter(leased_until=lease).update(leased_until=None):
        _send(name, pk)
    return True


def sweep() -> int:
    """Create what is missing, and wake every row that is due. Answers how many rows were woken."""
    for find_missing in _finders:
        try:
            find_missing()
        except Exception:  # What one package cannot find must not keep everybody's work waiting.
            log.exception("Looking for missing work failed in %s", find_missing.__module__)
    now = timezone.now()
    woken = 0
    for kind in _kinds.values():
        due = kind.model._default_manager.filter(kind.model.due(now)).order_by("work_due_at", "pk")
        for pk in due.values_list("pk", flat=True)[:SWEEP_AT_MOST]:
            _send(kind.name, pk)
            woken += 1
    cache.set(SWEPT, time.time(), timeout=None)
    return woken


def seconds_since_sweep() -> float | None:
    """How long ago a worker last swept: proof that sweeper, broker and worker run. None when nobody remembers."""
    swept = cache.get(SWEPT)
    return None if swept is None else max(time.time() - swept, 0.0)
