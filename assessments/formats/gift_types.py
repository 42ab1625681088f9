"""What stands in the braces of a GIFT question, by type: how Moodle tells the types apart and what it makes of each."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from assessments.formats.gift_escapes import parse_text, release
from assessments.formats.items import Answer, Pair, Text, TextFormat
from assessments.formats.lines import trim
from assessments.formats.names import shows_nothing

FULL = Decimal(100)
PENALTY = Decimal("0.3333333")
# The weights that Moodle knows, in per cent; they may be negative. It takes a weight for the one that it is nearest to.
POSITIVE_WEIGHTS = tuple(
    Decimal(weight)
    for weight in (
        *("100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20"),
        *("16.66667", "14.28571", "12.5", "11.11111", "10", "5"),
    )
)
WEIGHTS = (Decimal(0), *POSITIVE_WEIGHTS, *(-weight for weight in POSITIVE_WEIGHTS))
NEAR = Decimal("0.001")
# Moodle has no such limit, but no question of a person comes near it.
MOST_ANSWERS = 1000
ESSAY_SETTINGS = {
    "responseformat": "editor",
    "responserequired": True,
    "responsefieldlines": 15,
    "attachments": 0,
    "attachmentsrequired": 0,
}
# Numbers of floating point end about here.
LARGEST_EXPONENT = 307
_WEIGHT = re.compile(r"%-*[0-9]{1,2}\.?[0-9]*%")
_NUMBER = re.compile(r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*", re.ASCII)


class NotAccepted(Exception):
    """Moodle refuses this question; the message says why, in words for its author."""


@dataclass
class Parsed:
    """What the braces of a question say. `notes` are the traps of the format that its author may have walked into."""

    qtype: str
    answers: list[Answer] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    default_grade: Decimal = Decimal(1)
    penalty: Decimal = PENALTY
    notes: list[str] = field(default_factory=list)


def parse_answers(braces: str, default: TextFormat) -> Parsed:
    """Tell the type of a question by what is in its braces, and read it.

    Raises NotAccepted.
    """
    if braces == "":
        return Parsed("essay", settings=dict(ESSAY_SETTINGS))
    return _reader_for(braces)(braces, default)


def allowed_weight(percent: Decimal) -> Decimal | None:
    if not percent.is_finite() or percent.adjusted() > FULL.adjusted():
        return None
    return next((weight for weight in WEIGHTS if abs(percent - weight) < NEAR), None)


def too_many_answers() -> NotAccepted:
    return NotAccepted(_("It has more than %(limit)s answers.") % {"limit": MOST_ANSWERS})


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def begins_with_weight(text: str) -> bool:
    return _WEIGHT.match(text) is not None


def _reader_for(braces: str) -> Callable[[str, TextFormat], Parsed]:
    if braces.startswith("#"):
        return _numerical
    if "~" in braces:
        return _multichoice
    if "=" in braces and "->" in braces:
        return _match
    # A comment that begins at once leaves nothing to compare, so it is not cut off.
    word = trim(braces[: braces.find("#")]) if braces.find("#") > 0 else braces
    return _truefalse if word in ("T", "TRUE", "F", "FALSE") else _shortanswer


def _truefalse(braces: str, default: TextFormat) -> Parsed:
    word, wrong, right = [trim(part) for part in [*braces.split("#", 2), "", ""][:3]]
    is_true = word in ("T", "TRUE")
    wrong_feedback, right_feedback = parse_text(wrong, default), parse_text(right, default)
    return Parsed(
        "truefalse",
        answers=[
            Answer(
                Text(text, TextFormat.MOODLE),
                FULL if is_right else Decimal(0),
                right_feedback if is_right else wrong_feedback,
            )
            for text, is_right in (("true", is_true), ("false", not is_true))
        ],
        penalty=Decimal(1),
    )


def _multichoice(braces: str, default: TextFormat) -> Parsed:
    pieces = _pieces(braces.replace("=", "~="), "~")
    _require_pieces(pieces, 2)
    parsed = Parsed(
        "multichoice",
        settings={"single": "=" in braces, "shuffleanswers": True, "answernumbering": "abc"},
    )
    for piece in map(trim, pieces):
        if piece.startswith("="):
            weight, rest = FULL, piece[1:]
        else:
            weight, rest = _weight(piece, otherwise=Decimal(0))
        text, feedback = _with_feedback(rest, default)
        # Moodle counts an answer without a text, but does not store it.
        if text.content:
            parsed.answers.append(Answer(text, weight, feedback))
    return parsed


def _shortanswer(braces: str, default: TextFormat) -> Parsed:
    pieces = _pieces(braces, "=")
    _require_pieces(pieces, 1)
    answers = []
    for piece in map(trim, pieces):
        weight, rest = _weight(piece, otherwise=FULL)
        text, feedback = _with_feedback(rest, default)
        answers.append(Answer(Text(text.content, TextFormat.MOODLE), weight, feedback))
    if max(answer.fraction for answer in answers) != FULL:
        raise NotAccepted(_("One of the answers must give 100 %."))
    answers = [answer for answer in answers if not _is_empty(answer)]
    return Parsed("shortanswer", answers=answers, settings={"usecase": False})


def _is_empty(answer: Answer) -> bool:
    return answer.text.content == "" and not answer.fraction and shows_nothing(answer.feedback.content)


def _match(braces: str, default: TextFormat) -> Parsed:
    pieces = _pieces(braces, "=")
    _require_pieces(pieces, 2)
    parsed = Parsed("match", settings={"shuffleanswers": True})
    for piece in map(trim, pieces):
        question, arrow, answer = piece.partition("->")
        if not arrow:
            raise NotAccepted(_("Each pair of a matching question needs “->” between its two halves."))
        text, answer = parse_text(question, default), trim(release(answer))
        if text.content and not answer:
            parsed.notes.append(
                _("A part of this matching question has no answer: “%(text)s”.") % {"text": text.content}
            )
        if text.content or answer:
            parsed.pairs.append(Pair(text, answer))
    return parsed


def _numerical(braces: str, default: TextFormat) -> Parsed:
    numbers, tilde, otherwise = braces[1:].partition("~")
    pieces = _pieces(numbers, "=")
    if not pieces:
        reason = _("There is no number among the answers. A single 0 must be written as {#=0}.")
        raise NotAccepted(reason)
    parsed = Parsed("numerical")
    for piece in map(trim, pieces):
        weight, rest = _weight(piece, otherwise=FULL)
        text, feedback = _with_feedback(rest, default)
        number, tolerance = _number_and_tolerance(text.content, parsed.notes)
        parsed.answers.append(Answer(Text(number, TextFormat.MOODLE), weight, feedback, tolerance))
    if tilde:
        _unused, feedback = _with_feedback(otherwise, default)
        parsed.answers.append(Answer(Text("*", TextFormat.MOODLE), Decimal(0), feedback))
    return parsed


def _number_and_tolerance(text: str, notes: list[str]) -> tuple[str, Decimal]:
    if text.find("..") > 0:
        low, high = [_beginning_number(part, notes) for part in text.split("..", 1)]
        middle = (low + high) / 2
        return _plain(middle), high - middle
    number, tolerance = text, "0"
    if text.find(":") > 0:
        number, tolerance = [trim(part) for part in text.split(":", 1)]
    if not is_number(tolerance):
        raise NotAccepted(_("After the colon there must be a number, but there is “%(text)s”.") % {"text": tolerance})
    if not is_number(number):
        if number != "*":
            notes.append(_("“%(text)s” is not a number, so every answer counts as this one.") % {"text": number})
        number = "*"
    return number, _decimal(tolerance)


def _beginning_number(text: str, notes: list[str]) -> Decimal:
    text = trim(text)
    found = _NUMBER.match(text)
    if not found:
        raise NotAccepted(
            _("A range needs a number before and after its two dots, but there is “%(text)s”.") % {"text": text}
        )
    if found.end() < len(text):
        notes.append(
            _("Of “%(text)s”, only the number %(number)s was read.") % {"text": text, "number": found.group(1)}
        )
    return _decimal(found.group(1))


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("Infinity")
    if not number.is_finite() or (number and abs(number.adjusted()) > LARGEST_EXPONENT):
        raise NotAccepted(_("The number %(number)s is too large or too small.") % {"number": text[:40]})
    return number


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f") if number else "0"


def _pieces(braces: str, sign: str) -> list[str]:
    """Cut at each sign. What stands before the first sign is an answer, too, unless it is empty or a lone 0."""
    if braces.count(sign) > MOST_ANSWERS:
        raise too_many_answers()
    first, *others = braces.split(sign)
    return others if trim(first) in ("", "0") else [first, *others]


def _require_pieces(pieces: list[str], least: int) -> None:
    if len(pieces) < least:
        raise NotAccepted(
            _("There are not enough answers: a question of this kind needs at least %(least)s.") % {"least": least}
        )


def _weight(piece: str, *, otherwise: Decimal) -> tuple[Decimal, str]:
    """Take the %weight% off the beginning of an answer."""
    found = _WEIGHT.match(piece)
    if not found:
        return otherwise, piece
    given = found.group()[1:-1]
    weight = None if given.startswith("--") else allowed_weight(Decimal(given))
    if weight is None:
        raise NotAccepted(_("%(weight)s %% is not one of the weights that Moodle knows.") % {"weight": given[:40]})
    return weight, piece[found.end() :]


def _with_feedback(piece: str, default: TextFormat) -> tuple[Text, Text]:
    text, _sign, feedback = piece.partition("#")
    return parse_text(trim(text), default), parse_text(trim(feedback), default)
