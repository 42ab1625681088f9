"""Lists of the marking desk: lines of what waits and of what is settled, and what they can be narrowed to. No names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Min, QuerySet
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assessments.domain import second_marks
from assessments.domain.asking import question_of
from assessments.domain.marking_desk import code_of, holder_until, is_held_by
from assessments.domain.reading.question import plain
from assessments.enums import AssessmentPart, ScriptState
from assessments.models import Attempt, Script
from courses.domain.tree import CourseTree, trees_of
from courses.models import Unit
from elearn.people.models import User

BEGINNING = 70  # characters of a question, in lists


@dataclass(frozen=True)
class QueueLine:
    script: Script
    code: str
    course: str
    unit: str
    question: str
    kind: str
    since: datetime
    is_mine: bool
    others_until: datetime | None


@dataclass(frozen=True)
class Titles:
    """Titles of courses and units in one language, or their keys where they have none in it."""

    trees: Mapping[UUID, CourseTree | None]

    def course(self, unit: Unit) -> str:
        tree = self.trees.get(unit.course.key)
        return tree.course.title if tree else unit.course.code

    def unit(self, unit: Unit) -> str:
        tree = self.trees.get(unit.course.key)
        page = tree.pages.get(unit.key) if tree else None
        return page.title if page else unit.code


def titles_of(units: Iterable[Unit], language: str) -> Titles:
    """Two queries at most, for however many units; each must come with its course.

    A course that has no page in this language is named in the site's own.
    """
    courses = {unit.course.key: unit.course for unit in units}
    asked = [
        (key, each, course.wording) for key, course in courses.items() for each in (language, settings.LANGUAGE_CODE)
    ]
    trees = trees_of(dict.fromkeys(asked))
    found: dict[UUID, CourseTree | None] = {}
    for key, each, wording in asked:
        found[key] = found.get(key) or trees.get((key, each, wording))
    return Titles(found)


def queue_lines(rows: Iterable[Script], person: User, language: str) -> list[QueueLine]:
    """Lines of the queue, without a name. Four queries at most, however many; units must come with their courses."""
    scripts = list(rows)
    titles = titles_of((script.unit for script in scripts), language)
    prompts = question_titles(scripts, language)
    return [
        QueueLine(
            script=script,
            code=code_of(script),
            course=titles.course(script.unit),
            unit=titles.unit(script.unit),
            question=prompts.get((script.unit_id, script.question_key), ""),
            kind=_kind(script),
            since=script.entered_at,
            is_mine=is_held_by(script, person),
            others_until=holder_until(script, person),
        )
        for script in scripts
    ]


def _kind(script: Script) -> str:
    if script.state == ScriptState.DISPUTED:
        return _("Two marks differ")
    return _("Second mark") if getattr(script, "has_first", False) else _("First mark")


def question_titles(scripts: Iterable[Script], language: str) -> dict[tuple[int, str], str]:
    """The beginning of each essay question, by unit and key. One query: an attempt of each is enough."""
    one_of_each = {
        (script.unit_id, script.question_key): script.attempt_id for script in scripts if script.attempt_id is not None
    }
    attempts = Attempt.objects.only("snapshot").in_bulk(set(one_of_each.values()))
    titles = {}
    for (unit_id, key), attempt_id in one_of_each.items():
        question = question_of(attempts[attempt_id], key)
        if question is not None:
            titles[unit_id, key] = Truncator(strip_tags(question.content(language)["prompt"])).chars(BEGINNING)
    return titles


@dataclass(frozen=True)
class SettledLine:
    script: Script
    code: str
    course: str
    unit: str
    question: str
    percent: Decimal | int
    marks: int
    how: str


def settled_lines(rows: Iterable[Script], language: str) -> list[SettledLine]:
    """Lines of what is settled, without a name; assessments must be prefetched. Three queries at most."""
    scripts = list(rows)
    titles = titles_of((script.unit for script in scripts), language)
    prompts = question_titles(scripts, language)
    lines = []
    for script in scripts:
        finals = second_marks.finals_of(script)
        counts = second_marks.verdict(finals)
        fraction = counts.fraction if counts else Decimal(0)
        lines.append(
            SettledLine(
                script=script,
                code=code_of(script),
                course=titles.course(script.unit),
                unit=titles.unit(script.unit),
                question=prompts.get((script.unit_id, script.question_key), ""),
                percent=plain(fraction * 100),
                marks=len(finals),
                how=_how(counts),
            )
        )
    return lines


def _how(counts: second_marks.Verdict | None) -> str:
    if counts is not None and len(counts.given_by) > 1:
        return _("Two marks that agree: their mean")
    return str(AssessmentPart(counts.shown.part).label) if counts is not None else ""


@dataclass(frozen=True)
class Choices:
    """What the queue can be narrowed to."""

    courses: list[tuple[str, str]]
    units: list[tuple[str, str]]
    questions: list[tuple[str, str]]


def choices_in(rows: QuerySet[Script], language: str) -> Choices:
    """The courses, units and questions of what waits. Five queries at most, however much waits."""
    one_of_each = (
        rows.order_by().values("unit_id", "question_key").annotate(one=Min("pk")).values_list("one", flat=True)
    )
    scripts = list(Script.objects.filter(pk__in=list(one_of_each)).select_related("unit__course"))
    found = {(script.unit_id, script.question_key): script for script in scripts}
    titles = titles_of((script.unit for script in scripts), language)
    prompts = question_titles(scripts, language)
    courses = {str(script.unit.course.key): titles.course(script.unit) for script in scripts}
    units = {str(script.unit.key): titles.unit(script.unit) for script in scripts}
    questions = {script.question_key: prompts[pair] for pair, script in found.items() if pair in prompts}
    return Choices(*(sorted(each.items(), key=lambda pair: pair[1]) for each in (courses, units, questions)))
