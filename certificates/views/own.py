"""A certificate for its holder."""

import re

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.domain import issuing, verification
from certificates.models import Certificate
from elearn.core import pending

SECONDS_UNTIL_RETRY = 5
FILE_NAME_BYTES = 180  # of UTF-8; file systems allow 255 for a whole name


@require_safe
@login_required
def certificate(request: HttpRequest, serial: str) -> HttpResponseBase:
    """The holder's page of a certificate; for anybody else there is no such page."""
    own = verification.own_certificate(request.user, serial)
    if own is None:
        raise Http404
    return _privately(render(request, "certificates/certificate.html", {"own": own}))


@require_safe
@login_required
def download(request: HttpRequest, serial: str) -> HttpResponseBase:
    """Hand the PDF to its holder, or say that it is still being made."""
    found = get_object_or_404(
        Certificate.objects.select_related("subject"), serial=serial, enrolment__person=request.user
    )
    if not found.is_rendered:
        pending.wake(issuing.KIND, found.pk)
        context = {"serial": serial, "seconds": SECONDS_UNTIL_RETRY, "is_stuck": found.work_tries > 2}
        return _privately(render(request, "certificates/preparing.html", context, status=202))
    try:
        file = found.pdf.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, as_attachment=True, filename=file_name(found), content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return _privately(response)


def file_name(certificate: Certificate) -> str:
    """The name under which the PDF is saved: readable in any script, and allowed on any system."""
    subject = getattr(certificate, "subject", None)
    words = _("Certificate %(course)s %(name)s") % {
        "course": certificate.facts["course"],
        "name": subject.printed_name if subject else "",
    }
    allowed = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+', " ", words)
    short = " ".join(allowed.split()).encode()[:FILE_NAME_BYTES].decode(errors="ignore")
    return f"{short.strip(' .')}.pdf"


def _privately(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    return response
