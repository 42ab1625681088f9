from django import forms

from elearn.messages.domain.preferences import Choices
from elearn.messages.enums import Category, HowOften


class PreferencesForm(forms.Form):
    """One choice for each category of mail."""

    def __init__(self, data: object = None, *, standing: Choices) -> None:
        super().__init__(data, initial={category.value: how.value for category, how in standing.items()})  # type: ignore[arg-type]
        for category in Category:
            self.fields[category.value] = forms.ChoiceField(label=category.label, choices=HowOften.choices)

    def choices(self) -> Choices:
        return {Category(name): HowOften(how) for name, how in self.cleaned_data.items()}
