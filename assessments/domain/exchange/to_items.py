"""Rows as the questions of Moodle, and what of them is lost on the way."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from assessments.domain.exchange.pictures import OutgoingPictures
from assessments.domain.exchange.refusing import NotHeld
from assessments.domain.exchange.texts import to_text
from assessments.formats.items import Answer, Item, Pair, Text, TextFormat, Unit
from assessments.models import Question
from assessments.questions import Asked, Option

FULL, NOTHING = Decimal(100), Decimal(0)
_GAP = re.compile(r"\[\[([0-9]{1,3})\]\]")


@dataclass
class Writer:
    """One question on its way out. `lost` says in sentences what no file of Moodle's holds."""

    row: Question
    asked: Asked
    pictures: OutgoingPictures
    lost: list[str] = field(default_factory=list)

    def text(self, markup: str) -> Text:
        return to_text(markup, self.pictures.fetch)


def item_of(row: Question, pictures: OutgoingPictures) -> tuple[Item, list[str]]:
    """The question as Moodle has it, and what is lost. Raises NotHeld for a type that Moodle does not have.

    The row's category and tags are read; fetch them beforehand.
    """
    writer = Writer(row, row.asked(), pictures)
    convert = CONVERTERS.get(row.kind)
    if convert is None:
        raise NotHeld(_("Moodle has no questions of this type."))
    begun = Item(
        qtype="",
        name=row.name or row.key,
        text=writer.text(row.prompt),
        category=f"top/{row.category.path}" if row.category else "",
        default_grade=row.weight,
        general_feedback=writer.text(row.feedback),
        id_number=row.key,
        tags=tuple(sorted(tag.name for tag in row.tags.all())),
    )
    item = convert(writer, begun)
    if row.all_or_nothing and row.kind != "ordering":
        writer.lost.append(_("That it earns all or nothing is lost."))
    if row.kind in ("short_text", "gap_fill") and not row.accents_matter:
        writer.lost.append(_("In Moodle accents matter in its answers."))
    return item, writer.lost


def _answer(writer: Writer, option: Option, fraction: Decimal) -> Answer:
    return Answer(writer.text(option.text), fraction, writer.text(option.feedback))


def _single_choice(writer: Writer, item: Item) -> Item:
    answers = tuple(_answer(writer, option, option.fraction * 100) for option in writer.asked.options)
    settings = {"single": True, "shuffleanswers": writer.row.shuffle}
    return replace(item, qtype="multichoice", answers=answers, settings=settings)


def _multiple_choice(writer: Writer, item: Item) -> Item:
    options = writer.asked.options
    states_shares = any(option.share is not None for option in options)
    each = (FULL / max(1, sum(option.correct for option in options))).quantize(Decimal("0.00001"))

    def fraction(option: Option) -> Decimal:
        if states_shares:
            return option.fraction * 100
        return each if option.correct else -each

    answers = tuple(_answer(writer, option, fraction(option)) for option in options)
    settings = {"single": False, "shuffleanswers": writer.row.shuffle}
    return replace(item, qtype="multichoice", answers=answers, settings=settings)


def _true_false(writer: Writer, item: Item) -> Item:
    if any(option.text for option in writer.asked.options):
        writer.lost.append(_("Moodle writes “True” and “False” in its own words."))
    answers = tuple(
        Answer(Text(word, TextFormat.MOODLE), FULL if option.correct else NOTHING, writer.text(option.feedback))
        for word, option in zip(("true", "false"), writer.asked.options, strict=True)
    )
    return replace(item, qtype="truefalse", answers=answers)


def _accepted(writer: Writer, option: Option) -> Answer:
    share = FULL if option.share is None else option.share
    return Answer(Text(option.text, TextFormat.PLAIN), share, writer.text(option.feedback), option.tolerance)


def _short_text(writer: Writer, item: Item) -> Item:
    answers = tuple(_accepted(writer, option) for option in writer.asked.options)
    return replace(item, qtype="shortanswer", answers=answers, settings={"usecase": writer.row.case_sensitive})


def _numeric(writer: Writer, item: Item) -> Item:
    units = tuple(Unit(option.text, option.multiplier) for option in writer.asked.of_type("unit"))
    settings: dict[str, Any] = {}
    if units:
        penalty = Decimal(writer.row.unit_penalty) / 100
        settings = {"unitgradingtype": int(penalty > 0), "unitpenalty": penalty, "showunits": 0, "unitsleft": False}
    answers = tuple(_accepted(writer, option) for option in writer.asked.of_type("number"))
    return replace(item, qtype="numerical", answers=answers, units=units, settings=settings)


def _matching(writer: Writer, item: Item) -> Item:
    pairs = tuple(Pair(writer.text(option.text), option.match) for option in writer.asked.options)
    return replace(item, qtype="match", pairs=pairs, settings={"shuffleanswers": writer.row.shuffle})


def _ordering(writer: Writer, item: Item) -> Item:
    answers = tuple(Answer(writer.text(option.text)) for option in writer.asked.options)
    grading = "ALL_OR_NOTHING" if writer.row.all_or_nothing else "RELATIVE_NEXT_EXCLUDE_LAST"
    settings = {"gradingtype": grading, "selecttype": "ALL", "selectcount": len(answers), "layouttype": "VERTICAL"}
    return replace(item, qtype="ordering", answers=answers, settings=settings)


def _essay(writer: Writer, item: Item) -> Item:
    row = writer.row
    template = str(escape(row.template)).replace("\n", "<br>")
    settings = {
        "responseformat": "editor",
        "responserequired": True,
        "minwordlimit": row.min_words or None,
        "maxwordlimit": row.max_words or None,
        "graderinfo": writer.text(row.marking_notes),
        "responsetemplate": Text(template),
    }
    return replace(item, qtype="essay", settings=settings)


def _information(writer: Writer, item: Item) -> Item:
    return replace(item, qtype="description", default_grade=NOTHING)


def _gap_fill(writer: Writer, item: Item) -> Item:
    gaps = tuple(_gap(writer, option) for option in writer.asked.options)
    if sum((gap.default_grade for gap in gaps), NOTHING) != writer.row.weight:
        writer.lost.append(_("In Moodle its points are those of its gaps together."))
    text = replace(item.text, content=_GAP.sub(r"{#\1}", item.text.content))
    return replace(
        item, qtype="multianswer", text=text, gaps=gaps, default_grade=sum((gap.default_grade for gap in gaps), NOTHING)
    )


def _gap(writer: Writer, gap: Option) -> Item:
    weight = gap.weight.to_integral_value()
    if weight != gap.weight:
        weight = max(weight, Decimal(1))
        writer.lost.append(_("In Moodle the weight of a gap is a whole number."))
    begun = Item(qtype="", name=writer.row.name, text=Text(), default_grade=weight, penalty=NOTHING)
    if gap.control == "choice":
        answers = tuple(
            Answer(Text(str(escape(option.text))), option.fraction * 100, writer.text(option.feedback))
            for option in gap.inside
        )
        settings = {"single": True, "shuffleanswers": False, "layout": "dropdown"}
        return replace(begun, qtype="multichoice", answers=answers, settings=settings)
    answers = tuple(_accepted(writer, option) for option in gap.inside)
    if gap.control == "number":
        return replace(begun, qtype="numerical", answers=answers)
    return replace(begun, qtype="shortanswer", answers=answers, settings={"usecase": writer.row.case_sensitive})


CONVERTERS: dict[str, Callable[[Writer, Item], Item]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "information": _information,
    "gap_fill": _gap_fill,
}
