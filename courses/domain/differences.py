"""How the structure and rules of one edition differ from those of another. Pure: manifests in, entries out."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from courses.models.edition import Manifest, ModuleEntry, UnitEntry


@dataclass(frozen=True)
class Difference:
    """Each unit is named once, though it may stand in several variants."""

    added: tuple[UnitEntry, ...] = ()
    removed: tuple[UnitEntry, ...] = ()
    moved: tuple[UnitEntry, ...] = ()
    # Before and after: other rules, length or type, or required or not.
    changed: tuple[tuple[UnitEntry, UnitEntry], ...] = ()
    modules_added: tuple[ModuleEntry, ...] = ()
    modules_removed: tuple[ModuleEntry, ...] = ()
    modules_reordered: bool = False
    languages_added: tuple[str, ...] = ()
    languages_removed: tuple[str, ...] = ()
    other_variants: bool = False
    other_award: bool = False
    # The languages in which the edition is called otherwise.
    other_titles: tuple[str, ...] = ()


def compare(now: Manifest, before: Manifest) -> Difference:
    now_units, old_units = _units(now), _units(before)
    changed = [
        (old_units[place], unit)
        for place, unit in now_units.items()
        if place in old_units and _rules(unit) != _rules(old_units[place])
    ]
    now_modules, old_modules = _modules(now), _modules(before)
    stay = [key for key in now_modules if key in old_modules]
    languages = [language for language in now.languages if language in before.languages]
    return Difference(
        added=_once(unit for place, unit in now_units.items() if place not in old_units),
        removed=_once(unit for place, unit in old_units.items() if place not in now_units),
        moved=_moved(now, before),
        changed=tuple({after.key: (old, after) for old, after in reversed(changed)}.values())[::-1],
        modules_added=tuple(module for key, module in now_modules.items() if key not in old_modules),
        modules_removed=tuple(module for key, module in old_modules.items() if key not in now_modules),
        modules_reordered=stay != [key for key in old_modules if key in now_modules],
        languages_added=tuple(language for language in now.languages if language not in before.languages),
        languages_removed=tuple(language for language in before.languages if language not in now.languages),
        other_variants=any(_kind(now, language) != _kind(before, language) for language in languages),
        other_award=now.award != before.award,
        other_titles=tuple(
            language
            for language in dict.fromkeys([*now.titles, *before.titles])
            if now.titles.get(language) != before.titles.get(language)
        ),
    )


def _units(manifest: Manifest) -> dict[tuple[str, str], UnitEntry]:
    """The units by variant and key: one unit may have other rules in another variant."""
    return {(variant.kind, unit.key): unit for variant in manifest.variants for unit in variant.units()}


def _modules(manifest: Manifest) -> dict[str, ModuleEntry]:
    return {module.key: module for variant in reversed(manifest.variants) for module in variant.modules}


def _kind(manifest: Manifest, language: str) -> str:
    return manifest.variant_for(language).kind


def _once(units: Iterable[UnitEntry]) -> tuple[UnitEntry, ...]:
    found: dict[str, UnitEntry] = {}
    for unit in units:
        found.setdefault(unit.key, unit)
    return tuple(found.values())


def _moved(now: Manifest, before: Manifest) -> tuple[UnitEntry, ...]:
    """Units that stand in another module, or were taken past others: as few as explain the new order."""
    moved: dict[str, UnitEntry] = {}
    for variant in now.variants:
        old = next((candidate for candidate in before.variants if candidate.kind == variant.kind), None)
        if old is None:
            continue
        here = {unit.key: module.key for module in variant.modules for unit in module.units}
        there = {unit.key: module.key for module in old.modules for unit in module.units}
        place = {key: number for number, key in enumerate(there)}
        stay = [key for key in here if key in there]
        in_order = set(_longest_rising(stay, place))
        for unit in variant.units():
            if unit.key in there and (unit.key not in in_order or here[unit.key] != there[unit.key]):
                moved[unit.key] = unit
    return tuple(moved.values())


def _longest_rising(keys: list[str], place: dict[str, int]) -> list[str]:
    """The most keys that stand in their old order: what is not among them has been moved, and nothing else."""
    best: list[list[str]] = []  # by length - 1: the rising row of that length that ends lowest
    for key in keys:
        row = bisect_left(best, place[key], key=lambda found: place[found[-1]])
        best[row : row + 1] = [[*(best[row - 1] if row else []), key]]
    return best[-1] if best else []


def _rules(unit: UnitEntry) -> dict[str, object]:
    return {**asdict(unit), "code": None}
