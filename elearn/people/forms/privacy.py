from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from elearn.people.models import PrivacyNotice


class AcceptForm(forms.Form):
    """Accepting a version; `next` is where the person was going."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class EraseForm(forms.Form):
    understood = forms.BooleanField(
        label=_("I have read what goes and what stays, and want my account to be erased."),
        error_messages={"required": _("Tick this box if you want your account to be erased.")},
    )


class NoticeForm(forms.Form):
    """A new version of the notice: for each language its text, as Markdown, and what is new."""

    effective_from = forms.DateField(
        label=_("In effect from"),
        required=False,
        help_text=_("Empty: at once. From that day on everybody is asked once."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, last: PrivacyNotice | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            own = code == settings.LANGUAGE_CODE
            known = last.texts.get(code, {}) if last else {}
            self.fields[f"changes_{code}"] = forms.CharField(
                label=_("What is new (%(language)s)") % {"language": name},
                required=own and last is not None,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code, "dir": "auto"}),
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text (%(language)s)") % {"language": name},
                required=own,
                initial=known.get("markdown", ""),
                max_length=60_000,
                help_text=_("Markdown. {operator} and {contact} stand for your name and address.") if own else "",
                widget=forms.Textarea(attrs={"rows": 16 if own or known else 4, "lang": code, "dir": "auto"}),
            )

    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"text_{code}"] for code, _name in settings.LANGUAGES}

    def changes(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"changes_{code}"] for code, _name in settings.LANGUAGES}
