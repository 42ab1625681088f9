"""What the pages of a course show to one person: read-side objects, prepared before a template sees them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet, TextField, UUIDField, Value
from django.utils.safestring import SafeString, mark_safe

from courses.domain import unit_types
from courses.domain.access import Access, enrolments_of
from courses.domain.catalogue import CourseCard, card_of
from courses.domain.cohorts.schedule import schedules_of
from courses.domain.editions import give_current_edition, give_editions
from courses.domain.news import NewsSince, news_since
from courses.domain.outline import (
    ModuleLine,
    Outline,
    UnitLine,
    build_outline,
    build_outlines,
    completions_by_enrolment,
    completions_of,
)
from courses.domain.releasing import unreleased_edition
from courses.domain.texts import (
    CourseText,
    LessonText,
    ModuleText,
    course_texts,
    lesson_text,
    module_text,
    text_of_course,
    text_of_lesson,
    text_of_module,
)
from courses.domain.texts import Reflection as Ask
from courses.domain.tree import Place, place_of, tree_of
from courses.models import Course, CoursePage, Edition, Enrolment, LessonPage, ModulePage, Reflection, UnitCompletion
from elearn.core.html import clean_learner_text, clean_rich_text
from elearn.core.prepared import Prepared
from elearn.people.models import User


class Link(NamedTuple):
    url: str
    title: str


@dataclass(frozen=True)
class CourseReading:
    text: CourseText
    card: CourseCard
    edition: Edition
    outline: Outline
    enrolment: Enrolment | None
    teaches: bool
    can_enrol: bool
    archived: bool
    news: NewsSince | None = None

    @property
    def may_read(self) -> bool:
        return self.teaches or self.enrolment is not None

    @property
    def resume(self) -> UnitLine | None:
        return self.outline.resume


@dataclass(frozen=True)
class ModuleReading:
    title: str
    text: ModuleText
    outline: Outline
    module: ModuleLine | None
    enrolment: Enrolment | None
    teaches: bool
    course_title: str
    course_url: str

    @property
    def crumbs(self) -> tuple[Link, ...]:
        return (Link(self.course_url, self.course_title),)

    @property
    def may_read(self) -> bool:
        return self.teaches or self.enrolment is not None


class OtherModule(NamedTuple):
    url: str
    number: int
    title: str
    is_complete: bool


@dataclass(frozen=True)
class BodyLine:
    """Either wording that is the same for everybody, or a question with the learner's own note."""

    html: SafeString | str = ""
    ask: Ask | None = None
    note: str = ""
    # Shown to the trainers of the cohort that the learner is in now.
    is_shared: bool = False

    @property
    def has_note(self) -> bool:
        return bool(self.note)

    @property
    def note_html(self) -> str:
        """The note as it goes on paper, where a text field would be cut off."""
        return mark_safe(clean_learner_text(self.note)) if self.note else ""


@dataclass(frozen=True)
class UnitReading:
    title: str
    outline: Outline
    module: ModuleLine | None
    unit: UnitLine
    enrolment: Enrolment | None
    teaches: bool
    course_title: str
    course_url: str
    revision: int | None
    completed_at: datetime | None = None
    # New since the learner finished: open to them, and nothing is recorded of it.
    reading_only: bool = False
    purpose: str = ""
    complete_url: str = ""
    questions_url: str = ""
    facilitator_notes: str = ""
    body: list[BodyLine] = field(default_factory=list)
    is_preview: bool = False

    @property
    def enrolled(self) -> bool:
        return self.enrolment is not None

    @property
    def records(self) -> bool:
        """Whether what the person does here, a note or finishing the lesson, is kept."""
        return self.enrolled and not self.is_preview and not self.reading_only

    @property
    def may_share(self) -> bool:
        """Whether there are trainers of a cohort to whom the learner may show a note."""
        return self.enrolment is not None and self.enrolment.cohort_id is not None and self.records

    @property
    def crumbs(self) -> tuple[Link, ...]:
        course = Link(self.course_url, self.course_title)
        return (course, Link(self.module.url, self.module.title)) if self.module else (course,)

    @property
    def other_modules(self) -> tuple[OtherModule, ...]:
        own = self.module.key if self.module else None
        return tuple(OtherModule(m.url, m.number, m.title, m.is_complete) for m in self.outline.modules if m.key != own)

    @property
    def previous(self) -> UnitLine | None:
        return self.outline.before(self.unit.key)

    @property
    def next(self) -> UnitLine | None:
        return self.outline.after(self.unit.key)


