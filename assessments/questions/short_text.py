from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import (
    Answer,
    Asked,
    Option,
    clamp,
    require,
    require_different,
)
from assessments.questions.typed import TypedType, first_that_fits, share_of


class ShortText(TypedType):
    """A word or a few. The first accepted answer that fits counts, and earns its share.

    Case and accents count only when the author says so; spaces around and between words, and the form of quotation
    marks, never do. In what is accepted * stands for any words. Each language has its own accepted answers.
    """

    key = "short_text"
    label = _("Short text")
    about = _("A word or a few, compared with what you accept. * stands for any words.")
    blocks = ("accepted",)
    rules = ("case_sensitive", "accents_matter")
    answers_by_language = True

    def validate(self, asked: Asked) -> None:
        require(bool(asked.options), _("Write at least one accepted answer."))
        require_different(asked.options)
        require(all(option.text.strip() for option in asked.options), _("An accepted answer is empty."))
        require(
            any(option.share in (None, 100) for option in asked.options),
            _("At least one accepted answer must earn the whole point."),
        )

    def found(self, answer: Answer, asked: Asked) -> Option | None:
        return first_that_fits(answer, asked.of_type("accepted"), asked.rules)

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        found = self.found(answer, asked) if answer else None
        return clamp(share_of(found))
