"""How people come into a cohort themselves: by a link, an invitation or a request; and how they leave it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.domain.cohorts import invitations, join_links, seating
from courses.domain.cohorts.groups import groups_of
from courses.domain.cohorts.seating import SeatingRefused
from courses.domain.moving import title_and_address
from courses.enums import MemberSource, MemberState
from courses.forms.members import WordsForm
from courses.models import Cohort, CohortMember
from elearn.core.acts import act

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@GET_AND_POST
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link or its QR code leads: what it is about, and the way in. Nothing happens before the button."""
    link = join_links.link_by_token(token)
    if link is None:
        raise Http404
    if request.method == "POST":
        return _come_in(request, lambda words: join_links.join_by_link(token=token, person=request.user, words=words))
    more = {"link": link, "usable": link.is_usable, "asks": link.needs_approval, "form": WordsForm()}
    return _page(request, link.cohort, more)


@never_cache
@GET_AND_POST
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail of an invitation leads. It says who invited to what, and as whom one would accept."""
    if request.method == "POST":
        return _come_in(request, lambda words: invitations.accept(token=token, person=request.user))
    member = invitations.by_token(token)
    if member is None:
        return render(request, "courses/cohorts/invitation_over.html", status=404)
    more = {"invitation": member, "usable": invitations.stands(member) and member.cohort.is_open, "asks": False}
    return _page(request, member.cohort, more)


@never_cache
@GET_AND_POST
def ask(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Ask for a place in a cohort that takes requests."""
    cohorts = Cohort.objects.running().filter(takes_requests=True).select_related("course", "edition")
    cohort = get_object_or_404(cohorts, public_id=cohort_id)
    if request.method == "POST":
        source = MemberSource.REQUEST
        return _come_in(
            request,
            lambda words: seating.ask_for_place(cohort=cohort, person=request.user, source=source, words=words),
        )
    return _page(request, cohort, {"usable": True, "asks": True, "form": WordsForm()})


@never_cache
@login_required
@GET_AND_POST
def leave(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Leave a cohort, or take a request back; asked first what it means."""
    standing = (MemberState.SEATED, *seating.ASKING_STATES)
    rows = CohortMember.objects.filter(person=request.user, cohort__public_id=cohort_id, state__in=standing)
    member = get_object_or_404(rows.select_related("cohort__course"))
    if request.method == "POST":
        try:
            seating.leave(member=member)
            messages.success(request, _("You are no longer in this cohort. What you have done stays yours."))
        except SeatingRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("desk")
    return render(request, "courses/cohorts/leave.html", {"member": member, "cohort": member.cohort})


@act
def _come_in(request: HttpRequest, how: Callable[[str], CohortMember]) -> HttpResponse:
    form = WordsForm(request.POST)
    typed = str(request.POST.get("words", "")).replace("\x00", "")[:500]
    words = form.cleaned_data["words"] if form.is_valid() else typed
    try:
        member = how(words)
    except SeatingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    if member.state == MemberState.SEATED:
        messages.success(request, _("You take part in “%s” now.") % member.cohort.title)
        return redirect("cohorts:own", member.cohort.public_id)
    if member.state == MemberState.WAITLISTED:
        messages.info(request, _("All places are taken. You are on the waiting list, and we tell you by mail."))
    else:
        messages.success(request, _("Your request is with the trainers. They answer by mail."))
    return redirect("desk")


def _page(request: HttpRequest, cohort: Cohort, more: dict[str, object]) -> HttpResponse:
    title, url = title_and_address(cohort.course, get_language())
    mine = None
    if request.user.is_authenticated:
        mine = CohortMember.objects.filter(cohort=cohort, person=request.user).first()
    context = {
        "group": groups_of([cohort])[0],
        "cohort": cohort,
        "course_title": title,
        "course_url": url,
        "mine": mine,
        "is_in": mine is not None and mine.state == MemberState.SEATED,
        "waits": mine is not None and mine.state in seating.ASKING_STATES,
        "full": seating.places_left(cohort) == 0,
        **more,
    }
    return render(request, "courses/cohorts/join.html", context)
