"""The courses on offer, as the catalogue and the home page show them to one person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Sum, Value

from courses.domain.access import enrolments_of
from courses.domain.editions import editions
from courses.domain.outline import completions_by_enrolment
from courses.domain.texts import CourseText, course_texts
from courses.domain.tree import page_address
from courses.enums import Level, ReviewState, Theme
from courses.models import Course, CoursePage, Edition, Enrolment
from elearn.core.prepared import Prepared
from elearn.core.shelf import Shelf
from elearn.people.models import User

Person = User | AnonymousUser
LANGUAGE_NAMES = dict(settings.LANGUAGES)
CARDS_ON_A_PAGE = 24


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
class CatalogueReading:
    """One page of the catalogue. `total` counts all courses on offer; pages are counted from 1."""

    cards: list[CourseCard]
    total: int
    page: int
    pages: int

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None


@dataclass(frozen=True)
class Offer:
    """A course on offer, and the page that somebody who reads a language is shown of it."""

    course: int
    page: int
    wording: int
    edition: int


# Of every language the latest list: the key holds what changes whenever the list does.
_offers: Shelf[tuple, tuple[Offer, ...]] = Shelf(room=20)


_stamp = Prepared(
    lambda: (
        Course.objects.order_by()
        .annotate(together=Value(1))
        .values_list("together")
        .annotate(
            Count("pk"),
            Sum("wording"),
            Max("current_edition"),
            # How many are archived is not enough: one may come back and another go.
            Count("archived_at"),
            Max("archived_at"),
        )
    )
)


def read_catalogue(person: Person, language: str, *, page: int = 1, size: int = CARDS_ON_A_PAGE) -> CatalogueReading:
    """A page of the courses on offer, those that the person is taking first. Three queries, however many courses.

    A course without a page in the language is shown in the site's own, or in any that it has.
    """
    enrolments = _enrolments(person)
    offers = offers_in(language)
    running = {course for course, enrolment in enrolments.items() if enrolment.completed_at is None}
    pages = max(1, -(-len(offers) // size))
    page = min(max(page, 1), pages)
    shown = list(islice(_own_first(offers, running), (page - 1) * size, page * size))
    return CatalogueReading(_cards(person, shown, enrolments), len(offers), page, pages)


def _own_first(offers: tuple[Offer, ...], running: set[int]) -> Iterator[Offer]:
    """Those that the person is taking, then the others; no further than somebody asks."""
    if running:
        yield from (offer for offer in offers if offer.course in running)
    yield from (offer for offer in offers if offer.course not in running)


def card_of(text: CourseText, edition: Edition, enrolment: Enrolment | None, done: dict[UUID, datetime]) -> CourseCard:
    structure, units = edition.structure, set(done)
    variant = structure.variant_for(text.language)
    # As an outline counts: a module that was completed in another variant is complete.
    required = sum(len(module.required_keys) for module in variant.modules)
    counted = sum(
        len(module.required_keys if structure.module_complete(module.key, units) else module.required_keys & units)
        for module in variant.modules
        if units
    )
    finished = enrolment is not None and enrolment.completed_at is not None
    return CourseCard(
        key=text.key,
        title=text.title,
        url=page_address(text.language, text.url_path),
        summary=text.summary,
        theme=str(Theme(text.theme).label),
        level=str(Level(text.level).label),
        hours=variant.hours,
        languages=tuple(LANGUAGE_NAMES.get(code, code) for code in edition.structure.languages),
        award=str(edition.award.label),
        review=str(ReviewState(text.review_state).label),
        review_state=text.review_state,
        state=None if enrolment is None else "completed" if finished else "active",
        percent=counted * 100 // required if required else 0,
    )


def offers_in(language: str) -> tuple[Offer, ...]:
    """Every course on offer, by title. One query that tells whether anything changed, and two when it did."""
    (stamp,) = _stamp() or [()]
    return _offers.take_one((language, *stamp), lambda: _read_offers(language))


def _read_offers(language: str) -> tuple[Offer, ...]:
    courses = {course.key: course for course in Course.objects.offered()}
    pages = CoursePage.objects.live().filter(translation_key__in=courses)
    best: dict[UUID, tuple[int, int, str]] = {}
    for pk, key, code, title in pages.values_list("pk", "translation_key", "locale__language_code", "title"):
        rank = 0 if code == language else 1 if code == settings.LANGUAGE_CODE else 2
        best[key] = min(best.get(key, (3, 0, "")), (rank, pk, title))
    ordered = sorted(best.items(), key=lambda item: item[1][2].casefold())
    return tuple(
        Offer(course.pk, pk, course.wording, course.current_edition_id)
        for key, (_rank, pk, _title) in ordered
        if (course := courses[key]).current_edition_id is not None
    )


def _cards(person: Person, offers: list[Offer], enrolments: dict[int, Enrolment]) -> list[CourseCard]:
    texts = course_texts({offer.page: offer.wording for offer in offers})
    own = {offer.course: enrolments[offer.course] for offer in offers if offer.course in enrolments}
    done = completions_by_enrolment(person) if own and isinstance(person, User) else {}
    by_pk = editions([offer.edition for offer in offers] + [e.edition_id for e in own.values()])
    cards = []
    for offer in offers:
        enrolment = own.get(offer.course)
        edition = by_pk[enrolment.edition_id if enrolment else offer.edition]
        finished = done.get(enrolment.pk, {}) if enrolment else {}
        cards.append(card_of(texts[offer.page], edition, enrolment, finished))
    return cards


def _enrolments(person: Person) -> dict[int, Enrolment]:
    """The person's latest readable enrolment by course."""
    if not isinstance(person, User):
        return {}
    rows = sorted(enrolments_of(person), key=lambda enrolment: enrolment.cycle)
    return {enrolment.course_id: enrolment for enrolment in rows}
