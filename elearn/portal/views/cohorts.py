"""The page of a cohort: learners by modules, one module, one learner, and the same as a file."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from courses.domain.cohorts import rights
from courses.models import Cohort
from courses.views.cohorts.entrance import Tab, frame_of, of_cohort, register_tab
from elearn.core.spreadsheets import as_csv, as_xlsx
from elearn.portal.domain import cohort_trail
from elearn.portal.domain.cohort_board import Board, Learner, read_board
from elearn.portal.domain.cohort_learner import read_learner
from elearn.portal.domain.cohort_list import Wanted, choose, institutions
from elearn.portal.domain.cohort_table import table_of
from elearn.portal.enums import CellState
from elearn.portal.forms import BoardFilterForm
from elearn.portal.views.files import as_file, file_name

PER_PAGE = 100
# What is left out of the address when a page turns, or everybody is selected.
OF_THE_PAGE = ("page", "select")


def register_tabs() -> None:
    register_tab(Tab("board", _("Progress"), "cohort_board", rights.SEE, order=10))
    register_tab(Tab("report", _("Report"), "cohort_report", rights.RUN, order=80))


@dataclass(frozen=True)
class Shown:
    """The board for one reader, with those of its learners who were asked for, in the order that was."""

    frame: dict[str, Any]
    board: Board
    learners: list[Learner]
    form: BoardFilterForm
    wanted: Wanted

    @property
    def runs(self) -> bool:
        return bool(self.frame["runs"])


def _read(request: HttpRequest, cohort: Cohort) -> Shown:
    frame = frame_of(request, cohort, "board")
    reach = rights.reach(request.user, rights.SEE)
    board = read_board(cohort, reach.members(cohort), get_language())
    form = BoardFilterForm(request.GET, institutions=institutions(board))
    wanted = form.wanted()
    return Shown(frame, board, choose(board, wanted, by_address=frame["runs"]), form, wanted)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in OF_THE_PAGE:
        query.pop(name, None)
    return query.urlencode()


@require_safe
@of_cohort(rights.SEE)
def board(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Learners by modules: filtered and sorted over all, a hundred shown at a time."""
    shown = _read(request, cohort)
    page = Paginator(shown.learners, PER_PAGE).get_page(request.GET.get("page"))
    select = request.GET.get("select", "")
    on_page = {learner.member.pk for learner in page.object_list}
    elsewhere = [each for each in shown.learners if each.member.pk not in on_page] if select == "found" else []
    cohort_trail.record_read(request.user, cohort)
    context = shown.frame | {
        "board": shown.board,
        "form": shown.form,
        "page": page,
        "query": _query(request),
        "select": select,
        "elsewhere": elsewhere,
        "compose": reverse("cohorts:compose", args=[cohort.public_id]) if shown.runs else "",
        "legend": list(CellState)[:6],
    }
    return render(request, "portal/cohorts/board.html", context)


@require_safe
@of_cohort(rights.SEE)
def board_file(request: HttpRequest, cohort: Cohort, kind: str) -> HttpResponse:
    """The learners as the screen shows them with this filter, all pages of them."""
    shown = _read(request, cohort)
    rows = table_of(shown.board, shown.learners, addresses=shown.runs)
    cohort_trail.record_export(request.user, cohort)
    if kind == "csv":
        return as_file(as_csv(rows), file_name(cohort, "csv"))
    sheets = {cohort.title: rows}
    return as_file(as_xlsx(sheets, right_to_left=get_language_bidi()), file_name(cohort, "xlsx"))


@require_safe
@of_cohort(rights.SEE)
def module(request: HttpRequest, cohort: Cohort, module_key: UUID) -> HttpResponse:
    """One module: learners by its units."""
    shown = _read(request, cohort)
    found = shown.board.plan.module(module_key)
    if found is None:
        raise Http404
    page = Paginator(shown.learners, PER_PAGE).get_page(request.GET.get("page"))
    cohort_trail.record_read(request.user, cohort)
    place = shown.board.plan.modules.index(found)
    lines = [(learner, learner.cells[place], learner.units(found)) for learner in page.object_list]
    more = {"board": shown.board, "module": found, "page": page, "lines": lines, "form": shown.form}
    return render(request, "portal/cohorts/module.html", shown.frame | more | {"query": _query(request)})


@require_safe
@of_cohort(rights.SEE)
def learner(request: HttpRequest, cohort: Cohort, member_id: UUID) -> HttpResponse:
    """One learner in the cohort. Opening it is written down, and they can see it."""
    members = rights.reach(request.user, rights.SEE).members(cohort).seated()  # type: ignore[attr-defined]
    member = get_object_or_404(members, public_id=member_id)
    context = frame_of(request, cohort, "board")
    found = read_learner(cohort, member, get_language())
    cohort_trail.record_opened(request.user, found.person, cohort)
    compose = reverse("cohorts:compose", args=[cohort.public_id])
    context |= {"learner": found, "compose": compose if context["runs"] else ""}
    return render(request, "portal/cohorts/learner.html", context)
