"""What managers and focal points fill in."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elearn.people.domain import institutions
from elearn.people.domain.places import country_choices, country_name
from elearn.people.enums import GrantState, InstitutionKind, InstitutionState, MembershipState, Role, Scope
from elearn.people.forms.fields import InstitutionField
from elearn.people.models import Institution


def search_field() -> forms.CharField:
    return forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class MembersFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All that run")),
            (MembershipState.CLAIMED, _("To be decided")),
            (MembershipState.CONFIRMED, _("Confirmed")),
            (MembershipState.REFUSED, _("Refused")),
            ("ended", _("Ended")),
        ],
    )
    institution = forms.ModelChoiceField(
        label=_("Institution"), queryset=Institution.objects.none(), required=False, to_field_name="public_id"
    )
    q = search_field()

    def __init__(self, *args: Any, institutions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["institution"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = institutions
            # Thousands of lines are no choice: whoever sees so many searches by name.
            field.widget = forms.HiddenInput() if institutions.count() > 50 else field.widget
            field.empty_label = str(_("All of mine"))


class DecisionForm(forms.Form):
    """`seen` is the state that was on the screen, so that nobody overrides what they have not read."""

    decision = forms.ChoiceField(choices=[(name, name) for name in ("confirm", "refuse", "end")])
    seen = forms.ChoiceField(choices=MembershipState.choices)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)
    on = date_field(_("Last day"), required=False)


class GrantsFilterForm(forms.Form):
    state = forms.ChoiceField(label=_("Show"), required=False, choices=[("", _("All")), *GrantState.choices])
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Role.choices])
    q = search_field()


class RoleChoiceForm(forms.Form):
    """The first step of giving a role: which one, and for what kind of thing."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, givable: list[tuple[Role, Scope]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(f"{role}:{scope}", f"{role.label} – {scope.label}") for role, scope in givable]

    def clean_role(self) -> tuple[Role, Scope]:
        role, _colon, scope = self.cleaned_data["role"].partition(":")
        return Role(role), Scope(scope)


class GrantForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the person"),
        max_length=254,
        help_text=_("The address of their account."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    key = forms.ChoiceField(label=_("For"), widget=forms.RadioSelect)
    starts_on = date_field(_("From"), initial=timezone.localdate)
    ends_on = date_field(_("Until"), required=False, help_text=_("The last day. Empty: until somebody ends it."))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["key"]
        if scope == Scope.PLATFORM:
            del self.fields["key"]
        elif isinstance(field, forms.ChoiceField):
            field.label, field.choices = scope.label, choices

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and first < timezone.localdate():
            self.add_error("starts_on", _("A role starts today or later."))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day cannot lie before the first."))
        return data

    def starts_at(self) -> datetime | None:
        """The beginning of the first day; None for today, which means now."""
        first = self.cleaned_data["starts_on"]
        return None if first == timezone.localdate() else timezone.make_aware(datetime.combine(first, time.min))

    def ends_at(self) -> datetime | None:
        last = self.cleaned_data["ends_on"]
        if last is None:
            return None
        # Up to the end of the last day, whatever the clock did in between.
        return timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))


class InstitutionsFilterForm(forms.Form):
    state = forms.ChoiceField(label=_("Show"), required=False, choices=InstitutionState.choices)
    q = search_field()


class InstitutionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=InstitutionKind.choices)
    country = forms.ChoiceField(label=_("Country"))
    parent = InstitutionField(
        label=_("Part of"),
        required=False,
        help_text=_("The known institution above it, such as its ministry: its name, or a part that no other has."),
    )
    domains = forms.CharField(
        label=_("E-mail domains"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
        help_text=_(
            "One to a line, for example interior.example. Whoever proves an address there, or beneath it, is confirmed "
            "without anybody’s doing. Domains where anybody gets an address are refused."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        current = self.initial.get("country", "")
        if isinstance(field, forms.ChoiceField):
            countries = country_choices()
            if current and current not in dict(countries):
                countries = (*countries, (current, country_name(current)))
            field.choices = [("", _("Choose")), *countries]

    def clean_domains(self) -> list[str]:
        try:
            return institutions.clean_domains(self.cleaned_data["domains"])
        except institutions.InstitutionRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ProposalDecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[(name, name) for name in ("accept", "merge", "decline")])
    into = forms.UUIDField(required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The person can read it in the trail about them.")
    )
