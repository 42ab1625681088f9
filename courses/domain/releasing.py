"""Release: the explicit act that freezes the structure and rules of a course into its next edition."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.domain import unit_types
from courses.domain.differences import Difference, compare
from courses.domain.lint.checking import CourseCheck, check_trees
from courses.domain.page_trees import CourseTree, read_trees
from courses.enums import VariantKind
from courses.models import Course, CoursePage, Edition, Unit
from courses.models.edition import Manifest, ModuleEntry, UnitEntry, Variant
from elearn.people.models import User


class ReleaseRefused(Exception):
    """The course cannot be released as it is. `problems` says why, in words for an author."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class ReleasePlan:
    """What a release would make. `digest` names exactly this plan: a release may insist on it.

    `obstacles` are about the course as a whole; `checks` say, by language, what its published pages lack.
    """

    number: int
    manifest: Manifest
    previous: Edition | None = None
    difference: Difference = field(default_factory=Difference)
    obstacles: tuple[str, ...] = ()
    checks: tuple[CourseCheck, ...] = ()

    @property
    def is_first(self) -> bool:
        return self.previous is None

    @property
    def differs(self) -> bool:
        return self.previous is None or self.manifest != self.previous.structure

    @property
    def problems(self) -> list[str]:
        """Everything that keeps the course from being released, in words for an author."""
        lacking = [
            f"{page.page.title} ({check.language}): {finding.words}"
            for check in self.checks
            for page in check.pages
            for finding in page.musts
        ]
        return [*self.obstacles, *lacking]

    @property
    def digest(self) -> str:
        content = json.dumps([self.number, self.manifest.as_json()], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def plan_release(page: CoursePage) -> ReleasePlan:
    """What releasing the course of this page would make of its live pages, in all languages; nothing is written."""
    obstacles: list[str] = []
    course = Course.objects.select_related("current_edition").filter(key=page.translation_key).first()
    trees = read_trees(page)
    manifest = _manifest_of(trees, page, obstacles)
    previous = course.current_edition if course else None
    if course and course.archived_at:
        obstacles.append(_("The course is archived. Take it out of the archive before releasing it."))
    obstacles.extend(_key_clashes(page, manifest))
    for variant in manifest.variants:
        if not any(unit.required for unit in variant.units()):
            obstacles.append(_("No unit of the %s variant is required, so nobody could complete it.") % variant.kind)
    if not manifest.variants:
        obstacles.append(_("No language of this course has a published module with a published unit."))
    # A language that has no unit yet is no part of the edition, and may still lack anything.
    checks = check_trees([tree for tree in trees if tree.language in manifest.languages], drafts=False)
    return ReleasePlan(
        number=previous.number + 1 if previous else 1,
        manifest=manifest,
        previous=previous,
        difference=compare(manifest, previous.structure) if previous else Difference(),
        obstacles=tuple(obstacles),
        checks=tuple(checks),
    )


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
    if course.archived_at:
        raise changed
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
    manifest = _manifest_of(read_trees(page, drafts=drafts), page, [])
    if not manifest.variants:
        manifest = Manifest(page.award, {}, (Variant(page.variant, (page.locale.language_code,), ()),))
    course = Course(key=page.translation_key)
    course.wording = None  # type: ignore[assignment]  # What authors are still writing is never kept.
    return Edition(course=course, number=0, manifest=manifest.as_json())


def _manifest_of(trees: list[CourseTree], page: CoursePage, problems: list[str]) -> Manifest:
    archived = set(
        Unit.objects.filter(course__key=page.translation_key, archived_at__isnull=False).values_list("key", flat=True)
    )
    by_kind: dict[str, list[tuple[str, tuple[ModuleEntry, ...]]]] = {}
    titles: dict[str, str] = {}
    for tree in trees:
        modules = _module_entries(tree, archived, problems)
        if modules:
            by_kind.setdefault(tree.page.variant, []).append((tree.language, modules))
            if tree.page.edition_title:
                titles[tree.language] = tree.page.edition_title
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
    return Manifest(award=trees[0].page.award if trees else page.award, titles=titles, variants=tuple(variants))


def _module_entries(tree: CourseTree, archived: set[UUID], problems: list[str]) -> tuple[ModuleEntry, ...]:
    modules: list[ModuleEntry] = []
    seen: set[str] = set()
    for module in tree.modules:
        units = []
        for unit in module.units:
            if unit.translation_key in archived:
                continue
            if unit.key in seen:
                problems.append(_("Two units of the course have the key “%s”.") % unit.key)
            seen.add(unit.key)
            units.append(_unit_entry(unit))
        if units:
            if any(entry.code == module.page.key for entry in modules):
                problems.append(_("Two modules of the course have the key “%s”.") % module.page.key)
            key = str(module.page.translation_key)
            modules.append(ModuleEntry(key=key, code=module.page.key, units=tuple(units)))
    return tuple(modules)


def _unit_entry(unit: Any) -> UnitEntry:
    unit_type = unit_types.of_page(unit)
    if unit_type is None:
        raise TypeError(f"{type(unit).__name__} is no registered type of unit.")
    return UnitEntry(
        key=str(unit.translation_key),
        code=unit.key,
        kind=unit_type.key,
        required=unit.required,
        minutes=unit.minutes,
        rules=unit_type.rules(unit),
        stands_for=tuple(unit.stands_for_keys),
    )


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
