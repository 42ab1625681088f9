"""Release: the explicit act that freezes the structure and rules of a course into its next edition."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.domain import unit_types
from courses.enums import VariantKind
from courses.models import Course, CoursePage, Edition, ModulePage, Unit
from courses.models.edition import Manifest, ModuleEntry, UnitEntry, Variant
from elearn.people.models import User


class ReleaseRefused(Exception):
    """The course cannot be released as it is. `problems` says why, in words for an author."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class ReleasePlan:
    """What a release would make. `digest` names exactly this plan: a release may insist on it."""

    number: int
    manifest: Manifest
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)
    rules_changed: list[str] = field(default_factory=list)
    facts_changed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_first: bool = False
    differs: bool = True

    @property
    def digest(self) -> str:
        content = json.dumps([self.number, self.manifest.as_json()], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def plan_release(page: CoursePage) -> ReleasePlan:
    """What releasing the course of this page would make of its live pages, in all languages; nothing is written."""
    problems: list[str] = []
    course = Course.objects.select_related("current_edition").filter(key=page.translation_key).first()
    manifest = _read_manifest(page, problems)
    previous = course.current_edition if course else None
    if course and course.archived_at:
        problems.append(_("The course is archived. Take it out of the archive before releasing it."))
    problems.extend(_key_clashes(page, manifest))
    for variant in manifest.variants:
        if not any(unit.required for unit in variant.units()):
            problems.append(_("No unit of the %s variant is required, so nobody could complete it.") % variant.kind)
    if not manifest.variants:
        problems.append(_("No language of this course has a published module with a published unit."))
    if previous is None:
        return ReleasePlan(number=1, manifest=manifest, problems=problems, is_first=True)
    return _compare(manifest, previous, problems)


@transaction.atomic
def release(*, page: CoursePage, by: User | None, note: str = "", expected_digest: str = "") -> Edition:
    """Release the next edition of a course.

    Effects: makes the rows of the course and its units that records hang on, writes the edition and makes it the
    one that new enrolments get. Running enrolments keep theirs.
    Refusals: ReleaseRefused when the plan has problems, when nothing differs from the current edition, or when the
    plan is no longer the one with `expected_digest` that somebody was shown.
    """
    changed = ReleaseRefused([_("The course has changed since this preview was made. Look at it again.")])
    plan = plan_release(page)
    if expected_digest and plan.digest != expected_digest:
        raise changed
    if plan.problems:
        raise ReleaseRefused(plan.problems)
    if not plan.differs:
        raise ReleaseRefused([_("Nothing in its structure or rules differs from edition %d.") % (plan.number - 1)])
    course, _created = Course.objects.get_or_create(key=page.translation_key, defaults={"code": page.key})
    course = Course.objects.select_for_update(of=("self",)).select_related("current_edition").get(pk=course.pk)
    if plan.number != (course.current_edition.number + 1 if course.current_edition else 1):
        raise changed  # Somebody else released at the same moment.
    for variant in plan.manifest.variants:
        for unit in variant.units():
            Unit.objects.get_or_create(
                key=UUID(unit.key), defaults={"course": course, "code": unit.code, "kind": unit.kind}
            )
    edition = Edition.objects.create(
        course=course, number=plan.number, manifest=plan.manifest.as_json(), note=note, released_by=by
    )
    course.current_edition = edition
    course.save(update_fields=["current_edition"])
    return edition


def unreleased_edition(page: CoursePage, *, drafts: bool) -> Edition:
    """An edition that is never stored: what the course would be now. With drafts only for those who write it."""
    manifest = _read_manifest(page, [], drafts=drafts)
    if not manifest.variants:
        manifest = Manifest(page.award, {}, (Variant(page.variant, (page.locale.language_code,), ()),))
    return Edition(number=0, manifest=manifest.as_json())


def _read_manifest(page: CoursePage, problems: list[str], *, drafts: bool = False) -> Manifest:
    archived = set(Unit.objects.filter(archived_at__isnull=False).values_list("key", flat=True))
    by_kind: dict[str, list[tuple[str, tuple[ModuleEntry, ...]]]] = {}
    titles: dict[str, str] = {}
    pages = CoursePage.objects.filter(translation_key=page.translation_key).select_related("locale")
    pages = pages if drafts else pages.live()
    ordered = sorted(pages, key=lambda p: (p.locale_id != page.locale_id, p.locale.language_code))
    for course_page in ordered:
        language = course_page.locale.language_code
        modules = _read_modules(course_page, archived, problems, drafts)
        if modules:
            by_kind.setdefault(course_page.variant, []).append((language, modules))
            if course_page.edition_title:
                titles[language] = course_page.edition_title
    variants = []
    for kind in VariantKind.values:
        languages = by_kind.get(kind, [])
        if not languages:
            continue
        first_language, structure = languages[0]
        for language, other in languages[1:]:
            if _shape(other) != _shape(structure):
                problems.append(
                    _("%(language)s does not have the same units, in the same order, as %(first)s.")
                    % {"language": language, "first": first_language}
                )
        variants.append(Variant(kind, tuple(language for language, _modules in languages), structure))
    award = ordered[0].award if ordered else page.award
    return Manifest(award=award, titles=titles, variants=tuple(variants))


def _read_modules(
    course_page: CoursePage, archived: set[UUID], problems: list[str], drafts: bool
) -> tuple[ModuleEntry, ...]:
    modules: list[ModuleEntry] = []
    seen: set[str] = set()
    for module in ModulePage.objects.child_of(course_page).order_by("path"):
        units = []
        for unit in Page.objects.child_of(module).specific().order_by("path") if module.live or drafts else ():
            unit_type = unit_types.of_page(unit)
            if unit_type is None or unit.translation_key in archived or not (unit.live or drafts):
                continue
            if unit.key in seen:
                problems.append(_("Two units of the course have the key “%s”.") % unit.key)
            seen.add(unit.key)
            problems.extend(f"{unit.title}: {problem}" for problem in unit_type.lint(unit))
            units.append(
                UnitEntry(
                    key=str(unit.translation_key),
                    code=unit.key,
                    kind=unit_type.key,
                    required=unit.required,
                    minutes=unit.minutes,
                    rules=unit_type.rules(unit),
                    stands_for=tuple(unit.stands_for_keys),
                )
            )
        if units:
            if any(entry.code == module.key for entry in modules):
                problems.append(_("Two modules of the course have the key “%s”.") % module.key)
            modules.append(ModuleEntry(key=str(module.translation_key), code=module.key, units=tuple(units)))
    return tuple(modules)


def _key_clashes(page: CoursePage, manifest: Manifest) -> list[str]:
    """A copied course, or a new page under the key of an archived one, would take over somebody else's records."""
    clashes = []
    if Course.objects.filter(code=page.key).exclude(key=page.translation_key).exists():
        clashes.append(_("Another course has the key “%s”. Give this one a key of its own.") % page.key)
    units = {unit.code: unit.key for variant in manifest.variants for unit in variant.units()}
    taken = Unit.objects.filter(course__key=page.translation_key, code__in=units).exclude(key__in=units.values())
    for code in taken.values_list("code", flat=True):
        clashes.append(_("The key “%s” belongs to another unit that learners have taken. Choose a new key.") % code)
    return clashes


def _shape(modules: tuple[ModuleEntry, ...]) -> list[tuple[str, list[str]]]:
    return [(module.key, [unit.key for unit in module.units]) for module in modules]


def _compare(manifest: Manifest, previous: Edition, problems: list[str]) -> ReleasePlan:
    before = previous.structure
    now_units, old_units = _units(manifest), _units(before)
    added = [now_units[key].code for key in now_units if key not in old_units]
    removed = [old_units[key].code for key in old_units if key not in now_units]
    changed = [
        unit.code for key, unit in now_units.items() if key in old_units and _rules(unit) != _rules(old_units[key])
    ]
    return ReleasePlan(
        number=previous.number + 1,
        manifest=manifest,
        added=list(dict.fromkeys(added)),
        removed=list(dict.fromkeys(removed)),
        reordered=_reordered(manifest, before),
        rules_changed=list(dict.fromkeys(changed)),
        facts_changed=_facts_changed(manifest, before),
        problems=problems,
        differs=manifest != before,
    )


def _units(manifest: Manifest) -> dict[tuple[str, str], UnitEntry]:
    """The units by variant and key: one unit may have other rules in another variant."""
    return {(variant.kind, unit.key): unit for variant in manifest.variants for unit in variant.units()}


def _reordered(now: Manifest, before: Manifest) -> list[str]:
    """Units that stand in another module, or in another order among those that stay."""
    moved: dict[str, None] = {}
    for variant in now.variants:
        old = next((candidate for candidate in before.variants if candidate.kind == variant.kind), None)
        if old is None:
            continue
        here = {unit.key: module.key for module in variant.modules for unit in module.units}
        there = {unit.key: module.key for module in old.modules for unit in module.units}
        codes = {unit.key: unit.code for unit in variant.units()}
        pairs = zip([key for key in here if key in there], [key for key in there if key in here], strict=True)
        moved.update({codes[new]: None for new, was in pairs if new != was})
        moved.update({codes[key]: None for key in here if key in there and here[key] != there[key]})
    return list(moved)


def _facts_changed(now: Manifest, before: Manifest) -> list[str]:
    """What changes beside the units, in words."""
    changed = []
    if now.award != before.award:
        changed.append(_("the type of the certificate"))
    if now.titles != before.titles:
        changed.append(_("the title of the edition"))
    if sorted(now.languages) != sorted(before.languages):
        changed.append(_("the languages: %s") % ", ".join(now.languages))
    if {v.kind: v.languages for v in now.variants} != {v.kind: v.languages for v in before.variants}:
        changed.append(_("which languages are full and which condensed"))
    if [m.key for v in now.variants for m in v.modules] != [m.key for v in before.variants for m in v.modules]:
        changed.append(_("the modules or their order"))
    return changed


def _rules(unit: UnitEntry) -> dict[str, object]:
    return {**asdict(unit), "code": None}
