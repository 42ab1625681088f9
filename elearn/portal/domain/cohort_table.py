"""A cohort's board as a table for a file: what the screen shows of the learners chosen there, column by column."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.quizzes import QUIZ
from elearn.core.spreadsheets import Cell
from elearn.people.domain.places import country_name
from elearn.portal.domain.cohort_board import Board, Learner
from elearn.portal.enums import CellState, WorkState

TENTH = Decimal("0.1")


def table_of(board: Board, learners: Sequence[Learner], *, addresses: bool) -> list[list[Cell]]:
    """The head, and a row for each of the learners. Times are in the reader's zone, which the head names."""
    return [_head(board, addresses), *(_row(board, learner, addresses) for learner in learners)]


def _head(board: Board, addresses: bool) -> list[Cell]:
    zone = timezone.get_current_timezone_name()
    head: list[Cell] = [_("Name"), _("Name in Latin script")]
    head += [_("E-mail address")] if addresses else []
    head += [_("Institution"), _("Country"), _("State"), _("Needs a word")]
    head += [_("Required units done"), _("Required units"), _("Progress, per cent"), _("Last active (%s)") % zone]
    for module in board.plan.modules:
        about = {"number": module.number, "title": module.title}
        head += [_("Module %(number)s: %(title)s") % about, _("Module %(number)s: due on") % about]
        for unit in module.work:
            head += [unit.title]
            head += [_("%s: result, per cent") % unit.title] if unit.kind == QUIZ else []
    head += [_("Quiz results, mean in per cent")]
    head += [_("Sessions attended"), _("Sessions held")] if board.held else []
    return [*head, _("Completed on (%s)") % zone, _("Certificate"), _("Certificate, state")]


def _row(board: Board, learner: Learner, addresses: bool) -> list[Cell]:
    person, enrolment = learner.person, learner.enrolment
    row: list[Cell] = [person.printed_name, person.latin_name]
    row += [person.email] if addresses else []
    row += [enrolment.institution.name if enrolment.institution else "", country_name(enrolment.country)]
    row += [str(learner.state.label), "; ".join(str(reason.label) for reason in learner.reasons)]
    row += [learner.done, learner.required, learner.percent, local(learner.last_active)]
    for cell, module in zip(learner.cells, board.plan.modules, strict=True):
        row += [str(cell.state.label), cell.due_on]
        if cell.state == CellState.ELSEWHERE:
            row += [None for unit in module.work for _column in ((0, 1) if unit.kind == QUIZ else (0,))]
        for work in cell.work:
            row += ["" if work.state == WorkState.NONE else str(work.state.label)]
            row += [work.percent] if work.unit.kind == QUIZ else []
    row += [None if learner.mean is None else learner.mean.quantize(TENTH)]
    row += [learner.attended, len(board.held)] if board.held else []
    line = learner.certificate
    return [*row, local(enrolment.completed_at), line.serial if line else "", str(line.state.label) if line else ""]


def local(moment: datetime | None) -> datetime | None:
    """The time in the reader's zone, as spreadsheets take it."""
    return timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0) if moment else None
