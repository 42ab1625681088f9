"""What every act of a logged-in person has in common, whichever package does it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of the page asks, and not the browser itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that does something: by post alone, and for somebody who is logged in.

    A login that has run out leads to the login and from there back to the page of the button, with a word about what
    was not done. A link or a reload that arrives here does nothing and leads back to the page as well.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect(page_before(request))
        message = _("You were logged out in the meantime, so this was not saved. Log in and do it once more.")
        if wants_json(request):
            return JsonResponse({"saved": False, "message": message}, status=401)
        messages.warning(request, message)
        return redirect_to_login(page_before(request))

    return inner


def page_before(request: HttpRequest) -> str:
    """The page of this site that the person came from, or where a login leads."""
    address = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(address, request.get_host(), require_https=request.is_secure())
    path = urlsplit(address).path if own else ""
    return path if path and path != request.path else resolve_url(settings.LOGIN_REDIRECT_URL)
