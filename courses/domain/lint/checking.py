"""Checking a page, or a course with everything below it, by all the rules."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from courses.domain import unit_types
from courses.domain.lint.content import Part, parts_of
from courses.domain.lint.findings import Book, Finding
from courses.domain.lint.page_rules import COURSE, LESSON, MODULE, UNIT
from courses.domain.lint.subject import Known, Subject, gather
from courses.domain.lint.text_rules import TEXT
from courses.domain.page_trees import CourseTree, ModuleTree, language_name, read_trees
from courses.models import CoursePage, LessonPage, Unit, UnitPage


@dataclass(frozen=True)
class PageCheck:
    """What one page lacks, what blocks a release first."""

    page: Any
    findings: tuple[Finding, ...]

    @property
    def musts(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocks)

    @property
    def shoulds(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.blocks)


@dataclass(frozen=True)
class ModuleCheck:
    module: PageCheck
    units: tuple[PageCheck, ...]

    @property
    def pages(self) -> tuple[PageCheck, ...]:
        return (self.module, *self.units)

    @property
    def has_findings(self) -> bool:
        return any(page.findings for page in self.pages)


@dataclass(frozen=True)
class CourseCheck:
    """What a course lacks in one language, by module and unit. `drafts` says which state of its pages was looked at."""

    language: str
    drafts: bool
    course: PageCheck
    modules: tuple[ModuleCheck, ...]

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def pages(self) -> Iterator[PageCheck]:
        yield self.course
        for module in self.modules:
            yield from module.pages

    @property
    def musts(self) -> int:
        return sum(len(page.musts) for page in self.pages)

    @property
    def shoulds(self) -> int:
        return sum(len(page.shoulds) for page in self.pages)


def check_course(page: CoursePage, *, drafts: bool, every_language: bool = False) -> list[CourseCheck]:
    """What the course of a page lacks: as its newest drafts are, or as it is published; the page's language first.

    Archived units are left out, as a release leaves them out. The queries do not grow with the course.
    """
    return check_trees(read_trees(page, drafts=drafts, every_language=every_language), drafts=drafts)


def check_trees(trees: list[CourseTree], *, drafts: bool) -> list[CourseCheck]:
    """The same for trees that somebody has read already."""
    keys = [unit.translation_key for tree in trees for unit in tree.units]
    archived = set(Unit.objects.filter(key__in=keys, archived_at__isnull=False).values_list("key", flat=True))
    trees = [_without(tree, archived) for tree in trees]
    parts = {page.pk: tuple(parts_of(page)) for tree in trees for page in tree.pages()}
    known = gather(part for page_parts in parts.values() for part in page_parts)
    found = _by_page(_findings(trees, parts, known))
    return [
        CourseCheck(
            language=tree.language,
            drafts=drafts,
            course=PageCheck(tree.page, found[tree.page.pk]),
            modules=tuple(
                ModuleCheck(
                    PageCheck(module.page, found[module.page.pk]),
                    tuple(PageCheck(unit, found[unit.pk]) for unit in module.units),
                )
                for module in tree.modules
            ),
        )
        for tree in trees
    ]


def check_page(page: Any) -> PageCheck:
    """What one page lacks as it is in memory: in the editor that is its newest draft. A page not yet stored: nothing.

    Of what stands below it only its published or unpublished presence counts, not the wording.
    """
    if not page.pk:
        return PageCheck(page, ())
    parts = {page.pk: tuple(parts_of(page))}
    known = gather(parts[page.pk])
    if isinstance(page, UnitPage):
        findings = _unit_findings([page], parts, known)
    else:
        root = page if isinstance(page, CoursePage) else None
        course = root or CoursePage.objects.ancestor_of(page).first()
        tree = next(iter(read_trees(course, drafts=True, every_language=False)), None) if course else None
        module = next((m for m in tree.modules if m.page.pk == page.pk), None) if tree else None
        subject = _subject(page, parts, known, tree.modules if tree and root else (), module.units if module else ())
        findings = iter([*(COURSE if root else MODULE).check(subject, page.pk), *TEXT.check(subject, page.pk)])
    return PageCheck(page, _by_page(findings)[page.pk])


def _without(tree: CourseTree, archived: set[Any]) -> CourseTree:
    modules = tuple(
        ModuleTree(module.page, tuple(unit for unit in module.units if unit.translation_key not in archived))
        for module in tree.modules
    )
    return CourseTree(tree.page, modules)


def _findings(trees: list[CourseTree], parts: dict[int, tuple[Part, ...]], known: Known) -> Iterator[Finding]:
    for tree in trees:
        yield from _both(COURSE, _subject(tree.page, parts, known, modules=tree.modules))
        for module in tree.modules:
            yield from _both(MODULE, _subject(module.page, parts, known, units=module.units))
    yield from _unit_findings([unit for tree in trees for unit in tree.units], parts, known)


def _unit_findings(units: list[Any], parts: dict[int, tuple[Part, ...]], known: Known) -> Iterator[Finding]:
    """By the rules for every unit and for text, then by those of its type, for all of a type at once."""
    for unit in units:
        yield from _both(UNIT, _subject(unit, parts, known))
    for unit_type in unit_types.all_types():
        of_type = [unit for unit in units if isinstance(unit, unit_type.page_model)]
        if of_type:
            yield from unit_type.lint(of_type)
    for unit in (unit for unit in units if isinstance(unit, LessonPage)):
        yield from LESSON.check(_subject(unit, parts, known), unit.pk)


def _both(book: Book, subject: Subject) -> list[Finding]:
    return [*book.check(subject, subject.page.pk), *TEXT.check(subject, subject.page.pk)]


def _subject(
    page: Any,
    parts: dict[int, tuple[Part, ...]],
    known: Known,
    modules: tuple[ModuleTree, ...] = (),
    units: tuple[Any, ...] = (),
) -> Subject:
    return Subject(page, parts[page.pk], page.locale.language_code, known, modules, units)


def _by_page(findings: Iterable[Finding]) -> dict[int, tuple[Finding, ...]]:
    by_page: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_page[finding.page].append(finding)
    ordered = {pk: tuple(sorted(found, key=lambda f: not f.blocks)) for pk, found in by_page.items()}
    return defaultdict(tuple, ordered)
