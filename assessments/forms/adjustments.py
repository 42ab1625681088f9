from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain.granting import Reach
from assessments.domain.reading import adjustments
from assessments.domain.receipts import read_code
from courses.models import Cohort, Course, Unit
from elearn.people.forms.directory import search_field


class AdjustmentsFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), (adjustments.IN_FORCE, _("In force")), (adjustments.ENDED, _("Ended"))],
    )
    q = search_field()


class AdjustmentForm(forms.Form):
    """More time or attempts, for one learner or a cohort. It never says who has an account."""

    what = forms.ChoiceField(label=_("For what"))
    email = forms.EmailField(
        label=_("Learner"), required=False, help_text=_("The e-mail address with which the learner logs in.")
    )
    cohort = forms.ModelChoiceField(
        label=_("Or a whole cohort"), queryset=Cohort.objects.none(), required=False, to_field_name="public_id"
    )
    extra_time = forms.IntegerField(
        label=_("More time, per cent"),
        required=False,
        min_value=0,
        max_value=300,
        help_text=_("25 makes 20 minutes 25. It concerns quizzes with a time limit."),
    )
    extra_attempts = forms.IntegerField(
        label=_("More attempts"),
        required=False,
        min_value=0,
        max_value=20,
        help_text=_("It concerns quizzes that allow only so many."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Only those who may grant this read it. Say no more than is needed; no diagnosis."),
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        self.fields["what"].choices = [("", "–"), *adjustments.choices_for(reach.courses())]
        self.fields["cohort"].queryset = reach.cohorts()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, _colon, number = data.get("what", "").partition(":")
        if self.errors:
            return data
        data["unit"] = Unit.objects.get(pk=number) if kind == "unit" else None
        data["course"] = data["unit"].course if data["unit"] else Course.objects.get(pk=number)
        if bool(data.get("email")) == bool(data.get("cohort")):
            self.add_error("email", _("Name one learner, or choose a cohort: one of the two."))
        elif data["email"]:
            # The same words for an unknown address and for somebody else's learner.
            rows = self.reach.enrolments().filter(course=data["course"], person__email__iexact=data["email"])
            enrolment = rows.select_related("person").first()
            if enrolment is None:
                self.add_error("email", _("None of your learners in this course has this address."))
            data["person"] = enrolment.person if enrolment else None
        if not data.get("extra_time") and not data.get("extra_attempts"):
            self.add_error("extra_time", _("Give more time or more attempts."))
        return data

    def granted(self) -> dict[str, Any]:
        """What the domain takes."""
        data = self.cleaned_data
        return {
            "course": data["course"],
            "unit": data["unit"],
            "person": data.get("person"),
            "cohort": data.get("cohort"),
            "extra_time": data["extra_time"] or 0,
            "extra_attempts": data["extra_attempts"] or 0,
            "reason": data["reason"],
        }


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the receipt"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        help_text=_("Five groups of four letters and digits, as they stand on the receipt."),
    )

    def clean_code(self) -> str:
        try:
            return read_code(self.cleaned_data["code"])
        except ValueError as error:
            raise forms.ValidationError(
                _("A code has five groups of four, from 0 to 9 and A to F. Compare it with the receipt.")
            ) from error
