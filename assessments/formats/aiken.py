"""Aiken: multiple-choice questions with one right choice, in a plain text file, as Moodle 4.5 and 5 read it
(question/format/aiken/format.php). The question is one line, each choice is one, and one names the right choice."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.formats import differences
from assessments.formats.gift_types import FULL, PENALTY
from assessments.formats.items import Answer, FileRefused, Item, Reading, Refused, Text, TextFormat
from assessments.formats.lines import (
    BYTE_ORDER_MARK,
    MOST_QUESTIONS,
    decoded,
    lines_at_every_end,
    no_questions,
    too_many_questions,
    trim,
)
from assessments.formats.names import default_name, strip_tags

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ANSWER = "ANSWER:"
FEWEST_CHOICES = 2
# Moodle takes a shorter line for a blank one. It counts bytes.
SHORTEST_LINE = 2
_CHOICE = re.compile(r"[A-Z][).]")
_LINE_ENDS = re.compile(r"[\r\n]+")
_ENDS_A_LINE = re.compile(r"<(?=br\b|/p\b|/div\b|/li\b|/h[1-6]\b)", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!]")


def read(content: bytes) -> Reading:
    """Read an Aiken file.

    Raises FileRefused when it is too large, not UTF-8, holds too many questions or none at all.
    """
    reader = _Reader()
    for number, line in lines_at_every_end(decoded(content)):
        if len(line.encode()) >= SHORTEST_LINE:
            reader.take(number, line)
    return reader.reading()


def write(items: Sequence[Item]) -> bytes:
    """Write an Aiken file.

    Raises ValueError for an item that is not supported.
    """
    for item in items:
        if reason := unsupported(item):
            raise ValueError(f"{item.name}: {reason}")
    return _file(items)


def unsupported(item: Item) -> str:
    """Say why Aiken cannot hold this item; "" if it can."""
    if item.qtype != "multichoice" or not item.settings.get("single", True):
        return _("Aiken has only multiple-choice questions with one right answer.")
    if not FEWEST_CHOICES <= len(item.answers) <= len(LETTERS):
        return _("Aiken needs at least 2 and at most 26 answers.")
    if [answer.fraction for answer in item.answers].count(FULL) != 1:
        return _("Exactly one of its answers must give 100 %.")
    if any(text.files or "@@PLUGINFILE@@" in text.content for text in differences.texts(item)):
        return _("It has pictures or other files, which Aiken cannot hold.")
    if any(not plain(answer.text) for answer in item.answers):
        return _("One of its answers has no text.")
    question = plain(item.text)
    if len(question.encode("utf-8", "replace")) < SHORTEST_LINE:
        return _("The text of the question is too short for Aiken.")
    if _CHOICE.match(question) or question.startswith(ANSWER):
        return _("In Aiken, a question cannot begin like a choice (“A)”) or like “ANSWER:”.")
    return _changed(item)


def losses(item: Item) -> list[str]:
    """Name what a supported item loses in an Aiken file. Blanks at the ends of texts do not count."""
    back = read(write([item])).items[0]
    lost = differences.named(item, back, with_formats=False)
    if any(_has_formatting(text) for text in (item.text, *(answer.text for answer in item.answers))):
        lost.append(_("the formatting of its texts"))
    return lost


def plain(text: Text) -> str:
    """A text on one line, without tags and entities where its format has them."""
    content = text.content
    if text.format in (TextFormat.HTML, TextFormat.MOODLE):
        content = html.unescape(strip_tags(_ENDS_A_LINE.sub(" <", content)))
    pieces = [piece.strip(" \t") for piece in _LINE_ENDS.split(trim(content))]
    return trim(content) if len(pieces) == 1 else " ".join(filter(None, pieces))


@dataclass
class _Open:
    """A question whose last line has not come yet."""

    line: int
    text: str
    choices: list[str] = field(default_factory=list)


class _Reader:
    """Reads lines one after the other and keeps what they come to."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.refused: list[Refused] = []
        self.notes: list[Refused] = []
        self.open: _Open | None = None
        self.last_astray = -1

    def reading(self) -> Reading:
        self._leave_open_question()
        if not (self.items or self.refused):
            raise no_questions()
        return Reading(tuple(self.items), tuple(self.refused), tuple(self.notes))

    def take(self, number: int, line: str) -> None:
        is_answer = line.startswith(ANSWER)
        if not (is_answer or _CHOICE.match(line)):
            self._leave_open_question()
            self.open = _Open(number, line)
        elif self.open is None:
            self._note_astray(number)
        elif is_answer:
            self._close(self.open, trim(line.removeprefix(ANSWER))[:1])
            self.open = None
        else:
            self.open.choices.append(trim(line[2:]))
        if len(self.items) + len(self.refused) > MOST_QUESTIONS:
            raise too_many_questions()

    def _leave_open_question(self) -> None:
        if self.open:
            reason = _(
                "There is no line “ANSWER:” for it. A question must be one line, "
                "followed by its choices and by the letter of the right one."
            )
            self._refuse(self.open, reason)
            self.open = None

    def _note_astray(self, number: int) -> None:
        # Once for all lines that follow each other: they are the rest of one question.
        if number != self.last_astray + 1:
            self.refused.append(Refused(number, "", _("There is no question above this choice or answer.")))
        self.last_astray = number

    def _close(self, question: _Open, letter: str) -> None:
        if len(question.choices) < FEWEST_CHOICES:
            self._refuse(question, _("A question needs at least two choices, such as “A) Yes”."))
            return
        right = LETTERS.find(letter) if letter else -1
        name = default_name(question.text)
        if not 0 <= right < len(question.choices):
            note = _("“%(letter)s” is not the letter of any choice, so no choice is right.") % {"letter": letter}
            self.notes.append(Refused(question.line, name, note))
        self.items.append(_item(question, name, right))

    def _refuse(self, question: _Open, reason: str) -> None:
        self.refused.append(Refused(question.line, default_name(question.text), reason))


