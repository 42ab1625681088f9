"""The questions of an attempt as its snapshot holds them, taken apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessments import questions
from assessments.models import Attempt
from assessments.questions import Asked, Option, QuestionType, Rules


@dataclass(frozen=True)
class AttemptQuestion:
    """One question of an attempt."""

    entry: Mapping[str, Any]

    @property
    def key(self) -> str:
        return str(self.entry["key"])

    @cached_property
    def kind(self) -> QuestionType:
        return questions.get(self.entry["kind"])

    @cached_property
    def points(self) -> Decimal:
        return Decimal(0) if self.kind.only_shown else Decimal(str(self.entry["points"]))

    def content(self, language: str) -> Mapping[str, Any]:
        """The wording in a language, or in the one in which the question was drawn."""
        contents: Mapping[str, Mapping[str, Any]] = self.entry["contents"]
        return contents.get(language) or contents.get(self.language) or next(iter(contents.values()))

    @property
    def language(self) -> str:
        """The language in which it was drawn; any that it has where attempts of before do not say."""
        return str(self.entry.get("language") or min(self.entry["contents"], default=""))

    def asked(self, language: str) -> Asked:
        return asked_of(self.content(language), self.entry.get("rules", {}), self.entry.get("order", ()))


def asked_of(content: Mapping[str, Any], rules: Mapping[str, Any], order: Any = ()) -> Asked:
    """A question in one language, from what a snapshot holds of it."""
    return Asked(
        options=tuple(Option.from_json(option) for option in content.get("options", ())),
        order=tuple(order),
        rules=Rules.from_json(dict(rules)),
        prompt=content["prompt"],
        feedback=content.get("feedback", ""),
        template=content.get("template", ""),
    )


def questions_of(attempt: Attempt) -> list[AttemptQuestion]:
    return [AttemptQuestion(entry) for entry in attempt.snapshot]


def question_of(attempt: Attempt, key: str) -> AttemptQuestion | None:
    entry = attempt.question(key)
    return AttemptQuestion(entry) if entry else None
