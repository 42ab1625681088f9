"""Write GIFT that this product and Moodle read back as the same questions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from assessments.formats import differences
from assessments.formats.gift_escapes import (
    BACKSLASH_STAND_IN,
    STAND_INS,
    category_path,
    escape,
    tag_as_stored,
    write_text,
)
from assessments.formats.gift_ordering import FEWEST_ITEMS
from assessments.formats.gift_reading import CATEGORY, GENERAL_FEEDBACK, LONGEST_ID_NUMBER, read
from assessments.formats.gift_types import FULL, allowed_weight, begins_with_weight, is_number
from assessments.formats.items import Answer, FileRefused, Item, Text, TextFormat
from assessments.formats.lines import trim

BACKSLASH = "\\"
ID = "[id:"
TAG = "[tag:"
_NO_ITEM = re.compile(r"[}\n\r]|####|\A//")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def write(items: Sequence[Item]) -> bytes:
    """Write a GIFT file. Items without a category come first: nothing in the format leads back out of one.

    Raises ValueError for an item that is not supported.
    """
    for item in items:
        if reason := unsupported(item):
            raise ValueError(f"{item.name}: {reason}")
    return _file(items)


def unsupported(item: Item) -> str:
    """Say why GIFT cannot hold this item; "" if it can."""
    if item.qtype not in WRITERS:
        return _("GIFT has no questions of this type.")
    if any(text.files or "@@PLUGINFILE@@" in text.content for text in differences.texts(item)):
        return _("It has pictures or other files, which GIFT cannot hold.")
    if any(sign in text for text in _strings(item) for sign in (*STAND_INS.values(), BACKSLASH_STAND_IN)):
        return _("It holds a row of signs that means something else in GIFT, such as “&&058;”.")
    if any("\0" in text or not _is_unicode(text) for text in _strings(item)):
        return _("It holds signs that no text file can hold.")
    if item.qtype != "ordering" and any(allowed_weight(answer.fraction) is None for answer in item.answers):
        return _("One of its answers has a weight that Moodle does not know.")
    return _unsupported_answers(item) or _changed(item)


def losses(item: Item) -> list[str]:
    """Name what a supported item loses in a GIFT file. Blanks at the ends of texts do not count."""
    return differences.named(item, _read_back(item))


def _unsupported_answers(item: Item) -> str:
    if any(trim(answer.text.content) == "" for answer in item.answers):
        return _("One of its answers has no text.")
    match item.qtype:
        case "truefalse":
            known = {answer.text.content.lower(): answer.fraction for answer in item.answers}
            if known not in ({"true": FULL, "false": 0}, {"true": 0, "false": FULL}):
                return _("It needs the two answers true and false, one of them right.")
        case "multichoice" if item.settings.get("single", True):
            if not any(answer.fraction == FULL for answer in item.answers):
                return _("None of its answers gives 100 %.")
        case "shortanswer":
            if any("->" in text for answer in item.answers for text in (answer.text.content, answer.feedback.content)):
                return _("The arrow “->” in an answer would make it a matching question.")
        case "match":
            if any("->" in pair.text.content for pair in item.pairs):
                return _("The left side of a pair cannot hold the arrow “->”.")
        case "numerical":
            if any(not is_number(answer.text.content) and answer.text.content != "*" for answer in item.answers):
                return _("One of its answers is not a number.")
        case "ordering":
            if len(item.answers) < FEWEST_ITEMS:
                return _("It has fewer than two items.")
            if any(_NO_ITEM.search(trim(answer.text.content)) for answer in item.answers):
                return _("Each item must be one line, without “}” and “####”, and cannot begin with “//”.")
    return ""


def _changed(item: Item) -> str:
    """Whether what counts comes back from a file. This is the last net: the reasons above are the likely ones."""
    try:
        reading = read(_file([item]))
    except FileRefused:
        return _("GIFT cannot hold it as it is.")
    if reading.refused:
        return reading.refused[0].reason
    if len(reading.items) != 1 or not differences.same_question(item, reading.items[0]):
        return _("GIFT cannot hold it as it is.")
    return ""


def _read_back(item: Item) -> Item:
    return read(write([item])).items[0]


def _file(items: Sequence[Item]) -> bytes:
    # A name of more than one line would swallow the questions below it.
    placed = [(category_path(item.category.replace("\n", " ")), item) for item in items]
    written = []
    current = ""
    for category, item in sorted(placed, key=lambda one: one[0] != ""):
        if category != current:
            current = category
            written.append(f"{CATEGORY} {category.replace(BACKSLASH, BACKSLASH * 2)}\n\n")
        written.append(f"{_labels(item)}::{escape(item.name)}::{WRITERS[item.qtype](item)}\n\n")
    return "".join(written).encode()


def _labels(item: Item) -> str:
    """The comment that holds id and tags. What would be read back as something else is left out: `losses` names it."""
    labels = []
    id_number = trim(item.id_number)
    if id_number and len(id_number) <= LONGEST_ID_NUMBER and not _CONTROL.search(id_number) and TAG not in id_number:
        labels.append(f"{ID}{_brackets_escaped(id_number)}]")
    for tag in item.tags:
        if tag and tag == tag_as_stored(tag) and TAG not in tag and ID not in tag:
            labels.append(f"{TAG}{_brackets_escaped(tag)}]")
    # A line each: a label that ends with a backslash would run on into the next one.
    return "".join(f"// {label}\n" for label in labels)


def _brackets_escaped(label: str) -> str:
    return label.replace("]", "\\]")


def _description(item: Item) -> str:
    return write_text(item.text, TextFormat.MOODLE)


def _essay(item: Item) -> str:
    return _with_braces(item, [])


def _truefalse(item: Item) -> str:
    right, wrong = sorted(item.answers, key=lambda answer: answer.fraction, reverse=True)
    is_true = right.text.content.lower() == "true"
    feedback = [_text(answer.feedback, item) for answer in (wrong, right)]
    while feedback and not feedback[-1]:
        feedback.pop()
    return _with_braces(item, ["#".join(["TRUE" if is_true else "FALSE", *feedback])])


def _multichoice(item: Item) -> str:
    single = item.settings.get("single", True)
    lines = []
    for answer in item.answers:
        text = _text(answer.text, item)
        if single and answer.fraction == FULL:
            sign = "="
        else:
            sign = "~" + (_weight(answer) if answer.fraction or begins_with_weight(text) else "")
        lines.append(sign + text + _feedback(answer, item))
    return _with_braces(item, lines)


def _shortanswer(item: Item) -> str:
    lines = []
    for answer in item.answers:
        text = write_text(replace(answer.text, format=TextFormat.MOODLE), TextFormat.MOODLE)
        plain = answer.fraction == FULL and not begins_with_weight(text)
        lines.append("=" + ("" if plain else _weight(answer)) + text + _feedback(answer, item))
    return _with_braces(item, lines)


def _numerical(item: Item) -> str:
    lines = []
    for number, answer in enumerate(item.answers, start=1):
        is_rest = answer.text.content == "*" and not answer.fraction and number == len(item.answers) > 1
        sign = "~" if is_rest else "=" + ("" if answer.fraction == FULL else _weight(answer))
        tolerance = f":{answer.tolerance:f}" if answer.tolerance and answer.text.content != "*" else ""
        value = "" if is_rest else answer.text.content + tolerance
        lines.append(sign + value + _feedback(answer, item))
    return _with_braces(item, lines, opening="{#")


def _match(item: Item) -> str:
    return _with_braces(item, [f"={_text(pair.text, item)} -> {escape(pair.answer)}" for pair in item.pairs])


def _ordering(item: Item) -> str:
    settings = item.settings
    options = [
        str(settings.get("selectcount", len(item.answers))),
        settings.get("selecttype", "RANDOM"),
        settings.get("layouttype", "VERTICAL"),
        settings.get("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST"),
        "SHOW" if settings.get("showgrading", True) else "HIDE",
        settings.get("numberingstyle", "none"),
    ]
    lines = [answer.text.content.replace(BACKSLASH, BACKSLASH * 2) for answer in item.answers]
    return _with_braces(item, lines, opening="{>" + " ".join(options))


WRITERS: dict[str, Callable[[Item], str]] = {
    "description": _description,
    "essay": _essay,
    "truefalse": _truefalse,
    "multichoice": _multichoice,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "match": _match,
    "ordering": _ordering,
}


def _with_braces(item: Item, lines: Sequence[str], opening: str = "{") -> str:
    if item.general_feedback.content:
        lines = [*lines, GENERAL_FEEDBACK + _text(item.general_feedback, item)]
    body = "".join(f"\t{line}\n" for line in lines)
    return write_text(item.text, TextFormat.MOODLE) + opening + ("\n" + body if body else "") + "}"


def _text(text: Text, item: Item) -> str:
    return write_text(text, item.text.format) if text.content else ""


def _feedback(answer: Answer, item: Item) -> str:
    return "#" + _text(answer.feedback, item) if answer.feedback.content else ""


def _weight(answer: Answer) -> str:
    return f"%{allowed_weight(answer.fraction) or 0:f}%"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _strings(item: Item) -> list[str]:
    return [item.name, *(text.content for text in differences.texts(item)), *(pair.answer for pair in item.pairs)]
