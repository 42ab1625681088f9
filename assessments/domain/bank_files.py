"""Questions in the files of a course package: read, taken from the database, and written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks import BooleanBlock, CharBlock, ChoiceBlock, DecimalBlock, ListBlock, StructBlock

from assessments import questions
from assessments.domain.bank_rows import QuestionData, html_of
from assessments.models import Question
from assessments.models.options import BLOCKS, INSIDE
from assessments.questions import Asked, Option, QuestionType, Rules
from assessments.questions.base import PLAIN_TEXTS
from courses.blocks.text import RunningTextBlock
from courses.domain.packages.markdown import write_markdown
from courses.domain.packages.richtext import from_html
from courses.domain.packages.schema import Fields, Reading
from courses.domain.packages.values import Markdown, tidy_line
from courses.domain.packages.yaml_reading import Node

# What a package can say of rich text; pictures stay in the CMS.
PROMPT = ["bold", "italic", "ol", "ul"]
PHRASE = ["bold", "italic"]
# What the lines of each block are called in a file.
LISTS = {
    "option": "options",
    "pair": "pairs",
    "item": "items",
    "accepted": "accepted",
    "number": "numbers",
    "unit": "units",
    "gap": "gaps",
    "step": "steps",
    "answer": "answers",
    "choice": "choices",
}
TRUE_FALSE = "true_false"
MOST = 10**12  # of any number that a file says
# What is decided once, in the language that comes first; a translation says the rest.
DECIDED_ONCE = {"correct", "share", "tolerance", "multiplier", "weight", "control", "name", "leads_to"}


# --- Reading -----------------------------------------------------------------------------------------------------


def read_question(fields: Fields, leader: QuestionData | None, reading: Reading) -> QuestionData | None:
    """One entry of a bank's file. `leader` is the question in the language that comes first; None when this is it."""
    key = leader.kind if leader else fields.choice("kind", [key for key, _label in questions.choices()])
    prompt = fields.demand("prompt")
    feedback, marking_notes = fields.take("feedback"), fields.take("marking_notes")
    kind = questions.get(key) if key else None
    options = _read_options(fields, kind, leader, reading) if kind else _skip_options(fields)
    data = QuestionData(
        kind=key,
        prompt=reading.markdown(prompt, "prompt", PROMPT) if prompt else Markdown(""),
        options=tuple(options),
        template=fields.text("template", max_length=10_000, lines=True),
        feedback=reading.markdown(feedback, "feedback", PROMPT) if feedback else Markdown(""),
        marking_notes=reading.markdown(marking_notes, "marking_notes", PROMPT) if marking_notes else Markdown(""),
    )
    if leader is None:
        data = replace(data, **_read_decisions(fields, kind, reading))
    else:
        said = ("weight", "rules", "category", "tags", "name")
        data = replace(data, **{name: getattr(leader, name) for name in said})
    if kind is None:
        return None
    try:
        kind.validate(_asked(data))
    except ValidationError as error:
        reading.problems.add(fields.node.place, " ".join(error.messages))
    return data


def _asked(data: QuestionData) -> Asked:
    return Asked(
        options=tuple(option.with_texts(html_of) for option in data.options),
        rules=data.rules,
        prompt=html_of(data.prompt),
    )


def _read_decisions(fields: Fields, kind: QuestionType | None, reading: Reading) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    for name in kind.rules if kind else ():
        default = getattr(Rules(), name)
        node = fields.take(name)
        if node is not None:
            whole = not isinstance(default, bool)
            rules[name] = reading.whole(node, name, 0, 100_000) if whole else reading.flag(node, name)
    weight = fields.take("weight")
    return {
        "rules": Rules(**rules),
        "weight": _decimal(weight, "weight", reading, Decimal(1), lowest=0, highest=10_000),
        "category": fields.text("category", max_length=400),
        "name": fields.text("name", max_length=255),
        "tags": tuple(sorted(reading.text(node, "tags", max_length=100) for node in fields.items("tags"))),
    }


