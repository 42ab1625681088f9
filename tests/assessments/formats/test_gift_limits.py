"""What GIFT cannot hold: said before it is written, never dropped in silence."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assessments.formats import gift
from assessments.formats.items import Answer, EmbeddedFile, Item, Pair, Text, TextFormat, Unit
from tests.assessments.formats.making import answer, item, text, true_false

CHOICE = item("multichoice", "Which?", answers=(answer("a", 100), answer("b")))
AS_IT_IS = "GIFT cannot hold it as it is."
ONE_LINE = "Each item must be one line, without “}” and “####”, and cannot begin with “//”."
FILES = "It has pictures or other files, which GIFT cannot hold."


def test_a_file_reads_well() -> None:
    one = item(
        "multichoice",
        text("Why {so}?", TextFormat.HTML),
        "Name: one",
        category="top/Law",
        id_number="a]1",
        tags=("sea", "land"),
        answers=(
            answer("%yes", 100, text("Good = right", TextFormat.HTML)),
            Answer(text("[no]", TextFormat.HTML), Decimal("-33.33333"), text("", TextFormat.HTML)),
        ),
        general_feedback=text("See\nbelow", TextFormat.HTML),
    )
    assert gift.write([one, item("essay", "Tell.")]).decode() == (
        "::Tell.::Tell.{}\n\n"
        "$CATEGORY: top/Law\n\n"
        "// [id:a\\]1]\n// [tag:sea]\n// [tag:land]\n"
        "::Name\\: one::[html]Why \\{so\\}?{\n"
        "\t=[moodle]%yes#Good \\= right\n"
        "\t~%-33.33333%[html][no]\n"
        "\t####See\\nbelow\n"
        "}\n\n"
    )


def test_other_types_read_well() -> None:
    numbers = (answer("3", 100, tolerance="0.5"), answer("4", 50), answer("*", 0, "No"))
    written = gift.write(
        [
            item("truefalse", "T", answers=true_false(is_true=False, right="Yes")),
            item("numerical", "N", answers=numbers),
            item("match", "M", pairs=(Pair(text("a"), "b"), Pair(text(""), "c"))),
            item("shortanswer", "S", answers=(answer("x", 100), answer("%5%", 100), answer("y", 50, "z"))),
        ]
    )
    assert written.decode() == (
        "::T::T{\n\tFALSE##Yes\n}\n\n"
        "::N::N{#\n\t=3:0.5\n\t=%50%4\n\t~#No\n}\n\n"
        "::M::M{\n\t=a -> b\n\t= -> c\n}\n\n"
        "::S::S{\n\t=x\n\t=%100%%5%\n\t=%50%y#z\n}\n\n"
    )


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (item("multianswer", "Fill {#1}."), "GIFT has no questions of this type."),
        (replace(CHOICE, text=Text("a", files=(EmbeddedFile("a.png", b"x"),))), FILES),
        (replace(CHOICE, text=Text('<img src="@@PLUGINFILE@@/a.png">')), FILES),
        (
            replace(CHOICE, settings=CHOICE.settings | {"correctfeedback": Text("a", files=(EmbeddedFile("a", b""),))}),
            FILES,
        ),
        (
            replace(CHOICE, text=text("Write &&058; here")),
            "It holds a row of signs that means something else in GIFT, such as “&&058;”.",
        ),
        (replace(CHOICE, text=text("a\0b")), "It holds signs that no text file can hold."),
        (replace(CHOICE, name="a\ud800b"), "It holds signs that no text file can hold."),
        (
            replace(CHOICE, answers=(answer("a", 100), answer("b", 37))),
            "One of its answers has a weight that Moodle does not know.",
        ),
        (replace(CHOICE, answers=(answer("a", 100), answer(" "))), "One of its answers has no text."),
        (replace(CHOICE, answers=(answer("a", 50), answer("b"))), "None of its answers gives 100 %."),
        (replace(CHOICE, answers=(answer("a", 100), answer("b", 100))), AS_IT_IS),
        (
            replace(CHOICE, answers=(answer("a", 100),)),
            AS_IT_IS,
        ),
        (
            item("truefalse", "T", answers=(answer("true", 100), answer("false", 100))),
            "It needs the two answers true and false, one of them right.",
        ),
        (
            item("shortanswer", "S", answers=(answer("a->b", 100),)),
            "The arrow “->” in an answer would make it a matching question.",
        ),
        (item("shortanswer", "S", answers=(answer("a", 50),)), "One of the answers must give 100 %."),
        (item("numerical", "N", answers=(answer("ten", 100),)), "One of its answers is not a number."),
        (
            item("match", "M", pairs=(Pair(text("a->b"), "c"), Pair(text("d"), "e"))),
            "The left side of a pair cannot hold the arrow “->”.",
        ),
        (
            item("match", "M", pairs=(Pair(text("a"), "c"),)),
            "There are not enough answers: a question of this kind needs at least 2.",
        ),
        (item("ordering", "O", answers=(answer("a"),)), "It has fewer than two items."),
        (item("ordering", "O", answers=(answer("a}"), answer("b"))), ONE_LINE),
        (item("ordering", "O", answers=(answer("a\nb"), answer("c"))), ONE_LINE),
        (item("ordering", "O", answers=(answer("// a"), answer("b"), answer("c"))), ONE_LINE),
    ],
)
def test_an_item_that_gift_cannot_hold(one: Item, reason: str) -> None:
    assert gift.unsupported(one) == reason
    with pytest.raises(ValueError, match=re.escape(reason)):
        gift.write([CHOICE, one])


@pytest.mark.parametrize(
    ("others", "lost"),
    [
        ({}, []),
        ({"penalty": None}, []),
        ({"name": " Which? "}, []),
        ({"name": "a <b>bold</b> name"}, ["its name"]),
        ({"penalty": Decimal(0)}, ["its penalty for wrong attempts"]),
        ({"default_grade": Decimal(2)}, ["its points"]),
        ({"units": (Unit("m"),)}, ["its units"]),
        ({"category": "a\nb"}, ["its category"]),
        ({"id_number": "1\n2"}, ["its id"]),
        ({"id_number": "1" * 101}, ["its id"]),
        ({"tags": ("sea", "a <b>", "[id:1]")}, ["its tag “a <b>”", "its tag “[id:1]”"]),
        ({"settings": CHOICE.settings | {"answernumbering": "123"}}, ["its setting “answernumbering”"]),
        (
            {"settings": CHOICE.settings | {"correctfeedback": Text("Yes"), "incorrectfeedback": Text()}},
            ["its setting “correctfeedback”"],
        ),
    ],
)
def test_what_a_question_loses(others: dict[str, Any], lost: list[str]) -> None:
    one = replace(CHOICE, **others)
    assert gift.unsupported(one) == ""
    assert gift.losses(one) == lost


def test_a_description_loses_its_general_feedback() -> None:
    assert gift.losses(item("description", "Read.", general_feedback=text("Thanks"))) == ["its general feedback"]


def test_the_items_of_an_ordering_question_lose_their_format() -> None:
    steps = (Answer(Text("<b>one</b>")), Answer(Text("two")))
    assert gift.losses(item("ordering", "O", answers=steps)) == ["the format of its texts"]


def test_an_item_does_not_fall_into_the_category_of_the_one_before_it() -> None:
    places = {"1": "a", "2": "", "3": "b\nc"}
    several = [replace(CHOICE, name=name, category=category) for name, category in places.items()]
    assert [(one.name, one.category) for one in gift.read(gift.write(several)).items] == [
        ("2", ""),
        ("1", "a"),
        ("3", "b c"),
    ]


def test_true_and_false_may_stand_in_either_order_and_be_capitalised() -> None:
    said = (answer("False", 0, "No"), answer("True", 100, "Yes"))
    one = item("truefalse", "T", answers=said)
    assert gift.losses(one) == []
    assert gift.read(gift.write([one])).items[0].answers == true_false(is_true=True, wrong="No", right="Yes")
