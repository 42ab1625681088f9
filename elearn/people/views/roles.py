"""Who holds which role: the list with what each role lets one see, giving a role, and ending one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from elearn.core.acts import act
from elearn.people.domain import directory, granting, rights, scopes
from elearn.people.domain.roles import RoleRefused
from elearn.people.enums import Role, Scope
from elearn.people.forms.directory import GrantForm, GrantsFilterForm, RoleChoiceForm
from elearn.people.gate import second_factor_first

PER_PAGE = 25


def _may_open(request: HttpRequest) -> None:
    if not rights.holds(request.user, rights.GRANT_ROLES):
        raise PermissionDenied


@login_required
@second_factor_first
@never_cache
def roles(request: HttpRequest) -> HttpResponse:
    """Every grant that this manager may give and end, and what each role lets its holder see and do."""
    _may_open(request)
    form = GrantsFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = directory.grants(
        request.user, state=wanted.get("state", ""), role=wanted.get("role", ""), text=wanted.get("q", "")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    directory.record_roles_read(request.user)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "lines": directory.grant_lines(page.object_list, by=request.user),
        "query": query.urlencode(),
        "table": rights.table_of_roles(),
        "curates": rights.holds(request.user, rights.CURATE_INSTITUTIONS),
    }
    return render(request, "people/roles.html", context)


@login_required
@second_factor_first
@never_cache
def grant(request: HttpRequest) -> HttpResponse:
    """Give a role, in two steps: which role for what kind of thing, then to whom, for which one, and how long."""
    _may_open(request)
    givable = [pair for pair in rights.givable(request.user) if scopes.is_offered(pair[1])]
    choice = RoleChoiceForm(request.GET if "role" in request.GET else None, givable=givable)
    if not choice.is_valid():
        return render(request, "people/grant_choose.html", {"form": choice, "table": rights.table_of_roles()})
    role, scope = choice.cleaned_data["role"]
    text = request.GET.get("q", "")[:200]
    offered = granting.targets(by=request.user, scope=scope, text=text, also=request.POST.get("key", ""))
    initial = {"email": request.GET.get("email", "")}
    form = GrantForm(request.POST or None, choices=offered, scope=scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = _give(request, role, scope, form)
        except RoleRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(person)s is now %(role)s.") % {"person": made.person, "role": role.label})
            return redirect("directory:roles")
    context = {"form": form, "choice": choice, "role": role, "scope": scope, "text": text, "found": len(offered)}
    context |= {"searches": scope != Scope.PLATFORM, "pair": f"{role}:{scope}"}
    return render(request, "people/grant.html", context, status=422 if form.errors else 200)


def _give(request: HttpRequest, role: Role, scope: Scope, form: GrantForm) -> Any:
    return granting.give(
        by=request.user,
        email=form.cleaned_data["email"],
        role=role,
        scope=scope,
        key=form.cleaned_data.get("key", ""),
        starts_at=form.starts_at(),
        ends_at=form.ends_at(),
    )


@act
@second_factor_first
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """End a grant: it stays in the list, ended."""
    _may_open(request)
    row = get_object_or_404(rights.manageable_grants(request.user), public_id=grant_id)
    try:
        granting.end(grant=row, by=request.user)
        messages.success(request, _("The role has ended."))
    except RoleRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("directory:roles")
