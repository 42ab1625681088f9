"""Read GIFT as the importer of Moodle 4.5 and 5 does (question/format/gift/format.php): what it takes for a question,
and what for a part of one. Where Moodle stops at the first mistake, the rest of the file is read here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.formats.gift_escapes import category_path, hold, id_number_in, parse_text, release, tags_in
from assessments.formats.gift_ordering import parse_ordering
from assessments.formats.gift_types import NotAccepted, Parsed, parse_answers
from assessments.formats.items import Item, Reading, Refused, TextFormat
from assessments.formats.lines import (
    MOST_QUESTIONS,
    decoded,
    lines_at_line_feeds,
    no_questions,
    too_many_questions,
    trim,
)
from assessments.formats.names import clean_name, default_name

CATEGORY = "$CATEGORY:"
GAP = "_____"
GENERAL_FEEDBACK = "####"
LONGEST_ID_NUMBER = 100
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True)
class Block:
    """The lines between two blank ones, without their comments, and where the first of them stands."""

    line: int
    text: str
    comments: str


@dataclass(frozen=True)
class Parts:
    """A question taken apart. `braces` is what stands in them, held by stand-ins; None where there are none."""

    text: str
    braces: str | None = None
    general_feedback: str = ""


def read(content: bytes) -> Reading:
    """Read a GIFT file.

    Raises FileRefused when it is too large, not UTF-8, holds too many questions or none at all.
    """
    reader = _Reader()
    for block in blocks(lines_at_line_feeds(decoded(content))):
        reader.take(block)
    return reader.reading()


def blocks(lines: Iterator[tuple[int, str]]) -> Iterator[Block]:
    kept: list[str] = []
    comments: list[str] = []
    first = 0
    for number, line in lines:
        # A line that is only a 0 counts as blank, as PHP's "empty" has it.
        if line in ("", "0"):
            if first:
                yield Block(first, trim("\n".join(kept)), "\n".join(comments))
            kept, comments, first = [], [], 0
        elif line.startswith("//"):
            comments.append(line)
            kept.append(" ")
        else:
            kept.append(line)
            first = first or number
    if first:
        yield Block(first, trim("\n".join(kept)), "\n".join(comments))


class _Reader:
    """Reads blocks one after the other and keeps what they come to; only the category goes from one to the next."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.refused: list[Refused] = []
        self.notes: list[Refused] = []
        self.category = ""
        self.has_category = False
        self.id_numbers: set[tuple[str, str]] = set()

    def reading(self) -> Reading:
        if not (self.items or self.refused or self.has_category):
            raise no_questions()
        return Reading(tuple(self.items), tuple(self.refused), tuple(self.notes))

    def take(self, block: Block) -> None:
        held = hold(block.text)
        if held.startswith(CATEGORY):
            self._take_category(block.line, trim(held[len(CATEGORY) :]))
            return
        name, rest = named(held)
        try:
            item, notes = question(rest, name)
            if len(id_number := id_number_in(block.comments)) > LONGEST_ID_NUMBER:
                raise NotAccepted(_("The id in its comment is longer than 100 characters."))
        except NotAccepted as problem:
            known = name if name is not None else _name_by_its_beginning(rest)
            self.refused.append(Refused(block.line, known, str(problem)))
        else:
            notes.extend(self._id_note(id_number))
            if (self.category, id_number) in self.id_numbers:
                id_number = ""
            self.id_numbers |= {(self.category, id_number)} if id_number else set()
            tags = tags_in(block.comments)
            item = replace(item, line=block.line, category=self.category, id_number=id_number, tags=tags)
            self.items.append(item)
            self.notes.extend(Refused(block.line, item.name, note) for note in notes)
        if len(self.items) + len(self.refused) > MOST_QUESTIONS:
            raise too_many_questions()

    def _take_category(self, line: int, path: str) -> None:
        self.category = category_path(path)
        self.has_category = True
        if "\n" in path:
            reason = _(
                "It stands directly below a $CATEGORY: line and became a part of the category’s name. "
                "Put a blank line between the two."
            )
            name = _name_by_its_beginning(path.partition("\n")[2])
            self.refused.append(Refused(line + 1, name, reason))

    def _id_note(self, id_number: str) -> list[str]:
        if id_number and (self.category, id_number) in self.id_numbers:
            return [_("Another question of this category has the same id, so this one is read without it.")]
        return []


def _name_by_its_beginning(held: str) -> str:
    return default_name(trim(release(_BRACE.split(held, maxsplit=1)[0])))


def named(held: str) -> tuple[str | None, str]:
    """Take the ::name:: off the beginning of a question; None where it has none."""
    if not held.startswith("::"):
        return None, held
    name, closing, rest = held[2:].partition("::")
    if not closing:
        return None, held[2:]
    return clean_name(release(name)), trim(rest)


def question(held: str, name: str | None) -> tuple[Item, list[str]]:
    """Read a question without its name.

    Raises NotAccepted.
    """
    parts, notes = take_apart(held)
    text = parse_text(parts.text)
    parsed = _parsed(parts, text.format)
    item = Item(
        qtype=parsed.qtype,
        name=default_name(text.content) if name is None else name,
        text=text,
        answers=tuple(parsed.answers),
        pairs=tuple(parsed.pairs),
        default_grade=parsed.default_grade,
        penalty=parsed.penalty,
        general_feedback=parse_text(parts.general_feedback, text.format),
        settings=parsed.settings,
    )
    return item, [*notes, *parsed.notes]


def _parsed(parts: Parts, default: TextFormat) -> Parsed:
    if parts.braces is None:
        return Parsed("description", default_grade=Decimal(0))
    return parse_ordering(parts.braces) or parse_answers(parts.braces, default)


def take_apart(held: str) -> tuple[Parts, list[str]]:
    """Part the text of a question from what is in its first braces.

    Raises NotAccepted when one of the two braces is missing.
    """
    start, finish = held.find("{"), held.find("}")
    if start < 0 and finish < 0:
        return Parts(held), []
    if start < 0 or finish < 0:
        raise NotAccepted(_("One of the braces { and } is missing. Where they belong to the text, write \\{ and \\}."))
    # A gap is seen only where text follows it.
    gap = "" if held.endswith("}") else GAP
    if start < finish:
        text, braces = held[:start] + gap + held[finish + 1 :], held[start + 1 : finish]
    else:
        text, braces = _cut_at_crossed_braces(held.encode(), gap)
    notes = []
    if "{" in text or "}" in text:
        notes.append(_("Only its first braces were read as answers; the other ones stay in the text."))
    before, mark, after = trim(braces).rpartition(GENERAL_FEEDBACK)
    return (Parts(text, trim(before), after) if mark else Parts(text, after)), notes


def _cut_at_crossed_braces(held: bytes, gap: str) -> tuple[str, str]:
    """Cut a question whose first } stands before its first { where Moodle does: it counts from the end, in bytes."""
    start, finish = held.find(b"{"), held.find(b"}")
    backwards = start - finish
    end = max(len(held) - backwards - 1, start + 1)
    resume = start if backwards == 1 else max(len(held) - backwards + 1, start)
    try:
        return held[:start].decode() + gap + held[resume:].decode(), held[start + 1 : end].decode()
    except UnicodeDecodeError:
        raise NotAccepted(_("A } stands before the first {. Where it belongs to the text, write \\}.")) from None
