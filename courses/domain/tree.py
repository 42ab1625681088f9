"""Where the pages of a course stand: titles and addresses in one language, and the way from an address to its page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Q, Subquery
from wagtail.models import Page

from courses.models import CataloguePage, Course, CoursePage
from courses.models.pages import COURSE_DEPTH
from elearn.core.shelf import Shelf, this_minute


def page_address(language: str, url_path: str) -> str:
    """The address of a page, from its path in the tree: the home page's own part gives way to the language."""
    return f"/{language}/" + url_path.split("/", 2)[2]


@dataclass(frozen=True)
class PageLine:
    """A page of a course. `model` is the class of its specific page."""

    pk: int
    key: UUID
    model: type[Page]
    title: str
    url: str
    live: bool
    revision: int | None
    published_at: datetime | None


@dataclass(frozen=True)
class CourseTree:
    """The pages of a course in one language, the course page itself among them."""

    course: PageLine
    pages: dict[UUID, PageLine]
    by_url: dict[str, PageLine]


@dataclass(frozen=True)
class Place:
    """A live page, with the course it belongs to. `wording` is None before the first release: nothing is kept then."""

    page: PageLine
    course: PageLine
    course_key: UUID
    language: str
    wording: int | None

    @property
    def course_title(self) -> str:
        return self.course.title

    @property
    def course_url(self) -> str:
        return self.course.url


TreeKey = tuple[UUID, str, int | None]
_trees: Shelf[TreeKey, CourseTree] = Shelf(room=2_000)
_catalogues: Shelf[int, dict[str, tuple[int, str]]] = Shelf(room=1)


def _catalogues_now() -> dict[str, tuple[int, str]]:
    def read() -> dict[str, tuple[int, str]]:
        rows = CataloguePage.objects.live().values_list("locale__language_code", "pk", "url_path")
        return {language: (pk, path) for language, pk, path in rows}

    return _catalogues.take_one(this_minute(), read)


def catalogue_paths() -> dict[str, str]:
    """The place in the tree of the catalogue, by language: the languages in which the site can be read."""
    return {language: path for language, (_pk, path) in _catalogues_now().items()}


def catalogue_pk(language: str) -> int:
    """The page of the catalogue in a language that has one. Asked by language, a database looks at all pages."""
    return _catalogues_now()[language][0]


def catalogue_addresses() -> dict[str, str]:
    return {language: page_address(language, path) for language, path in catalogue_paths().items()}


def course_path(language: str, address: str) -> str | None:
    """The place in the tree of the course that an address without its language belongs to, if it is one of a course."""
    catalogue = catalogue_paths().get(language)
    parts = address.split("/")
    if catalogue is None or len(parts) < 3 or f"/{language}/{parts[0]}/" != page_address(language, catalogue):
        return None
    return f"{catalogue}{parts[1]}/"


def course_at(path: str) -> tuple[UUID, int | None] | None:
    """Key and stamp of the live course page at a place in the tree. The slug is in an index; the path is not."""
    wording = Course.objects.filter(key=OuterRef("translation_key")).values("wording")
    rows = Page.objects.live().filter(slug=path.split("/")[-2], depth=COURSE_DEPTH, url_path=path)
    return rows.values_list("translation_key", Subquery(wording[:1])).first()


def place_at(course_key: UUID, language: str, wording: int | None, address: str) -> Place | None:
    """The live page of a course at an address without its language."""
    tree = tree_of(course_key, language, wording)
    page = tree.by_url.get(f"/{language}/{address}") if tree else None
    return Place(page, tree.course, course_key, language, wording) if tree and page and page.live else None


def place_of(page: Page) -> Place:
    """The place of a page that is already at hand: live, a draft, or one that its author has not stored yet."""
    # A course page that was never stored stands nowhere in the tree; it is its own course.
    own = isinstance(page, CoursePage)
    course = page if own else Page.objects.select_related("locale").get(path=page.path[: COURSE_DEPTH * Page.steplen])
    wording = Course.objects.filter(key=course.translation_key).values_list("wording", flat=True).first()
    language = course.locale.language_code
    return Place(_line(page, language), _line(course, language), course.translation_key, language, wording)


def _line(page: Page, language: str) -> PageLine:
    return PageLine(
        pk=page.pk,
        key=page.translation_key,
        model=type(page),
        title=page.title,
        url=page_address(language, page.url_path) if page.url_path else "",
        live=page.live,
        revision=page.live_revision_id,
        published_at=page.last_published_at,
    )


def tree_of(course_key: UUID, language: str, wording: int | None) -> CourseTree | None:
    """The tree of a course in a language; None where the course has no page in it. Two queries, none when kept."""
    wanted: TreeKey = (course_key, language, wording)
    return trees_of([wanted]).get(wanted)


def trees_of(wanted: Iterable[TreeKey]) -> dict[TreeKey, CourseTree]:
    """Several trees. Two queries for all of those that are not kept."""
    wanted = list(wanted)
    unkept = [key for key in wanted if key[2] is None]
    trees = _trees.take([key for key in wanted if key[2] is not None], _read)
    return {**trees, **_read(unkept)} if unkept else trees


def _read(wanted: list[TreeKey]) -> dict[TreeKey, CourseTree]:
    rows = CoursePage.objects.filter(
        translation_key__in={key for key, _, _ in wanted}, locale__language_code__in={code for _, code, _ in wanted}
    ).values_list("path", "translation_key", "locale__language_code")
    courses = {(key, language): path for path, key, language in rows}
    by_course: dict[str, list[PageLine]] = defaultdict(list)
    languages = {path: language for (_, language), path in courses.items()}
    if courses:
        branches = reduce(or_, (Q(path__startswith=path) for path in courses.values()))
        rows = (
            Page.objects.filter(branches)
            .order_by("path")
            .values_list(
                "path",
                "pk",
                "translation_key",
                "content_type",
                "title",
                "url_path",
                "live",
                "live_revision",
                "last_published_at",
            )
        )
        for path, pk, key, content_type, title, url_path, live, revision, published_at in rows:
            branch = path[: COURSE_DEPTH * Page.steplen]
            model = ContentType.objects.get_for_id(content_type).model_class() or Page
            address = page_address(languages[branch], url_path)
            by_course[branch].append(PageLine(pk, key, model, title, address, live, revision, published_at))
    trees = {}
    for key, language, wording in wanted:
        lines = by_course.get(courses.get((key, language), ""))
        if lines:
            by_key = {line.key: line for line in lines}
            trees[key, language, wording] = CourseTree(lines[0], by_key, {line.url: line for line in lines})
    return trees


def changed(page: Page) -> None:
    """Move the stamp of the course that a page belongs to; of every course when the page stands above them."""
    branch = page.path[: COURSE_DEPTH * Page.steplen]
    courses = Course.objects.all()
    if page.depth >= COURSE_DEPTH:
        courses = courses.filter(key__in=Page.objects.filter(path=branch).values("translation_key"))
    courses.update(wording=F("wording") + 1)
