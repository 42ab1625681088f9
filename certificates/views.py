import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.domain import issuing, verification
from certificates.domain.serials import SerialUnreadable, read_serial
from certificates.forms import SerialForm
from certificates.models import Certificate
from elearn.core import pending

SECONDS_UNTIL_RETRY = 5
FILE_NAME_BYTES = 180  # of UTF-8; file systems allow 255 for a whole name


def in_asked_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show a page without a language in its address in the one of `?lang=`, otherwise in the browser's."""

    @wraps(view)
    def shown(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        asked = request.GET.get("lang", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            response = view(request, *args, **kwargs)
            response["Content-Language"] = language
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return shown


@require_safe
@in_asked_language
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a serial, and lead to what is known of it."""
    form = SerialForm(request.GET if "serial" in request.GET else None)
    if form.is_valid():
        return redirect(_address_of(request, form.cleaned_data["serial"]))
    return render(request, "certificates/verify.html", {"form": form, "lang": request.GET.get("lang", "")})


@require_safe
@in_asked_language
def verified(request: HttpRequest, serial: str) -> HttpResponse:
    """Say whether a certificate is true. Public: whoever holds the paper may ask."""
    try:
        printed = read_serial(serial)
    except SerialUnreadable:
        return _not_found(request, SerialForm({"serial": serial}))
    if printed != serial:
        return redirect(_address_of(request, printed))
    found = verification.verify(serial)
    if not found.found:
        return _not_found(request, SerialForm(initial={"serial": serial}))
    return render(request, "certificates/verified.html", {"verification": found})


def _not_found(request: HttpRequest, form: SerialForm) -> HttpResponse:
    # LocaleMiddleware turns a 404 into a redirect to /<language>/..., which Wagtail would answer with a bare 404 page;
    # it does so only where the URLs in force have language prefixes.
    request.urlconf = "certificates.public_urls"  # type: ignore[attr-defined]
    context = {"form": form, "lang": request.GET.get("lang", ""), "nothing_found": True}
    return render(request, "certificates/verify.html", context, status=404)


def _address_of(request: HttpRequest, serial: str) -> str:
    asked = request.GET.get("lang", "")
    address = reverse("verify:certificate", args=[serial])
    return f"{address}?{urlencode({'lang': asked})}" if asked in dict(settings.LANGUAGES) else address


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
