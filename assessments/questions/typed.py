"""What questions have in common that are answered by typing a word or a number."""

from abc import abstractmethod
from decimal import Decimal
from typing import Any

from assessments.questions.base import (
    EVERYTHING,
    NOTHING,
    Answer,
    Asked,
    Option,
    Posted,
    QuestionType,
    Rules,
    only_value,
)
from assessments.questions.texts import fits, split_number

LONGEST = 500


def tidy(typed: str) -> Answer:
    """One line as it is stored. Raises ValueError when it is longer than any answer could be."""
    line = " ".join(typed.replace("\0", "").split())
    if len(line) > LONGEST:
        raise ValueError("The answer is too long.")
    return line or None


def first_that_fits(typed: str, accepted: list[Option], rules: Rules) -> Option | None:
    """The accepted answer that counts: the first one in the author's order."""
    return next((option for option in accepted if _fits(typed, option, rules)), None)


def _fits(typed: str, option: Option, rules: Rules) -> bool:
    return fits(typed, option.text, case_sensitive=rules.case_sensitive, accents_matter=rules.accents_matter)


def first_number(number: Decimal, accepted: list[Option]) -> Option | None:
    """The accepted number that counts: the first one within whose tolerance the number lies; * takes any."""
    for option in accepted:
        if option.text.strip() == "*":
            return option
        wanted, _unit = split_number(option.text)
        if abs(number - wanted) <= option.tolerance:
            return option
    return None


class TypedType(QuestionType):
    """What short text and numeric share. The answer is the line as it was typed."""

    template = "typed"
    # What kind of keyboard a phone offers.
    input_mode = "text"

    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        return tidy(only_value(posted))

    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        return {"": [answer]} if answer else {}

    @abstractmethod
    def found(self, answer: Answer, asked: Asked) -> Option | None:
        """The accepted answer that the learner's fits, if any."""

    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        units = [option.text for option in asked.of_type("unit")]
        return {"value": answer or "", "input_mode": self.input_mode, "units": units}

    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        found = self.found(answer, asked) if answer else None
        accepted = [option for option in asked.of_type("accepted", "number") if share_of(option) == 1]
        return {
            "given": answer or "",
            "feedback": found.feedback if found else "",
            "accepted": [option for option in accepted if option.text.strip() != "*"],
            "correct": share_of(found) == 1,
        }

    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        return [answer] if answer else []


def share_of(found: Option | None) -> Decimal:
    """What an accepted answer earns: all of it, unless the author says less."""
    if found is None:
        return NOTHING
    return EVERYTHING if found.share is None else found.share / 100
