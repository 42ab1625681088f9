"""The pages of a course as a tree, in all its languages, in a number of queries that its length does not change."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from wagtail.models import Page, Revision

from courses.domain import unit_types
from courses.models import CoursePage, ModulePage, UnitPage
from courses.models.pages import KeyedPage

# What a page keeps whatever its draft says: where it stands, and whether and when it was published.
KEPT = (
    *("id", "content_type_id", "path", "depth", "numchild", "url_path", "translation_key", "locale_id"),
    *("live", "has_unpublished_changes", "latest_revision_id", "live_revision_id", "alias_of_id", "owner_id"),
    *("first_published_at", "last_published_at", "latest_revision_created_at"),
)


def language_name(code: str) -> str:
    """What a language is called in the settings; its code where they do not name it."""
    return dict(settings.LANGUAGES).get(code, code)


@dataclass(frozen=True)
class ModuleTree:
    page: ModulePage
    units: tuple[UnitPage, ...]


@dataclass(frozen=True)
class CourseTree:
    page: CoursePage
    modules: tuple[ModuleTree, ...]

    @property
    def language(self) -> str:
        return str(self.page.locale.language_code)

    @property
    def units(self) -> tuple[UnitPage, ...]:
        return tuple(unit for module in self.modules for unit in module.units)

    def pages(self) -> Iterator[KeyedPage]:
        """The course, then each module with its units, in order."""
        yield self.page
        for module in self.modules:
            yield module.page
            yield from module.units


def read_trees(page: CoursePage, *, drafts: bool = False, every_language: bool = True) -> list[CourseTree]:
    """The trees of a course, the language of `page` first.

    Without `drafts` what is published, as it is published. With them every page, as its newest draft has it.
    Queries: one for the courses, one for the modules, one per unit type, one for drafts.
    """
    courses = CoursePage.objects.filter(translation_key=page.translation_key)
    courses = courses if every_language else courses.filter(pk=page.pk)
    roots = sorted(_pages(courses, drafts), key=lambda p: (p.locale_id != page.locale_id, p.locale.language_code))
    if not roots:
        return []
    below = reduce(or_, (Q(path__startswith=root.path, depth__gt=root.depth) for root in roots))
    modules = _pages(ModulePage.objects.filter(below), drafts)
    units = [
        unit
        for unit_type in unit_types.all_types()
        for unit in _pages(unit_type.page_model._default_manager.filter(below), drafts, unit_type.related)
    ]
    if drafts:
        contents = _draft_contents([*roots, *modules, *units])
        roots, modules, units = ([as_draft(p, contents) for p in pages] for pages in (roots, modules, units))
    return _grown(roots, modules, units)


def as_draft(page: Any, contents: dict[int, dict[str, Any]]) -> Any:
    """The page as its newest draft has it, without asking the database again for everything it refers to."""
    content = contents.get(page.latest_revision_id)
    if content is None:
        return page
    own = {name: value for name, value in content.items() if name != "wagtail_admin_comments"}
    draft = type(page).from_serializable_data({**own, "pk": page.pk}, check_fks=False)
    for name in KEPT:
        setattr(draft, name, getattr(page, name))
    for name, row in page._state.fields_cache.items():
        if row is not None and getattr(draft, page._meta.get_field(name).attname, None) == row.pk:
            setattr(draft, name, row)
    return draft


def _pages(pages: QuerySet, drafts: bool, related: tuple[str, ...] = ()) -> list[Any]:
    pages = pages.select_related("locale", *related).order_by("path")
    return list(pages if drafts else pages.filter(live=True))


def _draft_contents(pages: list[Any]) -> dict[int, dict[str, Any]]:
    newest = [page.latest_revision_id for page in pages if page.has_unpublished_changes and page.latest_revision_id]
    return dict(Revision.objects.filter(pk__in=newest).values_list("pk", "content"))


def _grown(roots: list[Any], modules: list[Any], units: list[Any]) -> list[CourseTree]:
    by_parent: dict[str, list[Any]] = defaultdict(list)
    for page in sorted([*modules, *units], key=lambda p: p.path):
        by_parent[page.path[: -Page.steplen]].append(page)
    return [
        CourseTree(
            root,
            tuple(
                ModuleTree(module, tuple(unit for unit in by_parent[module.path] if isinstance(unit, UnitPage)))
                for module in by_parent[root.path]
                if isinstance(module, ModulePage)
            ),
        )
        for root in roots
    ]
