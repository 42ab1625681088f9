"""What people say about themselves: their profile, and where they work."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elearn.people.domain.names import clean_latin_name, clean_name
from elearn.people.domain.places import country_choices, country_name, zone_choices
from elearn.people.enums import AgeBand, Gender, InstitutionKind
from elearn.people.forms.sign_up import cleaned_in_form
from elearn.people.models import User


class ProfileForm(forms.Form):
    printed_name = forms.CharField(
        label=_("Your full name"),
        max_length=150,
        help_text=_(
            "As it should be printed on your certificates, in your own script. Certificates that you hold already keep "
            "the name they were issued with."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    latin_name = forms.CharField(
        label=_("Your name in Latin letters"),
        max_length=150,
        required=False,
        help_text=_("If your name is written in another script. It stands beneath it on your certificates."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("The language of this site and of the mails it sends you."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Times of day that concern you are shown in it.")
    )
    gender = forms.ChoiceField(label=_("Gender"), required=False)
    age_band = forms.ChoiceField(label=_("Age"), required=False)
    consent = forms.BooleanField(
        label=_("I agree that my gender and age group are kept and counted in this way."), required=False
    )

    IDENTITY = ("printed_name", "latin_name")
    PLACE = ("country", "language", "time_zone")
    STATISTICS = ("gender", "age_band", "consent")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        initial = {name: getattr(person, name) for name in self.base_fields if name != "consent"}
        initial["consent"] = person.statistics_consent_at is not None
        if person.time_zone == "UTC" and not person.country:
            initial["time_zone"] = ""  # Nobody has chosen it: the country's follows when the country is named.
        super().__init__(*args, initial=initial, **kwargs)
        countries = country_choices()
        if person.country and person.country not in dict(countries):
            countries = (*countries, (person.country, country_name(person.country)))
        self._choices("country", [("", _("Not stated")), *countries])
        self._choices("time_zone", [("", _("That of my country")), *zone_choices()])
        self._choices("gender", [("", _("I do not say")), *Gender.choices])
        self._choices("age_band", [("", _("I do not say")), *AgeBand.choices])

    def _choices(self, name: str, choices: list) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def identity(self) -> list[forms.BoundField]:
        return [self[name] for name in self.IDENTITY]

    def place(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PLACE]

    def statistics(self) -> list[forms.BoundField]:
        return [self[name] for name in self.STATISTICS]

    def clean_printed_name(self) -> str:
        return cleaned_in_form(clean_name, self.cleaned_data["printed_name"])

    def clean_latin_name(self) -> str:
        return cleaned_in_form(clean_latin_name, self.cleaned_data["latin_name"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        stated = bool(data.get("gender") or data.get("age_band"))
        if stated and not data.get("consent") and self.person.statistics_consent_at is None:
            self.add_error("consent", _("Tick this to have gender or age kept, or choose “I do not say” in both."))
        return data


class InstitutionSearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name of the institution"),
        required=False,
        max_length=200,
        help_text=_("Some words of its name are enough."),
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )


class PostForm(forms.Form):
    post = forms.CharField(
        label=_("Your post"),
        max_length=150,
        required=False,
        help_text=_("For example: case officer."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )
    starts_on = forms.DateField(
        label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=timezone.localdate
    )

    def clean_post(self) -> str:
        return cleaned_in_form(clean_name, self.cleaned_data["post"])


class ProposalForm(PostForm):
    name = forms.CharField(
        label=_("Name of the institution"),
        max_length=200,
        help_text=_("In full, as it writes its own name."),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=InstitutionKind.choices)
    country = forms.ChoiceField(label=_("Country"))
    none_of_these = forms.BooleanField(
        label=_("None of these is mine: propose a new one"), required=False, widget=forms.HiddenInput
    )
    field_order = ["name", "kind", "country", "post", "starts_on", "none_of_these"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose")), *country_choices()]

    def clean_name(self) -> str:
        return cleaned_in_form(clean_name, self.cleaned_data["name"])


class EndForm(forms.Form):
    on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
