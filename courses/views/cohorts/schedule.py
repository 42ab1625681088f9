"""When the modules of a cohort open and are due, and more time for one learner."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.domain.cohorts import rights, timing
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.outline import build_outline
from courses.enums import CohortPace
from courses.forms.schedule import DatesForm, MoreTimeForm, PaceForm
from courses.models import Cohort, CohortMember, Extension
from courses.views.cohorts.entrance import frame_of, of_cohort
from elearn.core.acts import act


@of_cohort(rights.RUN)
def schedule(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The dates of each module; a post sets them."""
    form = _dates_form(cohort, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            timing.set_dates(cohort=cohort, dates=form.dates(), by=request.user)
        except CohortRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The dates are saved."))
            return redirect("cohorts:schedule", cohort.public_id)
    return _shown(request, cohort, dates_form=form)


@act
@of_cohort(rights.RUN)
def set_pace(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """All at once, or one a week: the site works out the dates."""
    form = PaceForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            if data["pace"] == CohortPace.WEEKLY:
                timing.open_weekly(
                    cohort=cohort, first_day=data["first_day"], due_after=data["due_after"], by=request.user
                )
            else:
                timing.open_at_once(cohort=cohort, by=request.user)
        except CohortRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The dates are saved."))
            return redirect("cohorts:schedule", cohort.public_id)
    return _shown(request, cohort, pace_form=form)


@act
@of_cohort(rights.RUN)
def more_time(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form = _more_time_form(cohort, request.POST)
    if form.is_valid():
        try:
            given = timing.grant_extension(by=request.user, **form.cleaned_data)
        except CohortRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%s has more time now.") % given.enrolment.person)
            return redirect("cohorts:schedule", cohort.public_id)
    return _shown(request, cohort, more_time_form=form)


def _modules(cohort: Cohort) -> list[tuple[UUID, str]]:
    """Every module of the edition with its number and title, in the language of the screen where there is one."""
    titles = {module.key: module.title for module in build_outline(cohort.edition, get_language(), {}).modules}
    codes = {module.uuid: module.code for variant in cohort.edition.structure.variants for module in variant.modules}
    keys = cohort.edition.structure.module_keys
    return [(key, f"{number}. {titles.get(key, codes[key])}") for number, key in enumerate(keys, start=1)]


def _dates_form(cohort: Cohort, posted: Any) -> DatesForm:
    rows = cohort.module_dates.values_list("module", "opens_on", "due_on")
    return DatesForm(posted, modules=_modules(cohort), dates={key: (opens, due) for key, opens, due in rows})


def _more_time_form(cohort: Cohort, posted: Any) -> MoreTimeForm:
    members = CohortMember.objects.seated().filter(cohort=cohort).select_related("person")
    due = set(cohort.module_dates.exclude(due_on=None).values_list("module", flat=True))
    modules = [pair for pair in _modules(cohort) if pair[0] in due]
    return MoreTimeForm(posted, members=members.order_by("person__printed_name", "pk"), modules=modules)


def _shown(request: HttpRequest, cohort: Cohort, **forms: Any) -> HttpResponse:
    titles = dict(_modules(cohort))
    given = Extension.objects.filter(cohort=cohort).select_related("enrolment__person", "granted_by").order_by("-pk")
    context = {
        "pace_form": PaceForm(initial={"pace": cohort.pace, "first_day": cohort.starts_on}),
        "dates_form": forms.get("dates_form") or _dates_form(cohort, None),
        "more_time_form": forms.get("more_time_form") or _more_time_form(cohort, None),
        "given": [(row, titles.get(row.module, "")) for row in given[:50]],
        **forms,
        **frame_of(request, cohort, "schedule"),
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "courses/cohorts/schedule.html", context, status=422 if wrong else 200)
