"""Receipts: the learner's own page, and looking one up by its code."""

import io

import segno
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.domain import granting, receipts
from assessments.domain.reading.receipts import find_by_code, read_receipt, record_check
from assessments.forms.adjustments import ReceiptForm
from assessments.models import Attempt
from assessments.views.attempts import own_attempt
from elearn.people.gate import second_factor_first


def _submitted(attempt: Attempt) -> Attempt:
    if attempt.is_open:
        raise Http404
    return attempt


@own_attempt
@require_safe
def receipt(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """The learner's receipt of a submitted attempt, made to be printed."""
    view = read_receipt(_submitted(attempt), get_language())
    return render(request, "assessments/receipt.html", {"view": view})


@own_attempt
@require_safe
def code(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """The address of the check as a QR code."""
    found = receipts.check(_submitted(attempt))
    if found.proof == receipts.Proof.NONE:
        raise Http404
    address = f"{reverse('assessments:receipts')}?{urlencode({'code': found.code})}"
    picture = io.BytesIO()
    segno.make(request.build_absolute_uri(address), error="m").save(picture, kind="svg", scale=4, border=2)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@login_required
@second_factor_first
@never_cache
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Whose receipt a code is, for those whose learner it is. Every look-up is counted: codes are not for guessing."""
    reach = granting.reach_of(request.user)
    if reach.nowhere:
        raise PermissionDenied
    form = ReceiptForm(request.GET if "code" in request.GET else None)
    view = None
    if form.is_bound:
        limits = {"app": "allauth.account", "action": "look_up_receipt", "limit_get": True}
        if not ratelimit.consume(request, user=request.user, **limits):
            return ratelimit.respond_429(request)
        if form.is_valid():
            found = find_by_code(reach, form.cleaned_data["code"])
            view = read_receipt(found, get_language()) if found else None
            if found:
                record_check(request.user, found)
    context = {"form": form, "view": view, "nothing_found": form.is_bound and form.is_valid() and view is None}
    return render(request, "assessments/receipts.html", context, status=404 if context["nothing_found"] else 200)
