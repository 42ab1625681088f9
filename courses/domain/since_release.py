"""What has happened to the pages of a course since it was last released, beside its structure and rules."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, TextField
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, PageLogEntry, Revision

from courses.domain.lint.content import NOT_PROSE

# Pages of one import or one release day are published one after another; that makes none of them lag.
TOGETHER = timedelta(minutes=10)


@dataclass(frozen=True)
class Reworded:
    """A page whose wording is newer. `before` is the revision that was published then, where that is known."""

    page: Any
    at: datetime
    by: str
    before: int | None
    title: str
    title_before: str


@dataclass(frozen=True)
class Lagging:
    """A translation whose source has been published with other wording since."""

    page: Any
    source: Any
    source_at: datetime


@dataclass(frozen=True)
class Scheduled:
    """A page that goes live, or goes, at a time of its own."""

    page: Any
    at: datetime
    goes_live: bool


@dataclass(frozen=True)
class _Publication:
    at: datetime
    revision: int | None
    by: str


def reworded_since(pages: Iterable[Any], moment: datetime) -> list[Reworded]:
    """Published pages whose wording is another than at that moment. New pages are not reworded. Two queries."""
    found = _reworded([(page, moment) for page in pages])
    return [found[page.pk] for page in pages if page.pk in found]


def lagging(pages: Iterable[Any]) -> list[Lagging]:
    """Published translations that are older than the wording of the site's first language. Two or three queries."""
    pages = [page for page in pages if page.live and page.last_published_at]
    default = Locale.get_default().pk
    sources = {page.translation_key: page for page in pages if page.locale_id == default}
    pairs = [
        (page, sources[page.translation_key])
        for page in pages
        if page.locale_id != default and page.translation_key in sources
    ]
    pairs = [(page, source) for page, source in pairs if source.last_published_at > page.last_published_at + TOGETHER]
    found = _reworded_by_pair([(source, page.last_published_at) for page, source in pairs])
    return [Lagging(page, source, found[index].at) for index, (page, source) in enumerate(pairs) if index in found]


def scheduled(pages: Iterable[Any]) -> list[Scheduled]:
    """Pages that are to go live, or to go, in time. One query."""
    pages = list(pages)
    revisions = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(page.pk) for page in pages],
        approved_go_live_at__isnull=False,
    )
    due = {int(pk): at for pk, at in revisions.values_list("object_id", "approved_go_live_at")}
    coming = [Scheduled(page, due[page.pk], goes_live=True) for page in pages if page.pk in due]
    going = [Scheduled(page, page.expire_at, goes_live=False) for page in pages if page.live and page.expire_at]
    return [*coming, *going]


def _reworded(moments: list[tuple[Any, datetime]]) -> dict[int, Reworded]:
    found = _reworded_by_pair(moments)
    return {reworded.page.pk: reworded for reworded in found.values()}


def _reworded_by_pair(moments: list[tuple[Any, datetime]]) -> dict[int, Reworded]:
    """By the index of the pair, where the wording of the page now is another than it was at the moment."""
    later = {
        index: (page, moment)
        for index, (page, moment) in enumerate(moments)
        if page.live
        and page.first_published_at
        and page.first_published_at <= moment
        and page.last_published_at
        and page.last_published_at > moment
    }
    log = _publications([page.pk for page, _moment in later.values()])
    then = {index: _as_of(log[page.pk], moment) for index, (page, moment) in later.items()}
    now = {index: page.live_revision_id for index, (page, _moment) in later.items()}
    contents = dict(Revision.objects.filter(pk__in=[*then.values(), *now.values()]).values_list("pk", "content"))
    found = {}
    for index, (page, _moment) in later.items():
        before, after = contents.get(then[index]), contents.get(now[index])
        if before is None or after is None or _wording(page, before) != _wording(page, after):
            by = log[page.pk][-1].by if log[page.pk] else ""
            found[index] = Reworded(
                page=page,
                at=page.last_published_at,
                by=by,
                before=then[index] if before is not None else None,
                title=(after or {}).get("title", page.title),
                title_before=(before or {}).get("title", ""),
            )
    return found


def _publications(pks: list[int]) -> dict[int, list[_Publication]]:
    """Every publication of these pages by the log of the CMS, oldest first."""
    entries = PageLogEntry.objects.filter(page_id__in=pks, action="wagtail.publish").order_by("timestamp")
    log: dict[int, list[_Publication]] = defaultdict(list)
    for pk, at, revision, by in entries.values_list("page_id", "timestamp", "revision_id", "user__printed_name"):
        log[pk].append(_Publication(at, revision, by or ""))
    return log


def _as_of(publications: list[_Publication], moment: datetime) -> int | None:
    earlier = [publication.revision for publication in publications if publication.at <= moment]
    return earlier[-1] if earlier else None


def _wording(page: Any, content: dict[str, Any]) -> dict[str, Any]:
    """What a revision says in the fields that people read.

    A stream stands in a revision as JSON in a string; PostgreSQL gives the keys back in an order of its own, so that
    only the data tell whether two are the same.
    """
    return {
        field.name: _data(content.get(field.name)) if isinstance(field, StreamField) else content.get(field.name)
        for field in page._meta.concrete_fields
        if isinstance(field, CharField | TextField | StreamField)
        and field.editable
        and not field.choices
        and field.name not in NOT_PROSE
    }


def _data(stream: Any) -> Any:
    return json.loads(stream) if isinstance(stream, str) and stream else stream
