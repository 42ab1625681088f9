"""The people of the institutions in one's reach: the list, a claim, a person's record, and the account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from elearn.core.acts import act
from elearn.people.domain import accounts, directory, memberships, rights, trail
from elearn.people.forms.directory import DecisionForm, MembersFilterForm, ReasonForm
from elearn.people.gate import second_factor_first
from elearn.people.models import Membership, User

PER_PAGE = 25
TRAIL_PER_PAGE = 25


def may_open_directory(user: User) -> User:
    """The person, or a refusal for whoever sees nobody."""
    if not rights.holds(user, rights.SEE_PEOPLE):
        raise PermissionDenied
    return user


@login_required
@second_factor_first
@never_cache
def members(request: HttpRequest) -> HttpResponse:
    """Claims and confirmed people of the institutions in reach. Reading the list is an act that is recorded."""
    by = may_open_directory(request.user)
    mine = rights.reach(by, rights.SEE_PEOPLE).institutions()
    form = MembersFilterForm(request.GET or None, institutions=mine)
    wanted = form.cleaned_data if form.is_valid() else {}
    institution = wanted.get("institution")
    rows = directory.members(by, state=wanted.get("state", ""), text=wanted.get("q", ""), institution=institution)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    directory.record_list_read(by, institution)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "institution": institution,
        "grants_roles": rights.holds(by, rights.GRANT_ROLES),
        "curates": rights.holds(by, rights.CURATE_INSTITUTIONS),
    }
    return render(request, "people/members.html", context)


@login_required
@second_factor_first
@never_cache
def member(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """One membership: what is claimed, and the decision on it."""
    by = may_open_directory(request.user)
    rows = rights.reach(by, rights.SEE_PEOPLE).memberships().select_related("person", "institution", "decided_by")
    membership = get_object_or_404(rows, public_id=membership_id)
    if request.method == "POST":
        return _decide(request, membership)
    trail.record("people.membership_opened", actor=by, subject=membership.person, institution=membership.institution_id)
    context = {
        "membership": membership,
        "may_decide": membership.ends_on is None and memberships.may_decide(by, membership),
        "open_record": rights.reach(by, rights.SEE_PEOPLE).covers_person(membership.person),
        "form": DecisionForm(),
    }
    return render(request, "people/member.html", context)


def _decide(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: choose a decision, and a day where one is asked for."))
        return redirect("directory:member", membership.public_id)
    data, by = form.cleaned_data, request.user
    try:
        if data["decision"] == "confirm":
            memberships.confirm(membership=membership, by=by, seen=data["seen"])
        elif data["decision"] == "refuse":
            memberships.refuse(membership=membership, by=by, reason=data["reason"], seen=data["seen"])
        elif data["on"]:
            memberships.end(membership=membership, by=by, on=data["on"])
        else:
            raise memberships.MembershipRefused(_("Choose the last day. Nothing was changed."))
    except memberships.MembershipRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("directory:member", membership.public_id)
    messages.success(request, _("Done. %s is told by mail.") % membership.person)
    return redirect("directory:members")


# --- One person --------------------------------------------------------------------------------------------------


def person_in_reach(request: HttpRequest, public_id: UUID) -> User:
    """The person, for whoever may see their record; 404 otherwise, so that nobody learns who has an account."""
    by = may_open_directory(request.user)
    return get_object_or_404(rights.reach(by, rights.SEE_PEOPLE).people(), public_id=public_id)


@login_required
@second_factor_first
@never_cache
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The record of a person: posts, roles, and what they can see and why."""
    subject = person_in_reach(request, public_id)
    trail.record("people.record_opened", actor=request.user, subject=subject)
    context = {
        "record": directory.read_person(request.user, subject),
        "may_close": accounts.may_close(request.user, subject),
        "reads_trail": rights.reach(request.user, rights.READ_TRAIL).covers_person(subject),
        "grants_roles": bool(rights.givable(request.user)),
        "form": ReasonForm(),
    }
    return render(request, "people/person.html", context)


@login_required
@second_factor_first
@never_cache
def person_trail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The trail about a person, for managers. Reading it stands in it."""
    subject = person_in_reach(request, public_id)
    if not rights.reach(request.user, rights.READ_TRAIL).covers_person(subject):
        raise Http404
    page = Paginator(trail.events_about(subject), TRAIL_PER_PAGE).get_page(request.GET.get("page"))
    lines = trail.in_words(page.object_list)
    trail.record("people.trail_read", actor=request.user, subject=subject)
    return render(request, "people/person_trail.html", {"person": subject, "page": page, "lines": lines})


@act
@second_factor_first
def account(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close a person's account, or open it again."""
    subject = person_in_reach(request, public_id)
    form = ReasonForm(request.POST)
    try:
        if not subject.is_active:
            accounts.reopen_account(person=subject, by=request.user)
            messages.success(request, _("The account is open again."))
        elif form.is_valid():
            accounts.close_account(person=subject, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("The account is closed, and every session of it has ended."))
        else:
            messages.error(request, _("Nothing was changed: give a reason."))
    except accounts.AccountRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("directory:person", subject.public_id)
