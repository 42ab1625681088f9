"""The statistics of questions in the CMS, for those who work on the course. They name no learner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.domain import item_analysis, statistics
from assessments.domain.reading.statistics import editions_of, read_statistics
from assessments.forms.remarking import StatisticsForm


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    editions = editions_of(request.user)
    first = editions.first()
    if first is None:
        return render(request, "assessments/cms/statistics.html", {"table": None})
    form = StatisticsForm({"edition": first.pk, **request.GET.dict()}, editions=editions)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = read_statistics(chosen.get("edition") or first, flag=chosen.get("flag", ""), sort=chosen.get("sort", ""))
    context = {"table": found, "form": form, "fewest": item_analysis.FEWEST}
    return render(request, "assessments/cms/statistics.html", context)


@require_POST
def compute(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Have an edition's statistics computed anew."""
    edition = get_object_or_404(editions_of(request.user), pk=edition_id)
    statistics.ask_for(edition)
    messages.success(request, _("It is being computed. Load this page again in a minute."))
    return redirect(f"{reverse('assessments_cms:statistics')}?edition={edition.pk}")
