"""What the screens and the file of results say about a survey. One reading for both, so that they cannot disagree."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.domain.surveys.access import Reach, reach_of
from assessments.domain.surveys.figures import QuestionFigures, SurveyFigures, figures_of, to_tenth
from assessments.domain.surveys.participation import Participation, participation_of, sum_of
from assessments.domain.surveys.rules import SURVEY
from assessments.domain.surveys.small_groups import ALL, Path
from assessments.enums import COMPARED_KINDS, SurveyKind
from assessments.models import SurveyPage
from courses.domain.editions import editions
from courses.domain.role_scopes import course_titles
from courses.models import Cohort, Unit
from elearn.people.models import User

# The path of no group at all.
NOBODY: Path = (0,)


@dataclass(frozen=True)
class SurveyTitle:
    title: str
    kind: str

    @property
    def kind_label(self) -> str:
        return str(SurveyKind(self.kind).label) if self.kind else ""


@dataclass(frozen=True)
class SurveyLine:
    """A survey in the list."""

    unit: Unit
    course_title: str
    about: SurveyTitle
    participation: Participation


@dataclass(frozen=True)
class CohortSurveyLine:
    """A survey in the list of a cohort; `group` names the cohort in the address of its results."""

    unit: Unit
    about: SurveyTitle
    edition: int
    group: str
    participation: Participation


@dataclass(frozen=True)
class GroupChoice:
    """A group that results can be asked for: `value` names it in an address."""

    value: str
    label: str
    path: Path


@dataclass(frozen=True)
class ComparedCompetency:
    """A competency before and after the course. The people need not be the same, so it compares groups."""

    statement: str
    before: QuestionFigures
    after: QuestionFigures

    @property
    def difference(self) -> Decimal | None:
        """Of the means before they are rounded."""
        if self.before.exact_mean is None or self.after.exact_mean is None:
            return None
        return to_tenth(self.after.exact_mean - self.before.exact_mean)

    @property
    def has_grown(self) -> bool:
        return self.difference is not None and self.difference > 0


@dataclass(frozen=True)
class Results:
    """`is_shown` is False for a group that is withheld; then nobody's answers are in `questions`."""

    unit: Unit
    course_title: str
    about: SurveyTitle
    groups: list[GroupChoice]
    group: GroupChoice
    participation: Participation
    is_shown: bool
    questions: list[QuestionFigures]
    comparison: list[ComparedCompetency]


class NoSuchGroup(LookupError):
    """The survey has no such group, or the person may not see it."""


def surveys_seen_by(person: User) -> QuerySet[Unit]:
    """The surveys whose results the person may see, course by course."""
    return reach_of(person).surveys().select_related("course").order_by("course__code", "pk")


def lines_of(person: User, units: Collection[Unit]) -> list[SurveyLine]:
    """The lines of a list. The queries do not grow with it."""
    reach = reach_of(person)
    titles, courses = _titles(units), course_titles(str(unit.course.key) for unit in units)
    numbers = participation_of(units)
    return [
        SurveyLine(
            unit,
            courses[str(unit.course.key)],
            titles[unit.pk],
            sum_of({path: each for path, each in numbers[unit.pk].items() if reach.covers_group(unit, path)}),
        )
        for unit in units
    ]


def lines_of_cohort(person: User, cohort: Cohort) -> list[CohortSurveyLine]:
    """The surveys of a cohort whose results the person may see, edition by edition. As few queries as for a list."""
    reach = reach_of(person)
    units = list(reach.surveys().filter(course=cohort.course_id).select_related("course").order_by("pk"))
    titles, numbers = _titles(units), participation_of(units)
    paths = [(unit, path) for unit in units for path in numbers[unit.pk] if path[1] == cohort.pk]
    held = editions({path[0] for _unit, path in paths})
    return [
        CohortSurveyLine(
            unit,
            titles[unit.pk],
            held[path[0]].number,
            f"{held[path[0]].number}-{cohort.public_id}",
            numbers[unit.pk][path],
        )
        for unit, path in paths
        if reach.covers_group(unit, path)
    ]


