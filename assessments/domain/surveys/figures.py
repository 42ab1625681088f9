"""The figures of a survey: what each group answered to each question, where the group is large enough."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from assessments.domain.surveys.questions import Question, from_asked, steps_of_scale
from assessments.domain.surveys.small_groups import Path, shown_groups
from assessments.enums import Asks
from assessments.models import SurveyAnswers, SurveySheet
from courses.models import Unit

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Row:
    """What one person answered, without the person."""

    path: Path
    answers: dict[str, Any]
    texts: dict[str, str]


@dataclass(frozen=True)
class Bar:
    """How many gave one answer. `percent` is of those who answered the question."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class QuestionFigures:
    """What a group answered to a question; `count` people did. A withheld one has no figures at all.

    `exact_mean` is there for calculating with; `mean` for showing.
    """

    question: Question
    is_withheld: bool
    count: int = 0
    bars: tuple[Bar, ...] = ()
    exact_mean: Decimal | None = None
    texts: tuple[str, ...] = ()

    @property
    def mean(self) -> Decimal | None:
        return None if self.exact_mean is None else to_tenth(self.exact_mean)


def to_tenth(value: Decimal) -> Decimal:
    return value.quantize(TENTH, rounding=ROUND_HALF_UP)


class SurveyFigures:
    """Everything that was answered to one survey. What it hands out has gone through small_groups."""

    def __init__(self, unit: Unit, questions: list[Question], rows: list[Row]) -> None:
        self.unit = unit
        self.questions = questions
        self._rows = rows

    @cached_property
    def shown(self) -> frozenset[Path]:
        """The groups of which anything is shown."""
        return shown_groups(Counter(row.path for row in self._rows))

    def of(self, question: Question, path: Path) -> QuestionFigures:
        if path not in self.shown:
            return QuestionFigures(question, is_withheld=True)
        if question.kind == Asks.FREE_TEXT:
            return self._texts(question, path)
        given = [(row.path, row.answers[question.id]) for row in self._rows if question.id in row.answers]
        # A question that some left out has smaller groups than the survey, with remainders of their own.
        if path not in shown_groups(Counter(group for group, _answer in given), within=self.shown):
            return QuestionFigures(question, is_withheld=True)
        answers = [answer for group, answer in given if group[: len(path)] == path]
        mean = Decimal(sum(answers)) / len(answers) if question.is_rated else None
        bars = tuple(_bars(question, answers))
        return QuestionFigures(question, is_withheld=False, count=len(answers), bars=bars, exact_mean=mean)

    def _texts(self, question: Question, path: Path) -> QuestionFigures:
        """Each was written by one of a shown group. In the order of the alphabet, which says nothing about when."""
        inside = (row.texts.get(question.id) for row in self._rows if row.path[: len(path)] == path)
        texts = tuple(sorted((text for text in inside if text), key=str.casefold))
        return QuestionFigures(question, is_withheld=False, count=len(texts), texts=texts)


def _bars(question: Question, answers: list[Any]) -> Iterable[Bar]:
    chosen = Counter(each for answer in answers for each in (answer if isinstance(answer, list) else [answer]))
    offered = steps_of_scale(question.kind) if question.is_rated else question.options
    for option in offered:
        count = chosen[int(option.id) if question.is_rated else option.id]
        percent = (Decimal(100) * count / len(answers)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        yield Bar(option.text, count, int(percent))


def figures_of(units: Collection[Unit], language: str) -> dict[int, SurveyFigures]:
    """The figures of surveys by their number. Two queries, however many surveys and answers."""
    by_sheet = {sheet.pk: sheet for sheet in SurveySheet.objects.filter(unit__in=units).order_by("-pk")}
    rows: dict[int, list[Row]] = defaultdict(list)
    found = SurveyAnswers.objects.filter(sheet__in=by_sheet)
    for sheet, edition, cohort, answers, texts in found.values_list("sheet", "edition", "cohort", "answers", "texts"):
        rows[by_sheet[sheet].unit_id].append(Row((edition, cohort or 0), answers, texts))
    return {
        unit.pk: SurveyFigures(
            unit, _merged([s for s in by_sheet.values() if s.unit_id == unit.pk], language), rows[unit.pk]
        )
        for unit in units
    }


def _merged(sheets: list[SurveySheet], language: str) -> list[Question]:
    """The questions of all sheets, the newest first: in its words, with what older ones asked or offered besides."""
    merged: dict[str, Question] = {}
    for sheet in sheets:
        for question in from_asked(sheet.asked, language):
            known = merged.get(question.id)
            if known is None:
                merged[question.id] = question
                continue
            ids = {option.id for option in known.options}
            more = tuple(option for option in question.options if option.id not in ids)
            merged[question.id] = Question(
                known.id, known.kind, known.text, known.required, known.competency, known.options + more
            )
    return list(merged.values())
