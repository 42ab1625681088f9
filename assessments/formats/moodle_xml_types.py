"""One question of a Moodle XML file, type by type, with what Moodle fills in where the file says nothing."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assessments.formats import cloze
from assessments.formats.items import Answer, Item, Pair, Text, TextFormat, Unit
from assessments.formats.moodle_values import SPACE, is_empty, leading_number, number, number_and_unit, plain_number
from assessments.formats.moodle_xml_parts import (
    Unreadable,
    amount,
    choices,
    clean_name,
    combined_feedback,
    embedded,
    hints,
    is_left_out,
    plain_in,
    shortened,
    tags,
    text_in,
    tolerance_of,
    value,
    whole,
    words_of,
    written_answers,
    yes,
)
from assessments.formats.xml_tree import Node

PENALTY = Decimal("0.3333333")
ID_NUMBER_AT_MOST = 100
_OLD_PENALTY_ROUNDING = Decimal("0.005")

# Numbers that Moodle writes into its files: units may be left away, or there are none (qtype_numerical).
UNITS_OPTIONAL = 0
NO_UNITS = 3

ORDERING_GRADINGS = {
    "ALL_OR_NOTHING",
    "ABSOLUTE_POSITION",
    "RELATIVE_NEXT_EXCLUDE_LAST",
    "RELATIVE_NEXT_INCLUDE_LAST",
    "RELATIVE_ONE_PREVIOUS_AND_NEXT",
    "RELATIVE_ALL_PREVIOUS_AND_NEXT",
    "LONGEST_ORDERED_SUBSET",
    "LONGEST_CONTIGUOUS_SUBSET",
    "RELATIVE_TO_CORRECT",
}
_ORDERING_WORDS = {
    **dict.fromkeys(("HORIZONTAL", "HORI", "H", "1"), "HORIZONTAL"),
    **dict.fromkeys(("ALL", "EXACT"), "ALL"),
    **dict.fromkeys(("CONTIGUOUS", "CONTIG"), "CONTIGUOUS"),
    **dict.fromkeys(("ABS", "ABSOLUTE", "ABSOLUTE_POSITION"), "ABSOLUTE_POSITION"),
    **{word: word for word in ORDERING_GRADINGS},
}
_NUMBERINGS = {"none", "123", "abc", "ABCD", "iii", "IIII"}

# Tags that some type has; what stands in others is another program's, and reported.
_KNOWN_TAGS = {
    *("name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber"),
    *("tags", "coursetags", "hint", "image", "image_base64", "answer", "single", "shuffleanswers"),
    *("answernumbering", "showstandardinstruction", "correctfeedback", "partiallycorrectfeedback"),
    *("incorrectfeedback", "shownumcorrect", "correctresponsesfeedback", "usecase", "units"),
    *("unitgradingtype", "unitpenalty", "showunits", "unitsleft", "instructions", "subquestion"),
    *("responseformat", "responserequired", "responsefieldlines", "minwordlimit", "maxwordlimit"),
    *("attachments", "attachmentsrequired", "maxbytes", "filetypeslist", "graderinfo"),
    *("responsetemplate", "layouttype", "selecttype", "selectcount", "gradingtype", "showgrading"),
    *("numberingstyle", "logical", "studentsee", "questiontextformat"),
}


class _Part(NamedTuple):
    """What all readers of a type are given: the question so far, without what only its type has."""

    node: Node
    format: TextFormat
    notes: list[str]


def item_of(node: Node, notes: list[str]) -> Item:
    written = node.attributes.get("type")
    if written is None:
        raise Unreadable(_("The question has no type."))
    qtype = {"matching": "match", "cloze": "multianswer"}.get(written, written)
    reader = _TYPES.get(qtype)
    if reader is None:
        raise Unreadable(_("There are no questions of the type “%(type)s” here.") % {"type": written[:50]})
    if node.is_cut:
        raise Unreadable(_("The question has too many tags."))
    item = _headers(node, qtype, notes)
    for child in node.children:
        if child.tag not in _KNOWN_TAGS and (child.children or child.words):
            notes.append(_("What stands in <%(tag)s> is not kept.") % {"tag": child.tag[:50]})
    return reader(item, _Part(node, item.text.format, notes))


def _headers(node: Node, qtype: str, notes: list[str]) -> Item:
    """What all types have."""
    text = text_in(node.child("questiontext"), TextFormat.HTML, notes)
    penalty_written = value(node, "penalty", str(PENALTY))
    if leading_number(penalty_written) is None:
        raise Unreadable(_("“%(words)s” in <penalty> is not a number.") % {"words": penalty_written[:50]})
    penalty = amount(node, "penalty", PENALTY)
    id_node = node.child("idnumber")
    id_number = "" if id_node is None else words_of(id_node)
    if len(id_number) > ID_NUMBER_AT_MOST:
        raise Unreadable(_("The id number is longer than %(count)d signs.") % {"count": ID_NUMBER_AT_MOST})
    return Item(
        qtype=qtype,
        name="" if qtype == "multianswer" else _name(node),
        text=_with_old_image(node, text, notes) if qtype != "multianswer" else text,
        line=node.line,
        # Moodle works these out, whatever the file says.
        default_grade=Decimal(0)
        if qtype in ("description", "multianswer")
        else amount(node, "defaultgrade", Decimal(1)),
        penalty=PENALTY if abs(penalty - PENALTY) < _OLD_PENALTY_ROUNDING else penalty,
        general_feedback=text_in(node.child("generalfeedback"), text.format, notes),
        id_number=id_number,
        tags=tags(node, notes),
    )


def _name(node: Node) -> str:
    parent = node.child("name")
    inner = parent.child("text") if parent else None
    if inner is None:
        raise Unreadable(_("The question has no name (<name><text>...</text></name>)."))
    return words_of(inner).strip(SPACE)


def _with_old_image(node: Node, text: Text, notes: list[str]) -> Text:
    """The text with the picture that files of Moodle 1.9 have beside it."""
    given = value(node, "image")
    encoded = value(node, "image_base64")
    if is_empty(given):
        return text
    if is_empty(encoded):
        notes.append(_("The picture “%(name)s” is not in the file.") % {"name": given[:80]})
        return text
    kept = embedded(clean_name(given.replace("/", "_")), "/", encoded, notes)
    if kept is None:
        return text
    content = f'{text.content} <img src="@@PLUGINFILE@@/{kept.name}" />'
    if any((file.path, file.name) == (kept.path, kept.name) for file in text.files):
        notes.append(_("The file “%(name)s” is there twice; the first is kept.") % {"name": kept.name})
        return Text(content, text.format, text.files)
    return Text(content, text.format, (*text.files, kept))


def _multichoice(item: Item, part: _Part) -> Item:
    answers = tuple(choices(part.node, part.format, part.notes))
    if len(answers) < 2:
        raise Unreadable(_("A multiple choice question needs at least two answers."))
    numbering = value(part.node, "answernumbering", "abc")
    settings: dict[str, Any] = {
        "single": yes(value(part.node, "single", "true")),
        "shuffleanswers": yes(value(part.node, "shuffleanswers", "false")),
        "answernumbering": "abc" if is_empty(numbering) else numbering,
        "showstandardinstruction": not is_empty(value(part.node, "showstandardinstruction", "1")),
        **combined_feedback(part.node, part.format, part.notes),
        **hints(part.node, part.format, part.notes, with_parts=True),
    }
    return replace(item, answers=tuple(answer for answer in answers if answer.text.content), settings=settings)


def _truefalse(item: Item, part: _Part) -> Item:
    answers = {True: Text("", part.format), False: Text("", part.format)}
    right = None
    for place, node in enumerate(part.node.all("answer")):
        written = plain_in(node, part.notes)
        if written not in ("true", "false"):
            # Old files have the words in their own language, the right one first.
            part.notes.append(_("An answer is neither “true” nor “false”; the first is taken as true."))
        says = written == "true" if written in ("true", "false") else place == 0
        is_full = plain_number(node.attributes.get("fraction", "")) == 100
        right = is_full if says else not is_full
        answers[says] = text_in(node.child("feedback"), part.format, part.notes)
    if right is None:
        raise Unreadable(_("The question has no answers."))
    return replace(
        item,
        answers=tuple(
            Answer(Text(word, TextFormat.MOODLE), Decimal(100 if says == right else 0), answers[says])
            for says, word in ((True, "true"), (False, "false"))
        ),
        settings=hints(part.node, part.format, part.notes, with_parts=False),
    )


def _shortanswer(item: Item, part: _Part) -> Item:
    answers = [answer for _node, answer in written_answers(part.node, part.format, part.notes)]
    if max((answer.fraction for answer in answers), default=None) != 100:
        raise Unreadable(_("No answer is worth 100 per cent."))
    settings = {
        "usecase": bool(whole(part.node, "usecase", 0)),
        **hints(part.node, part.format, part.notes, with_parts=False),
    }
    return replace(item, answers=tuple(answer for answer in answers if not is_left_out(answer)), settings=settings)


def _numerical(item: Item, part: _Part) -> Item:
    units = tuple(_units(part))
    unit_first = bool(whole(part.node, "unitsleft", 0))
    answers = []
    for node, answer in written_answers(part.node, part.format, part.notes):
        if not is_left_out(answer):
            kept = _without_unit(answer, units, unit_first, part.notes)
            answers.append(replace(kept, tolerance=tolerance_of(node, part.notes)))
    if not answers:
        raise Unreadable(_("The question has no answers."))
    has_units = any(True for parent in part.node.all("units") for _unit in parent.all("unit"))
    settings: dict[str, Any] = {
        "unitgradingtype": whole(part.node, "unitgradingtype", 0),
        "unitpenalty": amount(part.node, "unitpenalty", Decimal("0.1")),
        "showunits": whole(part.node, "showunits", UNITS_OPTIONAL if has_units else NO_UNITS),
        "unitsleft": unit_first,
        **hints(part.node, part.format, part.notes, with_parts=False),
    }
    instructions = text_in(part.node.child("instructions"), part.format, part.notes)
    if instructions.content:
        settings["instructions"] = instructions
    return replace(item, answers=tuple(answers), units=units, settings=settings)


def _units(part: _Part) -> list[Unit]:
    """The units, each name once; one without a name or a multiplier is none."""
    parent = part.node.child("units")
    kept: dict[str, Unit] = {}
    for node in parent.all("unit") if parent else ():
        name, multiplier = value(node, "unit_name"), value(node, "multiplier", "1")
        if is_empty(name) or is_empty(multiplier):
            continue
        found = number_and_unit(multiplier)
        if found is None or not found[0]:
            raise Unreadable(_("The unit “%(name)s” has no number to multiply with.") % {"name": name[:50]})
        kept.setdefault(name, Unit(name, found[0]))
    return list(kept.values())


def _without_unit(answer: Answer, units: tuple[Unit, ...], unit_first: bool, notes: list[str]) -> Answer:
    """The answer as a number alone, in the first unit. Raises Unreadable when it is none."""
    words = answer.text.content
    if words == "*":
        return answer
    found = number_and_unit(words, unit_first=unit_first and bool(units))
    if found is None:
        raise Unreadable(_("The answer “%(words)s” is neither a number nor *.") % {"words": words[:50]})
    amount_, unit = found
    if not unit:
        return answer
    multiplier = next((known.multiplier for known in units if known.name == unit), None)
    if multiplier is None:
        notes.append(
            _("Of the answer “%(words)s” only the number is kept: the unit is unknown.") % {"words": words[:50]}
        )
    else:
        amount_ = (amount_ / multiplier).normalize()
    return replace(answer, text=Text(f"{amount_:f}", TextFormat.PLAIN))


def _match(item: Item, part: _Part) -> Item:
    pairs = []
    for node in part.node.all("subquestion"):
        text = text_in(node, part.format, part.notes)
        answer = plain_in(node.child("answer"), part.notes)
        if text.content and not answer:
            raise Unreadable(_("“%(text)s” has no answer.") % {"text": shortened(text.content)})
        if answer:
            pairs.append(Pair(text, answer))
    if not pairs:
        raise Unreadable(_("There is nothing to match."))
    settings = {
        "shuffleanswers": yes(value(part.node, "shuffleanswers", "1")),
        **combined_feedback(part.node, part.format, part.notes),
        **hints(part.node, part.format, part.notes, with_parts=True),
    }
    return replace(item, pairs=tuple(pairs), settings=settings)


def _essay(item: Item, part: _Part) -> Item:
    node = part.node
    attachments = whole(node, "attachments", 0)
    settings: dict[str, Any] = {
        "responseformat": value(node, "responseformat", "editor"),
        "responserequired": bool(whole(node, "responserequired", 1)),
        "responsefieldlines": whole(node, "responsefieldlines", 15),
        "minwordlimit": whole(node, "minwordlimit", 0) or None,
        "maxwordlimit": whole(node, "maxwordlimit", 0) or None,
        "attachments": attachments,
        "attachmentsrequired": whole(node, "attachmentsrequired", 0) if attachments else 0,
        "maxbytes": whole(node, "maxbytes", 0),
        "filetypeslist": value(node, "filetypeslist"),
        "graderinfo": text_in(node.child("graderinfo"), part.format, part.notes),
        "responsetemplate": text_in(node.child("responsetemplate"), part.format, part.notes, has_files=False),
    }
    _note_hints(part)
    return replace(item, settings=settings)


def _note_hints(part: _Part) -> None:
    if hints(part.node, part.format, [], with_parts=True):
        part.notes.append(_("A question of this type has no hints; they are not kept."))


def _description(item: Item, part: _Part) -> Item:
    _note_hints(part)
    return item


def _multianswer(item: Item, part: _Part) -> Item:
    name = _cloze_name(part)
    content, gaps = cloze.extract(item.text.content, name or "")
    if name is None:
        name = shortened(content) or _("Question")
        gaps = tuple(replace(gap, name=name) for gap in gaps)
    return replace(
        item,
        name=name,
        text=_with_old_image(part.node, replace(item.text, content=content), part.notes),
        gaps=gaps,
        default_grade=sum((gap.default_grade for gap in gaps), Decimal(0)),
        settings=hints(part.node, part.format, part.notes, with_parts=True),
    )


def _cloze_name(part: _Part) -> str | None:
    """The name, or None when the file has none and the question is named after its text."""
    return None if part.node.child("name") is None else _name(part.node)


def _ordering(item: Item, part: _Part) -> Item:
    node = part.node
    is_old = node.child("selecttype") is None
    count = value(node, "studentsee" if is_old else "selectcount", "6")
    chosen = number(count) if not is_empty(count) else None
    numbering = value(node, "numberingstyle")
    answers = []
    for place in node.all("answer"):
        text = text_in(place, part.format, part.notes)
        if text.content:
            answers.append(Answer(text))
        if text_in(place.child("feedback"), part.format, []).content:
            part.notes.append(_("The items of an ordering question have no feedback; it is not kept."))
    if len(answers) < 2:
        raise Unreadable(_("An ordering question needs at least two items."))
    shown = node.child("shownumcorrect")
    settings: dict[str, Any] = {
        "layouttype": _ordering_word(node, "layouttype", {"HORIZONTAL"}, "VERTICAL"),
        "selecttype": _ordering_word(node, "logical" if is_old else "selecttype", {"ALL", "CONTIGUOUS"}, "RANDOM"),
        "selectcount": int(chosen) if chosen is not None and chosen >= 2 else 2,
        "gradingtype": _ordering_word(node, "gradingtype", ORDERING_GRADINGS, "RELATIVE_NEXT_EXCLUDE_LAST"),
        "showgrading": value(node, "showgrading", "1").upper() not in ("HIDE", "FALSE", "NO"),
        "numberingstyle": numbering if numbering in _NUMBERINGS else "none",
        **combined_feedback(node, part.format, part.notes),
        "shownumcorrect": shown is None or not is_empty(words_of(shown).strip(SPACE)),
        **hints(node, TextFormat.HTML, part.notes, with_parts=True),
    }
    return replace(item, answers=tuple(answers), settings=settings)


def _ordering_word(node: Node, tag: str, known: set[str], otherwise: str) -> str:
    word = _ORDERING_WORDS.get(value(node, tag).upper(), "")
    return word if word in known else otherwise


_TYPES: dict[str, Callable[[Item, _Part], Item]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "match": _match,
    "essay": _essay,
    "description": _description,
    "multianswer": _multianswer,
    "ordering": _ordering,
}
