from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.functional import Promise


@dataclass(frozen=True)
class Option:
    id: str
    text: str
    correct: bool
    feedback: str = ""


class QuestionType(ABC):
    """What one type of question does. It knows plain data only: no rows, no requests."""

    key: ClassVar[str]
    label: ClassVar[str | Promise]
    # How an answer is given in a form: "radio" or "checkbox".
    control: ClassVar[str]
    # Whether the options may be shown in another order than the author's.
    may_shuffle: ClassVar[bool] = True

    @abstractmethod
    def validate(self, options: Sequence[Option]) -> None:
        """Raise ValidationError unless a learner could answer this question and be marked."""

    @abstractmethod
    def mark(self, correct: Collection[str], chosen: Collection[str], options: Collection[str]) -> Decimal:
        """The part of the point earned, from 0 to 1, by the ids chosen among the ids offered."""

    def read_answer(self, option_ids: Sequence[str], offered: Collection[str]) -> list[str]:
        """The answer in its stored form. Raises ValueError when it cannot be an answer to this question."""
        chosen = sorted(set(option_ids))
        if not set(chosen) <= set(offered):
            raise ValueError("The answer names an option that the question does not have.")
        if self.control == "radio" and len(chosen) > 1:
            raise ValueError("This question takes one answer.")
        return chosen

    def wording(self, option_id: str, text: str) -> str:
        """What stands beside an option, in the reader's language."""
        return text

    @abstractmethod
    def load(self, data: dict[str, Any]) -> list[Option]:
        """The options from an entry of a course package (docs/course-packages.md)."""

    @abstractmethod
    def dump(self, options: Sequence[Option], *, with_answers: bool) -> dict[str, Any]:
        """The options as an entry of a course package; without answers for a translation."""


def require(condition: bool, message: str | Promise) -> None:
    if not condition:
        raise ValidationError({"options": message})
