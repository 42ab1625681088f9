"""A course as the CMS holds it, brought to the same data as a package."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.domain import unit_types
from courses.domain.packages.blocks import Dumping
from courses.domain.packages.content import Entry, Level, Package
from courses.domain.packages.languages import package_name
from courses.domain.packages.loading import form_of
from courses.domain.packages.media import Shelf
from courses.domain.packages.parts import all_parts
from courses.domain.packages.problems import Place
from courses.models import Course, CoursePage, ModulePage, Unit, UnitPage


@dataclass
class Current:
    """A course in the CMS with everything in it, also what is archived. `losses`: what a package cannot hold."""

    package: Package
    shelf: Shelf
    losses: list[str] = field(default_factory=list)


def read_current(key: str) -> Current | None:
    """The course with this key in all its languages, the one that was made first leading; None when there is none."""
    pages = list(CoursePage.objects.filter(key=key).select_related("locale").order_by("pk"))
    if not pages:
        return None
    shelf = Shelf()
    current = Current(Package(key, {}, media=shelf.files), shelf)
    recorded = set(Unit.objects.values_list("key", flat=True)) | set(Course.objects.values_list("key", flat=True))
    archived = set(Unit.objects.filter(archived_at__isnull=False).values_list("key", flat=True))
    for page in pages:
        reader = _TreeReader(page, current, recorded, archived)
        current.package.trees[page.locale.language_code] = reader.read()
    languages = list(current.package.trees)
    current.package.parts = {part.folder: part.dump(key, languages) for part in all_parts()}
    return current


def exportable(current: Current) -> Package:
    """What of a course a package can hold: without archived units, and without languages that lag behind.

    What is left out is added to `current.losses`.
    """
    package = current.package
    trees: dict[str, Entry] = {}
    leaders: dict[str, tuple[str, Entry]] = {}
    for language, tree in package.trees.items():
        kept = _without_archived(tree)
        leading, first = leaders.setdefault(tree.data["variant"], (language, kept))
        if kept.shape() == first.shape():
            trees[language] = kept
        else:
            current.losses.append(
                _("%(language)s is left out: its modules and units are not the same as in %(leading)s.")
                % {"language": package_name(language), "leading": package_name(leading)}
            )
    return Package(package.key, trees, package.media, package.parts)


def _without_archived(entry: Entry) -> Entry:
    children = [_without_archived(child) for child in entry.children if not child.is_archived]
    return Entry(entry.level, entry.kind, entry.key, entry.data, entry.place, entry.draft, children)


class _TreeReader:
    def __init__(self, course: CoursePage, current: Current, recorded: set[Any], archived: set[Any]) -> None:
        self.course = course
        self.current = current
        self.recorded = recorded
        self.archived = archived
        self.pages = self._specific_pages()
        self.names = {page.pk: self._link_name(page) for page in self.pages if page.pk != course.pk}

    def _specific_pages(self) -> list[Any]:
        tree = Page.objects.descendant_of(self.course, inclusive=True).specific().order_by("path")
        return [page for page in tree if isinstance(page, CoursePage | ModulePage | UnitPage)]

    def _link_name(self, page: Any) -> str | None:
        if page.translation_key in self.archived:
            return None
        return f"{'module' if isinstance(page, ModulePage) else 'unit'}:{page.key}"

    def read(self) -> Entry:
        root = self._entry(self.course, "course", "course")
        root.draft = False
        root.data["variant"] = self.course.variant
        for page in self.pages:
            unit_type = unit_types.of_page(page)
            if isinstance(page, ModulePage):
                root.children.append(self._entry(page, "module", "module"))
            elif unit_type is not None and unit_type.form is not None:
                module = next((m for m in root.children if page.path.startswith(m.page.path)), None)
                if module is not None:
                    unit = self._entry(page, "unit", unit_type.key)
                    unit.draft = unit.draft or module.draft
                    module.children.append(unit)
        return root

    def _entry(self, page: Any, level: Level, kind: str) -> Entry:
        # What a reader sees is what a package holds; of a page that was never published, the latest draft.
        shown = page if page.live else page.get_latest_revision_as_object()
        dumping = Dumping(
            link_name=self.names.get,
            media_name=self.current.shelf.name_of,
            course_key=self.course.key,
            losses=self.current.losses,
            about=f"{package_name(self.course.locale.language_code)} {page.key}",
        )
        return Entry(
            level,
            kind,
            page.key,
            form_of(level, kind).dump(shown, dumping),
            Place(_("“%(title)s” in the CMS") % {"title": page.title}),
            draft=not page.live,
            page=page,
            is_archived=page.translation_key in self.archived,
            is_recorded=page.translation_key in self.recorded,
        )
