"""Kits to print: what there is, asking for one, and taking it away."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain.cohorts import kits as domain
from courses.domain.cohorts import rights
from courses.forms.kits import KitForm
from courses.models import Cohort
from courses.views.cohorts.entrance import frame_of, of_cohort

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@of_cohort(rights.RUN)
def kits(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form = KitForm(cohort, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            domain.ask_for_kit(cohort=cohort, by=request.user, **form.asked())
        except domain.KitRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The kit is being made. Come back to this page in a minute."))
            return redirect("cohorts:kits", cohort.public_id)
    rows = cohort.kits.select_related("session", "made_by")
    parts = domain.all_parts()
    context = {
        **frame_of(request, cohort, "kits"),
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "parts": parts,
        "remarks": [remark for part in parts for remark in part.remarks(cohort)],
        "screens": [
            (reverse(part.screen, args=[cohort.public_id]), part.screen_label) for part in parts if part.screen
        ],
    }
    return render(request, "courses/cohorts/kits.html", context, status=422 if form.errors else 200)


@require_safe
@of_cohort(rights.RUN)
def file(request: HttpRequest, cohort: Cohort, kit_id: UUID) -> FileResponse:
    """Only as a download: names of learners may stand in it."""
    kit = get_object_or_404(cohort.kits.exclude(file=""), public_id=kit_id)
    try:
        stored = kit.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = domain.download_name(kit)
    kind = "application/zip" if name.endswith(".zip") else "application/pdf"
    response = FileResponse(stored, as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response
