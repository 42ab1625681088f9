"""What the pages of a course show to one person: read-side objects, prepared before a template sees them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.safestring import mark_safe
from wagtail.blocks import StreamValue
from wagtail.models import Page

from courses.domain.access import Access
from courses.domain.outline import (
    ModuleLine,
    Outline,
    UnitLine,
    build_outline,
    build_outlines,
    completions_of,
    page_address,
)
from courses.domain.releasing import unreleased_edition
from courses.models import Course, CoursePage, Edition, Enrolment, LessonPage, ModulePage, Reflection, UnitCompletion
from courses.models.pages import COURSE_DEPTH, UnitPage
from elearn.core.html import clean_learner_text, clean_rich_text
from elearn.people.models import User

Person = User | AnonymousUser
LANGUAGE_NAMES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class CourseCard:
    """A course as the catalogue shows it. `state` is None, "active" or "completed" for the person who looks."""

    key: UUID
    title: str
    url: str
    summary: str
    theme: str
    level: str
    hours: Decimal
    languages: tuple[str, ...]
    award: str
    review: str
    review_state: str
    state: str | None = None
    percent: int = 0


@dataclass(frozen=True)
class CourseReading:
    card: CourseCard
    edition: Edition
    outline: Outline
    enrolment: Enrolment | None
    teaches: bool
    can_enrol: bool
    archived: bool

    @property
    def may_read(self) -> bool:
        return self.teaches or self.enrolment is not None

    @property
    def edition_number(self) -> int:
        return self.edition.number

    @property
    def resume(self) -> UnitLine | None:
        return self.outline.resume


@dataclass(frozen=True)
class ModuleReading:
    outline: Outline
    module: ModuleLine | None
    enrolment: Enrolment | None
    teaches: bool
    course_title: str
    course_url: str

    @property
    def may_read(self) -> bool:
        return self.teaches or self.enrolment is not None


@dataclass(frozen=True)
class BodyLine:
    block: StreamValue.StreamChild
    note: str = ""

    @property
    def note_html(self) -> str:
        """The note as it goes on paper, where a text field would be cut off."""
        return mark_safe(clean_learner_text(self.note))


@dataclass(frozen=True)
class UnitReading:
    outline: Outline
    module: ModuleLine | None
    unit: UnitLine
    enrolment: Enrolment | None
    teaches: bool
    course_key: UUID
    course_title: str
    course_url: str
    revision: int | None
    facilitator_notes: str = ""
    body: list[BodyLine] = field(default_factory=list)
    is_preview: bool = False

    @property
    def previous(self) -> UnitLine | None:
        return self.outline.before(self.unit.key)

    @property
    def next(self) -> UnitLine | None:
        return self.outline.after(self.unit.key)


@dataclass(frozen=True)
class Place:
    """Where a page stands: the course and module above it (itself included), without loading them whole."""

    course_id: int
    course_key: UUID
    course_title: str
    course_url: str
    language: str


def place_of(page: Page) -> Place:
    """The course a page belongs to. One query, none for the locale: it comes with the ancestor."""
    course = (
        Page.objects.filter(path=page.path[: COURSE_DEPTH * Page.steplen])
        .select_related("locale")
        .only("translation_key", "title", "url_path", "locale__language_code")
        .get()
    )
    language = course.locale.language_code
    return Place(course.pk, course.translation_key, course.title, page_address(language, course.url_path), language)


@dataclass(frozen=True)
class PlacedLesson:
    page: LessonPage
    course_key: UUID


def lesson_page(unit_key: UUID, language: str) -> PlacedLesson | None:
    """The live lesson with this key in this language, and the course it belongs to."""
    page = LessonPage.objects.live().filter(translation_key=unit_key, locale__language_code=language).first()
    return PlacedLesson(page, place_of(page).course_key) if page else None


def catalogue(person: Person, language: str) -> list[CourseCard]:
    """Every course on offer, in this language where it exists and otherwise in its own. Four queries at most."""
    courses = list(Course.objects.offered().select_related("current_edition"))
    pages = _course_pages([course.key for course in courses])
    enrolments = _enrolments(person)
    done = _done_by_enrolment(enrolments.values())
    cards = []
    for course in courses:
        page = _page_for(pages[course.key], language)
        if page is None or course.current_edition is None:
            continue
        enrolment = enrolments.get(course.pk)
        done_here = done[enrolment.pk] if enrolment else {}
        cards.append(card_of(page, enrolment.edition if enrolment else course.current_edition, enrolment, done_here))
    return sorted(cards, key=lambda card: (card.state != "active", card.title.casefold()))


def card_of(page: CoursePage, edition: Edition, enrolment: Enrolment | None, done: dict[UUID, datetime]) -> CourseCard:
    language = page.locale.language_code
    variant = edition.structure.variant_for(language)
    required = [key for module in variant.modules for key in module.required_keys]
    finished = enrolment is not None and enrolment.completed_at is not None
    return CourseCard(
        key=page.translation_key,
        title=page.title,
        url=page_address(language, page.url_path),
        summary=page.summary,
        theme=page.get_theme_display(),
        level=page.get_level_display(),
        hours=variant.hours,
        languages=tuple(LANGUAGE_NAMES.get(code, code) for code in edition.structure.languages),
        award=str(edition.award.label),
        review=page.get_review_state_display(),
        review_state=page.review_state,
        state=None if enrolment is None else "completed" if finished else "active",
        percent=len(set(required) & set(done)) * 100 // len(required) if required else 0,
    )


def read_course(page: CoursePage, access: Access) -> CourseReading:
    """The course page for one person: the outline is of the edition they are taking, or of the current one."""
    course = Course.objects.select_related("current_edition").filter(key=page.translation_key).first()
    enrolment = access.enrolment
    edition = enrolment.edition if enrolment else course.current_edition if course else None
    edition = edition or unreleased_edition(page, drafts=access.teaches)
    done = completions_of(enrolment) if enrolment else {}
    archived = course is not None and course.archived_at is not None
    return CourseReading(
        card=card_of(page, edition, enrolment, done),
        edition=edition,
        outline=build_outline(edition, page.locale.language_code, done),
        enrolment=enrolment,
        teaches=access.teaches,
        can_enrol=enrolment is None and edition.pk is not None and not archived,
        archived=archived,
    )


def read_module(page: ModulePage, place: Place, access: Access) -> ModuleReading:
    outline = _outline_for(place, access)
    return ModuleReading(
        outline=outline,
        module=outline.module_of(page.translation_key),
        enrolment=access.enrolment,
        teaches=access.teaches,
        course_title=place.course_title,
        course_url=place.course_url,
    )


def read_unit(page: UnitPage, place: Place, access: Access, *, is_preview: bool = False) -> UnitReading:
    """A unit for one person: with their own notes, and with the facilitator's notes for who teaches only."""
    outline = _outline_for(place, access)
    notes: dict[str, str] = {}
    if access.enrolment and isinstance(page, LessonPage) and page.body.blocks_by_name("reflection"):
        rows = Reflection.objects.filter(enrolment=access.enrolment, unit__key=page.translation_key)
        notes = dict(rows.values_list("block_id", "text"))
    body = page.body if isinstance(page, LessonPage) else []
    return UnitReading(
        outline=outline,
        module=outline.module_of(page.translation_key),
        unit=outline.unit(page.translation_key) or _line_of(page),
        enrolment=access.enrolment,
        teaches=access.teaches,
        course_key=place.course_key,
        course_title=place.course_title,
        course_url=place.course_url,
        revision=page.live_revision_id,
        facilitator_notes=clean_rich_text(page.facilitator_notes) if access.teaches else "",
        body=[BodyLine(child, notes.get(child.id or "", "")) for child in body],
        is_preview=is_preview,
    )


