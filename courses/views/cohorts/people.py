"""The people of a cohort: who takes part, who is invited, who waits and who asks; and what trainers decide."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain.cohorts import invitations, members, rights, seating
from courses.domain.cohorts.seating import SeatingRefused
from courses.enums import MemberSource, MemberState, RowFate
from courses.forms.members import AddPersonForm, DecideForm, PeopleFilterForm
from courses.models import Cohort, CohortMember
from courses.views.cohorts.entrance import frame_of, of_cohort
from elearn.core.acts import act

PER_PAGE = 50


@of_cohort(rights.RUN)
@require_safe
def people(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    return _people(request, cohort, AddPersonForm())


@act
@of_cohort(rights.RUN)
def add(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """One person by their address: a place for whoever has an account, an invitation for others."""
    form = AddPersonForm(request.POST)
    if not form.is_valid():
        return _people(request, cohort, form, status=422)
    data = form.cleaned_data
    guest = invitations.Guest(data["email"].lower(), data["name"], data["language"])
    try:
        fate = invitations.add_by_address(cohort=cohort, guest=guest, source=MemberSource.ADDED, by=request.user)
    except SeatingRefused as refusal:
        form.add_error("email", str(refusal))
        return _people(request, cohort, form, status=422)
    messages.success(request, _("%(address)s: %(fate)s") % {"address": guest.address, "fate": WHAT_BECAME[fate]()})
    return redirect("cohorts:people", cohort.public_id)


WHAT_BECAME = {
    RowFate.SEAT: lambda: _("takes part now, and is told by mail."),
    RowFate.INVITE: lambda: _("has no account yet; the invitation is on its way."),
    RowFate.WAIT: lambda: _("is on the waiting list, because all places are taken."),
    RowFate.IN_IT: lambda: _("is in the cohort already. Nothing was changed."),
    RowFate.FULL: lambda: _("was not entered, because all places are taken."),
}


def _people(request: HttpRequest, cohort: Cohort, form: AddPersonForm, status: int = 200) -> HttpResponse:
    wanted = PeopleFilterForm(request.GET)
    chosen = wanted.cleaned_data if wanted.is_valid() else {}
    rows = members.members_of(cohort, state=chosen.get("state", ""), text=chosen.get("q", ""))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        **frame_of(request, cohort, "people"),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "counts": members.counts_of(cohort),
        "left": seating.places_left(cohort),
        "filter": PeopleFilterForm(initial=chosen),
        "form": form,
    }
    return render(request, "courses/cohorts/people.html", context, status=status)


# --- One of them -------------------------------------------------------------------------------------------------


@of_cohort(rights.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, cohort: Cohort, member_id: UUID) -> HttpResponse:
    """Where somebody stands, and what can be decided about it."""
    rows = cohort.members.select_related("person", "decided_by", "enrolment__institution")
    found = get_object_or_404(rows, public_id=member_id)
    found.cohort = cohort
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, found, form)
        except SeatingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("cohorts:member", cohort.public_id, found.public_id)
        return redirect("cohorts:people", cohort.public_id)
    context = {
        **frame_of(request, cohort, "people"),
        "member": found,
        "form": form,
        "asks": found.state in seating.ASKING_STATES and found.person_id is not None,
        "invited": found.state == MemberState.INVITED,
        "stands": found.state in (MemberState.SEATED, MemberState.INVITED, MemberState.WAITLISTED),
    }
    return render(request, "courses/cohorts/member.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, found: CohortMember, form: DecideForm) -> None:
    what, reason, name = form.cleaned_data["what"], form.cleaned_data["reason"], found.person or found.email
    if what == "admit":
        seated = seating.admit(member=found, by=request.user).state == MemberState.SEATED
        words = _("%s takes part now, and is told by mail.") if seated else _("All places are taken, so %s waits.")
    elif what == "turn_away":
        seating.turn_away(member=found, by=request.user, reason=reason)
        words = _("%s was not admitted, and is told why by mail.")
    elif what == "send_again":
        waits = invitations.send_again(member=found, by=request.user).state == MemberState.WAITLISTED
        words = _("The invitation to %s is on its way, if none was sent within the last ten minutes.")
        words = _("All places are taken, so %s waits.") if waits else words
    else:
        seating.remove(member=found, by=request.user, reason=reason)
        words = _("%s is no longer in the cohort. What was recorded stays.")
    messages.success(request, words % name)
