from decimal import Decimal

import pytest

from assessments.formats import moodle_xml
from assessments.formats.items import Reading, Refused, TextFormat
from tests.assessments.formats.moodle_files import SHORT, notes, only_item, question, quiz, refusal

HTML, PLAIN, MOODLE, MARKDOWN = TextFormat.HTML, TextFormat.PLAIN, TextFormat.MOODLE, TextFormat.MARKDOWN


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (question("multichoice", SHORT), "A multiple choice question needs at least two answers."),
        (question("truefalse"), "The question has no answers."),
        (question("shortanswer"), "No answer is worth 100 per cent."),
        (
            question("shortanswer", '<answer fraction="50"><text>a</text></answer>'),
            "No answer is worth 100 per cent.",
        ),
        (question("numerical"), "The question has no answers."),
        (
            question("numerical", '<answer fraction="100"><text>five</text></answer>'),
            "The answer “five” is neither a number nor *.",
        ),
        (
            question("numerical", '<answer fraction="100">5</answer>'),
            "The answer “” is neither a number nor *.",
        ),
        (
            question(
                "numerical", SHORT + "<units><unit><multiplier>x</multiplier><unit_name>m</unit_name></unit></units>"
            ),
            "The unit “m” has no number to multiply with.",
        ),
        (question("match"), "There is nothing to match."),
        (
            question("match", "<subquestion><text>France</text></subquestion>"),
            "“France” has no answer.",
        ),
        (question("cloze"), "There is no gap in the text, such as {1:SHORTANSWER:=Rome}."),
        (question("ordering", SHORT), "An ordering question needs at least two items."),
        (
            question("essay", "<attachments>many</attachments>"),
            "“many” in <attachments> is not a number that can be kept.",
        ),
        (question("calculated"), "There are no questions of the type “calculated” here."),
        (question("ddwtos"), "There are no questions of the type “ddwtos” here."),
        (question("stack"), "There are no questions of the type “stack” here."),
        (question(" multichoice"), "There are no questions of the type “ multichoice” here."),
        ("<question/>", "The question has no type."),
        ('<question type="essay"/>', "The question has no name (<name><text>...</text></name>)."),
        (
            '<question type="essay"><name>N</name></question>',
            "The question has no name (<name><text>...</text></name>).",
        ),
        (question("essay", "<penalty/>"), "“” in <penalty> is not a number."),
        (question("essay", "<penalty>0,1</penalty>"), "“0,1” in <penalty> is not a number that can be kept."),
        (
            question("essay", "<defaultgrade>100000</defaultgrade>"),
            "“100000” in <defaultgrade> is not a number that can be kept.",
        ),
        (question("essay", f"<idnumber>{'x' * 101}</idnumber>"), "The id number is longer than 100 signs."),
        (
            question("essay", text="<p>Unquoted</p>"),
            "In line 1, <text> holds other tags (<p>). Put HTML between <![CDATA[ and ]]>, or write &lt; for “<”.",
        ),
        (question("essay", "<x>" + "<a/>" * 20_000 + "</x>"), "The question has too many tags."),
    ],
)
def test_a_question_moodle_cannot_take_is_refused_alone(content: str, reason: str) -> None:
    assert refusal(quiz(content)) == reason
    kept = moodle_xml.read(quiz(question("essay"), content, question("essay", name="After")))
    assert ([item.name for item in kept.items], len(kept.refused)) == (["N", "After"], 1)


GRADES_TO_KNOW = "Moodle has only certain grades, such as 100, 66.66667, 50, 33.33333, 25, 0 and the same below nought."


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("100", "100"),
        ("100.00000", "100"),
        ("1e2", "100"),
        (" 50 ", "50"),
        ("50,5", "50"),
        ("50 %", "50"),
        ("33.33333", "33.33333"),
        ("33.333", "33.33333"),
        ("33.3333333333", "33.33333"),
        ("16.66667", "16.66667"),
        ("12.5", "12.5"),
        ("-11.11111", "-11.11111"),
        ("0", "0"),
        ("-0", "0"),
        ("33.33", None),
        ("33", None),
        ("45", None),
        ("110", None),
        ("", None),
        ("x", None),
        ("1e999999999", None),
    ],
)
def test_grades_are_those_that_moodle_has(written: str, kept: str | None) -> None:
    content = quiz(question("multichoice", f'{SHORT}<answer fraction="{written}"><text>b</text></answer>'))
    if kept is None:
        assert refusal(content) == f"In line 1 an answer has the grade “{written}”. {GRADES_TO_KNOW}"
    else:
        assert only_item(content).answers[1].fraction == Decimal(kept)


def test_refusals_name_line_and_question() -> None:
    content = b"""\n\n<?xml version="1.0"?>
<quiz>
<question type="gapselect"><name><text>Select &lt;b&gt;it&lt;/b&gt;</text></name></question>

  <question
     type="numerical"><questiontext><text>How many?</text></questiontext></question>
  <question type="essay"><name><text>Kept</text></name></question>
</quiz>"""
    reading = moodle_xml.read(content)
    assert reading.refused == (
        Refused(5, "Select it", "There are no questions of the type “gapselect” here."),
        Refused(7, "How many?", "The question has no name (<name><text>...</text></name>)."),
    )
    assert [(item.line, item.name) for item in reading.items] == [(9, "Kept")]


