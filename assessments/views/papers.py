"""Quizzes that were written on paper: find the form, type in what somebody wrote, or upload many at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.domain.papers import codes, desk, uploads
from assessments.domain.papers.entering import AnswersRefused, PaperRefused, enter_paper, read_answers
from assessments.domain.papers.tables import TableRefused
from assessments.forms.papers import CodeForm, ConfirmForm, EntryForm, UploadForm
from assessments.models import PaperForm
from courses.domain.cohorts import rights
from courses.models import Cohort
from courses.views.cohorts.entrance import frame_of, of_cohort
from elearn.core.acts import act
from elearn.core.spreadsheets import as_csv

PER_PAGE = 25


@require_safe
@of_cohort(rights.RUN)
def papers(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form = CodeForm(cohort, request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("assessments:paper", cohort.public_id, form.cleaned_data["code"].public_id)
    page = Paginator(desk.form_lines(cohort), PER_PAGE).get_page(request.GET.get("page"))
    context = {**frame_of(request, cohort, "kits"), "form": form, "upload": UploadForm(), "page": page}
    return render(request, "assessments/papers/papers.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_cohort(rights.RUN)
def paper(request: HttpRequest, cohort: Cohort, form_id: UUID) -> HttpResponse:
    """The form to type into. It is read back before it is entered: afterwards it stands."""
    paper_form = get_object_or_404(desk.forms_of(cohort), public_id=form_id)
    day = request.GET.get("sat_on", "")
    form = EntryForm(paper_form, request.user, request.POST or None, initial={"sat_on": day})
    wrong: list[int] = []
    looks = False
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("then") == "enter":
                enter_paper(by=request.user, **form.entered())
                return _entered(request, cohort, form)
            read_answers(paper_form, form.posted)
            looks = True
        except AnswersRefused as refusal:
            form.add_error(None, str(refusal))
            wrong = refusal.numbers
        except PaperRefused as refusal:
            form.add_error(None, str(refusal))
    context = {**_paper_context(request, cohort, paper_form, form, wrong), "looks": looks}
    return render(request, "assessments/papers/paper.html", context, status=422 if form.errors else 200)


def _entered(request: HttpRequest, cohort: Cohort, form: EntryForm) -> HttpResponse:
    name = form.entered()["member"].person
    messages.success(request, _("Entered and marked: %(name)s. The next one can follow.") % {"name": name})
    query = QueryDict(mutable=True)
    query["sat_on"] = form.cleaned_data["sat_on"].isoformat()
    address = reverse("assessments:paper", args=[cohort.public_id, form.form.public_id])
    return redirect(f"{address}?{query.urlencode()}")


def _paper_context(
    request: HttpRequest, cohort: Cohort, paper_form: PaperForm, form: EntryForm, wrong: list[int]
) -> dict[str, Any]:
    page = Paginator(desk.entries_of(paper_form), PER_PAGE).get_page(request.GET.get("page"))
    return {
        **frame_of(request, cohort, "kits"),
        "paper": paper_form,
        "code": codes.printed(paper_form.code),
        "form": form,
        "questions": desk.asked_on_paper(paper_form, form.posted, wrong),
        "page": page,
        "lines": desk.entry_lines(list(page.object_list)),
    }


@require_safe
@of_cohort(rights.RUN)
def template(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    response = HttpResponse(as_csv(uploads.template_rows(cohort)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="papers.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@act
@of_cohort(rights.RUN)
def upload(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Look at a file; nothing is entered before the preview was confirmed."""
    form = UploadForm(request.POST, request.FILES)
    frame = frame_of(request, cohort, "kits")
    if form.is_valid():
        try:
            rows = uploads.look_at(cohort, form.cleaned_data["file"], by=request.user)
        except TableRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            table, day = form.cleaned_data["file"], form.cleaned_data["sat_on"]
            confirm = ConfirmForm.carrying(cohort, request.user, table, day)
            good = sum(not row.problems for row in rows)
            context = {**frame, "rows": rows, "form": confirm, "good": good, "day": day}
            return render(request, "assessments/papers/preview.html", context)
    page = Paginator(desk.form_lines(cohort), PER_PAGE).get_page(None)
    context = {**frame, "form": CodeForm(cohort), "upload": form, "page": page}
    return render(request, "assessments/papers/papers.html", context, status=422)


@act
@of_cohort(rights.RUN)
def enter_upload(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Enter the rows of a preview. What somebody else entered meanwhile is told, and not entered twice."""
    form = ConfirmForm(cohort, request.user, request.POST)
    if not form.is_valid():
        messages.error(request, _("This preview is too old or was changed. Choose the file again."))
        return redirect("assessments:papers", cohort.public_id)
    rows = uploads.look_at(cohort, form.cleaned_data["table"], by=request.user)
    rows = uploads.enter_rows(rows, by=request.user, sat_on=form.cleaned_data["sat_on"])
    context = {**frame_of(request, cohort, "kits"), "rows": rows, "entered": sum(row.entry is not None for row in rows)}
    return render(request, "assessments/papers/entered.html", context)
