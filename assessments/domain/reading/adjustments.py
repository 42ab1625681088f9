"""What the screen of reasonable adjustments shows: what was given to whom, and what it can be given for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from assessments.domain.granting import Reach
from assessments.domain.quizzes import QUIZ
from assessments.models import Adjustment
from courses.domain.role_scopes import course_titles
from courses.models import Course, Unit
from elearn.people.domain import trail
from elearn.people.models import User

IN_FORCE, ENDED = "in_force", "ended"


@dataclass(frozen=True)
class AdjustmentLine:
    adjustment: Adjustment
    course: str
    quiz: str

    @property
    def whom(self) -> str:
        given = self.adjustment
        return given.person.printed_name if given.person else str(given.cohort)


def list_adjustments(reach: Reach, *, text: str = "", state: str = "") -> QuerySet[Adjustment]:
    """What the reach covers, the latest first; `text` is looked for in names, addresses and cohorts."""
    rows = reach.adjustments()
    if text:
        named = Q(person__printed_name__icontains=text) | Q(person__latin_name__icontains=text)
        rows = rows.filter(named | Q(person__email__icontains=text) | Q(cohort__title__icontains=text))
    if state == ENDED:
        return rows.filter(ended_at__isnull=False)
    return rows.filter(ended_at=None) if state == IN_FORCE else rows


def lines_of(rows: Iterable[Adjustment]) -> list[AdjustmentLine]:
    """The rows with their titles. Three queries at most."""
    rows = list(rows)
    courses = course_titles({str(row.course.key) for row in rows})
    quizzes = quiz_titles([row.unit for row in rows if row.unit])
    return [AdjustmentLine(row, courses[str(row.course.key)], quizzes.get(row.unit_id or 0, "")) for row in rows]


def quiz_titles(units: Sequence[Unit]) -> dict[int, str]:
    """The title of each quiz in the language of this moment, in another where it has none there, or its code."""
    by_key = {unit.key: unit for unit in units}
    titles = {unit.pk: unit.code for unit in units}
    pages = Page.objects.filter(translation_key__in=by_key).order_by("pk")
    rows = list(pages.values_list("translation_key", "title", "locale__language_code"))
    language = get_language()
    # The reader's own language comes last and so stays.
    for key, title, _code in sorted(rows, key=lambda row: row[2] == language):
        titles[by_key[key].pk] = title
    return titles


def choices_for(courses: Iterable[Course]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What something can be granted for, by course: all its quizzes, or one. Four queries."""
    courses = list(courses)
    titles = course_titles([str(course.key) for course in courses])
    units = list(Unit.objects.filter(course__in=courses, kind=QUIZ, archived_at=None).order_by("pk"))
    quizzes = quiz_titles(units)
    return [
        (
            titles[str(course.key)],
            [
                (f"course:{course.pk}", _("All quizzes of “%s”") % titles[str(course.key)]),
                *((f"unit:{unit.pk}", quizzes[unit.pk]) for unit in units if unit.course_id == course.pk),
            ],
        )
        for course in courses
    ]


def record_read(by: User, rows: Iterable[Adjustment]) -> None:
    """Write in the trail of everybody on the screen that it was read."""
    for person in {row.person for row in rows if row.person}:
        trail.record("assessments.adjustments_read", actor=by, subject=person)
