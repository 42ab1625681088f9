from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import NOTHING, Answer, Asked, Posted, QuestionType, is_blank, require


class Information(QuestionType):
    """A text between questions: a case that several of them are about. It asks nothing and earns nothing."""

    key = "information"
    label = _("Text without a question")
    about = _("For example a case that the questions after it are about. It is neither answered nor marked.")
    template = "information"
    blocks = ()
    only_shown = True

    def validate(self, asked: Asked) -> None:
        require(not is_blank(asked.prompt), _("The text is empty."))

    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        raise ValueError("Nothing is asked here.")

    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        return {}

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        return NOTHING

    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        return {}

    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        return {}

    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        return []
