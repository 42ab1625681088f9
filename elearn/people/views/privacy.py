"""A person's own data: what is kept and for how long, as a download, and its erasure."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elearn.core.acts import act
from elearn.people.domain import erasure, exports, notices, retention
from elearn.people.enums import ErasureOrigin
from elearn.people.forms.privacy import EraseForm
from elearn.people.models import DataExport


@login_required
@require_safe
@never_cache
def privacy(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, form: EraseForm | None = None) -> HttpResponse:
    person = request.user
    context = {
        "export": DataExport.objects.filter(person=person).first(),
        "export_days": settings.RETENTION_DAYS["exports"],
        "erasure": erasure.open_request(person),
        "obstacle": erasure.obstacle(person),
        "form": form or EraseForm(),
        "wait_days": settings.ERASURE_WAIT_DAYS,
        "kept": retention.table(),
        "accepted": notices.history_of(person),
        "contact": settings.OPERATOR_CONTACT,
    }
    return render(request, "people/privacy.html", context, status=422 if form else 200)


@act
@reauthentication_required
def ask_for_export(request: HttpRequest) -> HttpResponse:
    exports.ask_for_export(person=request.user)
    messages.success(request, _("Your file is being made. We write to you when it is ready; it takes a minute or so."))
    return redirect("people:privacy")


@login_required
@require_safe
@never_cache
@reauthentication_required
def download(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Hand the file to the person whose data it is; for anybody else there is none."""
    export = get_object_or_404(DataExport, public_id=public_id, person=request.user)
    if not export.is_ready:
        raise Http404
    try:
        file = export.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{_('my-data')}-{timezone.localdate():%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@act
@reauthentication_required
def ask_for_erasure(request: HttpRequest) -> HttpResponse:
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        asked = erasure.ask_for_erasure(person=request.user, origin=ErasureOrigin.PERSON)
    except erasure.ErasureRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("people:privacy")
    day = timezone.localtime(asked.work_due_at).date()
    messages.success(
        request, _("Your account will be erased on %(day)s. Until then you can take it back here.") % {"day": day}
    )
    return redirect("people:privacy")


@act
def keep_account(request: HttpRequest) -> HttpResponse:
    """Take a request to erase back. No password is asked for it: keeping is the safe side."""
    asked = erasure.open_request(request.user)
    if asked is not None and erasure.withdraw(erasure=asked):
        messages.success(request, _("Your account stays. Nothing was changed."))
    else:
        messages.info(request, _("There is no request to take back."))
    return redirect("people:privacy")
