from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import Option, QuestionType, require


class ChoiceType(QuestionType):
    """What single and multiple choice share."""

    def validate(self, options: Sequence[Option]) -> None:
        require(len(options) >= 2, _("A question needs at least two options."))
        require(len({option.id for option in options}) == len(options), _("Two options have the same key."))
        require(all(option.text.strip() for option in options), _("Every option needs a text."))

    def load(self, data: dict[str, Any]) -> list[Option]:
        return [
            Option(
                id=option["key"],
                text=option["text"],
                correct=option.get("correct", False),
                feedback=option.get("feedback", ""),
            )
            for option in data["options"]
        ]

    def dump(self, options: Sequence[Option], *, with_answers: bool) -> dict[str, Any]:
        return {"options": [self._dump_option(option, with_answers) for option in options]}

    @staticmethod
    def _dump_option(option: Option, with_answers: bool) -> dict[str, Any]:
        entry: dict[str, Any] = {"key": option.id, "text": option.text}
        if with_answers and option.correct:
            entry["correct"] = True
        if option.feedback:
            entry["feedback"] = option.feedback
        return entry


class SingleChoice(ChoiceType):
    key = "single_choice"
    label = _("Single choice")
    control = "radio"

    def validate(self, options: Sequence[Option]) -> None:
        super().validate(options)
        require(sum(option.correct for option in options) == 1, _("Exactly one option must be right."))

    def mark(self, correct: Collection[str], chosen: Collection[str], options: Collection[str]) -> Decimal:
        return Decimal(set(chosen) == set(correct))


class MultipleChoice(ChoiceType):
    """Several options may be right.

    Each right option chosen earns its share of the point, each wrong one chosen costs the same share, never below 0.
    """

    key = "multiple_choice"
    label = _("Multiple choice")
    control = "checkbox"

    def validate(self, options: Sequence[Option]) -> None:
        super().validate(options)
        right = sum(option.correct for option in options)
        require(0 < right < len(options), _("At least one option must be right and one wrong."))

    def mark(self, correct: Collection[str], chosen: Collection[str], options: Collection[str]) -> Decimal:
        right = len(set(chosen) & set(correct))
        wrong = len(set(chosen) - set(correct))
        earned = Decimal(right - wrong) / len(set(correct))
        return max(Decimal(0), earned).quantize(Decimal("0.00001"))
