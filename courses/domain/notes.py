"""A learner's own notes, gathered from the lessons they were written in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.domain.editions import give_editions
from courses.domain.tree import page_address
from courses.models import Course, Enrolment, LessonPage, Reflection
from elearn.core.html import clean_learner_text
from elearn.people.models import User

# More notes than these stand on a page for each course, not all on one.
MOST_ON_ONE_PAGE = 100
REFLECTION = "reflection"


@dataclass(frozen=True)
class NoteLine:
    """`question` is empty when the lesson no longer asks it."""

    lesson: str
    url: str
    question: str
    text: str
    updated_at: datetime
    # Shown to the trainers of the cohort that the learner is in; empty `share_url` outside a cohort.
    is_shared: bool = False
    share_url: str = ""

    @property
    def html(self) -> str:
        return mark_safe(clean_learner_text(self.text))


@dataclass(frozen=True)
class LessonNotes:
    title: str
    url: str
    notes: tuple[NoteLine, ...]


@dataclass(frozen=True)
class CourseNotes:
    """The notes of one course in its order. `orphans` answer a question, or stand in a lesson, that is gone."""

    key: UUID
    code: str
    title: str
    url: str
    lessons: tuple[LessonNotes, ...]
    orphans: tuple[NoteLine, ...]

    @property
    def count(self) -> int:
        return sum(len(lesson.notes) for lesson in self.lessons) + len(self.orphans)


@dataclass(frozen=True)
class _Wording:
    """What the live pages say, in the reader's language where they have it."""

    titles: dict[UUID, tuple[str, str]]
    questions: dict[UUID, dict[str, str]]


def read_notes(*, person: User, language: str, course_key: UUID | None = None) -> list[CourseNotes]:
    """The person's notes in all courses or in one, in the order of the lessons. Four queries, however many.

    Notes belong to the person: those of an enrolment that has ended, or of an earlier cycle, are here too.
    """
    enrolments = _enrolments(person, course_key)
    rows = Reflection.objects.filter(enrolment__in=enrolments).select_related("unit").order_by("-updated_at", "pk")
    by_course: dict[int, list[Reflection]] = defaultdict(list)
    for note in rows:
        by_course[enrolments[note.enrolment_id].course_id].append(note)
    wording = _wording([e.course.key for e in enrolments.values()], [n.unit.key for n in rows], language)
    latest = {enrolment.course_id: enrolment for enrolment in enrolments.values()}
    found = [_course_notes(latest[course_id], notes, wording, language) for course_id, notes in by_course.items()]
    return sorted(found, key=lambda course: course.title.casefold())


def may_keep_notes(*, person: User, course_key: UUID) -> bool:
    """Whether the person has, or ever had, an enrolment in the course."""
    return Enrolment.objects.of(person).filter(course__key=course_key).exists()


def _enrolments(person: User, course_key: UUID | None) -> dict[int, Enrolment]:
    """By primary key, the latest cycle of each course last. One query, and one for editions not kept."""
    rows = Enrolment.objects.of(person).filter(reflections__isnull=False).distinct()
    rows = rows.filter(course__key=course_key) if course_key else rows
    found = {row.pk: row for row in rows.select_related("course").order_by("cycle")}
    give_editions(found.values())
    return found


def _wording(course_keys: Iterable[UUID], unit_keys: Iterable[UUID], language: str) -> _Wording:
    """Titles, addresses and questions of courses and lessons. Two queries."""
    keys = {*course_keys, *unit_keys}
    titles: dict[UUID, tuple[str, str]] = {}
    pages = Page.objects.filter(translation_key__in=keys).order_by("path")
    lines = pages.values_list("translation_key", "locale__language_code", "title", "url_path", "live")
    for key, code, title, path, live in lines:
        if key not in titles or code == language:
            titles[key] = (title, page_address(code, path) if live else "")
    questions: dict[UUID, dict[str, str]] = {}
    bodies = LessonPage.objects.live().filter(translation_key__in=keys).order_by("path")
    for key, code, body in bodies.values_list("translation_key", "locale__language_code", "body"):
        if key not in questions or code == language:
            questions[key] = {
                block["id"]: block["value"]["question"] for block in body.raw_data if block["type"] == REFLECTION
            }
    return _Wording(titles, questions)


def _course_notes(enrolment: Enrolment, rows: Sequence[Reflection], wording: _Wording, language: str) -> CourseNotes:
    course: Course = enrolment.course
    title, url = wording.titles.get(course.key, (course.code, ""))
    by_unit: dict[UUID, list[Reflection]] = defaultdict(list)
    orphans = []
    for row in rows:
        asked = enrolment.edition.structure.unit(row.unit.key) is not None
        if asked and row.block_id in wording.questions.get(row.unit.key, {}):
            by_unit[row.unit.key].append(row)
        else:
            orphans.append(_line(row, wording, enrolment))
    lessons = []
    for key in _in_order(enrolment, language, by_unit):
        order = list(wording.questions[key])
        notes = sorted(by_unit[key], key=lambda row: order.index(row.block_id))
        lesson, address = wording.titles[key]
        lines = tuple(_line(row, wording, enrolment) for row in notes)
        lessons.append(LessonNotes(lesson, address if enrolment.may_read else "", lines))
    return CourseNotes(course.key, course.code, title, url, tuple(lessons), tuple(orphans))


def _in_order(enrolment: Enrolment, language: str, keys: Iterable[UUID]) -> list[UUID]:
    """The units in the order of the edition: as this language has it, then those of other variants alone."""
    structure = enrolment.edition.structure
    order = [UUID(unit.key) for unit in structure.variant_for(language).units()]
    order += [UUID(unit.key) for variant in structure.variants for unit in variant.units()]
    places = {key: place for place, key in reversed(list(enumerate(order)))}
    return sorted(keys, key=places.__getitem__)


def _line(row: Reflection, wording: _Wording, enrolment: Enrolment) -> NoteLine:
    lesson, address = wording.titles.get(row.unit.key, (row.unit.code, ""))
    question = wording.questions.get(row.unit.key, {}).get(row.block_id, "")
    held = enrolment.may_read and enrolment.edition.structure.unit(row.unit.key) is not None
    anchor = f"#reflection-{row.block_id}" if question else ""
    url = address + anchor if held and address else ""
    in_cohort = enrolment.cohort_id is not None and row.enrolment_id == enrolment.pk
    return NoteLine(
        lesson,
        url,
        question,
        row.text,
        row.updated_at,
        is_shared=in_cohort and row.shared_with_id == enrolment.cohort_id,
        share_url=reverse("cohorts:share_note", args=[row.unit.key, row.block_id]) if in_cohort else "",
    )


def as_text(*, notes: CourseNotes, person: User) -> str:
    """The notes of a course as a plain text that any program opens, headed in the way of Markdown."""
    day = date_format(localtime(), "j E Y")
    parts = [f"# {notes.title}", _("Notes of %(name)s, %(date)s") % {"name": person.printed_name, "date": day}]
    for lesson in notes.lessons:
        parts.append(f"## {lesson.title}")
        parts += [text for line in lesson.notes for text in _as_text(line, f"### {line.question}")]
    if notes.orphans:
        parts.append(f"## {_('Notes whose question is no longer in the lesson')}")
        parts += [text for line in notes.orphans for text in _as_text(line, f"### {line.question or line.lesson}")]
    if notes.url:
        parts.append(settings.SITE_URL + notes.url)
    return "\n\n".join(parts) + "\n"


def _as_text(line: NoteLine, heading: str) -> list[str]:
    return [heading, line.text, f"({date_format(localtime(line.updated_at), 'j E Y')})"]
