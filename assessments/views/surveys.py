"""Answering a survey, and the results for those who may see them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.domain.surveys import SurveyRefused, answering, results_of, submit_survey
from assessments.domain.surveys import results as survey_results
from assessments.domain.surveys.access import SEE_RESULTS
from assessments.domain.surveys.table import table_of
from assessments.forms.surveys import SurveyForm, SurveyGroupForm, survey_context
from assessments.models import SurveyPage
from courses.domain.access import access_to
from courses.domain.progress import ProgressRefused
from courses.domain.reading import read_unit
from courses.domain.tree import place_of
from courses.models import Enrolment, Unit
from elearn.core.acts import act
from elearn.core.spreadsheets import as_csv
from elearn.people.domain import rights
from elearn.people.gate import second_factor_first
from elearn.people.models import User

PER_PAGE = 25


@act
@never_cache
def answer(request: HttpRequest, unit_key: UUID) -> HttpResponse:
    """Store the answers, or show the page again with what is missing and everything that was typed."""
    unit = get_object_or_404(Unit.objects.select_related("course"), key=unit_key)
    access = access_to(request.user, unit.course.key)
    enrolment = access.enrolment
    if enrolment is None or answering.rules_for(enrolment, unit.key) is None:
        raise Http404
    page = get_object_or_404(SurveyPage.objects.live(), translation_key=unit_key, locale__language_code=get_language())
    if access.opens_later(unit_key):
        return redirect(page.url)  # There it says when.
    context = survey_context(page, enrolment, request.POST)
    form: SurveyForm = context["form"]
    if context["survey"].answered_at is None and not form.is_valid():
        context |= {"reading": read_unit(place_of(page), access), "page": page}
        return render(request, SurveyPage.template, context, status=422)
    return _submit(request, enrolment, unit, page, form)


def _submit(request: HttpRequest, enrolment: Enrolment, unit: Unit, page: SurveyPage, form: SurveyForm) -> HttpResponse:
    was_completed = enrolment.completed_at is not None
    given = form.answers() if form.is_valid() else {}
    try:
        submitted = submit_survey(
            enrolment=enrolment, unit=unit, given=given, language=get_language(), revision=page.live_revision_id
        )
    except (SurveyRefused, ProgressRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url)
    if submitted.is_new:
        messages.success(request, _("Thank you. Your answers have arrived."))
    else:
        messages.info(request, _("Your answers had arrived already. Nothing was changed."))
    enrolment.refresh_from_db(fields=["completed_at"])
    if enrolment.completed_at and not was_completed:
        messages.success(request, _("You have completed the course. Your certificate is on your desk."))
        return redirect("desk")
    return redirect(page.url)


# --- Results -----------------------------------------------------------------------------------------------------


def _who_may_see(person: User) -> User:
    """The person, or a refusal for whoever sees no results at all."""
    if not rights.holds(person, SEE_RESULTS):
        raise PermissionDenied
    return person


@login_required
@second_factor_first
@never_cache
@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    by = _who_may_see(request.user)
    page = Paginator(survey_results.surveys_seen_by(by), PER_PAGE).get_page(request.GET.get("page"))
    lines = survey_results.lines_of(by, list(page.object_list))
    return render(request, "assessments/surveys.html", {"page": page, "lines": lines})


@login_required
@second_factor_first
@never_cache
@require_safe
def results(request: HttpRequest, unit_key: UUID) -> HttpResponse:
    found = _results(request, unit_key)
    form = SurveyGroupForm(found.groups, found.group)
    return render(request, "assessments/survey_results.html", {"results": found, "form": form})


@login_required
@second_factor_first
@never_cache
@require_safe
def results_file(request: HttpRequest, unit_key: UUID) -> HttpResponse:
    """The same figures as a table for a spreadsheet."""
    found = _results(request, unit_key)
    response = HttpResponse(as_csv(table_of(found)), content_type="text/csv; charset=utf-8")
    name = "-".join(["survey", found.unit.code, *([found.group.value] if found.group.value else [])])
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _results(request: HttpRequest, unit_key: UUID) -> survey_results.Results:
    by = _who_may_see(request.user)
    unit = get_object_or_404(survey_results.surveys_seen_by(by), key=unit_key)
    try:
        return results_of(person=by, unit=unit, group=request.GET.get("group"))
    except survey_results.NoSuchGroup as error:
        raise Http404 from error
