"""Actions: the list, adding one, and changing it, for managers of the platform and each for the Action they manage."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from elearn.people.domain import actions as domain
from elearn.people.domain import rights
from elearn.people.enums import Theme
from elearn.people.forms.actions import ActionForm, ActionsFilterForm, known_of
from elearn.people.gate import second_factor_first

PER_PAGE = 25


@login_required
@second_factor_first
@never_cache
def actions(request: HttpRequest) -> HttpResponse:
    """The Actions that this manager may change."""
    reach = rights.reach(request.user, rights.CURATE_ACTIONS)
    if not (reach.everywhere or reach.action_ids):
        raise PermissionDenied
    form = ActionsFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = domain.within(request.user)
    rows = domain.search(rows, wanted["q"]) if wanted.get("q") else rows
    if theme := wanted.get("theme"):
        # SQLite cannot ask what a JSON list holds; there are hundreds of Actions, not millions.
        rows = rows.filter(pk__in=[pk for pk, themes in rows.values_list("pk", "themes") if theme in themes])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    labels = dict(Theme.choices)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, [labels[name] for name in row.themes], domain.in_words(row.countries)) for row in page],
        "query": query.urlencode(),
        "adds": reach.everywhere,
        "curates": rights.holds(request.user, rights.CURATE_INSTITUTIONS),
    }
    return render(request, "people/actions.html", context)


@login_required
@second_factor_first
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    if not rights.reach(request.user, rights.CURATE_ACTIONS).everywhere:
        raise PermissionDenied
    form = ActionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = domain.add_action(facts=form.facts(), by=request.user)
        except domain.ActionRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The Action is saved."))
            return redirect("directory:action", row.public_id)
    return render(request, "people/action.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@second_factor_first
@never_cache
def action(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is known of one Action, as a form."""
    row = get_object_or_404(domain.within(request.user), public_id=public_id)
    form = ActionForm(request.POST or None, initial=known_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            domain.change_action(action=row, facts=form.facts(), by=request.user)
        except domain.ActionRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The Action is saved."))
            return redirect("directory:action", row.public_id)
    return render(request, "people/action.html", {"form": form, "action": row}, status=422 if form.errors else 200)