def sample_reading(page: Any) -> Any:
    """What a preview in the CMS shows: the page as a sample learner and trainer in one would see it."""
    access = Access(enrolment=None, teaches=True)
    if isinstance(page, CoursePage):
        return read_course(page, access)
    place = place_of(page)
    if isinstance(page, ModulePage):
        return read_module(page, place, access)
    return read_unit(page, place, access, is_preview=True)


def _outline_for(place: Place, access: Access) -> Outline:
    enrolment = access.enrolment
    if enrolment is not None:
        return build_outline(enrolment.edition, place.language, completions_of(enrolment))
    edition = Edition.objects.filter(course__key=place.course_key).order_by("number").last()
    if edition is None:
        page = CoursePage.objects.select_related("locale").get(pk=place.course_id)
        edition = unreleased_edition(page, drafts=access.teaches)
    return build_outline(edition, place.language, {})


def _line_of(page: UnitPage) -> UnitLine:
    """The line of a unit that the edition does not hold: a draft, or one added since."""
    return UnitLine(page.translation_key, "", page.title, "", page.minutes, page.required, completed_at=None)


def _course_pages(keys: list[UUID]) -> dict[UUID, dict[str, CoursePage]]:
    pages: dict[UUID, dict[str, CoursePage]] = defaultdict(dict)
    for page in CoursePage.objects.live().filter(translation_key__in=keys).select_related("locale").defer("about"):
        pages[page.translation_key][page.locale.language_code] = page
    return pages


def _page_for(by_language: dict[str, CoursePage], language: str) -> CoursePage | None:
    default = by_language.get(settings.LANGUAGE_CODE) or next(iter(by_language.values()), None)
    return by_language.get(language, default)


def _enrolments(person: Person) -> dict[int, Enrolment]:
    """The person's latest readable enrolment by course."""
    if not isinstance(person, User):
        return {}
    rows = Enrolment.objects.of(person).readable().select_related("edition").order_by("cycle")
    return {enrolment.course_id: enrolment for enrolment in rows}


def _done_by_enrolment(enrolments: Any) -> dict[int, dict[UUID, datetime]]:
    done: dict[int, dict[UUID, datetime]] = defaultdict(dict)
    ids = [enrolment.pk for enrolment in enrolments]
    if ids:
        rows = UnitCompletion.objects.standing().filter(enrolment__in=ids)
        for enrolment_id, key, at in rows.values_list("enrolment", "unit__key", "completed_at"):
            done[enrolment_id][key] = at
    return done


def started_courses(person: User, language: str) -> list[tuple[Enrolment, str, str, Outline]]:
    """The person's enrolments with title, address and outline, the running ones first. Four queries, however many."""
    enrolments = list(
        Enrolment.objects.of(person).readable().select_related("edition", "course").order_by("completed_at", "-pk")
    )
    enrolments.sort(key=lambda enrolment: enrolment.completed_at is not None)
    done = _done_by_enrolment(enrolments)
    pages = _course_pages([enrolment.course.key for enrolment in enrolments])
    outlines = build_outlines([(e.edition, done[e.pk]) for e in enrolments], language)
    lines = []
    for enrolment, outline in zip(enrolments, outlines, strict=True):
        page = _page_for(pages[enrolment.course.key], language)
        title = page.title if page else enrolment.course.code
        url = page_address(page.locale.language_code, page.url_path) if page else ""
        lines.append((enrolment, title, url, outline))
    return lines
