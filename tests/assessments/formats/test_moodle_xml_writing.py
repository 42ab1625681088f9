from decimal import Decimal
from typing import Any

import pytest

from assessments.formats import moodle_xml
from assessments.formats.items import Answer, EmbeddedFile, Item, Text, TextFormat
from tests.assessments.formats.moodle_files import only_item

HTML, PLAIN, MOODLE, MARKDOWN = TextFormat.HTML, TextFormat.PLAIN, TextFormat.MOODLE, TextFormat.MARKDOWN


GRADES_TO_KNOW = "Moodle has only certain grades, such as 100, 66.66667, 50, 33.33333, 25, 0 and the same below nought."


def test_what_is_written() -> None:
    item = Item(
        qtype="shortanswer",
        name="R & D",
        text=Text("<p>]]></p>", HTML, (EmbeddedFile('a"b.png', b"a", "/x/"),)),
        category="top/A",
        answers=(Answer(Text("Rome", PLAIN), Decimal("100.00"), Text("Yes")),),
        tags=("x",),
        settings={"usecase": True, "hints": (Text("H"),)},
    )
    assert (
        moodle_xml.write([item]).decode()
        == """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="category">
    <category>
      <text>$course$/top/A</text>
    </category>
  </question>
  <question type="shortanswer">
    <name>
      <text><![CDATA[R & D]]></text>
    </name>
    <questiontext format="html">
      <text><![CDATA[<p>]]]]><![CDATA[></p>]]></text>
      <file name='a"b.png' path="/x/" encoding="base64">YQ==</file>
    </questiontext>
    <generalfeedback format="html">
      <text></text>
    </generalfeedback>
    <defaultgrade>1</defaultgrade>
    <hidden>0</hidden>
    <idnumber></idnumber>
    <usecase>1</usecase>
    <answer fraction="100" format="plain_text">
      <text>Rome</text>
      <feedback format="html">
        <text>Yes</text>
      </feedback>
    </answer>
    <hint format="html">
      <text>H</text>
    </hint>
    <tags>
      <tag><text>x</text></tag>
    </tags>
  </question>
</quiz>
"""
    )


def test_what_moodle_does_not_have_is_not_written() -> None:
    with pytest.raises(ValueError, match="no questions of the type hotspot"):
        moodle_xml.write([Item("hotspot", "N", Text())])


def essay(**given: Any) -> Item:
    return Item(**{"qtype": "essay", "name": "N", "text": Text("Q")} | given)


@pytest.mark.parametrize(
    ("item", "losses"),
    [
        (essay(), []),
        (essay(name="a\x00b\ud800\ufffe"), ["Name: control characters are left out."]),
        (essay(name=" a"), ["Name: spaces and empty lines at its ends are left out."]),
        (essay(text=Text("a\r\nb")), ["Question: line ends are written in one way."]),
        (essay(text=Text("a\rb")), ["Question: line ends are written in one way."]),
        (essay(tags=("a", "A")), ["Tags: not all of it comes back the same."]),
        (essay(default_grade=Decimal("0.00000001")), ["Points: not all of it comes back the same."]),
        (essay(settings={"colour": "red"}), ["Settings: not all of it comes back the same."]),
        (essay(settings={"graderinfo": Text("x\x01")}), ["graderinfo: control characters are left out."]),
        (
            essay(text=Text("Q", HTML, (EmbeddedFile("a/b.png", b""),))),
            ["The file “a/b.png” is kept as “ab.png”.", "Question: not all of it comes back the same."],
        ),
        (
            essay(id_number="x" * 101),
            ["Moodle would refuse the question: The id number is longer than 100 signs."],
        ),
        (
            Item("hotspot", "N", Text()),
            ["The question cannot be written: no questions of the type hotspot in Moodle XML"],
        ),
        (
            Item("multianswer", "N", Text("no place"), gaps=(Item("shortanswer", "", Text()),)),
            ["The question cannot be written: no place in the text for gap 1"],
        ),
        (
            Item(
                "multianswer",
                "N",
                Text("{#1}"),
                gaps=(Item("shortanswer", "", Text(), answers=(Answer(Text("a", PLAIN), Decimal(100)),)),),
            ),
            [],
        ),
        (
            Item("shortanswer", "N", Text(), answers=(Answer(Text("a", PLAIN), Decimal(45)),)),
            [f"Moodle would refuse the question: In line 18 an answer has the grade “45”. {GRADES_TO_KNOW}"],
        ),
    ],
)
def test_losses_are_named(item: Item, losses: list[str]) -> None:
    assert moodle_xml.losses(item) == losses


def test_control_characters_are_left_out_of_the_file() -> None:
    item = only_item(moodle_xml.write([essay(name="a\x00\x1fb", text=Text("x\x0b\r\ny\ud800"))]))
    assert (item.name, item.text.content) == ("ab", "x\ny")