def read_course(place: Place, access: Access, *, draft: CoursePage | None = None) -> CourseReading:
    """The course page for one person: the outline is of the edition they are taking, or of the current one."""
    text = (
        text_of_course(draft, has_glossary=False)
        if draft
        else course_texts({place.page.pk: place.wording})[place.page.pk]
    )
    enrolment = access.enrolment
    course = enrolment.course if enrolment else _course_of(place)
    edition = (enrolment.edition if enrolment else course.current_edition if course else None) or _unreleased(
        place, drafts=access.teaches, page=draft
    )
    if course is not None and enrolment is None:
        edition.course = course  # Loaded; the outline must not ask for it again.
    done = completions_of(enrolment) if enrolment else {}
    archived = course is not None and course.archived_at is not None
    return CourseReading(
        text=text,
        card=card_of(text, edition, enrolment, done),
        edition=edition,
        outline=build_outline(edition, place.language, done, access.schedule),
        enrolment=enrolment,
        teaches=access.teaches,
        can_enrol=enrolment is None and edition.pk is not None and not archived,
        archived=archived,
        news=_news(place, enrolment) if enrolment else None,
    )


def read_module(place: Place, access: Access, *, draft: ModulePage | None = None) -> ModuleReading:
    outline = _outline_for(place, access, completions_of(access.enrolment) if access.enrolment else {})
    return ModuleReading(
        title=place.page.title,
        text=text_of_module(draft) if draft else module_text(place.page.pk, place.wording),
        outline=outline,
        module=outline.module_of(place.page.key),
        enrolment=access.enrolment,
        teaches=access.teaches,
        course_title=place.course_title,
        course_url=place.course_url,
    )


def read_unit(place: Place, access: Access, *, draft: Any = None) -> UnitReading:
    """A unit for one person: with their own notes, and with the facilitator's notes for who teaches only."""
    key = place.page.key
    text = _lesson_text(place, draft)
    done, notes = _progress(access.enrolment, key, with_notes=text is not None and text.asks)
    enrolment = access.enrolment
    reading_only = enrolment is not None and enrolment.edition.structure.unit(key) is None
    outline = (
        _current_outline(place, enrolment, done) if enrolment and reading_only else _outline_for(place, access, done)
    )
    return UnitReading(
        title=place.page.title,
        outline=outline,
        module=outline.module_of(key),
        unit=outline.unit(key) or _line_of(place, draft),
        enrolment=access.enrolment,
        teaches=access.teaches,
        course_title=place.course_title,
        course_url=place.course_url,
        revision=place.page.revision,
        completed_at=done.get(key),
        reading_only=reading_only,
        purpose=text.purpose if text else "",
        complete_url=text.complete_url if text else "",
        questions_url=text.questions_url if text and draft is None else "",
        facilitator_notes=_facilitator_notes(place, draft) if access.teaches else "",
        body=_body(text, notes, enrolment.cohort_id if enrolment else None) if text else [],
        is_preview=draft is not None,
    )


def sample_context(page: Any) -> dict[str, Any]:
    """What a preview in the CMS shows: the page as a sample learner and trainer in one would see it."""
    access = Access(enrolment=None, teaches=True)
    place = place_of(page)
    if isinstance(page, CoursePage):
        return {"reading": read_course(place, access, draft=page)}
    if isinstance(page, ModulePage):
        return {"reading": read_module(place, access, draft=page)}
    return {"reading": read_unit(place, access, draft=page), **unit_types.what_shows(type(page), page, None)}


def started_courses(person: User, language: str) -> list[tuple[Enrolment, Outline]]:
    """The person's enrolments with their outlines, the running ones first. Two queries, however many.

    Two more for somebody who is in a cohort.
    """
    enrolments = enrolments_of(person)
    for enrolment in enrolments:
        enrolment.person = person
    enrolments.sort(key=lambda enrolment: (enrolment.completed_at is not None, enrolment.completed_at))
    done = completions_by_enrolment(person)
    give_editions(enrolments)
    schedules = schedules_of(e for e in enrolments if e.completed_at is None)
    parts = [(e.edition, done.get(e.pk, {})) for e in enrolments]
    outlines = build_outlines(parts, language, [schedules.get(e.pk) for e in enrolments])
    return list(zip(enrolments, outlines, strict=True))


