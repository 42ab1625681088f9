"""What managers fill in about an Action."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from elearn.people.domain.actions import CODE_LENGTH, TITLE_LENGTH, ActionFacts, ActionRefused
from elearn.people.domain.names import folded
from elearn.people.domain.places import country_choices, country_name
from elearn.people.enums import Theme
from elearn.people.forms.directory import date_field, search_field
from elearn.people.forms.fields import InstitutionsField
from elearn.people.models import Action


class ActionsFilterForm(forms.Form):
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=[("", _("All")), *Theme.choices])
    q = search_field()


class CountriesField(forms.CharField):
    """Countries by name, or by their code of two letters, one to a line."""

    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(country_name, value)) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        by_name = {folded(name): code for code, name in country_choices()}
        codes = dict(country_choices())
        found, wrong = [], []
        for line in super().clean(value).splitlines():
            text = line.strip()
            code = text.upper() if text.upper() in codes else by_name.get(folded(text))
            if code:
                found.append(code)
            elif text:
                wrong.append(_now("No country is called “%s”.") % text)
        if wrong:
            raise forms.ValidationError(wrong)
        return tuple(found)


class ActionForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=CODE_LENGTH, widget=forms.TextInput(attrs={"dir": "ltr"}))
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"}))
    themes = forms.MultipleChoiceField(
        label=_("Themes"), required=False, choices=Theme.choices, widget=forms.CheckboxSelectMultiple
    )
    countries = CountriesField(
        label=_("Countries"), required=False, help_text=_("Names, or codes of two letters, one to a line.")
    )
    institutions = InstitutionsField(
        label=_("Partner institutions"),
        required=False,
        help_text=_("Known ones by their names, one to a line. The managers of the Action see their people."),
    )
    starts_on = date_field(_("First day"), required=False)
    ends_on = date_field(_("Last day"), required=False)

    def facts(self) -> ActionFacts:
        data = self.cleaned_data
        return ActionFacts(
            **data | {"themes": tuple(data["themes"]), "institutions": tuple(data["institutions"])},
        )

    def refuse(self, refusal: ActionRefused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


def known_of(action: Action) -> dict[str, Any]:
    """What the form begins with."""
    known = {name: getattr(action, name) for name in ("code", "title", "themes", "countries", "starts_on", "ends_on")}
    return known | {"institutions": list(action.institutions.all())}
