"""Institutions: the list and proposals for managers, and for each who can see its people."""

from collections.abc import Sequence
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
from elearn.people.domain import directory, rights
from elearn.people.domain import institutions as domain
from elearn.people.domain.names import NameRefused
from elearn.people.domain.places import country_name
from elearn.people.enums import InstitutionKind, InstitutionState
from elearn.people.forms.directory import InstitutionForm, InstitutionsFilterForm, ProposalDecisionForm
from elearn.people.gate import second_factor_first
from elearn.people.models import Institution
from elearn.people.views.members import may_open_directory

PER_PAGE = 25


def _curator(request: HttpRequest) -> None:
    if not rights.holds(request.user, rights.CURATE_INSTITUTIONS):
        raise PermissionDenied


@login_required
@second_factor_first
@never_cache
def institutions(request: HttpRequest) -> HttpResponse:
    """All institutions, the known ones or those that somebody has proposed."""
    _curator(request)
    form = InstitutionsFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    state = wanted.get("state") or InstitutionState.KNOWN
    among = Institution.objects.filter(state=state)
    rows = domain.search(among, wanted["q"]) if wanted.get("q") else among
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    proposed = Institution.objects.filter(state=InstitutionState.PROPOSED).count()
    named = [(row, country_name(row.country)) for row in page.object_list]
    context = {"form": form, "page": page, "rows": named, "query": query.urlencode(), "proposed": proposed}
    return render(request, "people/institutions.html", context)


@login_required
@second_factor_first
@never_cache
def institution(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One institution: who can see its people and why, and for managers its facts and what to do with a proposal."""
    by = may_open_directory(request.user)
    row = get_object_or_404(
        rights.reach(by, rights.SEE_PEOPLE).institutions().select_related("merged_into", "proposed_by", "parent"),
        public_id=public_id,
    )
    curates = rights.reach(by, rights.CURATE_INSTITUTIONS).covers(row)
    facts = {"name": row.name, "kind": row.kind, "country": row.country, "domains": "\n".join(row.email_domains)}
    facts["parent"] = row.parent
    form = InstitutionForm(request.POST or None, initial=facts)
    if request.method == "POST":
        if not curates:
            raise Http404
        if form.is_valid() and _change(request, row, form):
            return redirect("directory:institution", row.public_id)
        row.refresh_from_db()
    is_proposed = row.state == InstitutionState.PROPOSED
    text = request.GET.get("q", "")[:200]
    context = {
        "institution": row,
        "watchers": directory.watchers_of_institution(row),
        "form": form,
        "children": row.children.known(),
        "curates": curates,
        "is_proposed": is_proposed,
        "text": text,
        "others": _others(row, text) if is_proposed and curates else [],
    }
    return render(request, "people/institution.html", context, status=422 if form.errors else 200)


def _others(row: Institution, text: str) -> Sequence[Institution]:
    """What a proposal may be merged into: what matches the text, or is called alike."""
    known = Institution.objects.known().exclude(pk=row.pk)
    return domain.search(known, text)[:10] if text else domain.alike(known, row.name, row.country)


def _change(request: HttpRequest, row: Institution, form: InstitutionForm) -> bool:
    data = form.cleaned_data | {"kind": InstitutionKind(form.cleaned_data["kind"])}
    try:
        domain.change_institution(institution=row, by=request.user, **data)
    except domain.ParentRefused as refusal:
        form.add_error("parent", str(refusal))
        return False
    except (domain.InstitutionRefused, NameRefused) as refusal:
        form.add_error("name", str(refusal))
        return False
    messages.success(request, _("The institution is saved."))
    return True


@login_required
@second_factor_first
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Add a known institution."""
    _curator(request)
    form = InstitutionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data | {"kind": InstitutionKind(form.cleaned_data["kind"])}
        try:
            row = domain.add_institution(by=request.user, **data)
        except (domain.InstitutionRefused, NameRefused) as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The institution is saved."))
            return redirect("directory:institution", row.public_id)
    return render(request, "people/institution_add.html", {"form": form}, status=422 if form.errors else 200)


@act
@second_factor_first
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Accept, merge or decline a proposed institution."""
    _curator(request)
    row = get_object_or_404(Institution, public_id=public_id)
    form = ProposalDecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        if form.cleaned_data["decision"] == "accept":
            domain.accept(institution=row, by=request.user)
            messages.success(request, _("The institution is accepted; everybody can choose it now."))
        elif form.cleaned_data["decision"] == "decline":
            domain.decline(institution=row, by=request.user)
            messages.success(request, _("The proposal is declined."))
        else:
            into = get_object_or_404(Institution.objects.known(), public_id=form.cleaned_data["into"])
            domain.merge(institution=row, into=into, by=request.user)
            messages.success(request, _("Merged: its people now belong to %s.") % into)
            return redirect("directory:institution", into.public_id)
    except domain.InstitutionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("directory:institution", row.public_id)
