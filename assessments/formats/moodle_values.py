"""Numbers and grades as Moodle reads them from a file: which it takes, and what it makes of them."""

import re
from decimal import Decimal

# What PHP's trim() takes away; a no-break space is not among it.
SPACE = " \t\n\r\0\x0b"

# The grades that Moodle lets an answer have, in per cent; an import with any other is refused
# (question_bank::fraction_options_full). Moodle keeps seven decimal places of the fraction, so five of the per cent.
_POSITIVE = [
    *("100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20"),
    *("16.66667", "14.28571", "12.5", "11.11111", "10", "5"),
]
GRADES = (Decimal(0), *(Decimal(grade) for grade in _POSITIVE), *(-Decimal(grade) for grade in _POSITIVE))
_GRADE_TOLERANCE = Decimal("0.001")

_PLAIN = re.compile(r"[ \t\n\r\v\f]*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_EXPONENT = re.compile(r"(?:e|E|(?:x|\*|×)10(?:\^|\*\*))([+-]?\d+)", re.ASCII)
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?"
_AT_START = re.compile(_NUMBER, re.ASCII)
_AT_END = re.compile(_NUMBER + r"$", re.ASCII)

# Beyond these a floating point number, which Moodle calculates with, is infinite or nought.
_LARGEST_EXPONENT = 300
_MOST_DIGITS = 100


def _decimal(written: str) -> Decimal | None:
    if len(written) > _MOST_DIGITS:
        return None
    value = Decimal(written)
    return value if abs(value.adjusted()) <= _LARGEST_EXPONENT else None


def leading_number(written: str) -> Decimal | None:
    """The number that the words begin with, as PHP calculates with a string; None when they begin with none."""
    match = _PLAIN.match(written)
    return _decimal(match[1]) if match else None


def plain_number(written: str) -> Decimal | None:
    """The number that the words are, with a decimal point; nothing at all is nought. None for any other words."""
    written = written.strip(SPACE)
    if not written:
        return Decimal(0)
    match = _PLAIN.fullmatch(written)
    return _decimal(match[1]) if match else None


def whole_number(written: str) -> int | None:
    value = plain_number(written)
    return int(value) if value is not None and value == value.to_integral_value() and abs(value) < 2**31 else None


def number_and_unit(written: str, *, unit_first: bool = False) -> tuple[Decimal, str] | None:
    """The number and what stands after it (before it with `unit_first`), as people write numbers.

    A single comma is a decimal point; several, or one beside a point, part the thousands. Spaces are nothing.
    None when there is no number.
    """
    if len(written) > _MOST_DIGITS:
        return None
    bare = _EXPONENT.sub(r"e\1", written.strip(SPACE).replace(" ", ""))
    bare = bare.replace(",", "") if "." in bare or bare.count(",") > 1 else bare.replace(",", ".")
    match = (_AT_END.search if unit_first else _AT_START.match)(bare)
    if not match:
        return None
    value = _decimal(match[0])
    return None if value is None else (value, bare[: match.start()] if unit_first else bare[match.end() :])


def number(written: str) -> Decimal | None:
    """The number that the words are, as people write numbers; None for any other words."""
    found = number_and_unit(written)
    return found[0] if found and not found[1] else None


def grade(percent: Decimal) -> Decimal | None:
    """The grade that Moodle takes this one for; None when it knows no such grade."""
    return next((known for known in GRADES if abs(percent - known) < _GRADE_TOLERANCE), None)


def is_empty(words: str) -> bool:
    """Whether PHP calls the words empty."""
    return words in ("", "0")
