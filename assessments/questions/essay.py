from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import NOTHING, Answer, Asked, Posted, QuestionType, only_value, require

LONGEST = 100_000  # characters: about forty pages


class Essay(QuestionType):
    """A text of one's own, marked by a person. Until then it earns nothing, and the result waits.

    How many words are wanted is said and shown; a longer or shorter text is kept all the same, and its marker decides.
    """

    key = "essay"
    label = _("Essay")
    about = _("A text of one's own, marked by a person.")
    template = "essay"
    blocks = ()
    rules = ("min_words", "max_words")
    by_a_person = True

    def validate(self, asked: Asked) -> None:
        rules = asked.rules
        require(
            not rules.max_words or rules.min_words <= rules.max_words,
            _("The least number of words is more than the most."),
        )

    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        text = only_value(posted).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        if len(text) > LONGEST:
            raise ValueError("The answer is too long.")
        return text if text.strip() and text != asked.template else None

    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        return {"": [answer]} if answer else {}

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        return NOTHING

    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        return {
            "value": answer or asked.template,
            "words": words_in(answer),
            "min_words": asked.rules.min_words,
            "max_words": asked.rules.max_words,
        }

    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        return {"given": answer or "", "words": words_in(answer)}

    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        return [answer] if answer else []


def words_in(answer: Answer) -> int:
    return len((answer or "").split())