def _course_of(place: Place) -> Course | None:
    course = Course.objects.filter(key=place.course_key).first()
    if course is not None:
        give_current_edition(course)
    return course


def _unreleased(place: Place, *, drafts: bool, page: CoursePage | None = None) -> Edition:
    page = page or CoursePage.objects.select_related("locale").get(pk=place.course.pk)
    return unreleased_edition(page, drafts=drafts)


def _outline_for(place: Place, access: Access, done: dict[UUID, datetime]) -> Outline:
    if access.enrolment is not None:
        return build_outline(access.enrolment.edition, place.language, done, access.schedule)
    course = _course_of(place)
    edition = course.current_edition if course else None
    return build_outline(edition or _unreleased(place, drafts=access.teaches), place.language, done)


def _current_outline(place: Place, enrolment: Enrolment, done: dict[UUID, datetime]) -> Outline:
    """The outline of the current edition, for somebody whose own does not hold what they are reading."""
    edition = enrolment.course.current_edition or enrolment.edition
    edition.course = enrolment.course
    return build_outline(edition, place.language, done)


def _news(place: Place, enrolment: Enrolment) -> NewsSince | None:
    tree = tree_of(place.course_key, place.language, place.wording)
    return news_since(
        enrolment, place.language, {key: line.published_at for key, line in tree.pages.items()} if tree else {}
    )


def _lesson_text(place: Place, draft: Any) -> LessonText | None:
    """None for units of other types: what they show is their own."""
    if not issubclass(place.page.model, LessonPage):
        return None
    return text_of_lesson(draft) if draft else lesson_text(place.page.pk, place.wording)


def _completions_and_notes(enrolment: Any, unit: Any) -> QuerySet:
    nothing = Value("", output_field=TextField())
    nobody = Value(None, output_field=BigIntegerField(null=True))
    completions = UnitCompletion.objects.standing().filter(enrolment=enrolment)
    notes = Reflection.objects.filter(enrolment=enrolment, unit__key=unit)
    return completions.values_list("unit__key", "completed_at", nothing, nothing, nobody).union(
        notes.values_list("unit__key", "updated_at", "block_id", "text", "shared_with"), all=True
    )


_with_notes = Prepared(_completions_and_notes, enrolment=BigIntegerField(), unit=UUIDField())


def _progress(
    enrolment: Enrolment | None, unit_key: UUID, *, with_notes: bool
) -> tuple[dict[UUID, datetime], dict[str, tuple[str, int | None]]]:
    """What the learner has done, and their notes on one unit: text, and the cohort with which it is shared.

    One query for both.
    """
    if enrolment is None:
        return {}, {}
    if not with_notes:
        return completions_of(enrolment), {}
    rows = _with_notes(enrolment=enrolment.pk, unit=unit_key)
    done, written = {}, {}
    for key, at, block_id, text, shared_with in rows:
        if block_id:
            written[block_id] = (text, shared_with)
        else:
            done[key] = at
    return done, written


def _body(text: LessonText, notes: dict[str, tuple[str, int | None]], cohort: int | None) -> list[BodyLine]:
    return [
        _asked(part, notes.get(part.block_id), cohort) if isinstance(part, Ask) else BodyLine(html=part)
        for part in text.body
    ]


def _asked(ask: Ask, note: tuple[str, int | None] | None, cohort: int | None) -> BodyLine:
    if note is None:
        return BodyLine(ask=ask)
    return BodyLine(ask=ask, note=note[0], is_shared=cohort is not None and note[1] == cohort)


def _facilitator_notes(place: Place, draft: Any) -> str:
    if draft is not None:
        return clean_rich_text(draft.facilitator_notes)
    notes = place.page.model.objects.filter(pk=place.page.pk).values_list("facilitator_notes", flat=True)
    return clean_rich_text(notes.first() or "")


def _line_of(place: Place, draft: Any) -> UnitLine:
    """The line of a unit that the edition does not hold: a draft, or one added since."""
    page = draft or place.page.model.objects.only("minutes", "required").get(pk=place.page.pk)
    return UnitLine(place.page.key, "", place.page.title, "", page.minutes, page.required)
