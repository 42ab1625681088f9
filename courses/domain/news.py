"""What a newer edition of a course has that another had not, and what is new since a learner finished."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from courses.domain import unit_types
from courses.domain.editions import editions
from courses.domain.outline import Outline, UnitLine, build_outlines
from courses.domain.tree import page_address
from courses.enums import EnrolmentState, VariantKind
from courses.models import Edition, Enrolment, UnitCompletion
from courses.models.edition import UnitEntry

LESSON = "lesson"
LANGUAGE_NAMES = dict(settings.LANGUAGES)
# A lesson is reworded, and not only mended, when this many of its words came or went: a tenth of them, or so many.
REWORDED_SHARE = 0.1
REWORDED_WORDS = 60
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class UnitRules:
    """A unit that both editions hold, with what is another rule now, in words."""

    unit: UnitLine
    words: tuple[str, ...]


@dataclass(frozen=True)
class EditionChanges:
    """From one edition to a newer one, for a learner. `gone` are the units of the older one."""

    new: tuple[UnitLine, ...] = ()
    gone: tuple[UnitLine, ...] = ()
    rules: tuple[UnitRules, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.new or self.gone or self.rules or self.facts)


@dataclass(frozen=True)
class RewordedUnit:
    title: str
    url: str
    published_at: datetime


@dataclass(frozen=True)
class NewsSince:
    """What is new since a learner finished. `edition` is None when theirs is still the current one."""

    edition: Edition | None
    changes: EditionChanges
    reworded: tuple[RewordedUnit, ...]

    @property
    def note(self) -> str:
        return self.edition.note if self.edition else ""


@dataclass(frozen=True)
class DeskNews:
    lessons: int
    other_units: int


def edition_changes(before: Edition, after: Edition, outline_before: Outline, outline_after: Outline) -> EditionChanges:
    """What changes from one edition to another, by the variants of the outlines. No query."""
    mine, theirs = before.structure, after.structure
    was = {UUID(unit.key): unit for unit in outline_before.variant.units()}
    now = {UUID(unit.key): unit for unit in outline_after.variant.units()}
    rules = []
    for line in outline_after.units:
        old = was.get(line.key) or mine.unit(line.key)
        words = _rules_changed(old, now[line.key]) if old else ()
        if words:
            rules.append(UnitRules(line, words))
    return EditionChanges(
        new=tuple(line for line in outline_after.units if mine.unit(line.key) is None),
        gone=tuple(line for line in outline_before.units if theirs.unit(line.key) is None),
        rules=tuple(rules),
        facts=tuple(_facts_changed(before, after, outline_before, outline_after)),
    )


def _rules_changed(old: UnitEntry, new: UnitEntry) -> tuple[str, ...]:
    words = []
    if old.required != new.required:
        words.append(_("Required now") if new.required else _("Optional now"))
    if old.rules != new.rules:
        before, after = _describe(old), _describe(new)
        changed = [
            _("%(rule)s: %(now)s (before: %(before)s)") % {"rule": rule, "now": value, "before": before[rule]}
            for rule, value in after.items()
            if rule in before and before[rule] != value
        ]
        words.extend(changed or [_("Other questions, or another order of them")])
    return tuple(words)


def _describe(entry: UnitEntry) -> dict[str, str]:
    return unit_types.get(entry.kind).describe(entry.rules)


def _facts_changed(before: Edition, after: Edition, old: Outline, new: Outline) -> Iterable[str]:
    words = _("%(fact)s: %(now)s (before: %(before)s)")
    if old.variant.hours != new.variant.hours:
        yield words % {
            "fact": _("Hours of learning"),
            "now": f"{new.variant.hours.normalize():f}",
            "before": f"{old.variant.hours.normalize():f}",
        }
    if before.award != after.award:
        yield words % {"fact": _("Certificate"), "now": after.award.label, "before": before.award.label}
    if sorted(before.structure.languages) != sorted(after.structure.languages):
        yield words % {"fact": _("Languages"), "now": _languages(after), "before": _languages(before)}
    if old.variant.kind != new.variant.kind:
        yield (
            words
            % {
                "fact": _("Variant in this language"),
                "now": VariantKind(new.variant.kind).label,
                "before": VariantKind(old.variant.kind).label,
            }
        )


def _languages(edition: Edition) -> str:
    return ", ".join(LANGUAGE_NAMES.get(code, code) for code in edition.structure.languages)


# --- Since a learner finished ------------------------------------------------------------------------------------


def may_read_since(enrolment: Enrolment, unit_key: UUID) -> bool:
    """Whether somebody who completed the course may read a unit that only the current edition holds.

    For reading alone: nothing is recorded of it. No query unless there is a newer edition than theirs.
    """
    if enrolment.state != EnrolmentState.COMPLETED or not enrolment.is_behind:
        return False
    current = enrolment.course.current_edition
    return current is not None and current.structure.unit(unit_key) is not None


def news_since(
    enrolment: Enrolment, language: str, published: Mapping[UUID, datetime | None] | None = None
) -> NewsSince | None:
    """What is new since the learner finished; None when nothing is, or when they have not finished.

    `published` says when each unit's page was last published, as the outline of the learner's edition knows it; without
    it nothing is called reworded. No query where there is neither a newer edition nor a page published since.
    """
    finished = enrolment.completed_at
    if finished is None or enrolment.state != EnrolmentState.COMPLETED:
        return None
    lessons = {
        UUID(unit.key) for unit in enrolment.edition.structure.variant_for(language).units() if unit.kind == LESSON
    }
    since = [key for key, at in (published or {}).items() if key in lessons and at is not None and at > finished]
    edition = enrolment.course.current_edition if enrolment.is_behind else None
    changes = EditionChanges()
    if edition is not None:
        enrolment.edition.course = edition.course = enrolment.course
        mine, theirs = build_outlines([(enrolment.edition, {}), (edition, {})], language)
        changes = edition_changes(enrolment.edition, edition, mine, theirs)
    reworded = reworded_units(enrolment, language, since) if since else ()
    return NewsSince(edition, changes, reworded) if changes.any or reworded else None


def reworded_units(enrolment: Enrolment, language: str, keys: list[UUID]) -> tuple[RewordedUnit, ...]:
    """Those of the lessons whose words are largely others than when the learner read them. Three queries.

    Where the wording that was read is no longer kept, or was read in another language, the date alone decides.
    """
    read = dict(
        UnitCompletion.objects.standing()
        .filter(enrolment=enrolment, unit__key__in=keys, language=language, revision__isnull=False)
        .values_list("unit__key", "revision")
    )
    rows = Page.objects.live().filter(translation_key__in=keys, locale__language_code=language)
    pages = list(rows.order_by("path"))
    wanted = {*read.values(), *(page.live_revision_id for page in pages if page.live_revision_id)}
    contents = dict(Revision.objects.filter(pk__in=wanted).values_list("pk", "content"))
    found = []
    for page in pages:
        before, after = contents.get(read.get(page.translation_key)), contents.get(page.live_revision_id)
        if before is None or after is None or is_reworded(_words_of(before), _words_of(after)):
            url = page_address(language, page.url_path)
            found.append(RewordedUnit(page.title, url, page.last_published_at))
    return tuple(found)


def is_reworded(before: Counter[str], after: Counter[str]) -> bool:
    """Whether so many words came or went that a reader would want to know; a mended typing error is less."""
    came, went = (after - before).total(), (before - after).total()
    most = max(came, went)
    return most >= REWORDED_WORDS or most > REWORDED_SHARE * max(before.total(), 1)


def _words_of(content: dict[str, Any]) -> Counter[str]:
    """The words of a stored revision of a lesson: its title, purpose and body, whatever the blocks."""
    text = " ".join(str(content.get(name) or "") for name in ("title", "purpose"))
    text += " " + " ".join(_texts(json.loads(content.get("body") or "[]")))
    return Counter(WORD.findall(TAG.sub(" ", text).casefold()))


def _texts(value: Any) -> Iterator[str]:
    """Every text in the raw value of a block. The blocks themselves would fetch their pictures and files."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in ("id", "type"):
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def desk_news(enrolments: Iterable[Enrolment]) -> dict[int, DeskNews]:
    """How many units are new since the learner finished, by enrolment. One query, and none when nothing is newer."""
    behind = [
        (e, newest)
        for e in enrolments
        if e.state == EnrolmentState.COMPLETED and e.is_behind and (newest := e.course.current_edition_id)
    ]
    if not behind:
        return {}
    kept = editions(newest for _enrolment, newest in behind)
    found = {}
    for enrolment, newest in behind:
        mine = enrolment.edition.structure
        current = kept[newest].structure
        kinds = {
            unit.key: unit.kind for v in current.variants for unit in v.units() if mine.unit(UUID(unit.key)) is None
        }
        if kinds:
            lessons = sum(kind == LESSON for kind in kinds.values())
            found[enrolment.pk] = DeskNews(lessons, len(kinds) - lessons)
    return found
