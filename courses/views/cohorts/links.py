"""Links into a cohort: made, shown on paper or a wall as QR code, and ended."""

import io
from datetime import timedelta

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain.cohorts import join_links, rights
from courses.domain.cohorts.groups import groups_of
from courses.domain.cohorts.seating import SeatingRefused
from courses.forms.members import LINK_DAYS, LinkForm
from courses.models import Cohort, JoinLink
from courses.views.cohorts.entrance import frame_of, of_cohort
from elearn.core.acts import act

AT_MOST = 100


def address_of(link: JoinLink) -> str:
    """Without a language: whoever comes by it reads in their own."""
    return f"{settings.SITE_URL}/join/{link.token}/"


@of_cohort(rights.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    initial = {"expires_on": timezone.localdate() + timedelta(days=LINK_DAYS), "needs_approval": True}
    form = LinkForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        until, asks = form.cleaned_data["expires_on"], form.cleaned_data["needs_approval"]
        try:
            link = join_links.make_link(cohort=cohort, by=request.user, expires_at=until, needs_approval=asks)
            return redirect("cohorts:link", cohort.public_id, link.pk)
        except SeatingRefused as refusal:
            form.add_error(None, str(refusal))
    made = [(link, address_of(link)) for link in cohort.join_links.select_related("made_by", "cohort")[:AT_MOST]]
    context = {**frame_of(request, cohort, "people"), "form": form, "links": made}
    return render(request, "courses/cohorts/links.html", context, status=422 if form.errors else 200)


@of_cohort(rights.RUN)
@require_safe
def poster(request: HttpRequest, cohort: Cohort, pk: int) -> HttpResponse:
    """The link as large as it goes, for a wall or a sheet of paper."""
    link = get_object_or_404(cohort.join_links.select_related("cohort"), pk=pk)
    context = {"cohort": cohort, "link": link, "address": address_of(link), "group": groups_of([cohort])[0]}
    return render(request, "courses/cohorts/poster.html", context)


@of_cohort(rights.RUN)
@require_safe
def code(request: HttpRequest, cohort: Cohort, pk: int) -> HttpResponse:
    """The link as a QR code."""
    link = get_object_or_404(cohort.join_links, pk=pk)
    picture = io.BytesIO()
    segno.make(address_of(link), error="m", micro=False).save(picture, kind="svg", scale=8, border=4, light="#fff")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@act
@of_cohort(rights.RUN)
def end(request: HttpRequest, cohort: Cohort, pk: int) -> HttpResponse:
    join_links.end_link(link=get_object_or_404(cohort.join_links, pk=pk))
    messages.success(request, _("The link lets nobody in any more. Those who came by it stay."))
    return redirect("cohorts:links", cohort.public_id)
