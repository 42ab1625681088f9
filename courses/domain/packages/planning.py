"""What an import would do: the package compared with the CMS, page by page. Nothing is written here."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from courses.domain.packages.content import Entry, Name, Package
from courses.domain.packages.dumping import Current
from courses.domain.packages.languages import package_name
from courses.domain.packages.parts import Change, all_parts
from courses.domain.packages.problems import Problems


class Action(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    RESTORED = "restored"
    MOVED = "moved"
    ARCHIVED = "archived"
    UNPUBLISHED = "unpublished"
    UNCHANGED = "unchanged"
    KEPT = "kept"


# These leave the site as it was.
QUIET = frozenset({Action.UNCHANGED, Action.KEPT})


@dataclass
class Step:
    """What happens to one page. `entry` is what the package says, `current` what the CMS has."""

    action: Action
    language: str
    label: str
    entry: Entry | None = None
    current: Entry | None = None
    note: str = ""

    def change(self) -> Change:
        return Change(self.action, f"{self.label} – {self.note}" if self.note else self.label)


@dataclass
class Plan:
    steps: list[Step] = field(default_factory=list)
    parts: list[Change] = field(default_factory=list)
    # Languages whose modules or units stand in another order, or in another module, than the package says.
    reordered: list[str] = field(default_factory=list)

    def changes(self) -> Iterator[Change]:
        yield from self.parts
        for step in self.steps:
            yield step.change()
        for language in self.reordered:
            name = package_name(language)
            yield Change(Action.MOVED, _("%(language)s: the order of modules and units") % {"language": name})

    @property
    def is_empty(self) -> bool:
        return all(change.action in QUIET for change in self.changes())

    def counts(self) -> Counter[str]:
        return Counter(change.action for change in self.changes())


def plan_import(package: Package, current: Current | None) -> Plan:
    """Compare. Raises PackageRefused when the package asks for what records of learners forbid."""
    problems = Problems()
    plan = Plan()
    held = current.package if current else Package(package.key, {})
    for part in all_parts():
        plan.parts.extend(part.plan(package, held))
    wanted = {entry.name for tree in package.trees.values() for entry in tree.walk()}
    for language, tree in package.trees.items():
        planner = _LanguagePlanner(language, package, held, wanted, problems)
        plan.steps.extend(planner.steps(tree))
        if planner.is_reordered(tree):
            plan.reordered.append(language)
    plan.steps.extend(_kept_languages(package, held))
    problems.refuse_if_any()
    return plan


def _kept_languages(package: Package, held: Package) -> Iterator[Step]:
    for language, tree in held.trees.items():
        if language not in package.trees:
            note = _("not in the package; its pages stay as they are")
            yield Step(Action.KEPT, language, package_name(language), current=tree, note=note)


class _LanguagePlanner:
    def __init__(self, language: str, package: Package, held: Package, wanted: set[Name], problems: Problems) -> None:
        self.language = language
        self.package = package
        self.held = held
        self.wanted = wanted
        self.problems = problems
        self.tree = held.trees.get(language)
        self.known = {entry.name: entry for entry in self.tree.walk()} if self.tree else {}

    def steps(self, tree: Entry) -> Iterator[Step]:
        here = {entry.name for entry in tree.walk()}
        for entry in tree.walk():
            yield self._step(entry, self.known.get(entry.name))
        for current in self.known.values():
            if current.name not in here:
                step = self._leftover(current, here)
                if step:
                    yield step

    def _step(self, entry: Entry, current: Entry | None) -> Step:
        label = self._label(entry)
        if current is None:
            note = _("as a draft") if entry.draft else ""
            return Step(Action.CREATED, self.language, label, entry, note=note)
        if current.kind != entry.kind:
            self.problems.add(
                entry.place,
                _("“%(key)s” is of another kind in the CMS (%(kind)s). Give the new unit a key of its own.")
                % {"key": entry.key, "kind": current.kind},
            )
        if entry.draft and self._holds_records(current):
            self.problems.add(
                entry.place,
                _(
                    "“%(key)s” is part of a released edition and cannot become a draft. Take “draft” away, or leave it "
                    "out of the package: then it is archived."
                )
                % {"key": entry.key},
            )
        if current.is_archived:
            return Step(Action.RESTORED, self.language, label, entry, current, _("back from the archive"))
        if self._is_same(entry, current):
            return Step(Action.UNCHANGED, self.language, label, entry, current)
        replaced = current.page.live and current.page.has_unpublished_changes
        note = _("its unpublished draft stays in its history") if replaced else ""
        return Step(Action.UPDATED, self.language, label, entry, current, note)

    def _is_same(self, entry: Entry, current: Entry) -> bool:
        live_as_wanted = entry.level == "course" and not current.page.live
        return (
            entry.data == current.data
            and entry.draft == current.draft
            and not live_as_wanted
            and entry.media() == current.media()  # Captions may come or go without a word of the page.
            and all(self.package.digest(name) == self.held.digest(name) for name in entry.media())
        )

    def _leftover(self, current: Entry, here: set[Name]) -> Step | None:
        label = self._label(current)
        if current.level == "module":
            stays = any(child.is_recorded and child.name not in here for child in current.children)
            if stays or not current.page.live:
                return None
            return Step(Action.UNPUBLISHED, self.language, label, current=current, note=_("no longer in the package"))
        if current.is_archived:
            return None
        if not current.is_recorded:
            if not current.page.live:
                return None
            return Step(Action.UNPUBLISHED, self.language, label, current=current, note=_("no longer in the package"))
        if current.name in self.wanted:
            self.problems.add(
                self.package.trees[self.language].place,
                _(
                    "“%(key)s” is part of a released edition. It can leave the course in all languages at once, not in "
                    "%(language)s alone."
                )
                % {"key": current.key, "language": package_name(self.language)},
            )
        note = _("no longer in the package; those whose edition holds it keep it")
        return Step(Action.ARCHIVED, self.language, label, current=current, note=note)

    @staticmethod
    def _holds_records(current: Entry) -> bool:
        if current.level == "module":
            return any(child.is_recorded and not child.is_archived for child in current.children)
        return current.is_recorded and not current.is_archived

    def is_reordered(self, tree: Entry) -> bool:
        """Whether pages that exist already stand otherwise than the package says."""
        if self.tree is None:
            return False
        return self._order(tree, self.known) != self._order(self.tree, {entry.name: entry for entry in tree.walk()})

    @staticmethod
    def _order(tree: Entry, also_there: dict[Name, Entry]) -> list[list[Name]]:
        # A unit whose module is new moves there: the module counts as a place of its own only where both have it.
        modules = [module for module in tree.children if module.name in also_there]
        order = [[module.name for module in modules]]
        for module in tree.children:
            units = [unit.name for unit in module.children if unit.name in also_there]
            if units or module.name in also_there:
                order.append([module.name, *units])
        return order

    def _label(self, entry: Entry) -> str:
        return f"{package_name(self.language)} {entry.level} {entry.key}"
