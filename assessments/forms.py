from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from assessments.models import Attempt
from courses.models import CoursePage


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


class QuestionBankForm(WagtailAdminModelForm):
    """A bank in the CMS. Its course and key are chosen once, from what is there: packages find it by them."""

    course_code = forms.ChoiceField(label=_("course"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance.course_code
        pages = CoursePage.objects.order_by("pk").values_list("key", "title")
        titles = {held: held} if held else {}
        for key, title in pages:
            titles.setdefault(key, f"{title} ({key})")
        self.fields["course_code"].choices = list(titles.items())
        for name in ("course_code", "key"):
            self.fields[name].disabled = self.instance.pk is not None
