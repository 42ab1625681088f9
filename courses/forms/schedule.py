"""What trainers fill in to say when modules open and are due, and to give one learner more time."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.timing import Days
from courses.enums import CohortPace
from courses.models import CohortMember
from elearn.people.forms.directory import date_field


class PaceForm(forms.Form):
    """The two paces that the site works out by itself."""

    pace = forms.ChoiceField(
        label=_("How the modules open"),
        choices=[(pace.value, pace.label) for pace in (CohortPace.AT_ONCE, CohortPace.WEEKLY)],
    )
    first_day = date_field(_("The first module opens on"), required=False, help_text=_("For one module a week."))
    due_after = forms.IntegerField(
        label=_("Each is due so many days after it opens"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=_("For one module a week. Empty: no due dates."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("pace") == CohortPace.WEEKLY and not data.get("first_day") and "first_day" not in self.errors:
            self.add_error("first_day", _("Say on which day the first module opens."))
        return data

    def refuse(self, refusal: CohortRefused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class DatesForm(forms.Form):
    """Two days to each module."""

    def __init__(self, *args: Any, modules: Iterable[tuple[UUID, str]], dates: Mapping[UUID, Days], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.modules = list(modules)
        for key, title in self.modules:
            opens_on, due_on = dates.get(key, (None, None))
            self.fields[f"opens_{key}"] = date_field(_("%s: opens on") % title, required=False, initial=opens_on)
            self.fields[f"due_{key}"] = date_field(_("%s: due on") % title, required=False, initial=due_on)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for key, _title in self.modules:
            opens_on, due_on = data.get(f"opens_{key}"), data.get(f"due_{key}")
            if opens_on and due_on and due_on < opens_on:
                self.add_error(f"due_{key}", _("A module cannot be due before it opens."))
        return data

    def lines(self) -> list[tuple[str, Any, Any]]:
        """The title of each module with its two fields."""
        return [(title, self[f"opens_{key}"], self[f"due_{key}"]) for key, title in self.modules]

    def dates(self) -> dict[UUID, Days]:
        data = self.cleaned_data
        return {key: (data[f"opens_{key}"], data[f"due_{key}"]) for key, _title in self.modules}

    def refuse(self, refusal: CohortRefused) -> None:
        self.add_error(None, str(refusal))


class MoreTimeForm(forms.Form):
    member = forms.ModelChoiceField(
        label=_("Learner"), queryset=CohortMember.objects.none(), to_field_name="public_id", empty_label=_("Choose")
    )
    module = forms.TypedChoiceField(label=_("Module"), coerce=UUID)
    due_on = date_field(_("Due on"))
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("The learner can read it in their own data."),
    )

    def __init__(self, *args: Any, members: Any, modules: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member, module = self.fields["member"], self.fields["module"]
        if isinstance(member, forms.ModelChoiceField):
            member.queryset = members
            member.label_from_instance = lambda row: f"{row.person.printed_name} ({row.person.email})"  # type: ignore[method-assign]
        if isinstance(module, forms.ChoiceField):
            module.choices = [("", _("Choose")), *((str(key), title) for key, title in modules)]

    def refuse(self, refusal: CohortRefused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
