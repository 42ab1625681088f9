"""A learner shows a private note to the trainers of their cohort, or no longer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from courses.domain.access import access_to
from courses.domain.cohorts import shared_notes
from courses.forms.talk import SwitchForm
from courses.models import Unit
from elearn.core.acts import act, page_before


@act
def share(request: HttpRequest, unit_key: UUID, block_id: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.select_related("course"), key=unit_key)
    enrolment = access_to(request.user, unit.course.key).enrolment
    if enrolment is None:
        raise Http404
    form = SwitchForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["on"]
        try:
            shared_notes.share(enrolment=enrolment, unit=unit, block_id=block_id, shared=on)
        except shared_notes.SharingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("Your trainers can read this note now, and what you change in it.")
            messages.success(request, said if on else _("Only you can read this note now."))
    return redirect(page_before(request))
