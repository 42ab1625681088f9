"""Sessions for calendar programs: one's own feed, its address, and a file for one session."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.domain.cohorts import calendars, rights
from courses.models import CalendarFeed, CohortMember, LiveSession
from elearn.core.acts import act

CALENDAR = "text/calendar; charset=utf-8"


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar at an address that only its person and their calendar program know; nobody logs in here."""
    found = calendars.feed_at(token)
    if found is None:
        raise Http404
    response = HttpResponse(calendars.calendar_of(found.person), content_type=CALENDAR)
    response["Content-Disposition"] = 'inline; filename="sessions.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@never_cache
@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """How to have one's sessions in one's own calendar."""
    feed = CalendarFeed.objects.filter(person=request.user).first()
    address = settings.SITE_URL + reverse("calendar_feed", args=[feed.token]) if feed else ""
    context = {"feed": feed, "address": address, "webcal": f"webcal://{address.partition('://')[2]}"}
    return render(request, "courses/cohorts/calendar.html", context)


@act
def new_address(request: HttpRequest) -> HttpResponse:
    had_one = CalendarFeed.objects.filter(person=request.user).exists()
    calendars.new_address(person=request.user)
    if had_one:
        messages.success(request, _("Your calendar has a new address. The old one does not work any more."))
    return redirect("cohorts:calendar")


@login_required
@never_cache
@require_safe
def one_session(request: HttpRequest, cohort_id: UUID, session_id: UUID) -> HttpResponse:
    """One session as a file, for those who take part and those who run the cohort."""
    rows = LiveSession.objects.select_related("cohort").filter(cohort__public_id=cohort_id)
    session = get_object_or_404(rows, public_id=session_id)
    seated = CohortMember.objects.seated().filter(cohort=session.cohort, person=request.user).exists()
    if not (seated or rights.reach(request.user, rights.RUN).covers(session.cohort)):
        raise Http404
    response = HttpResponse(calendars.calendar_with(session, as_learner=seated), content_type=CALENDAR)
    response["Content-Disposition"] = 'attachment; filename="session.ics"'
    return response
