from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from assessments.domain.authors import may_work_on
from assessments.models import Attempt, Question, QuestionBank
from courses.forms import MadeKeyForm, OwnCourseField
from elearn.people.models import User


class AnswerForm(forms.Form):
    """One answer as the page sends it: the options chosen, the key of this sending, and what it was based on."""

    option_ids = forms.MultipleChoiceField(required=False)
    client_key = forms.UUIDField()
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    def __init__(self, question: dict, data: QueryDict) -> None:
        key = question["key"]
        super().__init__(
            {
                "option_ids": data.getlist(f"answer-{key}"),
                "client_key": data.get(f"key-{key}"),
                "based_on": data.get(f"based-{key}"),
            }
        )
        self.key: str = key
        self.fields["option_ids"].choices = [(option["id"], option["id"]) for option in question["options"]]


def answer_forms(attempt: Attempt, data: QueryDict) -> list[AnswerForm]:
    """A form for every question of the attempt that the posted page holds."""
    return [AnswerForm(question, data) for question in attempt.snapshot if f"key-{question['key']}" in data]


class QuestionBankForm(MadeKeyForm):
    """A bank in the CMS. Its course and key are chosen once, from what is there: packages find it by them."""

    course_code = OwnCourseField(label=_("Course"))
    key_from = "title"
    key_fallback = "bank"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course_code"].offer_to(self.for_user, held=self.instance.course_code)
        for name in ("course_code", "key"):
            self.fields[name].disabled = self.instance.pk is not None


class QuestionForm(MadeKeyForm):
    key_from = "prompt"
    key_fallback = "question"

    def rows_beside(self, cleaned: dict[str, Any]) -> QuerySet:
        return Question.objects.filter(bank=cleaned.get("bank"))

    def clean_bank(self) -> QuestionBank:
        return own_bank(self.cleaned_data["bank"], self.for_user, self.instance.bank_id)


class QuizPageForm(WagtailAdminPageForm):
    def clean_bank(self) -> QuestionBank:
        return own_bank(self.cleaned_data["bank"], self.for_user, self.instance.bank_id)


def own_bank(bank: QuestionBank, person: User | None, held: int | None) -> QuestionBank:
    """Refuse a bank of a course that was not granted to the person; the chooser offers none, but a request may."""
    if person is not None and bank.pk != held and not may_work_on(person, bank):
        raise forms.ValidationError(_("Choose a bank of one of your courses."))
    return bank
