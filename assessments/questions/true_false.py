from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.questions.base import Answer, Asked, Option, require
from assessments.questions.choice import ChoiceType


class TrueFalse(ChoiceType):
    """A statement. Its first option is "true" and its second "false", whatever their wording in a language.

    The right one earns the point, the other nothing. Neither is ever put in another order.
    """

    key = "true_false"
    label = _("True or false")
    about = _("A statement. Two options: first the one for true, then the one for false.")
    control = "radio"

    def validate(self, asked: Asked) -> None:
        require(len(asked.options) == 2, _("The options must be two: true, then false."))
        require(sum(option.correct for option in asked.options) == 1, _("Exactly one option must be right."))

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        option = asked.option(answer[0]) if answer else None
        return Decimal(option is not None and option.correct)

    def wording(self, option: Option) -> str:
        """An author need not write "True" and "False": the site has both words in every language."""
        return option.text or escape({"true": gettext("True"), "false": gettext("False")}.get(option.id, ""))

    def shuffle(self, options: Sequence[Option], mix: Any) -> list[Option]:
        return list(options)
