from typing import Any

from django import forms
from django.http import QueryDict

from assessments.models import Attempt

LONGEST_PART = 80
MOST_FIELDS = 200


class AnswerForm(forms.Form):
    """One answer as the page sends it: the key of this sending, and what it was based on. The answer itself is read by
    the question's type, from every field named `answer-<question>` or `answer-<question>.<part>`."""

    client_key = forms.UUIDField()
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    def __init__(self, question_key: str, data: QueryDict) -> None:
        super().__init__({"client_key": data.get(f"key-{question_key}"), "based_on": data.get(f"based-{question_key}")})
        self.key = question_key
        self.posted = posted_answer(question_key, data)

    def clean(self) -> dict[str, Any]:
        if len(self.posted) > MOST_FIELDS or any(len(part) > LONGEST_PART for part in self.posted):
            raise forms.ValidationError("More than any question asks.")
        return super().clean() or {}


def posted_answer(question_key: str, data: QueryDict) -> dict[str, list[str]]:
    """The fields of one question, by the part of their name; empty when the page holds none."""
    name = f"answer-{question_key}"
    posted = {field[len(name) + 1 :]: data.getlist(field) for field in data if field.startswith(f"{name}.")}
    return {"": data.getlist(name), **posted} if name in data else posted


def answer_forms(attempt: Attempt, data: QueryDict) -> list[AnswerForm]:
    """A form for every question of the attempt that the posted page holds."""
    keys = (question["key"] for question in attempt.snapshot)
    return [AnswerForm(key, data) for key in keys if f"key-{key}" in data]
