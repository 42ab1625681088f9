from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.domain.surveys import questions as survey_questions
from assessments.domain.surveys.reading import read_survey
from assessments.domain.surveys.results import GroupChoice
from assessments.enums import Asks
from assessments.models import SurveyPage
from courses.models import Enrolment


class SurveyForm(forms.Form):
    """The questions of a survey as a learner answers them. `asked` is what the template loops over."""

    use_required_attribute = False  # The page says what is missing, all at once and in its own words.

    def __init__(self, asked: list[survey_questions.Question], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._questions = {f"q-{question.id}": question for question in asked}
        for name, question in self._questions.items():
            self.fields[name] = survey_field(question)

    @property
    def asked(self) -> list[dict[str, Any]]:
        """Each question with its field, the address of its first input, and what both ends of a scale mean."""
        found = []
        for number, (name, question) in enumerate(self._questions.items(), start=1):
            low, high = survey_questions.ends_of_scale(question.kind) if question.is_rated else ("", "")
            field = self[name]
            first = field.auto_id if question.kind == Asks.FREE_TEXT else f"{field.auto_id}_0"
            found.append(
                {"number": number, "question": question, "field": field, "first": first, "low": low, "high": high}
            )
        return found

    def answers(self) -> dict[str, Any]:
        """What was answered, by the id of the question."""
        return {question.id: self.cleaned_data.get(name) for name, question in self._questions.items()}


def survey_field(question: survey_questions.Question) -> forms.Field:
    missing = {
        Asks.SEVERAL_CHOICES: _("Choose one answer at least."),
        Asks.FREE_TEXT: _("Write an answer."),
        Asks.ONE_CHOICE: _("Choose an answer."),
    }
    facts: dict[str, Any] = {
        "label": question.text,
        "required": question.required,
        "error_messages": {"required": missing.get(question.kind, _("Choose a number from 1 to 5."))},
    }
    options = [(option.id, option.text) for option in question.options]
    if question.is_rated:
        scale = [(number, str(number)) for number in survey_questions.SCALE]
        return forms.TypedChoiceField(choices=scale, coerce=int, empty_value=None, widget=forms.RadioSelect, **facts)
    if question.kind == Asks.ONE_CHOICE:
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **facts)
    if question.kind == Asks.SEVERAL_CHOICES:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **facts)
    return forms.CharField(max_length=survey_questions.TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4}), **facts)


def survey_context(page: SurveyPage, enrolment: Enrolment | None, data: QueryDict | None = None) -> dict[str, Any]:
    """What the template of a survey prints beside the reading of a unit; with `data`, what was typed."""
    survey = read_survey(page, enrolment)
    return {"survey": survey, "form": SurveyForm(survey.questions, data)}


class SurveyGroupForm(forms.Form):
    """Which group's results are wanted. What the address says is looked up by the domain, which knows who may."""

    group = forms.ChoiceField(label=_("Edition and cohort"), required=False)

    def __init__(self, groups: list[GroupChoice], chosen: GroupChoice) -> None:
        super().__init__(initial={"group": chosen.value})
        self.fields["group"].choices = [(group.value, group.label) for group in groups]
