"""Reasonable adjustments: the list, granting one, ending one. For managers, and trainers of the course or cohort."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.domain import granting
from assessments.domain.reading.adjustments import lines_of, list_adjustments, record_read
from assessments.forms.adjustments import AdjustmentForm, AdjustmentsFilterForm
from elearn.core.acts import act
from elearn.people.gate import second_factor_first

PER_PAGE = 25


def _reach(request: HttpRequest) -> granting.Reach:
    """How far the person's right goes, or a refusal for whoever does not have it."""
    reach = granting.reach_of(request.user)
    if reach.nowhere:
        raise PermissionDenied
    return reach


@login_required
@second_factor_first
@never_cache
@require_safe
def adjustments(request: HttpRequest) -> HttpResponse:
    reach = _reach(request)
    form = AdjustmentsFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = list_adjustments(reach, text=wanted.get("q", ""), state=wanted.get("state", ""))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    record_read(request.user, page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "lines": lines_of(page.object_list), "query": query.urlencode()}
    return render(request, "assessments/adjustments.html", context)


@login_required
@second_factor_first
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest) -> HttpResponse:
    reach = _reach(request)
    form = AdjustmentForm(request.POST or None, reach=reach)
    if request.method == "POST" and form.is_valid():
        try:
            granting.grant_adjustment(by=request.user, **form.granted())
        except granting.AdjustmentRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Granted. It counts at once, also for an attempt that is running."))
            return redirect("assessments:adjustments")
    return render(request, "assessments/grant_adjustment.html", {"form": form})


@act
@second_factor_first
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    adjustment = get_object_or_404(_reach(request).adjustments(), public_id=public_id)
    granting.end_adjustment(adjustment=adjustment, by=request.user)
    messages.success(request, _("Ended. An attempt that is running keeps its time."))
    return redirect("assessments:adjustments")
