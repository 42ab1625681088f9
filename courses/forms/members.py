"""What is filled in to get people into a cohort, or oneself."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.domain.cohorts.lists import files
from courses.enums import MemberState, RowFate
from elearn.people.domain.names import NameRefused, clean_name

LINK_DAYS = 14
LINK_AT_MOST = timedelta(days=366)


def _search_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "search", "dir": "auto"})
    return forms.CharField(label=_("Search"), required=False, max_length=200, widget=widget)


class PeopleFilterForm(forms.Form):
    state = forms.ChoiceField(label=_("Show"), required=False, choices=[("", _("Everybody")), *MemberState.choices])
    q = _search_field()


class AddPersonForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label=_("Name"), max_length=150, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("That of the cohort")), *settings.LANGUAGES]

    def clean_name(self) -> str:
        try:
            return clean_name(self.cleaned_data["name"])
        except NameRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class DecideForm(forms.Form):
    """What a trainer decides about one person of a cohort."""

    what = forms.ChoiceField(choices=[(name, name) for name in ("admit", "turn_away", "remove", "send_again")])
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("what") == "turn_away" and not data.get("reason"):
            self.add_error("reason", _("Give a reason: the person reads it."))
        return data


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Excel (.xlsx), or text with columns (.csv, .tsv, .txt); at most 5 MB and 50,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )
    encoding = forms.ChoiceField(
        label=_("Signs of the file"),
        required=False,
        choices=[("", _("Find out")), *files.ENCODINGS.items()],
        help_text=_("Change this only if names came out wrong."),
    )
    text = forms.CharField(
        label=_("Or paste the list here"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("One person to a line: e-mail address, name, language. Cells copied from a table will do."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        given = [name for name in ("file", "text") if data.get(name)]
        if not self.errors and len(given) != 1:
            raise forms.ValidationError(
                _("Choose a file, or paste a list.")
                if not given
                else _("Send either a file or a pasted list, not both.")
            )
        file = data.get("file")
        if file is not None and file.size > files.UPLOAD_BYTES:
            self.add_error("file", _("The file is larger than 5 MB. Send the list in parts."))
        return data


class RowForm(forms.Form):
    """A row of a list, mended. Whatever is typed is kept; what is wrong with it is said on the row."""

    what = forms.ChoiceField(choices=[(name, name) for name in ("mend", "leave_out")])
    email = forms.CharField(required=False, max_length=300)
    name = forms.CharField(required=False, max_length=300)
    language = forms.CharField(required=False, max_length=60)


class RowsFilterForm(forms.Form):
    fate = forms.ChoiceField(label=_("Show"), required=False, choices=[("", _("All rows")), *RowFate.choices])


class LinkForm(forms.Form):
    expires_on = forms.DateField(
        label=_("Runs until the end of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    needs_approval = forms.BooleanField(
        label=_("I decide on each person who comes by it"),
        required=False,
        initial=True,
        help_text=_("Without this, whoever has the link has a place at once. Use it in a room, not on a public page."),
    )

    def clean_expires_on(self) -> datetime:
        """The end of that day, where the reader is."""
        day = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("This day has passed."))
        if day > today + LINK_AT_MOST:
            raise forms.ValidationError(_("A link runs for a year at most."))
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class WordsForm(forms.Form):
    words = forms.CharField(
        label=_("A word to the trainers"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
