"""What trainers and managers fill in to open a cohort, to change it, and to find one."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.domain.cohorts.opening import TITLE_LENGTH, CohortFacts
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.training import with_address
from courses.models import Course, Edition
from elearn.people.domain.places import zone_choices
from elearn.people.forms.directory import date_field, search_field
from elearn.people.forms.fields import InstitutionField
from elearn.people.models import Action, User

STATES = (("", _("Open ones")), ("to_come", _("To come")), ("alone", _("Without trainers")), ("closed", _("Closed")))


class CohortsFilterForm(forms.Form):
    state = forms.ChoiceField(label=_("Show"), required=False, choices=STATES)
    course = forms.ChoiceField(label=_("Course"), required=False)
    q = search_field()

    def __init__(self, *args: Any, courses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["course"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *courses]


class CohortForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LENGTH, widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    )
    institution = InstitutionField(
        label=_("Institution"), required=False, help_text=_("Write its name, or a part of it that no other has.")
    )
    action = forms.ModelChoiceField(label=_("Action"), queryset=Action.objects.none(), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone of the sessions"),
        help_text=_("Where the sessions take place. Modules open and are due by the time zone of each learner."),
    )
    starts_on = date_field(_("First day"))
    ends_on = date_field(_("Last day"), required=False, help_text=_("Empty: until it is closed."))
    capacity = forms.IntegerField(
        label=_("Places"), required=False, min_value=1, max_value=100_000, help_text=_("Empty: as many as come.")
    )
    has_waiting_list = forms.BooleanField(label=_("Whoever comes when all places are taken can wait"), required=False)
    takes_requests = forms.BooleanField(
        label=_("Show it on the page of the course, with a way to ask for a place"), required=False
    )
    attendance_percent = forms.IntegerField(
        label=_("Minimum attendance, in per cent of the live sessions"),
        required=False,
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("0: nobody has to attend. Otherwise the course is completed when enough sessions were attended."),
    )

    def __init__(self, *args: Any, actions: QuerySet[Action], needs_action: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action, zone = self.fields["action"], self.fields["time_zone"]
        if isinstance(action, forms.ModelChoiceField):
            action.queryset, action.required = actions, needs_action
            action.empty_label = str(_("Choose") if needs_action else _("None"))
        if isinstance(zone, forms.ChoiceField):
            zone.choices = zone_choices()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day cannot lie before the first."))
        return data

    def clean_attendance_percent(self) -> int:
        return self.cleaned_data["attendance_percent"] or 0

    def facts(self) -> CohortFacts:
        names = CohortFacts.__dataclass_fields__
        return CohortFacts(**{name: self.cleaned_data[name] for name in names})

    def refuse(self, refusal: CohortRefused) -> None:
        """Show what the domain refused where it belongs."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


def _account(address: str, problem: str | Promise) -> User:
    person = with_address(address)
    if person is None:
        raise forms.ValidationError(problem % {"address": address})
    return person


NO_ACCOUNT = _("Nobody has an account with the address “%(address)s”. They must sign up first.")


class OpeningForm(CohortForm):
    """`key` is what the cohort will be called by: a form that is sent twice opens one cohort."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    edition = forms.ModelChoiceField(label=_("Edition"), queryset=Edition.objects.none())
    trainers = forms.CharField(
        label=_("Trainers"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
        help_text=_("The e-mail addresses of their accounts, one to a line."),
    )
    field_order = ("title", "edition", "trainers", "starts_on", "ends_on")

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["edition"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = course.editions.select_related("course").order_by("-number")
            field.empty_label = None

    def clean_trainers(self) -> list[User]:
        addresses = self.cleaned_data["trainers"].replace(",", " ").replace(";", " ").split()
        found, wrong = {}, []
        for address in addresses:
            try:
                person = _account(address, NO_ACCOUNT)
            except forms.ValidationError as error:
                wrong += error.messages
            else:
                found[person.pk] = person
        if wrong:
            raise forms.ValidationError(wrong)
        return list(found.values())


class TrainerForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the trainer"),
        max_length=254,
        help_text=_("The address of their account."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> User:
        return _account(self.cleaned_data["email"], NO_ACCOUNT)
