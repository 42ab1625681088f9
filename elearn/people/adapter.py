"""Where this product differs from allauth. Its mail is written by the adapter of elearn.messages, built on this one."""

import base64
import hashlib
import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from elearn.people.domain import institution_login, second_factor
from elearn.people.models import User

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address and the password do not belong together. Check both."),
        "incorrect_code": _("That is not the code of the newest mail. Type it again, or ask for a new one."),
        "incorrect_password": _("That is not your password."),
        "too_many_login_attempts": _(
            "There were too many wrong attempts. Nothing is lost: wait five minutes, then try again with a new code "
            "or your password."
        ),
        "rate_limited": _("That was quick. Wait a moment before you ask for another code."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        # The database demands a printed name, so it must be there before the first save.
        user.printed_name = form.cleaned_data["printed_name"]
        user.latin_name = form.cleaned_data["latin_name"]
        user.language = getattr(request, "LANGUAGE_CODE", user.language)
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_account_already_exists_mail(self, email: str) -> None:
        # A new account costs the hashing of its password, most of the time the answer takes: so does a known one.
        make_password(get_random_string(20))
        super().send_account_already_exists_mail(email)


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(f"elearn.people.second-step:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code is not right, or it was used already. Type the one that the app shows now."),
        "cannot_delete_authenticator": _(
            "Your role needs a second step, and this is your only one. Set up another first; then remove this one."
        ),
        "unverified_email": _("Prove your e-mail address first; then set up a second step."),
    }

    def encrypt(self, text: str) -> str:
        """Whoever reads the database, or a backup of it, must not be able to make codes."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("The secret of a second step was written under another SECRET_KEY; no code can match it.")
            return generate_totp_secret()  # An empty secret would make codes that everybody can compute.

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return second_factor.may_remove(authenticator)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # Passkeys belong to the site's one name, whichever of its names the person came by.
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}


class InstitutionLoginAdapter(DefaultSocialAccountAdapter):
    """An institution vouches for the addresses of its own domains, if it says that it checked them, and no others."""

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        email = _proven_address(sociallogin)
        people = filter_users_by_email(email, prefer_verified=True, for_login=True) if email else []
        return (people[0], email) if people and email else None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        email = _proven_address(sociallogin)
        if email is None:
            words = {"provider": sociallogin.provider.name, "domains": _domains(sociallogin)}
            raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", words, status=403))
        sociallogin.email_addresses = [EmailAddress(email=email, verified=True, primary=True)]
        if sociallogin.user and not sociallogin.is_existing:
            sociallogin.user.email = email

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False  # Everybody says how their name is to be printed.

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        name = str(institution_login.claims(sociallogin.account.extra_data).get("name", ""))[:150]
        return {**super().get_signup_form_initial_data(sociallogin), "printed_name": name}


def _domains(sociallogin: SocialLogin) -> list[str]:
    domains: list[str] = sociallogin.provider.app.settings.get("email_domains", [])
    return domains


def _proven_address(sociallogin: SocialLogin) -> str | None:
    return institution_login.proven_address(sociallogin.account.extra_data, _domains(sociallogin))
