"""Questions as exchange formats carry them: plain data in the vocabulary of Moodle, which all three formats share.

A reader makes these of a file, a writer makes a file of them; neither knows a row of the database. What stands here is
what Moodle's own importer would have stored (question/format.php and question/format/*/format.php of Moodle 4.5): the
same types, answers, fractions and feedback.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class TextFormat(StrEnum):
    """How a text is written. MOODLE is "auto-format": plain lines in which HTML may stand."""

    MOODLE = "moodle_auto_format"
    HTML = "html"
    PLAIN = "plain_text"
    MARKDOWN = "markdown"


@dataclass(frozen=True)
class EmbeddedFile:
    """A file that came inside the text, named there as @@PLUGINFILE@@/path/name. `path` begins and ends with "/"."""

    name: str
    content: bytes
    path: str = "/"


@dataclass(frozen=True)
class Text:
    content: str = ""
    format: TextFormat = TextFormat.HTML
    files: tuple[EmbeddedFile, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One answer of a question. `fraction` is in per cent of the point, -100 to 100; `tolerance` of numerical ones.

    For an ordering question the answers are the items in their right order. For numerical answers `text` is the number
    as written, or "*".
    """

    text: Text
    fraction: Decimal = Decimal(0)
    feedback: Text = Text()
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Pair:
    """A subquestion of a matching question with its answer. An empty `text` makes it a wrong answer to spare."""

    text: Text
    answer: str


@dataclass(frozen=True)
class Unit:
    """A unit of a numerical question; the number in this unit times `multiplier` is the number in the first one."""

    name: str
    multiplier: Decimal = Decimal(1)


@dataclass(frozen=True)
class Item:
    """A question.

    `qtype` is Moodle's name of the type: multichoice, truefalse, shortanswer, numerical, match, essay, description,
    multianswer, ordering. `category` is Moodle's path as the file gives it, without $course$ and the like
    ("top/Asylum/Interviews"; "" where the file says none). `line` is where the question begins in the file, from 1.
    `settings` holds what only some types have, under Moodle's own names and as Python values: single, shuffleanswers,
    answernumbering, usecase, responseformat, responserequired, graderinfo (Text), responsetemplate (Text),
    correctfeedback, partiallycorrectfeedback, incorrectfeedback (Text) and so on.
    """

    qtype: str
    name: str
    text: Text
    line: int = 0
    category: str = ""
    answers: tuple[Answer, ...] = ()
    pairs: tuple[Pair, ...] = ()
    units: tuple[Unit, ...] = ()
    # The gaps of a multianswer question, in the order of {#1}, {#2} ... in its text.
    gaps: tuple["Item", ...] = ()
    default_grade: Decimal = Decimal(1)
    penalty: Decimal | None = None
    general_feedback: Text = Text()
    id_number: str = ""
    tags: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """A question that was left out: where it begins, what it is called as far as that is known, and why, in words."""

    line: int
    name: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What a file holds. `notes` say what was read but is not kept by this product, one sentence each."""

    items: tuple[Item, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Refused, ...] = ()


class FileRefused(Exception):
    """The file as a whole cannot be read; the message says why, in words for an author, and that nothing came of it."""
