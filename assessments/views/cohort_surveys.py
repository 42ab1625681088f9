"""The surveys of a cohort, among its screens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.domain.surveys.results import lines_of_cohort
from courses.domain.cohorts import rights
from courses.models import Cohort
from courses.views.cohorts.entrance import frame_of, of_cohort


@of_cohort(rights.RUN)
@require_safe
def surveys(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    context = {**frame_of(request, cohort, "surveys"), "lines": lines_of_cohort(request.user, cohort)}
    return render(request, "assessments/cohort_surveys.html", context)
