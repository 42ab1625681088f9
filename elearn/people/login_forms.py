"""Forms of allauth that do a little more here. Apart from forms.py, which allauth imports while it builds its own."""

from typing import Any

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.socialaccount.forms import SignupForm
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _


class _OneUseForEachCode:
    """A code of the authenticator app works once.

    allauth remembers a used code for one period; with a tolerance of one step it would be good again after that.
    """

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
        digits = "".join(sign for sign in code if sign.isdigit())
        if not cache.add(f"people:code-used:{self.user.pk}:{digits}", True, timeout=seconds):  # type: ignore[attr-defined]
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_OneUseForEachCode, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateForm(_OneUseForEachCode, mfa_forms.ReauthenticateForm):
    pass


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name, to tell it from others")
        self.fields["passwordless"].label = _("Log in with it alone, without a password")
        self.fields["passwordless"].help_text = _(
            "For your own phone or computer. Leave it out for a small security key, or for a device that others use."
        )


class InstitutionSignupForm(SignupForm):
    """The first login by an institution. The address is the one that the institution proved, and stays that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