def _decimal(
    node: Node | None,
    name: str,
    reading: Reading,
    default: Any,
    *,
    lowest: int | None = None,
    highest: int | None = None,
) -> Any:
    if node is None:
        return default
    lowest, highest = (0 if lowest is None else lowest), (MOST if highest is None else highest)
    text = reading.text(node, name, max_length=30)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not lowest <= number <= highest:
        message = _("“%(name)s” must be a number from %(lowest)s to %(highest)s, with a point for decimals.")
        reading.problems.add(node.place, message % {"name": name, "lowest": lowest, "highest": highest})
        return default
    return number


def _skip_options(fields: Fields) -> list[Option]:
    for name in (*LISTS.values(), "answer", "if_true", "if_false"):
        fields.take(name)
    return []


def _read_options(fields: Fields, kind: QuestionType, leader: QuestionData | None, reading: Reading) -> list[Option]:
    """The options; in a translation what is right comes from the leading language, and so does their order."""
    if kind.key == TRUE_FALSE:
        options = _read_true_false(fields, leader, reading)
    else:
        full = leader is None or kind.answers_by_language
        options = [
            option
            for block in kind.blocks
            for option in _read_list(fields, block, BLOCKS[block], full=full, reading=reading)
        ]
    if leader is None:
        return options
    try:
        return kind.align(options, leader.options)
    except ValueError:
        message = _("The options must have the same keys as in the language that comes first.")
        reading.problems.add(fields.node.place, message)
        return list(leader.options)


def _read_true_false(fields: Fields, leader: QuestionData | None, reading: Reading) -> list[Option]:
    feedback = {name: _phrase(fields.take(f"if_{name}"), f"if_{name}", reading) for name in ("true", "false")}
    node = fields.demand("answer") if leader is None else None
    answer = reading.flag(node, "answer") if node else None
    return [Option(id=name, correct=answer is (name == "true"), feedback=text) for name, text in feedback.items()]


def _phrase(node: Node | None, name: str, reading: Reading) -> str:
    return str(reading.markdown(node, name, PHRASE)) if node else ""


def _read_list(fields: Fields, type_name: str, block: StructBlock, *, full: bool, reading: Reading) -> Iterator[Option]:
    for item in fields.items(LISTS[type_name]):
        entry = Fields(reading.mapping(item, LISTS[type_name]), reading)
        values: dict[str, Any] = {"id": entry.key(), "type": type_name}
        for name, child in block.child_blocks.items():
            if isinstance(child, ListBlock):
                inner = _read_list(entry, INSIDE[type_name], child.child_block, full=full, reading=reading)
                values[name] = tuple(inner)
            elif full or name not in DECIDED_ONCE:
                values[name] = _read_value(entry, type_name, name, child, reading)
        entry.finish()
        if values["id"]:
            yield Option(**values)


def _read_value(entry: Fields, type_name: str, name: str, child: Any, reading: Reading) -> Any:
    if isinstance(child, BooleanBlock):
        return entry.flag(name)
    if isinstance(child, ChoiceBlock):
        return entry.choice(
            name, [value for value, _label in child.field.choices if value], default=child.get_default()
        )
    if isinstance(child, DecimalBlock):
        field, node = child.field, entry.take(name)
        lowest, highest = field.min_value, field.max_value
        return _decimal(node, name, reading, child.get_default(), lowest=lowest, highest=highest)
    # Only in the CMS may an option be a picture, or say no more than "true".
    required = child.required or (type_name, name) == ("option", "text")
    node = entry.demand(name) if required else entry.take(name)
    if node is None:
        return ""
    if isinstance(child, RunningTextBlock):
        features = PROMPT if "ul" in child.features else PHRASE
        return str(reading.markdown(node, name, features))
    return reading.checked(node, name, child.field)


# --- From the database -------------------------------------------------------------------------------------------


