"""The results of a survey as a table for a file: the figures of the screen, line by line."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.domain.surveys.figures import QuestionFigures
from assessments.domain.surveys.results import Results
from assessments.enums import Asks

Cell = str | int | Decimal | None


def table_of(results: Results) -> Iterator[list[Cell]]:
    """The head and every line. What is withheld is said in words, and its figures are empty."""
    yield [
        _("Course"),
        _("Survey"),
        _("Group"),
        _("Part"),
        _("Question"),
        _("Answer"),
        _("Number"),
        _("Per cent"),
        _("Mean"),
    ]
    start: list[Cell] = [results.course_title, results.about.title, results.group.label]
    took_part = results.participation
    yield [*start, _("Taking part"), "", _("Invited"), took_part.invited, None, None]
    yield [*start, _("Taking part"), "", _("Answered"), took_part.answered, took_part.rate, None]
    for figures in results.questions:
        for line in _lines(figures):
            yield [*start, str(figures.question.kind.label), figures.question.text, *line]
    for compared in results.comparison:
        for label, side in ((_("Before"), compared.before), (_("After"), compared.after)):
            yield [*start, _("Before and after"), compared.statement, *_side(label, side)]
        yield [*start, _("Before and after"), compared.statement, _("Difference"), None, None, compared.difference]


def _lines(figures: QuestionFigures) -> Iterator[list[Cell]]:
    if figures.is_withheld:
        yield [_("withheld: too few answers"), None, None, None]
    elif figures.question.kind == Asks.FREE_TEXT:
        for text in figures.texts:
            yield [text, None, None, None]
    else:
        for bar in figures.bars:
            yield [bar.label, bar.count, bar.percent, None]
        yield [_("All answers"), figures.count, None, figures.mean]


def _side(label: str, side: QuestionFigures) -> list[Cell]:
    if side.is_withheld:
        return [_("%s (withheld: too few answers)") % label, None, None, None]
    return [label, side.count, None, side.mean]
