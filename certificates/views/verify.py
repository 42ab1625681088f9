"""What anybody may ask without an account: whether a certificate is true."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from certificates.domain import verification
from certificates.domain.serials import SerialUnreadable, read_serial
from certificates.forms.verify import SerialForm


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
