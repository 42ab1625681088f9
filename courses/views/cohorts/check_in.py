"""Checking in to a session, as a learner."""

from uuid import UUID

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.domain.cohorts.check_in import CheckInRefused
from courses.domain.cohorts.check_in import check_in as check_in_person
from courses.domain.cohorts.session_times import lines_of
from courses.enums import AttendanceSource
from courses.forms.sessions import CheckInForm
from courses.models import Attendance, CohortMember, LiveSession
from elearn.people.models import User

# Guesses are counted for each person. A million codes, two of them right, never for more than a minute.
LIMITS = {"app": "allauth.account", "action": "check_in"}


def session_of(person: User, session_id: UUID) -> LiveSession:
    """A session of a cohort in which the person takes part; others find nothing."""
    seated = CohortMember.objects.seated().filter(person=person)
    rows = LiveSession.objects.filter(public_id=session_id, cohort__in=seated.values("cohort"))
    session = rows.select_related("cohort").first()
    if session is None:
        raise Http404
    return session


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The page that the QR code leads to: one button, or a field for the code."""
    session = session_of(request.user, session_id)
    form, status = CheckInForm(request.POST or None, initial={"code": request.GET.get("code", "")}), 200
    if request.method == "POST":
        status = 422
        if not ratelimit.consume(request, user=request.user, **LIMITS):
            form.add_error(None, _("You have tried many times. Wait five minutes, or tell your trainer."))
            status = 429
        elif form.is_valid():
            try:
                entry = check_in_person(session=session, person=request.user, code=form.cleaned_data["code"])
            except CheckInRefused as refusal:
                form.add_error("code", str(refusal))
            else:
                _say(request, entry)
                return redirect("cohorts:own", session.cohort.public_id)
    entry = session.attendances.filter(enrolment__person=request.user).first()
    line = lines_of([session], request.user.time_zone)[0]
    context = {"form": form, "line": line, "cohort": session.cohort, "entry": entry}
    return render(request, "courses/cohorts/check_in.html", context, status=status)


def _say(request: HttpRequest, entry: Attendance) -> None:
    said = {"state": entry.get_state_display()}
    if entry.source == AttendanceSource.CODE:
        messages.success(request, _("You are checked in: %(state)s.") % said)
    else:
        messages.info(request, _("Your trainer has entered you already: %(state)s. That stays as it is.") % said)
