from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from assessments.domain.judging import Written
from assessments.domain.marking_desk import Filters
from assessments.domain.marking_lists import Choices
from assessments.domain.marking_pages import Criterion


class QueueForm(forms.Form):
    """What of the marking queue is wanted."""

    course = forms.ChoiceField(label=_("Course"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    question = forms.ChoiceField(label=_("Question"), required=False)
    kind = forms.ChoiceField(
        label=_("What is wanted"),
        required=False,
        choices=[
            ("", _("All")),
            ("first", _("First mark")),
            ("second", _("Second mark")),
            ("disputed", _("A decision: two marks differ")),
        ],
    )
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("Waiting longest")), ("newest", _("Newest first"))]
    )
    mine = forms.BooleanField(label=_("Only what I have begun"), required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("course", choices.courses), ("unit", choices.units), ("question", choices.questions)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *found]

    def filters(self) -> Filters:
        """What was asked for; what cannot be read filters nothing."""
        data = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Filters(
            course=UUID(data["course"]) if data.get("course") else None,
            unit=UUID(data["unit"]) if data.get("unit") else None,
            question=data.get("question", ""),
            kind=data.get("kind", ""),
            mine=data.get("mine", False),
            newest=data.get("order") == "newest",
        )


class JudgementForm(forms.Form):
    """What an assessor fills in: `level-…` and `comment-…` of each criterion, or the points of an essay."""

    points = forms.DecimalField(label=_("Points"), required=False, min_value=0, max_digits=7, decimal_places=2)
    reasons = forms.CharField(
        label=_("Reasons, for the learner"),
        required=False,
        max_length=10_000,
        help_text=_("What was done well, what is missing, what to do next. Whoever does not pass needs to know why."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    note = forms.CharField(
        label=_("Note for whoever decides or moderates"),
        required=False,
        max_length=2000,
        help_text=_("A second marker does not see it. The learner gets it when they ask for all their data."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, criteria: Sequence[Criterion], possible: Decimal | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = self.fields["points"]
        if possible is None:
            del self.fields["points"]
        elif isinstance(points, forms.DecimalField):
            points.max_value = possible
            points.validators.append(MaxValueValidator(possible))
            points.widget.attrs |= {"max": str(possible), "step": "any"}
        for criterion in criteria:
            levels = [(level.id, level.title) for level in criterion.levels]
            self.fields[f"level-{criterion.id}"] = forms.ChoiceField(required=False, choices=levels)
            self.fields[f"comment-{criterion.id}"] = forms.CharField(required=False, max_length=2000)
        self.criteria = criteria

    def written(self) -> Written:
        data = self.cleaned_data
        return Written(
            levels={each.id: level for each in self.criteria if (level := data[f"level-{each.id}"])},
            comments={each.id: data[f"comment-{each.id}"] for each in self.criteria},
            points=data.get("points"),
            reasons=data["reasons"],
            note=data["note"],
        )
