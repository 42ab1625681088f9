from decimal import Decimal
from typing import Any

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


class Matching(QuestionType):
    """To each text on the left belongs one answer from a list. A pair without a text is a wrong answer to spare.

    Every right pair earns an equal share of the point; wrong ones cost nothing. With `all_or_nothing` all must be
    right. The answers are offered in the order of their letters. What is stored names for each pair the pair whose
    answer was chosen; answers with equal words are the same.
    """

    key = "matching"
    label = _("Matching")
    about = _("To each text belongs one answer from a list. Leave a text empty to add a wrong answer.")
    template = "matching"
    blocks = ("pair",)
    rules = ("shuffle", "all_or_nothing")

    def validate(self, asked: Asked) -> None:
        require_different(asked.options)
        require(bool(_asking(asked)), _("A matching question needs a text to be matched."))
        require(all(pair.match.strip() for pair in asked.options), _("Every pair needs its answer."))

    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        asking = {pair.id for pair in _asking(asked)}
        offered = {pair.id for pair in asked.options}
        answer = {}
        for part, values in posted.items():
            given = [value for value in values if value]
            if part not in asking or len(given) > 1 or not set(given) <= offered:
                raise ValueError("The answer names a pair that the question does not have.")
            if given:
                answer[part] = given[0]
        return dict(sorted(answer.items())) or None

    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        return {part: [value] for part, value in (answer or {}).items()}

    def is_complete(self, answer: Answer, asked: Asked) -> bool:
        return len(answer or {}) == len(_asking(asked))

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        asking = _asking(asked)
        right = sum(_is_right(pair, answer, asked) for pair in asking)
        if asked.rules.all_or_nothing and right < len(asking):
            return NOTHING
        return clamp(Decimal(right) / len(asking))

    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        choices = _choices(asked)
        return {
            "rows": [
                {
                    "id": pair.id,
                    "text": pair.text,
                    "choices": [
                        {"id": option_id, "text": words, "checked": words == _words((answer or {}).get(pair.id), asked)}
                        for words, option_id in choices.items()
                    ],
                }
                for pair in _asking(asked)
            ]
        }

    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        return {
            "rows": [
                {
                    "text": pair.text,
                    "given": _words((answer or {}).get(pair.id), asked),
                    "right": pair.match,
                    "correct": _is_right(pair, answer, asked),
                }
                for pair in _asking(asked)
            ]
        }

    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        asking = {pair.id: plain_text(pair.text) for pair in _asking(asked)}
        return [f"{asking.get(part, part)}: {_words(value, asked)}" for part, value in (answer or {}).items()]

    def without_words(self, answer: Answer, asked: Asked) -> Answer:
        known = {pair.id for pair in asked.options}
        return {part: value for part, value in (answer or {}).items() if part in known and value in known} or None

    def chosen(self, answer: Answer) -> list[str]:
        return [f"{part}={value}" for part, value in (answer or {}).items()]


def _asking(asked: Asked) -> list[Option]:
    return [pair for pair in asked.shown if not is_blank(pair.text)]


def _choices(asked: Asked) -> dict[str, str]:
    """Each answer's words once, with the id of its first pair, by their words: the order must give nothing away."""
    choices: dict[str, str] = {}
    for pair in sorted(asked.options, key=lambda pair: (pair.match.casefold(), pair.id)):
        choices.setdefault(pair.match, pair.id)
    return choices


def _words(option_id: str | None, asked: Asked) -> str:
    pair = asked.option(option_id) if option_id else None
    return pair.match if pair else ""


def _is_right(pair: Option, answer: Answer, asked: Asked) -> bool:
    return _words((answer or {}).get(pair.id), asked) == pair.match
