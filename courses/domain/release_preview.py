"""What the preview of a release says, in the words of the authors: titles instead of keys, sentences instead of rules.

Reads what courses.domain.releasing plans and what courses.domain.since_release finds; it decides nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from courses.domain import since_release, unit_types
from courses.domain.lint.checking import CourseCheck
from courses.domain.page_trees import language_name, read_trees
from courses.domain.releasing import ReleasePlan
from courses.domain.since_release import Lagging, Reworded, Scheduled
from courses.enums import Award, VariantKind
from courses.models import CoursePage, Enrolment, Unit
from courses.models.edition import Manifest, ModuleEntry, UnitEntry, Variant


@dataclass(frozen=True)
class UnitRow:
    """A unit as the table of the edition shows it."""

    module: str
    title: str
    kind: str
    minutes: int
    required: bool
    rules: str
    is_new: bool
    is_changed: bool


@dataclass(frozen=True)
class VariantTable:
    kind: str
    heading: str
    rows: tuple[UnitRow, ...]


@dataclass(frozen=True)
class Draft:
    """Something written that will be no part of the edition. `is_new`: it was never published at all."""

    page: Any
    is_new: bool


@dataclass(frozen=True)
class Preview:
    plan: ReleasePlan
    structure: tuple[str, ...]
    rules: tuple[str, ...]
    certificate: tuple[str, ...]
    learners: tuple[str, ...]
    reworded: tuple[Reworded, ...]
    drafts: tuple[Draft, ...]
    lagging: tuple[Lagging, ...]
    scheduled: tuple[Scheduled, ...]
    tables: tuple[VariantTable, ...]

    @property
    def may_release(self) -> bool:
        return self.plan.differs and not self.plan.problems

    @property
    def checks(self) -> tuple[CourseCheck, ...]:
        return tuple(check for check in self.plan.checks if check.musts or check.shoulds)

    @property
    def shoulds(self) -> int:
        return sum(check.shoulds for check in self.plan.checks)

    @property
    def summary(self) -> str:
        """What the button below it does, in a sentence or two."""
        manifest = self.plan.manifest
        values = {
            "number": self.plan.number,
            "modules": max(len(variant.modules) for variant in manifest.variants),
            "units": max(len(list(variant.units())) for variant in manifest.variants),
            "languages": _names(manifest.languages),
            "structure": len(self.structure),
            "rules": len(self.rules),
        }
        words = _("Edition %(number)d holds %(modules)d modules with %(units)d units, in: %(languages)s.")
        if not self.plan.is_first:
            words += " " + _("Changes in structure: %(structure)d; in rules and length: %(rules)d.")
        return words % values + " " + _("An edition is not changed or taken back afterwards.")


def preview_release(page: CoursePage, plan: ReleasePlan) -> Preview:
    """Everything that somebody should see before releasing. The queries do not grow with the course."""
    trees = read_trees(page, drafts=True)
    archived = set(
        Unit.objects.filter(course__key=page.translation_key, archived_at__isnull=False).values_list("key", flat=True)
    )
    pages = [p for tree in trees for p in tree.pages() if p.translation_key not in archived]
    words = _Words(page, plan)
    previous = plan.previous
    reworded = since_release.reworded_since(pages, previous.released_at) if previous else []
    return Preview(
        plan=plan,
        structure=tuple(words.structure()) if previous else (),
        rules=tuple(words.rules()) if previous else (),
        certificate=(*words.certificate(), *_other_titles(reworded)),
        learners=tuple(words.learners()),
        reworded=tuple(reworded),
        drafts=tuple(Draft(p, not p.live) for p in pages if not p.live or p.has_unpublished_changes),
        lagging=tuple(since_release.lagging(pages)),
        scheduled=tuple(since_release.scheduled(pages)),
        tables=tuple(words.tables()),
    )


class _Words:
    """Sentences about one plan, with the titles that its pages have."""

    def __init__(self, page: CoursePage, plan: ReleasePlan) -> None:
        self.plan = plan
        self.course_key = page.translation_key
        self.now = plan.manifest
        self.before = plan.previous.structure if plan.previous else None
        self.titles = _titles(page, [manifest for manifest in (self.before, self.now) if manifest])

    def title(self, entry: UnitEntry | ModuleEntry) -> str:
        return self.titles.get(entry.key, entry.code)

    def module_of(self, key: str, manifest: Manifest) -> str:
        modules = (module for variant in manifest.variants for module in variant.modules)
        return next((self.title(module) for module in modules if any(u.key == key for u in module.units)), "")

    # --- What stands where ---------------------------------------------------------------------------------------

    def structure(self) -> Iterator[str]:
        difference = self.plan.difference
        for module in difference.modules_added:
            yield _("The module “%s” is new.") % self.title(module)
        for module in difference.modules_removed:
            yield _("The module “%s” is left out.") % self.title(module)
        if difference.modules_reordered:
            yield _("The modules stand in another order.")
        for unit in difference.added:
            values = {**self._unit(unit), "module": self.module_of(unit.key, self.now)}
            yield (
                _("New in “%(module)s”: “%(title)s” (%(kind)s, %(minutes)d minutes, required).")
                if unit.required
                else _("New in “%(module)s”: “%(title)s” (%(kind)s, %(minutes)d minutes, optional).")
            ) % values
        for unit in difference.removed:
            yield _("“%s” is left out. Those who have begun keep it.") % self.title(unit)
        for unit in difference.moved:
            yield self._moved(unit)
        if difference.languages_added:
            yield _("New languages: %s.") % _names(difference.languages_added)
        if difference.languages_removed:
            yield _("No longer offered in: %s.") % _names(difference.languages_removed)
        if difference.other_variants:
            yield _("Other languages have the full course, or the condensed one, than before.")

    def _moved(self, unit: UnitEntry) -> str:
        here = self.module_of(unit.key, self.now)
        there = self.module_of(unit.key, self.before) if self.before else here
        if here != there:
            return _("“%(title)s” moves from “%(there)s” to “%(here)s”.") % {
                "title": self.title(unit),
                "there": there,
                "here": here,
            }
        return _("“%(title)s” stands in another place of “%(module)s”.") % {"title": self.title(unit), "module": here}

    def _unit(self, unit: UnitEntry) -> dict[str, Any]:
        return {"title": self.title(unit), "kind": _kind(unit), "minutes": unit.minutes}

    # --- What counts ---------------------------------------------------------------------------------------------

    def rules(self) -> Iterator[str]:
        for before, after in self.plan.difference.changed:
            title = self.title(after)
            if before.required != after.required:
                yield (_("“%s” is now required.") if after.required else _("“%s” is now optional.")) % title
            if before.minutes != after.minutes:
                values = {"title": title, "now": after.minutes, "was": before.minutes}
                yield _("“%(title)s” states %(now)d minutes instead of %(was)d.") % values
            if before.kind != after.kind:
                values = {"title": title, "now": _kind(after), "was": _kind(before)}
                yield _("“%(title)s” is a %(now)s now, and was a %(was)s.") % values
            elif before.rules != after.rules:
                told = unit_types.get(after.kind).tell(title, before.rules, after.rules)
                yield from told or [_("“%s” has other rules.") % title]
            if before.stands_for != after.stands_for:
                yield _("“%s” sums up other units of the full course than before.") % title

    def learners(self) -> Iterator[str]:
        for variant in self.now.variants:
            yield self._to_complete(variant)
        if self.plan.previous is None:
            yield _("From the release on the course stands in the catalogue, and learners' records rest on its units.")
            return
        yield _("Whoever enrols from the release on takes edition %d.") % self.plan.number
        taking = Enrolment.objects.open().filter(course__key=self.course_key)
        by_edition = taking.values_list("edition__number").annotate(people=Count("pk")).order_by("edition__number")
        for number, people in by_edition:
            words = ngettext(
                "%(people)d person is taking edition %(number)d and stays on it, until they choose to move up.",
                "%(people)d people are taking edition %(number)d and stay on it, until they choose to move up.",
                people,
            )
            yield words % {"people": people, "number": number}

    def _to_complete(self, variant: Variant) -> str:
        required = sum(unit.required for unit in variant.units())
        old = next((v for v in self.before.variants if v.kind == variant.kind), None) if self.before else None
        was = sum(unit.required for unit in old.units()) if old else required
        label = _label(variant)
        if was == required:
            words = ngettext(
                "%(label)s: a learner must complete %(now)d unit.",
                "%(label)s: a learner must complete %(now)d units.",
                required,
            )
        else:
            words = ngettext(
                "%(label)s: a learner must now complete %(now)d unit instead of %(was)d.",
                "%(label)s: a learner must now complete %(now)d units instead of %(was)d.",
                required,
            )
        return words % {"label": label, "now": required, "was": was}

    # --- What the certificate states -----------------------------------------------------------------------------

    def certificate(self) -> Iterator[str]:
        if self.before is None:
            yield _("It is called “%s”.") % Award(self.now.award).label
        elif self.plan.difference.other_award:
            awards = {"now": Award(self.now.award).label, "was": Award(self.before.award).label}
            yield _("It becomes a “%(now)s” instead of a “%(was)s”.") % awards
        for variant in self.now.variants:
            old = next((v for v in self.before.variants if v.kind == variant.kind), None) if self.before else None
            values = {"label": _label(variant), "now": _hours(variant), "was": _hours(old) if old else ""}
            if old is None:
                yield _("%(label)s: it states %(now)s h of learning.") % values
            elif old.hours != variant.hours:
                yield _("%(label)s: it states %(now)s h of learning instead of %(was)s.") % values
        for language in self.plan.difference.other_titles if self.before else ():
            values = {
                "language": language_name(language),
                "now": self.now.titles.get(language) or "–",
                "was": (self.before.titles.get(language) if self.before else "") or "–",
            }
            yield _("The title of the edition in %(language)s becomes “%(now)s” instead of “%(was)s”.") % values

    # --- The whole edition ---------------------------------------------------------------------------------------

    def tables(self) -> Iterator[VariantTable]:
        difference = self.plan.difference
        new = {unit.key for unit in difference.added}
        changed = {after.key for _before, after in difference.changed} | {unit.key for unit in difference.moved}
        for variant in self.now.variants:
            yield VariantTable(
                kind=variant.kind,
                heading=_("%(label)s course: %(languages)s, %(hours)s h of learning")
                % {"label": _label(variant), "languages": _names(variant.languages), "hours": _hours(variant)},
                rows=tuple(
                    UnitRow(
                        module=self.title(module) if place == 0 else "",
                        title=self.title(unit),
                        kind=capfirst(_kind(unit)),
                        minutes=unit.minutes,
                        required=unit.required,
                        rules=", ".join(f"{name}: {value}" for name, value in _rules(unit).items()),
                        is_new=unit.key in new,
                        is_changed=unit.key in changed,
                    )
                    for module in variant.modules
                    for place, unit in enumerate(module.units)
                ),
            )


def _titles(page: CoursePage, manifests: list[Manifest]) -> dict[str, str]:
    """The titles of every unit and module of these manifests by key, in the language of the page where there is one."""
    keys = {
        UUID(key)
        for manifest in manifests
        for variant in manifest.variants
        for module in variant.modules
        for key in (module.key, *(unit.key for unit in module.units))
    }
    rows = Page.objects.filter(translation_key__in=keys).values_list("translation_key", "locale_id", "title")
    ordered = sorted(rows, key=lambda row: row[1] == page.locale_id)
    return {str(key): title for key, _locale, title in ordered}


def _other_titles(reworded: list[Reworded]) -> Iterator[str]:
    """Titles of the course that certificates say since it was last released, though no release is needed for that."""
    for item in reworded:
        if isinstance(item.page, CoursePage) and item.title_before and item.title_before != item.title:
            values = {"language": language_name(item.page.locale.language_code), "now": item.title}
            words = _("New ones in %(language)s say “%(now)s” already; earlier ones keep “%(was)s”.")
            yield words % {**values, "was": item.title_before}


def _rules(unit: UnitEntry) -> dict[str, str]:
    return unit_types.get(unit.kind).describe(unit.rules)


def _kind(unit: UnitEntry) -> str:
    return str(unit_types.get(unit.kind).page_model._meta.verbose_name)


def _label(variant: Variant) -> str:
    return str(VariantKind(variant.kind).label)


def _hours(variant: Variant) -> str:
    return f"{variant.hours.normalize():f}"


def _names(languages: tuple[str, ...]) -> str:
    return ", ".join(language_name(language) for language in languages)
