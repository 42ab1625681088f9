from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import (
    EVERYTHING,
    NOTHING,
    Answer,
    Asked,
    Option,
    clamp,
    require,
    require_different,
)
from assessments.questions.texts import fits, is_number, split_number
from assessments.questions.typed import TypedType, first_number, share_of


class Numeric(TypedType):
    """A number, with a unit where the author names some. The first accepted number that fits counts.

    A number fits when it lies within the tolerance, in the first unit or, converted, in any other that is named. A unit
    that is missing or unknown costs `unit_penalty` per cent of what the number earned.
    """

    key = "numeric"
    label = _("Number")
    about = _("A number within a tolerance, with units where you name some.")
    blocks = ("number", "unit")
    rules = ("unit_penalty",)
    input_mode = "decimal"

    def validate(self, asked: Asked) -> None:
        numbers = asked.of_type("number")
        require(bool(numbers), _("Write at least one accepted number."))
        require_different(asked.options)
        for option in numbers:
            require(option.text.strip() == "*" or is_number(option.text), _("An accepted answer is no number."))
            require(option.tolerance >= 0, _("A tolerance is less than 0."))
        units = asked.of_type("unit")
        require(
            all(unit.text.strip() and unit.multiplier > 0 for unit in units), _("A unit needs a name and a factor.")
        )
        require(len({unit.text.strip() for unit in units}) == len(units), _("Two units have the same name."))

    def found(self, answer: Answer, asked: Asked) -> Option | None:
        return self._judge(answer, asked)[0]

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        if not answer:
            return NOTHING
        found, unit_is_right = self._judge(answer, asked)
        kept = EVERYTHING if unit_is_right else EVERYTHING - Decimal(asked.rules.unit_penalty) / 100
        return clamp(share_of(found) * kept)

    def _judge(self, answer: str, asked: Asked) -> tuple[Option | None, bool]:
        try:
            number, said = split_number(answer)
        except ValueError:
            return next((o for o in asked.of_type("number") if o.text.strip() == "*"), None), True
        units = asked.of_type("unit")
        unit = next((unit for unit in units if _same_unit(unit.text, said)), None)
        if said and unit is None and not units:
            # No unit is asked for: words after the number make it another answer.
            return next((o for o in asked.of_type("number") if o.text.strip() == "*"), None), True
        if unit is not None:
            number = number / unit.multiplier
        return first_number(number, asked.of_type("number")), unit is not None or not units


def _same_unit(one: str, other: str) -> bool:
    return fits(other, one.strip().replace("*", "\\*"), case_sensitive=True, accents_matter=True)
