from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from elearn.people.domain import notices

# Logging in and out, one's own data, the notice itself, and what a person without an account may ask as well.
NEVER_STOPPED = (
    "/accounts/",
    "/privacy/",
    "/verify/",
    "/mail/",
    "/media/",
    "/static/",
    "/healthz",
    "/readyz",
    "/_util/",
)


class PrivacyNoticeMiddleware:
    """Leads whoever has not accepted the notice in effect to it, once, on the way to a page.

    Only a page that is opened is interrupted: nothing that is being saved, and no script. It costs no query: the
    version accepted is on the person's row, and the one in effect is remembered (elearn.people.domain.notices).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if opens_a_page(request) and request.user.is_authenticated and notices.is_due(request.user):
            return redirect(f"{reverse('privacy:accept')}?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)


def opens_a_page(request: HttpRequest) -> bool:
    """Whether a person who may be logged in goes to a page; not a form, a script, a frame or a file of the site."""
    headers: Any = request.headers
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME in request.COOKIES
        and not request.path.startswith(NEVER_STOPPED)
        and headers.get("Sec-Fetch-Dest", "document") == "document"
        and headers.get("X-Requested-With") != "XMLHttpRequest"
        and not headers.get("Accept", "").startswith("application/json")
    )
