"""The report of a cohort: the page, on paper, and as a spreadsheet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.domain.surveys.access import SEE_RESULTS
from courses.domain.cohorts import rights
from courses.models import Cohort
from courses.views.cohorts.entrance import frame_of, of_cohort
from elearn.people.domain import rights as people_rights
from elearn.portal.domain.cohort_report import parts_of, read_report
from elearn.portal.domain.cohort_report_files import in_words, report_pdf, report_xlsx
from elearn.portal.views.files import as_file, file_name


@require_safe
@of_cohort(rights.RUN)
def report(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    found = read_report(cohort, get_language())
    parts = [(part, [[in_words(cell) for cell in row] for row in part.rows]) for part in parts_of(found)]
    context = {"parts": parts, "sees_surveys": people_rights.holds(request.user, SEE_RESULTS)}
    return render(request, "portal/cohorts/report.html", frame_of(request, cohort, "report") | context)


@require_safe
@of_cohort(rights.RUN)
def report_file(request: HttpRequest, cohort: Cohort, kind: str) -> HttpResponse:
    found = read_report(cohort, get_language())
    data = report_pdf(found) if kind == "pdf" else report_xlsx(found)
    return as_file(data, file_name(cohort, kind, _("report")))
