"""Views of allauth's that need a word or a guard more. elearn.urls puts them before allauth's own addresses."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import requests
from allauth.account import views as account_views
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as oidc_views
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseGone
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from elearn.people.adapter import MFAAdapter
from elearn.people.domain import second_factor

log = logging.getLogger(__name__)


class RemovePasskeyView(RemoveWebAuthnView):
    """allauth asks its adapter before it removes an authenticator app, but not before it removes a passkey."""

    def form_valid(self, form: Form) -> HttpResponse:
        if not second_factor.may_remove(self.get_object()):
            messages.error(self.request, MFAAdapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        return super().form_valid(form)


remove_passkey = RemovePasskeyView.as_view()


def no_shared_passwords(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Wagtail can lock pages with a password that many share. Who reads what is decided by enrolment instead."""
    return HttpResponseGone()


def says_when_a_code_is_gone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Of a code that came too late, allauth only leads back to where one asks for another; this says why."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        back = response.status_code == 302 and response.headers["Location"].split("?")[0] in {
            reverse("account_login"),
            reverse("account_request_login_code"),
        }
        said = getattr(messages.get_messages(request), "added_new", False)
        if request.method == "POST" and back and not said and not request.user.is_authenticated:
            messages.warning(request, _("That code is too old, or was used already. Ask for a new one."))
        return response

    return inner


confirm_login_code = says_when_a_code_is_gone(account_views.confirm_login_code)
confirm_address = says_when_a_code_is_gone(account_views.email_verification_sent)
confirm_password_reset = says_when_a_code_is_gone(account_views.confirm_password_reset_code)


def institution_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to an institution's login, by a page in between.

    The browser follows no redirect from a form to another site (form-action in the Content-Security-Policy), and the
    institutions' addresses are theirs to change. An institution that does not answer gets a page that says so.
    """
    try:
        response = oidc_views.login(request, provider_id)
    except (requests.RequestException, OAuth2Error, KeyError, ValueError):
        log.exception("The login of institution %s did not answer", provider_id)
        return render(request, "socialaccount/authentication_error.html", status=502)
    address = response.headers.get("Location", "")
    if url_has_allowed_host_and_scheme(address, request.get_host()) or not address:
        return response
    name = get_social_adapter().get_provider(request, provider_id).name
    return render(request, "socialaccount/login_redirect.html", {"provider": name, "redirect_to": address})