def _item(question: _Open, name: str, right: int) -> Item:
    answers = [
        Answer(_html(choice), FULL if number == right else Decimal(0)) for number, choice in enumerate(question.choices)
    ]
    return Item(
        qtype="multichoice",
        name=name,
        text=_html(question.text),
        line=question.line,
        # Moodle counts a choice without a text, but does not store it.
        answers=tuple(answer for answer in answers if answer.text.content),
        penalty=PENALTY,
        settings={"single": True, "shuffleanswers": True, "answernumbering": "abc"},
    )


def _html(line: str) -> Text:
    return Text(html.escape(line, quote=False))


def _changed(item: Item) -> str:
    try:
        back = read(_file([item])).items
    except (FileRefused, UnicodeEncodeError):
        return _("It holds signs that no text file can hold.")
    if [_asked(item)] != [_asked(other) for other in back]:
        return _("Aiken cannot hold it as it is.")
    return ""


def _asked(item: Item) -> list[str]:
    return [plain(text) for text in (item.text, *(answer.text for answer in item.answers))]


def _file(items: Sequence[Item]) -> bytes:
    text = "\n\n".join(_written(item) for item in items)
    # A first sign that looks like the mark of the byte order would be taken for one.
    return ((BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else "") + text + "\n").encode()


def _written(item: Item) -> str:
    choices = [f"{letter}) {plain(answer.text)}" for letter, answer in zip(LETTERS, item.answers, strict=False)]
    right = next(letter for letter, answer in zip(LETTERS, item.answers, strict=False) if answer.fraction == FULL)
    return "\n".join([plain(item.text), *choices, f"{ANSWER} {right}"])


def _has_formatting(text: Text) -> bool:
    if text.format == TextFormat.MARKDOWN:
        return True
    has_tags = text.format != TextFormat.PLAIN and _TAG.search(text.content)
    return bool(has_tags or _LINE_ENDS.search(trim(text.content)))
