from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from elearn.people.domain import notices
from elearn.people.domain.names import NameRefused, clean_latin_name, clean_name
from elearn.people.models import User


def cleaned_in_form(clean: Callable[[str], str], text: str) -> str:
    """The text as the rule keeps it; what the rule refuses is an error of the field."""
    try:
        return clean(text)
    except NameRefused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


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
    privacy_notice = forms.BooleanField(error_messages={"required": _("Read the privacy notice, and tick this box.")})
    # The version that was on the screen: another may have come into effect while the form was filled in.
    notice_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["printed_name", "latin_name", "email", "password1", "privacy_notice"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = notices.current_version()
        if not version:
            del self.fields["privacy_notice"]
            return
        field = self.fields["privacy_notice"]
        field.label = _("I have read the privacy notice, version %(version)d") % {"version": version}
        field.help_text = format_html(
            '<a href="{}">{}</a>', reverse("privacy:version", args=[version]), _("Read the privacy notice")
        )
        self.fields["notice_version"].initial = version

    def clean_printed_name(self) -> str:
        return cleaned_in_form(clean_name, self.cleaned_data["printed_name"])

    def clean_latin_name(self) -> str:
        return cleaned_in_form(clean_latin_name, self.cleaned_data["latin_name"])

    def signup(self, request: HttpRequest, user: User) -> None:
        """Write which notice was accepted. AccountAdapter.save_user has written the name."""
        current = notices.current_version()
        version = min(self.cleaned_data.get("notice_version") or current, current)
        if version > 0:
            notices.accept(person=user, version=version, language=get_language())
