from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import (
    NOTHING,
    Answer,
    Asked,
    Option,
    Posted,
    QuestionType,
    clamp,
    is_blank,
    plain_text,
    require,
    require_different,
)

NEARLY = Decimal("0.01")


class ChoiceType(QuestionType):
    """What is chosen among options. The answer is the sorted list of their ids."""

    template = "choice"
    # "radio" or "checkbox".
    control: ClassVar[str]

    def validate(self, asked: Asked) -> None:
        require(len(asked.options) >= 2, _("A question needs at least two options."))
        require_different(asked.options)
        require(not any(is_blank(option.text) for option in asked.options), _("Every option needs a text."))

    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        chosen = sorted({value for value in posted.get("", ()) if value})
        if not set(chosen) <= {option.id for option in asked.options}:
            raise ValueError("The answer names an option that the question does not have.")
        if self.control == "radio" and len(chosen) > 1:
            raise ValueError("This question takes one answer.")
        return chosen or None

    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        return {"": list(answer or ())}

    def wording(self, option: Option) -> str:
        """What stands beside an option, in the reader's language."""
        return option.text

    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        chosen = answer or ()
        return {
            "control": self.control,
            "options": [
                {"id": option.id, "text": self.wording(option), "checked": option.id in chosen}
                for option in asked.shown
            ],
        }

    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        chosen = answer or ()
        return {
            "options": [
                {
                    "text": self.wording(option),
                    "chosen": option.id in chosen,
                    "correct": option.fraction > 0,
                    "feedback": option.feedback,
                }
                for option in asked.shown
            ]
        }

    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        found = ((option_id, asked.option(option_id)) for option_id in answer or ())
        return [plain_text(self.wording(option)) if option else option_id for option_id, option in found]

    def without_words(self, answer: Answer, asked: Asked) -> Answer:
        offered = {option.id for option in asked.options}
        return [option_id for option_id in answer or () if option_id in offered] or None

    def chosen(self, answer: Answer) -> list[str]:
        return list(answer or ())


class SingleChoice(ChoiceType):
    """One option is chosen. It earns its share: all of the point when it is right, unless the author says less."""

    key = "single_choice"
    label = _("Single choice")
    about = _("One option is right.")
    control = "radio"
    rules = ("shuffle",)

    def validate(self, asked: Asked) -> None:
        super().validate(asked)
        # Where shares are stated, they decide; Moodle takes any.
        require(
            _states_shares(asked) or sum(option.correct for option in asked.options) == 1,
            _("Exactly one option must be right."),
        )

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        option = asked.option(answer[0]) if answer else None
        return clamp(option.fraction) if option else NOTHING


class MultipleChoice(ChoiceType):
    """Several options may be chosen.

    Each right option chosen earns its share of the point, each wrong one costs one share of a right one, never below 0.
    Where the author states shares, those of the options chosen are added instead. With `all_or_nothing` only exactly
    the right options earn anything.
    """

    key = "multiple_choice"
    label = _("Multiple choice")
    about = _("One or more options are right, and at least one is wrong.")
    control = "checkbox"
    rules = ("shuffle", "all_or_nothing")

    def validate(self, asked: Asked) -> None:
        super().validate(asked)
        right = sum(option.correct for option in asked.options)
        # Where shares are stated, they decide; Moodle takes any.
        require(
            _states_shares(asked) or 0 < right < len(asked.options),
            _("At least one option must be right and one wrong."),
        )

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        correct = {option.id for option in asked.options if option.correct}
        chosen = set(answer or ())
        if not chosen:
            return NOTHING
        if asked.rules.all_or_nothing:
            return Decimal(chosen == correct)
        if _states_shares(asked):
            earned = sum((option.fraction for option in asked.options if option.id in chosen), NOTHING)
            # Thirds, written with a few digits, are all of it together.
            return Decimal(1) if abs(earned - 1) < NEARLY else clamp(earned)
        if chosen == correct:
            return Decimal(1)
        return clamp(Decimal(len(chosen & correct) - len(chosen - correct)) / len(correct))


def _states_shares(asked: Asked) -> bool:
    return any(option.share is not None for option in asked.options)
