"""What is written as GIFT comes back the same; what GIFT cannot hold is refused or named."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.formats import gift
from assessments.formats.gift_escapes import BACKSLASH_STAND_IN, STAND_INS, category_path, tag_as_stored
from assessments.formats.gift_ordering import GRADING_TYPES, NUMBERINGS, without_paragraph
from assessments.formats.gift_types import WEIGHTS
from assessments.formats.items import Answer, Item, Pair, Text, TextFormat
from assessments.formats.lines import trim
from assessments.formats.names import clean_name
from tests.assessments.formats.making import item, text, true_false

# What the format itself excludes: null characters, blanks at the ends of a text, and the rows of signs by which it
# holds escaped signs. Everything else of Unicode is drawn, and often the signs that mean something in GIFT.
SIGNS = st.sampled_from(
    [*"\\{}=~#:%[]->/\n\r\t \xa0\u200f0", "####", "[html]", "::", "//", "%50%", "\\n", "$CATEGORY:"]
)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
CONTENTS = (
    st.lists(st.one_of(SIGNS, CHARACTERS, st.sampled_from(["قانون", "закон", "法律", "e\u0301"])), max_size=12)
    .map("".join)
    .map(trim)
    .filter(lambda content: not any(row in content for row in (*STAND_INS.values(), BACKSLASH_STAND_IN)))
)
WORDS = CONTENTS.filter(bool)
NO_ARROW = WORDS.filter(lambda content: "->" not in content)
FORMATS = st.sampled_from(list(TextFormat))
NUMBERS = st.from_regex(r"[+-]?([0-9]{1,9}(\.[0-9]{0,6})?|\.[0-9]{1,6})([eE][+-]?[0-9]{1,2})?", fullmatch=True)
TOLERANCES = st.decimals(min_value=0, max_value=1000, places=4)


def texts(contents: st.SearchStrategy[str], default: TextFormat) -> st.SearchStrategy[Text]:
    """Texts; an empty one has the format of its question, since nothing in a file says another."""
    return st.builds(lambda content, form: Text(content, form if content else default), contents, FORMATS)


@st.composite
def answers(
    draw: st.DrawFn,
    default: TextFormat,
    weights: st.SearchStrategy[Decimal],
    contents: st.SearchStrategy[str],
    *,
    plain: bool = False,
    feedback: st.SearchStrategy[str] = CONTENTS,
) -> Answer:
    said = draw(st.just(TextFormat.MOODLE) if plain else FORMATS)
    return Answer(Text(draw(contents), said), draw(weights), draw(texts(feedback, default)))


def _multichoice(draw: st.DrawFn, default: TextFormat) -> dict[str, Any]:
    given_answers = draw(st.lists(answers(default, st.sampled_from(WEIGHTS), WORDS), min_size=2, max_size=5))
    fractions = {one.fraction for one in given_answers}
    single = draw(st.booleans()) and 100 in fractions and fractions != {100}
    return {"answers": tuple(given_answers), "settings": {"single": single}}


def _truefalse(draw: st.DrawFn, default: TextFormat) -> dict[str, Any]:
    true, false = true_false(is_true=draw(st.booleans()))
    said = texts(CONTENTS, default)
    return {"answers": (replace(true, feedback=draw(said)), replace(false, feedback=draw(said)))}


def _shortanswer(draw: st.DrawFn, default: TextFormat) -> dict[str, Any]:
    arrowless = CONTENTS.filter(lambda content: "->" not in content)
    one = answers(default, st.sampled_from(WEIGHTS), NO_ARROW, plain=True, feedback=arrowless)
    right = replace(draw(one), fraction=Decimal(100))
    return {"answers": tuple(draw(st.permutations([right, *draw(st.lists(one, max_size=3))])))}


def _numerical(draw: st.DrawFn, default: TextFormat) -> dict[str, Any]:
    one = answers(default, st.sampled_from(WEIGHTS), NUMBERS, plain=True)
    numbers = [replace(number, tolerance=draw(TOLERANCES)) for number in draw(st.lists(one, min_size=1, max_size=4))]
    rest = draw(st.lists(answers(default, st.sampled_from(WEIGHTS), st.just("*"), plain=True), max_size=1))
    return {"answers": tuple(draw(st.permutations([*numbers, *rest])))}


def _match(draw: st.DrawFn, default: TextFormat) -> dict[str, Any]:
    full = st.builds(Pair, texts(NO_ARROW, default), WORDS)
    spare = st.builds(Pair, st.just(Text("", default)), WORDS)
    return {"pairs": tuple(draw(st.lists(st.one_of(full, full, spare), min_size=2, max_size=5)))}


def _ordering(draw: st.DrawFn, default: TextFormat) -> dict[str, Any]:
    def can_stand_on_a_line(content: str) -> bool:
        return not (
            set("}\n\r") & set(content)
            or "####" in content
            or content == "0"
            or content.startswith("//")
            or without_paragraph(content) != content
            # The reader cuts the form feed off the ends of the list.
            or content.strip("\f") != content
        )

    steps = draw(st.lists(WORDS.filter(can_stand_on_a_line), min_size=2, max_size=6))
    options = {
        "selecttype": draw(st.sampled_from(["ALL", "RANDOM", "CONTIGUOUS"])),
        "layouttype": draw(st.sampled_from(["VERTICAL", "HORIZONTAL"])),
        "gradingtype": draw(st.sampled_from(sorted(set(GRADING_TYPES.values())))),
        "showgrading": draw(st.booleans()),
        "numberingstyle": draw(st.sampled_from(NUMBERINGS)),
        "selectcount": draw(st.integers(min_value=2, max_value=len(steps))),
    }
    return {"answers": tuple(Answer(text(step)) for step in steps), "settings": options}


TYPES: dict[str, Callable[[st.DrawFn, TextFormat], dict[str, Any]]] = {
    "description": lambda draw, default: {},
    "essay": lambda draw, default: {},
    "truefalse": _truefalse,
    "multichoice": _multichoice,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "match": _match,
    "ordering": _ordering,
}
LABELS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(trim)
IDS = LABELS.filter(lambda label: "[tag:" not in label)
TAGS = IDS.map(tag_as_stored).filter(lambda label: label != "" and "[id:" not in label and "[tag:" not in label)
CATEGORIES = LABELS.map(category_path).filter(
    lambda path: category_path(path) == path == trim(path) and BACKSLASH_STAND_IN not in path
)


@st.composite
def items(draw: st.DrawFn, qtype: str) -> Item:
    asked = Text(draw(CONTENTS), draw(FORMATS))
    others: dict[str, Any] = {}
    if qtype != "description":
        others["general_feedback"] = draw(texts(CONTENTS, asked.format))
    return item(
        qtype,
        asked,
        draw(CONTENTS.map(clean_name).filter(lambda name: clean_name(name) == name)),
        category=draw(CATEGORIES),
        id_number=draw(IDS),
        tags=tuple({tag.lower(): tag for tag in draw(st.lists(TAGS, max_size=3))}.values()),
        **others,
        **TYPES[qtype](draw, asked.format),
    )


def same(one: Sequence[Item], other: Sequence[Item]) -> None:
    assert [replace(item, line=0) for item in one] == [replace(item, line=0) for item in other]


@pytest.mark.parametrize("qtype", TYPES)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_question_of_each_type_comes_back_as_it_was(qtype: str, data: st.DataObject) -> None:
    one = data.draw(items(qtype))
    assert (gift.unsupported(one), gift.losses(one)) == ("", [])
    reading = gift.read(gift.write([one]))
    same(reading.items, [one])
    assert reading.refused == ()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(several=st.lists(st.sampled_from(sorted(TYPES)).flatmap(items), min_size=1, max_size=5))
def test_several_questions_come_back_in_their_order_but_those_without_a_category_first(several: list[Item]) -> None:
    # The same id twice in a category is no matter of the format.
    several = [replace(one, id_number="") for one in several]
    same(gift.read(gift.write(several)).items, sorted(several, key=lambda one: one.category != ""))
