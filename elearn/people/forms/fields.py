"""Fields that name an institution: there are thousands, which is no list to choose from, so one writes the name."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from elearn.people.domain.institutions import described, search
from elearn.people.domain.names import folded
from elearn.people.models import Institution

AT_MOST = 8  # names in a question back


def find_institution(text: str, among: QuerySet[Institution]) -> Institution:
    """The one institution that the words name. Raises ValidationError, in words, for none and for several."""
    name, _bracket, _country = text.partition(" (")
    found = search(among, text) or search(among, name)
    exact = [row for row in found if folded(text) in (folded(row.name), folded(described(row)))]
    choice = exact or found
    if not choice:
        raise forms.ValidationError(_("No known institution is called “%s”. Write another part of its name.") % text)
    if len(choice) > 1:
        names = "; ".join(described(row) for row in choice[:AT_MOST])
        raise forms.ValidationError(
            _("Several institutions are called “%(text)s”: %(names)s. Write the whole name, with the country.")
            % {"text": text, "names": names}
        )
    return choice[0]


def _known() -> QuerySet[Institution]:
    return Institution.objects.known()


class InstitutionField(forms.CharField):
    """One institution, by its name or a part of it that only one has."""

    widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})

    def __init__(self, *, among: Callable[[], QuerySet[Institution]] = _known, **kwargs: Any) -> None:
        super().__init__(max_length=300, **kwargs)
        self.among = among

    def prepare_value(self, value: Any) -> Any:
        return described(value) if isinstance(value, Institution) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return find_institution(text, self.among()) if text else None


class InstitutionsField(forms.CharField):
    """Several institutions, one to a line."""

    widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})

    def __init__(self, *, among: Callable[[], QuerySet[Institution]] = _known, **kwargs: Any) -> None:
        super().__init__(max_length=10_000, **kwargs)
        self.among = among

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(described, value)) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        found: dict[int, Institution] = {}
        wrong = []
        for line in super().clean(value).splitlines():
            if text := line.strip():
                try:
                    row = find_institution(text, self.among())
                except forms.ValidationError as error:
                    wrong += error.messages
                else:
                    found[row.pk] = row
        if wrong:
            raise forms.ValidationError(wrong)
        return list(found.values())
