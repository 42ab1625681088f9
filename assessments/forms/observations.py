"""What an assessor posts about a session of a cohort."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain.observations import LONGEST_COMMENT, LONGEST_OCCASION, LONGEST_REASONS
from courses.models import Cohort, Unit
from elearn.people.models import User


class ChooseForm(forms.Form):
    cohort = forms.ModelChoiceField(label=_("Cohort"), queryset=Cohort.objects.none(), to_field_name="public_id")
    rubric = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, cohorts: QuerySet[Cohort]) -> None:
        super().__init__(data)
        self.fields["cohort"].queryset = cohorts.order_by("-starts_on", "title")


class PracticalForm(forms.Form):
    """Which practical is watched, and whose it is."""

    unit = forms.ModelChoiceField(label=_("Practical"), queryset=Unit.objects.none(), to_field_name="key")
    learner = forms.EmailField(label=_("E-mail address of the learner"), max_length=254)

    def __init__(self, data: QueryDict | None = None, *, units: QuerySet[Unit]) -> None:
        super().__init__(data)
        self.fields["unit"].queryset = units


class ObservationForm(forms.Form):
    """Who, when and on what occasion; a level and a comment for each criterion; the reasons."""

    subject = forms.ModelChoiceField(
        label=_("Whom you observed"), queryset=User.objects.none(), to_field_name="public_id"
    )
    observed_on = forms.DateField(
        label=_("Day of the session"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    occasion = forms.CharField(
        label=_("Occasion"),
        required=False,
        max_length=LONGEST_OCCASION,
        help_text=_("For example: second session, on interviews."),
    )

    def __init__(
        self, data: QueryDict | None = None, *, criteria: Sequence[dict[str, Any]], subjects: QuerySet[User]
    ) -> None:
        super().__init__(data)
        self.criteria = criteria
        field = self.fields["subject"]
        field.queryset = subjects
        field.label_from_instance = lambda person: person.printed_name
        for criterion in criteria:
            self.fields[f"level-{criterion['id']}"] = forms.ChoiceField(
                label=criterion["title"],
                choices=[(level["id"], level["title"]) for level in criterion["levels"]],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a level.")},
            )
            self.fields[f"comment-{criterion['id']}"] = forms.CharField(
                label=_("Comment"), required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 2})
            )
        self.fields["reasons"] = forms.CharField(
            label=_("Reasons"),
            max_length=LONGEST_REASONS,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("What was good, and what to do better next time. The person reads it."),
        )

    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("subject", "observed_on", "occasion")]

    @property
    def reasons_field(self) -> forms.BoundField:
        return self["reasons"]

    def lines(self) -> list[dict[str, Any]]:
        """Each criterion with its fields, as the page prints it."""
        return [
            {
                "criterion": criterion,
                "levels": list(zip(self[f"level-{criterion['id']}"], criterion["levels"], strict=True)),
                "errors": self[f"level-{criterion['id']}"].errors,
                "comment": self[f"comment-{criterion['id']}"],
            }
            for criterion in self.criteria
        ]

    def judgement(self) -> dict[str, Any]:
        """What was posted, as domain asks for it."""
        keys = [criterion["id"] for criterion in self.criteria]
        return {
            **{name: self.cleaned_data[name] for name in ("subject", "observed_on", "occasion", "reasons")},
            "levels": {key: self.cleaned_data[f"level-{key}"] for key in keys},
            "comments": {key: self.cleaned_data[f"comment-{key}"] for key in keys},
        }
