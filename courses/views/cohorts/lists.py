"""Lists of people: sent, looked at, mended, entered, and what became of each row."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain.cohorts import rights
from courses.domain.cohorts.lists import importing
from courses.domain.cohorts.lists.importing import ImportRefused
from courses.enums import ENTERED_FATES, ImportStage, RowFate
from courses.forms.members import ListForm, RowForm, RowsFilterForm
from courses.models import Cohort, MemberImport
from courses.views.cohorts.entrance import frame_of, of_cohort
from elearn.core.acts import act, wants_json

PER_PAGE = 50


@of_cohort(rights.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Send a list; those sent earlier stand below."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        file = data["file"]
        name = file.name if file else _("Pasted list")
        facts = {"file": file, "name": name, "text": data["text"], "encoding": data["encoding"]}
        try:
            batch = importing.take_list(cohort=cohort, by=request.user, **facts)
            return redirect("cohorts:list_of_people", cohort.public_id, batch.public_id)
        except ImportRefused as refusal:
            form.add_error("file" if file else None, str(refusal))
    rows = cohort.imports.select_related("by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {**frame_of(request, cohort, "people"), "form": form, "page": page}
    return render(request, "courses/cohorts/lists.html", context, status=422 if form.errors else 200)


@of_cohort(rights.RUN)
@require_safe
def one(request: HttpRequest, cohort: Cohort, list_id: UUID) -> HttpResponse:
    """A list where it stands: being read, to be looked at, being entered, done. A script may ask for numbers alone."""
    batch = _list_of(cohort, list_id)
    works = batch.stage in (ImportStage.READING, ImportStage.ENTERING)
    done, total = importing.progress_of(batch) if batch.stage == ImportStage.ENTERING else (0, 0)
    if wants_json(request):
        return JsonResponse({"stage": batch.stage, "done": done, "total": total})
    wanted = RowsFilterForm(request.GET)
    fate = wanted.cleaned_data["fate"] if wanted.is_valid() else ""
    counts = importing.fates_of(batch) if not works else {}
    rows = batch.rows.filter(fate=fate) if fate else batch.rows.all()
    context = {
        **frame_of(request, cohort, "people"),
        "batch": batch,
        "works": works,
        "done": done,
        "total": total,
        "fate": fate,
        "counts": [(str(each), str(each.label), counts[each]) for each in RowFate if counts.get(each)],
        "entered": sum(count for each, count in counts.items() if each in ENTERED_FATES),
        "faulty": counts.get(RowFate.FAULTY, 0),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")) if not works else None,
        "query": f"fate={fate}" if fate else "",
        "previews": batch.stage == ImportStage.PREVIEW,
    }
    return render(request, "courses/cohorts/people_list.html", context)


@act
@of_cohort(rights.RUN)
def row(request: HttpRequest, cohort: Cohort, list_id: UUID, number: int) -> HttpResponse:
    """Mend a row, or leave it out; then back to the rows that were being looked at."""
    batch = _list_of(cohort, list_id)
    get_object_or_404(batch.rows, number=number)
    form = RowForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: a cell is longer than 300 signs."))
        return redirect(_back(request, batch))
    data = form.cleaned_data
    try:
        if data.pop("what") == "leave_out":
            importing.leave_out(batch=batch, number=number)
        else:
            mended = importing.mend_row(batch=batch, number=number, **data)
            if mended.fate == RowFate.FAULTY:
                messages.error(
                    request, _("Row %(number)d: %(problem)s") % {"number": number, "problem": mended.problem}
                )
            else:
                messages.success(request, _("Row %d is right now.") % number)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(_back(request, batch))


@act
@of_cohort(rights.RUN)
def enter(request: HttpRequest, cohort: Cohort, list_id: UUID) -> HttpResponse:
    batch = _list_of(cohort, list_id)
    try:
        importing.confirm(batch=batch)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cohorts:list_of_people", cohort.public_id, batch.public_id)


@act
@of_cohort(rights.RUN)
def throw_away(request: HttpRequest, cohort: Cohort, list_id: UUID) -> HttpResponse:
    batch = _list_of(cohort, list_id)
    try:
        importing.throw_away(batch=batch)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("cohorts:list_of_people", cohort.public_id, batch.public_id)
    messages.success(request, _("The list was thrown away. Nobody was entered."))
    return redirect("cohorts:lists", cohort.public_id)


def _list_of(cohort: Cohort, list_id: UUID) -> MemberImport:
    batch = get_object_or_404(cohort.imports.select_related("by"), public_id=list_id)
    batch.cohort = cohort
    return batch


def _back(request: HttpRequest, batch: MemberImport) -> str:
    """The page of rows from which the form came; its filter stands in the form's own address."""
    address = reverse("cohorts:list_of_people", args=[batch.cohort.public_id, batch.public_id])
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}#rows" if query else f"{address}#rows"
