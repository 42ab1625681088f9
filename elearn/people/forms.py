from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from elearn.people.models import User


class SignupForm(forms.Form):
    """The field that sign-up asks beside e-mail address and password. allauth mixes it into its own form."""

    printed_name = forms.CharField(
        label=_("Your full name"),
        max_length=150,
        help_text=_("As it should be printed on your certificates, in your own script."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    latin_name = forms.CharField(
        label=_("Your name in Latin letters"),
        max_length=150,
        required=False,
        help_text=_("If your name is written in another script. It stands beneath it on your certificates."),
    )
    field_order = ["printed_name", "latin_name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing more to do: AccountAdapter.save_user has written the name."""
