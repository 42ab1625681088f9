"""Bringing the CMS to a package: all of it or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug
from wagtail.models import Page

from courses.domain.archiving import set_archived
from courses.domain.authors import library_of
from courses.domain.packages.blocks import Building
from courses.domain.packages.bodies import BlockData
from courses.domain.packages.content import Entry, Name, Package
from courses.domain.packages.dumping import Current, read_current
from courses.domain.packages.glossary import term_pk
from courses.domain.packages.loading import form_of, load_package
from courses.domain.packages.media import Depot, Shelf
from courses.domain.packages.parts import all_parts
from courses.domain.packages.planning import Action, Plan, Step, plan_import
from courses.domain.packages.problems import PackageRefused, Problem
from courses.domain.packages.source import open_source
from courses.domain.packages.tree import catalogue_for, lock_catalogues, put_in_order, translation_key
from courses.domain.releasing import plan_release, release
from courses.models import CoursePage, Edition

WRITING = frozenset({Action.CREATED, Action.UPDATED, Action.RESTORED})


@dataclass(frozen=True)
class Outcome:
    """What an import did. `edition` is None when no release was asked for or nothing was to release."""

    key: str
    plan: Plan
    edition: Edition | None = None


def preview_import(path: Path) -> Outcome:
    """What `import_package` would do; nothing is written.

    Refusals: PackageRefused, as there.
    """
    package = load_package(open_source(path))
    return Outcome(package.key, plan_import(package, read_current(package.key)))


def import_package(path: Path, *, and_release: bool = False) -> Outcome:
    """Bring the pages, files and questions of a course to what a package says, and release it if asked.

    Effects, in one transaction: pages are created or get a new revision, which is published unless the package calls
    them drafts; what is the same already is not touched. Units that are no longer in the package are archived where a
    released edition holds them, and unpublished otherwise; nothing is deleted. Two imports at once follow each other.
    Refusals: PackageRefused when anything is wrong with the package; ReleaseRefused when it cannot be released. Then
    nothing is changed, and files that were written already are removed.
    """
    package = load_package(open_source(path))
    depots: list[Depot] = []
    try:
        with transaction.atomic():
            lock_catalogues()
            current = read_current(package.key)
            plan = plan_import(package, current)
            if not plan.is_empty:
                importer = _Importer(package, current, plan)
                depots.append(importer.depot)
                importer.run()
            edition = _release(package) if and_release else None
    except BaseException:
        for depot in depots:
            depot.clear_away()
        raise
    return Outcome(package.key, plan, edition)


def _release(package: Package) -> Edition | None:
    page = CoursePage.objects.get(key=package.key, locale__language_code=package.source_language)
    plan = plan_release(page)
    if not plan.differs and not plan.problems:
        return None
    return release(page=page, by=None)


class _Importer:
    def __init__(self, package: Package, current: Current | None, plan: Plan) -> None:
        self.package = package
        self.current = current
        self.plan = plan
        self.depot = Depot(current.shelf if current else Shelf(), package.media, _alternatives(package))
        self.pages: dict[tuple[str, str, str], int] = {}  # (language, level, key) -> page
        self.keys: dict[Name, UUID] = self._known_keys()
        self.archiving_done: set[UUID] = set()

    def run(self) -> None:
        for part in all_parts():
            part.apply(self.package, self.current.package if self.current else Package(self.package.key, {}))
        for language, tree in self.package.trees.items():
            self._place(tree, language, None)
            self._order(tree, language)
            self.depot.library = library_of(self.keys[tree.name])
        for step in self.plan.steps:
            if step.entry is not None and step.action in WRITING:
                self._fill(step, step.entry)
        for step in self.plan.steps:
            self._retire(step)

    def _known_keys(self) -> dict[Name, UUID]:
        trees = self.current.package.trees if self.current else {}
        keys: dict[Name, UUID] = {}
        for tree in trees.values():
            for entry in tree.walk():
                keys.setdefault(entry.name, entry.page.translation_key)
        return keys

    # --- Places first, since links need the pages they lead to ---------------------------------------------------

    def _place(self, entry: Entry, language: str, parent: int | None) -> None:
        step = next(s for s in self.plan.steps if s.entry is entry)
        if step.current is not None:
            pk = step.current.page.pk
            if parent is not None and Page.objects.get(pk=pk).get_parent().pk != parent:
                Page.objects.get(pk=pk).move(Page.objects.get(pk=parent), pos="last-child")
        else:
            pk = self._make(entry, language, parent)
        self.pages[(language, *entry.name)] = pk
        for child in entry.children:
            self._place(child, language, pk)

    def _make(self, entry: Entry, language: str, parent_pk: int | None) -> int:
        parent = catalogue_for(language) if parent_pk is None else Page.objects.get(pk=parent_pk)
        page = form_of(entry.level, entry.kind).model(
            slug=find_available_slug(parent, entry.key),
            key=entry.key,
            locale=catalogue_for(language).locale,
            translation_key=self.keys.setdefault(entry.name, translation_key(self.package.key, entry)),
            live=False,
        )
        self._assign(page, entry, language)
        with _InWords(entry):
            parent.add_child(instance=page)
        return int(page.pk)

    def _order(self, tree: Entry, language: str) -> None:
        for entry in tree.walk():
            if entry.children:
                put_in_order(
                    self.pages[(language, *entry.name)], [self.pages[(language, *c.name)] for c in entry.children]
                )

    # --- Then what they say --------------------------------------------------------------------------------------

    def _fill(self, step: Step, entry: Entry) -> None:
        page: Any = Page.objects.get(pk=self.pages[(step.language, *entry.name)]).specific
        self._assign(page, entry, step.language)
        if step.action == Action.RESTORED:
            self._set_archived(page, archived=False)
        with _InWords(entry):
            revision = page.save_revision()
            if not entry.draft:
                revision.publish()
            elif page.live:
                page.unpublish()

    def _assign(self, page: Any, entry: Entry, language: str) -> None:
        building = Building(
            page_of=lambda href: self.pages.get((language, *href.split(":", 1))),  # type: ignore[arg-type]
            media_pk=self.depot.pk_of,
            namespace=f"{self.package.key}/{entry.level}/{entry.key}",
            course_key=self.package.key,
            term_pk=lambda key: term_pk(self.package.key, key, language),
        )
        form_of(entry.level, entry.kind).assign(page, entry.data, building)
        if entry.level == "course":
            page.variant = entry.data["variant"]

    def _retire(self, step: Step) -> None:
        if step.current is None:
            return
        page = Page.objects.get(pk=step.current.page.pk).specific
        if step.action == Action.UNPUBLISHED:
            page.unpublish()
        elif step.action == Action.ARCHIVED:
            self._set_archived(page, archived=True)

    def _set_archived(self, page: Any, *, archived: bool) -> None:
        # One act for the unit in all its languages.
        if page.translation_key not in self.archiving_done:
            set_archived(page=page, archived=archived, by=None)
            self.archiving_done.add(page.translation_key)


class _InWords:
    """Turns what the CMS itself refuses into a problem of the package."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValidationError):
            message = _("The CMS does not take this page: %(why)s") % {"why": "; ".join(error.messages)}
            raise PackageRefused([Problem(self.entry.place, message)]) from error


def _alternatives(package: Package) -> dict[str, str]:
    """The text alternative of each picture: the first one said, or "" where it never has any."""
    found: dict[str, str] = {}
    for tree in package.trees.values():
        for entry in tree.walk():
            for picture in _pictures_in(entry.data.get("body")):
                found[picture["file"]] = found.get(picture["file"]) or picture.get("alt", "")
    return found


def _pictures_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, BlockData):
        yield from _pictures_in(value.value)
    elif isinstance(value, dict):
        if "file" in value and ("alt" in value or value.get("decorative")):
            yield value
        for inner in value.values():
            yield from _pictures_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _pictures_in(inner)
