from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from elearn.people.forms.directory import search_field
from elearn.portal.domain.cohort_list import ANY, Wanted
from elearn.portal.enums import LearnerState, Reason, SortBy


class BoardFilterForm(forms.Form):
    """Which learners are shown, and in which order. Nonsense in the address asks for nothing."""

    q = search_field()
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *LearnerState.choices])
    word = forms.ChoiceField(
        label=_("Needs a word"),
        required=False,
        choices=[("", _("Everybody")), (ANY, _("For any reason")), *Reason.choices],
    )
    institution = forms.TypedChoiceField(label=_("Institution"), required=False, coerce=UUID, empty_value=None)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False, choices=SortBy.choices)

    def __init__(self, *args: Any, institutions: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["institution"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  For the type checker.
        field.choices = [("", _("All")), *((str(key), name) for key, name in institutions.items())]

    def wanted(self) -> Wanted:
        self.is_valid()
        found = self.cleaned_data if self.is_bound else {}
        return Wanted(
            state=found.get("state", ""),
            word=found.get("word", ""),
            institution=found.get("institution"),
            text=found.get("q", ""),
            sort=found.get("sort") or SortBy.NAME,
        )
