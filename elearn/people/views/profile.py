"""A person's own screens: profile, posts, and who saw their data."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from elearn.people.domain import directory, institutions, memberships, rights, trail
from elearn.people.domain.places import country_name
from elearn.people.domain.profile import save_profile
from elearn.people.enums import InstitutionKind, MembershipState
from elearn.people.forms.profile import EndForm, InstitutionSearchForm, PostForm, ProfileForm, ProposalForm
from elearn.people.models import Institution, Membership

SHOWN = 20  # institutions found by one search
PER_PAGE = 25


@login_required
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        change = save_profile(person=request.user, **form.cleaned_data)
        translation.activate(request.user.language)
        messages.success(request, _("Your profile is saved."))
        if change.name_changed:
            messages.info(request, _("Certificates that you hold already keep the name they were issued with."))
        if change.statistics_withdrawn:
            messages.info(request, _("Your gender and age are deleted from your profile."))
        response = redirect("people:profile")
        # The pages of the account have no language in their address.
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.user.language,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    context = {
        "form": form,
        "memberships": Membership.objects.filter(person=request.user)
        .select_related("institution", "decided_by")
        .order_by("ends_on", "-starts_on", "-pk"),
        "roles": directory.grant_lines(directory.grants_of(request.user).not_ended()),
        "sees_people": rights.holds(request.user, rights.SEE_PEOPLE),
        "grants_roles": rights.holds(request.user, rights.GRANT_ROLES),
        "screens": rights.screens_of(request.user),
    }
    return render(request, "people/profile.html", context, status=422 if form.errors else 200)


# --- Posts -------------------------------------------------------------------------------------------------------


@login_required
@never_cache
def find_institution(request: HttpRequest) -> HttpResponse:
    """Search for the institution one works in."""
    form = InstitutionSearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = institutions.search(Institution.objects.claimable_by(request.user), text) if text.strip() else []
    shown = [(row, country_name(row.country)) for row in found[:SHOWN]]
    context = {"form": form, "text": text, "found": shown, "more": len(found) > SHOWN}
    return render(request, "people/find_institution.html", context)


@login_required
@never_cache
def claim(request: HttpRequest, institution_id: UUID) -> HttpResponse:
    """Say what one does in an institution, and since when."""
    institution = get_object_or_404(Institution.objects.claimable_by(request.user), public_id=institution_id)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = memberships.claim(person=request.user, institution=institution, **form.cleaned_data)
        except memberships.MembershipRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_claimed(request, membership)
            return redirect("people:profile")
    status = 422 if form.errors else 200
    return render(request, "people/claim.html", {"form": form, "institution": institution}, status=status)


@login_required
@never_cache
def propose(request: HttpRequest) -> HttpResponse:
    """Propose an institution that is not known, after a look at those that are nearly it."""
    form = ProposalForm(request.POST or None, initial={"name": request.GET.get("name", "")[:200]})
    alike: list[Institution] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        alike = institutions.alike(
            Institution.objects.claimable_by(request.user), name=data["name"], country=data["country"]
        )
        if not alike or data["none_of_these"]:
            try:
                institution = institutions.propose(
                    person=request.user, name=data["name"], kind=InstitutionKind(data["kind"]), country=data["country"]
                )
                membership = memberships.claim(
                    person=request.user, institution=institution, post=data["post"], starts_on=data["starts_on"]
                )
            except (institutions.InstitutionRefused, memberships.MembershipRefused) as refusal:
                form.add_error(None, str(refusal))
            else:
                _say_claimed(request, membership)
                return redirect("people:profile")
    status = 422 if form.errors else 200
    return render(request, "people/propose.html", {"form": form, "alike": alike}, status=status)


def _say_claimed(request: HttpRequest, membership: Membership) -> None:
    if membership.state == MembershipState.CONFIRMED:
        messages.success(request, _("Your membership is confirmed."))
    else:
        messages.success(
            request, _("Your claim is kept. The institution’s focal point is asked to confirm it; you get a mail then.")
        )


@login_required
@never_cache
def end_post(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End one's own membership."""
    membership = get_object_or_404(
        Membership.objects.running().select_related("institution"), public_id=membership_id, person=request.user
    )
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            memberships.end(membership=membership, by=request.user, on=form.cleaned_data["on"])
        except memberships.MembershipRefused as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, _("This membership has ended. It stays in your history."))
            return redirect("people:profile")
    status = 422 if form.errors else 200
    return render(request, "people/end_post.html", {"form": form, "membership": membership}, status=status)


# --- Who saw my data ---------------------------------------------------------------------------------------------


@login_required
@never_cache
def seen(request: HttpRequest) -> HttpResponse:
    page = Paginator(trail.events_about(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": trail.in_words(page.object_list), "watchers": directory.watchers_of(request.user)}
    return render(request, "people/seen.html", context)
