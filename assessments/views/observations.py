"""Observing a session of a cohort: choose the cohort and the rubric, judge, and read what was written."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.domain import assessors, observations, practicals
from assessments.forms.observations import ChooseForm, ObservationForm, PracticalForm
from assessments.models import RubricAssessment
from elearn.core.acts import act
from elearn.people.domain import rights
from elearn.people.gate import second_factor_first, turned_away

PER_PAGE = 25


@login_required
@second_factor_first
@never_cache
@require_safe
def observations_list(request: HttpRequest) -> HttpResponse:
    """The observations that the person has written, and the way to a new one."""
    if not rights.holds(request.user, assessors.ASSESS):
        raise PermissionDenied
    page = Paginator(observations.written_by(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": ChooseForm(cohorts=assessors.cohorts_for(request.user)),
        "practical_form": PracticalForm(units=observations.practicals_for(request.user)),
    }
    return render(request, "assessments/observations.html", context)


@act
@second_factor_first
def observe_practical(request: HttpRequest) -> HttpResponse:
    """Open the rubric of a practical that is watched, for one learner; a second press finds it open."""
    if not rights.holds(request.user, assessors.ASSESS):
        raise PermissionDenied
    form = PracticalForm(request.POST, units=observations.practicals_for(request.user))
    if form.is_valid():
        unit, email = form.cleaned_data["unit"], form.cleaned_data["learner"]
        try:
            hand_in = observations.open_practical(by=request.user, unit=unit, email=email, language=get_language())
            return redirect("assessments:marking_script", hand_in.script.public_id)
        except practicals.PracticalRefused as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, _("Choose the practical, and give the learner’s e-mail address. Nothing was opened."))
    return redirect("assessments:observations")


@login_required
@second_factor_first
@never_cache
def observe(request: HttpRequest) -> HttpResponse:
    """Choose a cohort, then a rubric, then judge; the address keeps what was chosen."""
    if not rights.holds(request.user, assessors.ASSESS):
        raise PermissionDenied
    cohorts = assessors.cohorts_for(request.user)
    chosen = ChooseForm(request.GET, cohorts=cohorts)
    if not chosen.is_valid():
        return redirect("assessments:observations")
    cohort, rubric = chosen.cleaned_data["cohort"], chosen.cleaned_data["rubric"]
    offered = observations.rubrics_for(cohort, get_language())
    rubric = next((row for row in offered if rubric in (None, row.pk)), None)
    subjects = observations.subjects_for(request.user, cohort)
    criteria = observations.criteria_of(rubric, get_language()) if rubric else []
    form = ObservationForm(request.POST or None, criteria=criteria, subjects=subjects)
    if rubric is not None and request.method == "POST" and form.is_valid():
        try:
            written = observations.observe_session(
                assessor=request.user, cohort=cohort, rubric=rubric, **form.judgement()
            )
            messages.success(request, _("The observation is saved. The person can read it."))
            return redirect("assessments:observation", written.public_id)
        except observations.ObservationRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"cohort": cohort, "rubric": rubric, "offered": offered, "form": form}
    return render(request, "assessments/observe.html", context)


@login_required
@never_cache
@require_safe
def observation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One observation, for its assessor and for the person whom it is about."""
    row: RubricAssessment = get_object_or_404(observations.open_to(request.user), public_id=public_id)
    if row.subject_id != request.user.pk:
        answer = turned_away(request)
        if answer is not None:
            return answer
    view = observations.read_observation(row, get_language())
    return render(request, "assessments/observation.html", {"view": view, "is_own": row.subject_id == request.user.pk})


@login_required
@never_cache
@require_safe
def observed(request: HttpRequest) -> HttpResponse:
    """What others have written about sessions of the person's own."""
    rows = observations.open_to(request.user).filter(subject=request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/observed.html", {"page": page})
