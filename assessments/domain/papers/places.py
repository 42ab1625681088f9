"""Where an answer is written on paper: letters to cross, boxes to fill, lines; by type of question.

The same places make the answer sheet, the form in which it is typed in, and the cells of an upload. What they give is
what a page would post, and the question's type reads it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from assessments.domain.asking import AttemptQuestion
from assessments.models import PaperForm
from assessments.questions import Asked, Posted
from assessments.questions.base import plain_text

# Of an upload, a place left empty where later ones are filled.
EMPTY = "-"
LINES_OF_AN_ESSAY = (10, 36)
WORDS_ON_A_LINE = 8


class NotationRefused(ValueError):
    """A cell of an upload cannot be read; the message says what is wrong with it, in words."""


@dataclass(frozen=True)
class Choice:
    """`sign` stands on paper; `value` is what a page posts."""

    sign: str
    value: str
    text: str = ""


@dataclass(frozen=True)
class Place:
    """`part` is the part of the posted name. Without choices something is written: on `lines` lines."""

    part: str
    label: str = ""
    choices: tuple[Choice, ...] = ()
    several: bool = False
    lines: int = 1
    # A letter or number goes into a box, and is not crossed.
    boxed: bool = False
    text: str = ""

    def value_of(self, sign: str) -> str:
        """What a page would post for a sign on paper. Raises NotationRefused."""
        found = next((choice.value for choice in self.choices if choice.sign == sign.upper()), None)
        if found is None:
            signs = ", ".join(choice.sign for choice in self.choices)
            raise NotationRefused(_("“%(sign)s” is none of %(signs)s.") % {"sign": sign[:20], "signs": signs})
        return found


@dataclass(frozen=True)
class PaperQuestion:
    """One question of a form, with the number under which it is printed; a text between questions has 0."""

    number: int
    question: AttemptQuestion
    asked: Asked

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def only_shown(self) -> bool:
        return self.question.kind.only_shown

    @property
    def template(self) -> str:
        return self.question.kind.template

    @property
    def words(self) -> str:
        return plain_text(self.asked.prompt)

    @cached_property
    def data(self) -> dict[str, Any]:
        """What the screen would show, so that paper has the same order."""
        return self.question.kind.view(self.asked, None)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(_PLACES[self.template](self))


def questions_of_form(form: PaperForm) -> list[PaperQuestion]:
    """In the printed order, with the printed numbers."""
    found, number = [], 0
    for entry in form.snapshot:
        question = AttemptQuestion(entry)
        number += not question.kind.only_shown
        shown = 0 if question.kind.only_shown else number
        found.append(PaperQuestion(shown, question, question.asked(form.language)))
    return found


def letter(place: int) -> str:
    """A, B … Z, AA, AB …"""
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _lettered(options: Sequence[dict[str, Any]], *, value: str = "id", text: str = "text") -> tuple[Choice, ...]:
    return tuple(Choice(letter(n), str(option[value]), plain_text(option[text])) for n, option in enumerate(options))


def _choice(question: PaperQuestion) -> list[Place]:
    return [Place("", choices=_lettered(question.data["options"]), several=question.data["control"] == "checkbox")]


def _matching(question: PaperQuestion) -> list[Place]:
    rows = question.data["rows"]
    return [
        Place(row["id"], str(n), _lettered(row["choices"]), boxed=True, text=plain_text(row["text"]))
        for n, row in enumerate(rows, start=1)
    ]


def _ordering(question: PaperQuestion) -> list[Place]:
    rows = question.data["rows"]
    numbers = tuple(Choice(str(n), str(n)) for n in range(1, len(rows) + 1))
    return [
        Place(row["id"], letter(n), numbers, boxed=True, text=plain_text(row["text"])) for n, row in enumerate(rows)
    ]


def _gaps(question: PaperQuestion) -> list[Place]:
    gaps = [part["gap"] for part in question.data["parts"] if part["gap"]]
    return [
        Place(gap["id"], f"({gap['number']})", _lettered(gap["choices"]) if gap["control"] == "choice" else ())
        for gap in sorted(gaps, key=lambda gap: gap["number"])
    ]


def _scenario(question: PaperQuestion) -> list[Place]:
    steps = enumerate(question.asked.options, start=1)
    return [
        Place(
            step.id,
            str(n),
            tuple(Choice(letter(m), choice.id, plain_text(choice.text)) for m, choice in enumerate(step.inside)),
            boxed=True,
            text=plain_text(step.text),
        )
        for n, step in steps
        if step.inside
    ]


def _essay(question: PaperQuestion) -> list[Place]:
    fewest, most = LINES_OF_AN_ESSAY
    wanted = question.asked.rules.max_words or question.asked.rules.min_words
    return [Place("", lines=min(max(wanted // WORDS_ON_A_LINE, fewest), most))]


_PLACES: dict[str, Callable[[PaperQuestion], list[Place]]] = {
    "choice": _choice,
    "matching": _matching,
    "ordering": _ordering,
    "typed": lambda question: [Place("")],
    "gap_fill": _gaps,
    "scenario": _scenario,
    "essay": _essay,
    "information": lambda question: [],
}


def can_be_printed(template: str) -> bool:
    """Whether a type of questions is known here, by the template that asks it."""
    return template in _PLACES


# --- What stands in a cell of an upload --------------------------------------------------------------------------

LABELLED = re.compile(r"^\(?(?P<label>[A-Z]{1,2}|\d{1,3})\)?\s*[:=.]?\s*(?P<sign>[A-Z]{1,2}|\d{1,3}|-)$", re.IGNORECASE)


def read_cell(question: PaperQuestion, cell: str) -> Posted:
    """What a cell says, as a page would post it. Raises NotationRefused.

    Letters for choices, several one after the other (ACD); pairs as 1C 2A, or the letters in order (C A); places as
    A2 B1, or the numbers in order (2 1); gaps with | between them; everything else as it was written.
    """
    cell = cell.strip()
    places = question.places
    if not cell or not places:
        return {}
    if question.template == "choice":
        return {"": [places[0].value_of(sign) for sign in _signs(cell)]}
    if question.template in ("typed", "essay"):
        return {"": [cell]}
    if question.template == "gap_fill":
        return _in_order(places, [piece.strip() for piece in cell.split("|")])
    return _pairs(places, re.split(r"[\s,;]+", cell))


def _signs(cell: str) -> list[str]:
    """Letters one after the other, or with something between them."""
    pieces = [piece for piece in re.split(r"[\s,;+/]+", cell.upper()) if piece and piece != EMPTY]
    return [sign for piece in pieces for sign in piece]


def _in_order(places: Sequence[Place], pieces: Sequence[str]) -> dict[str, list[str]]:
    if len(pieces) > len(places):
        found = {"count": len(pieces), "most": len(places)}
        raise NotationRefused(_("There are %(count)d answers, and the question has room for %(most)d.") % found)
    return {
        place.part: [place.value_of(piece) if place.choices else piece]
        for place, piece in zip(places, pieces, strict=False)
        if piece and piece != EMPTY
    }


def _pairs(places: Sequence[Place], pieces: Sequence[str]) -> dict[str, list[str]]:
    pieces = [piece for piece in pieces if piece]
    labels = {place.label for place in places}
    if len(pieces) % 2 == 0 and all(piece.upper() in labels for piece in pieces[::2]):
        # With a space between: labels are numbers where answers are letters, and the other way round.
        pieces = [f"{label}{sign}" for label, sign in zip(pieces[::2], pieces[1::2], strict=True)]
    found = [_labelled(piece, places) for piece in pieces]
    if not all(found):
        return _in_order(places, pieces)
    pairs = [pair for pair in found if pair]
    if len({place.part for place, _sign in pairs}) < len(pairs):
        raise NotationRefused(_("Two answers stand for the same place."))
    return {place.part: [place.value_of(sign)] for place, sign in pairs if sign != EMPTY}


def _labelled(piece: str, places: Sequence[Place]) -> tuple[Place, str] | None:
    match = LABELLED.match(piece)
    place = next((p for p in places if match and p.label == match["label"].upper()), None)
    return (place, match["sign"]) if match and place and not piece.isalpha() and not piece.isdigit() else None


def in_signs(question: PaperQuestion, posted: Posted) -> str:
    """What was read, in the signs that stand on paper, to be compared with it."""
    said = []
    for place in question.places:
        values = [value for value in posted.get(place.part, ()) if value.strip()]
        signs = [next((c.sign for c in place.choices if c.value == value), value) for value in values]
        if signs:
            said.append(f"{place.label} {', '.join(signs)}".strip())
    return "; ".join(said)
