"""Addresses on other sites that pages link to: finding them, asking for each once a week, remembering what came of it.

Only where LINK_CHECK says so: nothing on this platform calls out by itself. The row is the work order, as everywhere
(elearn.core.pending); the day's collection writes the rows, the sweeper wakes them, a worker asks.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from courses.domain import link_client
from courses.domain.lint.content import parts_of
from courses.domain.lint.subject import addresses_in
from courses.enums import FAILED_OUTCOMES
from courses.models import LinkCheck

WORK = "courses.link"
AFTER_SUCCESS = timedelta(days=7)
AFTER_FAILURE = timedelta(days=1)  # The second day tells a broken link from a bad day.
# No two requests to one host within this time, whatever the number of links and workers.
HOST_PAUSE = timedelta(seconds=20)
LONGEST_ADDRESS = 2000


def collect_links() -> int:
    """Bring the rows to what the pages link to now. Answers how many addresses are new.

    Effects: a row for every address on another site in a live page or a newest draft, due one after another per host;
    rows of addresses that stand nowhere any more are deleted. None at all when LINK_CHECK is off.
    """
    if not settings.LINK_CHECK:
        return 0
    found = set(_addresses_everywhere())
    known = set(LinkCheck.objects.values_list("url", flat=True))
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in sorted(found - known):
        by_host[urlsplit(url).netloc].append(url)
    now = timezone.now()
    rows = [
        LinkCheck(url=url, work_due_at=now + place * HOST_PAUSE)
        for urls in by_host.values()
        for place, url in enumerate(urls)
    ]
    with transaction.atomic():
        LinkCheck.objects.filter(url__in=known - found).delete()
        LinkCheck.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def ask_again() -> int:
    """Make rows due whose time has come round. Runs at every sweep; writes only when there is something to write."""
    now = timezone.now()
    if not settings.LINK_CHECK or not LinkCheck.objects.to_ask_again(now).exists():
        return 0
    return LinkCheck.objects.to_ask_again(now).update(work_done_at=None, work_due_at=now, work_tries=0)


def ask_link(row: LinkCheck) -> None:
    """Ask for the address of a row and remember what came of it. The work of `courses.link`.

    Effects: outcome, status and the count of failed days on the row, and when to ask again: in a week, after a failure
    tomorrow, and in a moment when the host has just been asked for something else.
    """
    if not settings.LINK_CHECK:
        # It was switched off while this waited. The row must not count as asked when it is switched on again.
        LinkCheck.objects.filter(pk=row.pk).update(ask_again_at=timezone.now())
        return
    host = urlsplit(row.url).netloc
    if not cache.add(f"link-check:{host}", 1, HOST_PAUSE.total_seconds()):
        LinkCheck.objects.filter(pk=row.pk).update(ask_again_at=timezone.now() + HOST_PAUSE)
        return
    record_answer(row, link_client.ask(row.url), at=timezone.now())


def record_answer(row: LinkCheck, answer: link_client.Answer, *, at: datetime) -> None:
    """Write an answer down. A day counts once, however often it failed; whatever is no failure wipes the count."""
    if answer.outcome in FAILED_OUTCOMES:
        same_day = row.days_failed > 0 and row.checked_at is not None and row.checked_at.date() == at.date()
        row.days_failed += 0 if same_day else 1
        row.failing_since = row.failing_since or at
        row.ask_again_at = at + AFTER_FAILURE
    else:
        row.days_failed, row.failing_since = 0, None
        row.ask_again_at = at + AFTER_SUCCESS
    row.outcome, row.status, row.checked_at = answer.outcome, answer.status, at
    row.save(update_fields=["outcome", "status", "checked_at", "days_failed", "failing_since", "ask_again_at"])


def _addresses_everywhere() -> Iterator[str]:
    own = urlsplit(settings.SITE_URL).netloc
    for page in _pages():
        for part in parts_of(page):
            for address in addresses_in(part):
                url = link_client.normal_address(address)
                if url and len(url) <= LONGEST_ADDRESS and urlsplit(url).netloc != own:
                    yield url


def _pages() -> Iterator[Page]:
    """Every live page as it is published, and every newest draft that says something else."""
    yield from Page.objects.live().specific().iterator(chunk_size=100)
    for page in Page.objects.filter(has_unpublished_changes=True).select_related("latest_revision"):
        yield page.get_latest_revision_as_object()
