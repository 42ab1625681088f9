"""What somebody has typed is not lost when their login ran out: it waits in the session until they are back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from courses.domain.cohorts.talking import TEXT_LENGTH, TITLE_LENGTH

KEPT = "typed_before_login"
# What forms are filled with again, each no longer than a form takes.
FIELDS = {"title": TITLE_LENGTH, "text": TEXT_LENGTH, "client_key": 40, "writer": 40}


def keeps_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page with a form that posts to it: whoever was logged out meanwhile finds it filled when they are back."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            typed = {name: request.POST.get(name, "")[:length] for name, length in FIELDS.items()}
            request.session[KEPT] = {"at": request.path, **typed}
            messages.warning(request, _("You were logged out in the meantime. Log in, and what you typed is there."))
        return redirect_to_login(request.get_full_path() if request.method == "GET" else request.path)

    return inner


def typed_before(request: HttpRequest) -> dict[str, str]:
    """What this person typed on this page before they logged in again. Somebody else finds nothing of it."""
    kept = request.session.get(KEPT)
    if not kept or kept.get("at") != request.path:
        return {}
    del request.session[KEPT]
    if kept.get("writer") != str(request.user.public_id):
        return {}
    messages.info(request, _("What you had typed is here again. It is not sent yet."))
    return {name: kept[name] for name in ("title", "text", "client_key") if kept.get(name)}