def results_of(*, person: User, unit: Unit, group: str | None = None) -> Results:
    """What a survey has brought, for a group that the person may see; the widest one when none is named.

    Refusals: NoSuchGroup.
    """
    reach = reach_of(person)
    beside = [unit, *Unit.objects.filter(course=unit.course_id, kind=SURVEY).exclude(pk=unit.pk).order_by("pk")]
    titles = _titles(beside)
    kind = titles[unit.pk].kind
    compared = [each for each in beside if each == unit or _are_compared(kind, titles[each.pk].kind)]
    figures = figures_of(compared, get_language() or "")
    numbers = participation_of([unit])[unit.pk]
    groups = _choices(reach, unit, numbers)
    nobody = [] if groups else [GroupChoice("", _("Nobody yet"), NOBODY)]
    chosen = next((each for each in [*groups, *nobody] if group in (None, each.value)), None)
    if chosen is None:
        raise NoSuchGroup
    own = figures[unit.pk]
    others = [figures[each.pk] for each in compared[1:]]
    return Results(
        unit=unit,
        course_title=course_titles([str(unit.course.key)])[str(unit.course.key)],
        about=titles[unit.pk],
        groups=groups,
        group=chosen,
        participation=sum_of(numbers, chosen.path),
        is_shown=chosen.path in own.shown,
        questions=[own.of(question, chosen.path) for question in own.questions],
        comparison=list(_compare(own, others, chosen.path, is_before=kind == SurveyKind.BEFORE)),
    )


def _are_compared(kind: str, other: str) -> bool:
    return kind in COMPARED_KINDS and other in COMPARED_KINDS and kind != other


def _compare(
    own: SurveyFigures, others: list[SurveyFigures], path: Path, *, is_before: bool
) -> Iterable[ComparedCompetency]:
    """Each competency with the first survey of the other kind that has it.

    Both sides are what the page of each survey shows by itself, so putting them together reveals nothing more.
    """
    for question in own.questions:
        if not question.competency:
            continue
        found = next(
            ((o, q) for o in others for q in o.questions if q.competency == question.competency and q.is_rated), None
        )
        if found is not None:
            here, there = own.of(question, path), found[0].of(found[1], path)
            before, after = (here, there) if is_before else (there, here)
            yield ComparedCompetency(question.text, before, after)


def _titles(units: Collection[Unit]) -> dict[int, SurveyTitle]:
    """What each survey is called, in the language of this moment or another one, and of which kind it is by now."""
    pages = SurveyPage.objects.filter(translation_key__in=[unit.key for unit in units]).order_by("pk")
    rows = list(pages.values_list("translation_key", "title", "survey_kind", "locale__language_code"))
    language = get_language()
    # The reader's own language comes last and so stays.
    found = {
        key: SurveyTitle(title, kind) for key, title, kind, _code in sorted(rows, key=lambda row: row[3] == language)
    }
    return {unit.pk: found.get(unit.key, SurveyTitle(unit.code, "")) for unit in units}


def _choices(reach: Reach, unit: Unit, numbers: dict[Path, Participation]) -> list[GroupChoice]:
    """The groups that the person may choose from, the widest first."""
    held = editions({path[0] for path in numbers})
    cohorts = Cohort.objects.in_bulk({path[1] for path in numbers if path[1]})
    choices = [GroupChoice("", _("All editions"), ALL)] if reach.covers_course(unit) else []
    for number in sorted(held, key=lambda pk: -held[pk].number):
        edition = held[number]
        label = _("Edition %d") % edition.number
        inside = sorted(path for path in numbers if path[0] == number)
        if reach.covers_course(unit):
            choices.append(GroupChoice(str(edition.number), label, (number,)))
        for path in inside:
            if reach.covers_group(unit, path) and (path[1] or len(inside) > 1):
                cohort = cohorts.get(path[1])
                name, value = (cohort.title, str(cohort.public_id)) if cohort else (_("without a cohort"), "none")
                choices.append(GroupChoice(f"{edition.number}-{value}", f"{label}: {name}", path))
    return choices
