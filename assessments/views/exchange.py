"""Screens in /cms/: bringing a file of questions into a bank. First what it holds, then the act."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.models import Locale

from assessments.domain import authors
from assessments.domain.exchange import uploads
from assessments.enums import ImportState
from assessments.forms.banks import ImportForm
from assessments.models import QuestionImport
from elearn.core import pending

ADDRESS = "wagtailsnippets_assessments_question:import_one"
LATEST = 10


def _may_import(request: HttpRequest) -> None:
    if not request.user.has_perm("assessments.add_question"):
        raise PermissionDenied


def begin(request: HttpRequest) -> HttpResponse:
    """Choose a file and the bank it is for."""
    _may_import(request)
    initial = {"bank": request.GET.get("bank"), "locale": Locale.get_default().pk}
    form = ImportForm(request.user, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = uploads.begin_import(**form.cleaned_data, by=request.user)
        _work_now(row)
        return redirect(ADDRESS, row.pk)
    latest = QuestionImport.objects.filter(bank__in=authors.banks_of(request.user)).select_related("bank", "locale")
    return render(request, "assessments/cms/import.html", {"form": form, "latest": latest[:LATEST]})


def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """What the file holds, and the act of importing it; afterwards what was imported."""
    _may_import(request)
    row = get_object_or_404(QuestionImport.objects.select_related("bank", "locale"), pk=import_id)
    if not authors.may_work_on(request.user, row.bank):
        raise Http404
    if request.method == "POST":
        if not uploads.confirm_import(row=row):
            messages.info(request, _("This was asked for before."))
        _work_now(row)
        return redirect(ADDRESS, row.pk)
    is_busy = row.state in (ImportState.LOOKING, ImportState.IMPORTING)
    return render(request, "assessments/cms/import_one.html", {"row": row, "is_busy": is_busy})


def _work_now(row: QuestionImport) -> None:
    """A small file is done before the next page is there; a large one is a worker's."""
    if row.file and row.file.size <= uploads.SMALL:
        pending.work(uploads.KIND, row.pk)
