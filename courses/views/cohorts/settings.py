"""What is known of a cohort, who trains it, and closing it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses.domain.cohorts import rights
from courses.domain.cohorts.opening import CohortFacts, change_cohort, close_cohort, reopen_cohort
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.training import add_trainer, remove_trainer
from courses.forms.opening import CohortForm, TrainerForm
from courses.models import Cohort
from courses.views.cohorts.entrance import frame_of, of_cohort
from courses.views.cohorts.opening import actions_within
from elearn.core.acts import act
from elearn.people.models import Action, User


@of_cohort(rights.RUN)
def settings(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The facts as a form, the trainers, and the door to close."""
    form = _form(request, cohort, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_cohort(cohort=cohort, facts=form.facts(), by=request.user)
        except CohortRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The cohort is saved."))
            return redirect("cohorts:settings", cohort.public_id)
    return _shown(request, cohort, form, TrainerForm())


def _form(request: HttpRequest, cohort: Cohort, posted: QueryDict | None) -> CohortForm:
    known = {name: getattr(cohort, name) for name in CohortFacts.__dataclass_fields__}
    actions = actions_within(rights.reach(request.user, rights.OPEN)) | Action.objects.filter(pk=cohort.action_id)
    return CohortForm(posted, actions=actions.distinct(), initial=known)


def _shown(request: HttpRequest, cohort: Cohort, form: CohortForm, trainer_form: TrainerForm) -> HttpResponse:
    context = {
        "form": form,
        "trainer_form": trainer_form,
        "trainers": rights.trainers_of(cohort),
        **frame_of(request, cohort, "settings"),
    }
    wrong = form.errors or trainer_form.errors
    return render(request, "courses/cohorts/settings.html", context, status=422 if wrong else 200)


@act
@of_cohort(rights.RUN)
def name_trainer(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form = TrainerForm(request.POST)
    if form.is_valid():
        try:
            add_trainer(cohort=cohort, person=form.cleaned_data["email"], by=request.user)
        except CohortRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("%s trains this cohort now.") % form.cleaned_data["email"])
            return redirect("cohorts:settings", cohort.public_id)
    return _shown(request, cohort, _form(request, cohort, None), form)


@act
@of_cohort(rights.RUN)
def let_trainer_go(request: HttpRequest, cohort: Cohort, person_id: UUID) -> HttpResponse:
    trainers = rights.trainer_grants(cohort).values("person")
    person = get_object_or_404(User, public_id=person_id, pk__in=trainers)
    try:
        remove_trainer(cohort=cohort, person=person, by=request.user)
        messages.success(request, _("%s no longer trains this cohort.") % person)
    except CohortRefused as refusal:
        messages.error(request, str(refusal))
    # Whoever has let themselves go holds the role no longer, which the person of this request does not know.
    still = rights.reach(User.objects.get(pk=request.user.pk), rights.RUN).covers(cohort)
    return redirect("cohorts:settings", cohort.public_id) if still else redirect("desk")


@act
@of_cohort(rights.RUN)
def close(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    close_cohort(cohort=cohort, by=request.user)
    messages.success(request, _("The cohort is closed. What it recorded stays."))
    return redirect("cohorts:settings", cohort.public_id)


@act
@of_cohort(rights.RUN)
def reopen(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    try:
        reopen_cohort(cohort=cohort, by=request.user)
        messages.success(request, _("The cohort is open again."))
    except CohortRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cohorts:settings", cohort.public_id)
