"""The gate before the CMS and before other people's data: nobody of whom a second step is demanded passes without.

A session passes when its login, or something in it, was confirmed with the second step. Asking the session costs no
query; only whoever has not confirmed anything yet is looked up. That the session stays right is held elsewhere: whoever
must have a second step cannot remove the last one (elearn.people.adapter), and resetting it ends their sessions.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from elearn.people.domain import second_factor
from elearn.people.models import User

SET_UP_BY = "second_factor_set_up_by"  # In the session: the person who set up a second step in it.
NEXT = "second_factor_next"  # In the session: the address that the person wanted when the gate turned them away.


def second_factor_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of other people's data. Goes beneath login_required; strangers pass, for the view itself refuses them."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return turned_away(request) or view(request, *args, **kwargs)

    return inner


def turned_away(request: HttpRequest) -> HttpResponseRedirect | None:
    """The answer to somebody whose second step is due, or None when they may pass."""
    if not settings.SECOND_FACTOR_DEMANDED or not request.user.is_authenticated or is_confirmed(request):
        return None
    if not second_factor.is_demanded_of(request.user):
        return None
    wanted = request.get_full_path() if request.method == "GET" else "/"
    if second_factor.is_set_up(request.user):
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': wanted})}")
    request.session[NEXT] = wanted
    messages.info(
        request,
        _(
            "What you want to open shows other people's data, so a password alone is not enough for it. "
            "Set up a second step for your login here; it takes about two minutes."
        ),
    )
    return redirect("mfa_index")


def is_confirmed(request: HttpRequest) -> bool:
    """Whether a second step was confirmed, or set up, in this session."""
    if request.session.get(SET_UP_BY) == request.user.pk:
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def confirm(request: HttpRequest, person: User) -> None:
    """Remember that this session has proved a second step by setting it up."""
    request.session[SET_UP_BY] = person.pk


def forget(request: HttpRequest) -> None:
    """Forget what this session has proved."""
    request.session.pop(SET_UP_BY, None)
    request.session[RECORDS] = [record for record in request.session.get(RECORDS, []) if record.get("method") != "mfa"]
