from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.questions.base import Option, QuestionType, require


class TrueFalse(QuestionType):
    """A statement. Its first option is "true" and its second "false", whatever their wording in a language."""

    key = "true_false"
    label = _("True or false")
    control = "radio"
    may_shuffle = False

    def validate(self, options: Sequence[Option]) -> None:
        require(len(options) == 2, _("The options must be two: true, then false."))
        require(sum(option.correct for option in options) == 1, _("Exactly one option must be right."))

    def mark(self, correct: Collection[str], chosen: Collection[str], options: Collection[str]) -> Decimal:
        return Decimal(set(chosen) == set(correct))

    def wording(self, option_id: str, text: str) -> str:
        """An author need not write "True" and "False": the site has both words in every language."""
        return text or {"true": gettext("True"), "false": gettext("False")}.get(option_id, "")

    def load(self, data: dict[str, Any]) -> list[Option]:
        answer = data.get("answer")
        return [
            Option(id="true", text=data.get("true_text", ""), correct=answer is True, feedback=data.get("if_true", "")),
            Option(
                id="false", text=data.get("false_text", ""), correct=answer is False, feedback=data.get("if_false", "")
            ),
        ]

    def dump(self, options: Sequence[Option], *, with_answers: bool) -> dict[str, Any]:
        true, false = options
        entry: dict[str, Any] = {"answer": true.correct} if with_answers else {}
        for name, value in (("if_true", true.feedback), ("if_false", false.feedback)):
            if value:
                entry[name] = value
        return entry