# What is read, but not as it stands


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (question("essay", "<myplugin><x>1</x></myplugin>"), "What stands in <myplugin> is not kept."),
        (
            question("essay", "<generalfeedback>Bare words</generalfeedback>"),
            "The words “Bare words” in line 1 stand in no <text> and are not read.",
        ),
        (
            question("essay", '<generalfeedback format="wiki_like"><text>x</text></generalfeedback>'),
            "A text in the old wiki format is shown as plain lines.",
        ),
        (
            question("essay", "<hint><text>x</text></hint>"),
            "A question of this type has no hints; they are not kept.",
        ),
        (
            question("numerical", '<answer fraction="100"><text>5 km</text></answer>'),
            "Of the answer “5 km” only the number is kept: the unit is unknown.",
        ),
        (
            question("numerical", '<answer fraction="100"><text>5</text><tolerance>some</tolerance></answer>'),
            "The tolerance “some” in line 1 is not a number; it is read as 0.",
        ),
        (
            question("essay", '<responsetemplate><text>x</text><file name="a">YQ==</file></responsetemplate>'),
            "The file “a” stands where no file can be, and is left out.",
        ),
        (question("essay", "<image>old.png</image>"), "The picture “old.png” is not in the file."),
        (
            question(
                "ordering",
                "<answer><text>1</text></answer><answer><text>2</text><feedback><text>f</text></feedback></answer>",
            ),
            "The items of an ordering question have no feedback; it is not kept.",
        ),
    ],
)
def test_what_is_not_kept_is_noted(content: str, note: str) -> None:
    assert notes(quiz(content)) == [note]


def test_formats_are_those_of_the_file_or_of_the_question() -> None:
    inside = '<generalfeedback><text>g</text></generalfeedback><graderinfo format="new_one"><text>i</text></graderinfo>'
    content = quiz(question("essay", inside).replace('format="html"', 'format="moodle_auto_format"'))
    item = only_item(content)
    assert (item.text.format, item.general_feedback.format) == (MOODLE, MOODLE)
    assert item.settings["graderinfo"].format == HTML
    assert item.settings["responsetemplate"].format == MOODLE


@pytest.mark.parametrize(("written", "kept"), [("0.33", "0.3333333"), ("0.3333333", "0.3333333"), ("0.34", "0.34")])
def test_old_penalties_are_rounded_as_in_moodle(written: str, kept: str) -> None:
    assert only_item(quiz(question("essay", f"<penalty>{written}</penalty>"))).penalty == Decimal(kept)


def test_white_space_inside_a_text_is_kept() -> None:
    item = only_item(quiz(question("essay", text="  &lt;b&gt; &lt;i&gt;\n\n  x\u00a0\t<![CDATA[ ]]>&#160; ")))
    assert item.text.content == "<b> <i>\n\n  x\u00a0\t \u00a0"


def test_entities_inside_cdata_are_words() -> None:
    assert only_item(quiz(question("essay", text="<![CDATA[&nbsp;&lt;b]]>"))).text.content == "&nbsp;&lt;b"


# Categories and id numbers


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("$course$/top/Asylum", "top/Asylum"),
        ("$module$/top/A//B/C", "top/A//B/C"),
        ("$system$/Old", "Old"),
        ("$cat1$/x", "$cat1$/x"),
        ("tom/dick/harry", "tom/dick/harry"),
        ("$course$", ""),
        ("", ""),
    ],
)
def test_categories_are_paths_without_the_context(written: str, kept: str) -> None:
    category = f'<question type="category"><category><text> {written} </text></category></question>'
    assert only_item(quiz(category, question("essay"))).category == kept


def test_a_category_holds_until_the_next() -> None:
    one, two = (f'<question type="category"><category><text>{name}</text></category></question>' for name in "AB")
    reading = moodle_xml.read(
        quiz(question("essay"), one, question("essay"), question("essay"), two, question("essay"))
    )
    assert [item.category for item in reading.items] == ["", "A", "A", "B"]


def test_what_only_categories_have_is_noted() -> None:
    category = """<question type="category"><category><text>$course$/A</text></category>
    <info format="html"><text>All about A</text></info><idnumber>7</idnumber></question>"""
    reading = moodle_xml.read(quiz(category))
    assert reading == Reading(
        notes=(
            Refused(1, "", "The description of the category “A” is not kept."),
            Refused(1, "", "The id number of the category “A” is not kept."),
        )
    )
    bare = '<question type="category"><category>A</category></question>'
    assert refusal(quiz(bare)) == "The category has no <text>; the questions below stay in the category before."


def test_an_id_number_is_kept_once_in_a_category() -> None:
    numbered = question("essay", "<idnumber>7</idnumber>")
    category = '<question type="category"><category><text>B</text></category></question>'
    reading = moodle_xml.read(quiz(numbered, numbered, category, numbered))
    assert [item.id_number for item in reading.items] == ["7", "", "7"]
    reason = "Another question of the category has the id number “7”; this one has none now."
    assert [note.reason for note in reading.notes] == [reason]