def dump_question(row: Question) -> QuestionData:
    asked = row.asked()
    options = [_tidy(option.with_texts(lambda html: str(_markdown(html, PROMPT)))) for option in asked.options]
    if row.kind == TRUE_FALSE:
        # Once to the file and back, so that what no file holds (the wording of "true") is no difference.
        names = ("true", "false")
        options = [replace(option, id=name, text="") for name, option in zip(names, options, strict=False)]
    return QuestionData(
        kind=row.kind,
        prompt=_markdown(row.prompt, PROMPT),
        options=tuple(options),
        feedback=_markdown(row.feedback, PROMPT),
        weight=row.weight.normalize() + 0,
        rules=_only_those_of(questions.get(row.kind), asked.rules),
        category=row.category.path if row.category else "",
        tags=tuple(sorted(tag.name for tag in row.tags.all())),
        name=row.name,
        template=row.template,
        marking_notes=_markdown(row.marking_notes, PROMPT),
    )


def _only_those_of(kind: QuestionType, rules: Rules) -> Rules:
    return Rules(**{name: getattr(rules, name) for name in kind.rules})


def _tidy(option: Option) -> Option:
    """As a file would hold it: plain texts in one line."""
    text = tidy_line(option.text) if option.type in PLAIN_TEXTS else option.text
    inside = tuple(_tidy(inner) for inner in option.inside)
    return replace(option, text=text, match=tidy_line(option.match), inside=inside)


def _markdown(html: str, features: Sequence[str]) -> Markdown:
    document, _lost = from_html(html, list(features), lambda pk: None)
    return write_markdown(document)


# --- To a file ---------------------------------------------------------------------------------------------------


def write_question(key: str, data: QuestionData, *, is_leader: bool) -> dict[str, Any]:
    """The question as an entry of a bank's file; without what is decided once for a translation."""
    kind = questions.get(data.kind)
    full = is_leader or kind.answers_by_language
    return {
        "key": key,
        **({"kind": data.kind} if is_leader else {}),
        **(_write_decisions(data) if is_leader else {}),
        "prompt": data.prompt,
        **(_write_true_false(data, is_leader) if data.kind == TRUE_FALSE else _write_lists(kind, data.options, full)),
        **({"feedback": data.feedback} if data.feedback else {}),
        **({"template": data.template} if data.template else {}),
        **({"marking_notes": data.marking_notes} if data.marking_notes else {}),
    }


def _write_decisions(data: QuestionData) -> dict[str, Any]:
    decided: dict[str, Any] = {}
    if data.weight != 1:
        decided["weight"] = _number(data.weight)
    if data.name:
        decided["name"] = data.name
    if data.category:
        decided["category"] = data.category
    if data.tags:
        decided["tags"] = list(data.tags)
    return {**decided, **data.rules.to_json()}


def _number(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral() else Decimal(format(number.normalize(), "f"))


def _write_true_false(data: QuestionData, is_leader: bool) -> dict[str, Any]:
    true, false = data.options
    entry: dict[str, Any] = {"answer": true.correct} if is_leader else {}
    return {**entry, **{f"if_{option.id}": option.feedback for option in (true, false) if option.feedback}}


def _write_lists(kind: QuestionType, options: Sequence[Option], full: bool) -> dict[str, Any]:
    lists = {}
    for block in kind.blocks:
        own = [option for option in options if option.type == block]
        if own:
            lists[LISTS[block]] = [_write_option(option, BLOCKS[block], full) for option in own]
    return lists


def _write_option(option: Option, block: StructBlock, full: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"key": option.id}
    for name, child in block.child_blocks.items():
        value = getattr(option, name)
        if name == "inside":
            if value:
                inner = [_write_option(inside, child.child_block, full) for inside in value]
                entry[LISTS[INSIDE[option.type]]] = inner
        elif (full or name not in DECIDED_ONCE) and not _is_default(value, child):
            entry[name] = _number(value) if isinstance(value, Decimal) else value
    return entry


def _is_default(value: Any, child: Any) -> bool:
    if isinstance(child, (DecimalBlock, ChoiceBlock)):
        return bool(value == child.get_default()) or value is None
    return not value and not (isinstance(child, CharBlock) and child.required)
