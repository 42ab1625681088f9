from decimal import Decimal

import pytest

from assessments.formats import moodle_xml
from assessments.formats.items import Answer, EmbeddedFile, Item, Pair, Text, TextFormat, Unit
from tests.assessments.formats.moodle_files import (
    ENCODED,
    NO_FEEDBACK,
    PENALTY,
    PICTURE,
    SHORT,
    notes,
    only_item,
    question,
    quiz,
)

HTML, PLAIN, MOODLE, MARKDOWN = TextFormat.HTML, TextFormat.PLAIN, TextFormat.MOODLE, TextFormat.MARKDOWN


def test_multichoice_with_everything_moodle_has() -> None:
    content = f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 1 -->
  <question type="category"><category><text>$course$/top/Asylum/Interviews</text></category></question>
  <question type="multichoice">
    <name><text> Which? </text></name>
    <questiontext format="markdown">
      <text><![CDATA[ **Which** <img src="@@PLUGINFILE@@/a%20b.png"> ]]></text>
      <file name="a b.png" path="/" encoding="base64">{ENCODED}</file>
    </questiontext>
    <generalfeedback format="html"><text>General</text></generalfeedback>
    <defaultgrade>2.5000000</defaultgrade>
    <penalty>0.1000000</penalty>
    <hidden>0</hidden>
    <idnumber>Q-1</idnumber>
    <single>false</single>
    <shuffleanswers>true</shuffleanswers>
    <answernumbering>ABCD</answernumbering>
    <showstandardinstruction>0</showstandardinstruction>
    <correctfeedback format="html"><text>Right</text></correctfeedback>
    <partiallycorrectfeedback format="moodle_auto_format"><text>Partly</text></partiallycorrectfeedback>
    <incorrectfeedback format="plain_text"><text>Wrong</text></incorrectfeedback>
    <shownumcorrect/>
    <answer fraction="66.66667" format="html">
      <text><![CDATA[<p>One</p>]]></text>
      <feedback format="html">
        <text>Yes</text><file name="f.png" path="/x/" encoding="base64">{ENCODED}</file>
      </feedback>
    </answer>
    <answer fraction="33.333" format="plain_text"><text>Two</text><feedback><text></text></feedback></answer>
    <answer fraction="-50"><text>Three</text></answer>
    <answer fraction="0"><text>  </text></answer>
    <hint format="html"><text>Think</text><shownumcorrect/><clearwrong/></hint>
    <hint format="html"><text></text></hint>
    <hint><text>Again</text></hint>
    <coursetags><tag><text>Course</text></tag></coursetags>
    <tags><tag><text>border</text></tag><tag><text>course</text></tag><tag><text> </text></tag></tags>
  </question>
</quiz>"""
    picture = EmbeddedFile("a b.png", PICTURE)
    assert only_item(content.encode()) == Item(
        qtype="multichoice",
        name="Which?",
        text=Text('**Which** <img src="@@PLUGINFILE@@/a%20b.png">', MARKDOWN, (picture,)),
        line=5,
        category="top/Asylum/Interviews",
        answers=(
            Answer(
                Text("<p>One</p>"),
                Decimal("66.66667"),
                Text("Yes", HTML, (EmbeddedFile("f.png", PICTURE, "/x/"),)),
            ),
            Answer(Text("Two", PLAIN), Decimal("33.33333"), Text("", MARKDOWN)),
            Answer(Text("Three", MARKDOWN), Decimal(-50), Text("", MARKDOWN)),
        ),
        default_grade=Decimal("2.5"),
        penalty=Decimal("0.1"),
        general_feedback=Text("General"),
        id_number="Q-1",
        tags=("Course", "border"),
        settings={
            "single": False,
            "shuffleanswers": True,
            "answernumbering": "ABCD",
            "showstandardinstruction": False,
            "correctfeedback": Text("Right"),
            "partiallycorrectfeedback": Text("Partly", MOODLE),
            "incorrectfeedback": Text("Wrong", PLAIN),
            "shownumcorrect": True,
            "hints": (Text("Think"), Text("Again", MARKDOWN)),
            "hintshownumcorrect": (True, False),
            "hintclearwrong": (True, False),
        },
    )


def test_multichoice_of_which_the_file_says_little_gets_moodles_settings() -> None:
    item = only_item(quiz(question("multichoice", "<answer><text>a</text></answer>" + SHORT)))
    assert item == Item(
        qtype="multichoice",
        name="N",
        text=Text("Q"),
        line=1,
        answers=(Answer(Text("a")), Answer(Text("a"), Decimal(100))),
        penalty=PENALTY,
        settings={
            "single": True,
            "shuffleanswers": False,
            "answernumbering": "abc",
            "showstandardinstruction": True,
            **NO_FEEDBACK,
        },
    )


@pytest.mark.parametrize(
    ("answers", "right", "feedback"),
    [
        ([("true", "100", "T"), ("false", "0", "F")], True, ("T", "F")),
        ([("false", "0", "F"), ("true", "100.0000", "T")], True, ("T", "F")),
        ([("true", "0", "T"), ("false", "100", "F")], False, ("T", "F")),
        ([("true", "0", "T")], False, ("T", "")),
        ([("false", "0", "F")], True, ("", "F")),
        ([("true", "100", "T"), ("false", "100", "F")], False, ("T", "F")),
    ],
)
def test_truefalse(answers: list[tuple[str, str, str]], right: bool, feedback: tuple[str, str]) -> None:
    inside = "".join(
        f'<answer fraction="{fraction}"><text>{word}</text><feedback><text>{words}</text></feedback></answer>'
        for word, fraction, words in answers
    )
    item = only_item(quiz(question("truefalse", inside)))
    assert item.answers == (
        Answer(Text("true", MOODLE), Decimal(100 if right else 0), Text(feedback[0])),
        Answer(Text("false", MOODLE), Decimal(0 if right else 100), Text(feedback[1])),
    )
    assert item.settings == {}


def test_truefalse_in_another_language_takes_the_first_answer_as_true() -> None:
    inside = '<answer fraction="0"><text>Wahr</text></answer><answer fraction="100"><text>Falsch</text></answer>'
    content = quiz(question("truefalse", inside))
    assert [answer.fraction for answer in moodle_xml.read(content).items[0].answers] == [0, 100]
    assert notes(content) == ["An answer is neither “true” nor “false”; the first is taken as true."]


def test_shortanswer() -> None:
    inside = """<usecase>1</usecase><answer fraction="100"><text> Rome </text><feedback><text>Yes</text></feedback>
    </answer><answer fraction="14.28571"><text>Roma</text></answer><answer fraction="0"><text></text>
    <feedback><text><![CDATA[<p> <br></p>]]></text></feedback></answer><answer fraction="0"><text/>
    <feedback><text>Say something</text></feedback></answer>"""
    item = only_item(quiz(question("shortanswer", inside)))
    assert item.answers == (
        Answer(Text("Rome", PLAIN), Decimal(100), Text("Yes")),
        Answer(Text("Roma", PLAIN), Decimal("14.28571")),
        Answer(Text("", PLAIN), Decimal(0), Text("Say something")),
    )
    assert item.settings == {"usecase": True}


def test_numerical_with_units() -> None:
    inside = """
    <answer fraction="100"><text>9.81</text><tolerance>0.01</tolerance></answer>
    <answer fraction="50"><text>1,5</text><tolerance>0,5</tolerance></answer>
    <answer fraction="25"><text>981 cm</text></answer>
    <answer fraction="0"><text>*</text><tolerance></tolerance></answer>
    <answer><fraction>0.5</fraction><text>1 000,5</text></answer>
    <units><unit><multiplier>1</multiplier><unit_name> m </unit_name></unit>
    <unit><multiplier>100,0</multiplier><unit_name>cm</unit_name></unit>
    <unit><multiplier>7</multiplier><unit_name>cm</unit_name></unit>
    <unit><multiplier>0</multiplier><unit_name>mm</unit_name></unit><unit><unit_name></unit_name></unit></units>
    <unitgradingtype>1</unitgradingtype><unitpenalty>0.2000000</unitpenalty><unitsleft>0</unitsleft>
    <instructions format="plain_text"><text>In metres</text></instructions>"""
    item = only_item(quiz(question("numerical", inside)))
    assert item.answers == (
        Answer(Text("9.81", PLAIN), Decimal(100), tolerance=Decimal("0.01")),
        Answer(Text("1,5", PLAIN), Decimal(50), tolerance=Decimal("0.5")),
        Answer(Text("9.81", PLAIN), Decimal(25)),
        Answer(Text("*", PLAIN), Decimal(0)),
        Answer(Text("1 000,5", PLAIN), Decimal(50)),
    )
    assert item.units == (Unit("m"), Unit("cm", Decimal(100)))
    assert item.settings == {
        "unitgradingtype": 1,
        "unitpenalty": Decimal("0.2"),
        "showunits": 0,
        "unitsleft": False,
        "instructions": Text("In metres", PLAIN),
    }


def test_numerical_without_units() -> None:
    item = only_item(quiz(question("numerical", '<answer fraction="100"><text>5</text></answer>')))
    assert item.settings == {
        "unitgradingtype": 0,
        "unitpenalty": Decimal("0.1"),
        "showunits": 3,
        "unitsleft": False,
    }


@pytest.mark.parametrize("written", ["match", "matching"])
def test_match(written: str) -> None:
    inside = f"""<shuffleanswers>false</shuffleanswers>
    <subquestion format="html"><text>France</text><file name="f.png" path="/" encoding="base64">{ENCODED}</file>
    <answer><text> Paris </text></answer></subquestion>
    <subquestion><text></text><answer><text>Rome</text></answer></subquestion>
    <subquestion><text></text><answer><text></text></answer></subquestion>"""
    item = only_item(quiz(question(written, inside)))
    assert item.qtype == "match"
    assert item.pairs == (Pair(Text("France", HTML, (EmbeddedFile("f.png", PICTURE),)), "Paris"), Pair(Text(), "Rome"))
    assert item.settings == {"shuffleanswers": False, **NO_FEEDBACK}


def test_essay_with_all_its_settings() -> None:
    inside = f"""<responseformat>editorfilepicker</responseformat><responserequired>0</responserequired>
    <responsefieldlines>10</responsefieldlines><minwordlimit>50</minwordlimit><maxwordlimit></maxwordlimit>
    <attachments>-1</attachments><attachmentsrequired>2</attachmentsrequired><maxbytes>1024</maxbytes>
    <filetypeslist>.pdf,.docx</filetypeslist><graderinfo format="markdown"><text>*Mark* it</text>
    <file name="g.pdf" path="/" encoding="base64">{ENCODED}</file></graderinfo>
    <responsetemplate format="html"><text>Dear ...</text></responsetemplate>"""
    assert only_item(quiz(question("essay", inside))).settings == {
        "responseformat": "editorfilepicker",
        "responserequired": False,
        "responsefieldlines": 10,
        "minwordlimit": 50,
        "maxwordlimit": None,
        "attachments": -1,
        "attachmentsrequired": 2,
        "maxbytes": 1024,
        "filetypeslist": ".pdf,.docx",
        "graderinfo": Text("*Mark* it", MARKDOWN, (EmbeddedFile("g.pdf", PICTURE),)),
        "responsetemplate": Text("Dear ..."),
    }


def test_essay_without_settings_gets_moodles() -> None:
    item = only_item(quiz(question("essay", "<attachmentsrequired>2</attachmentsrequired>")))
    assert item.settings == {
        "responseformat": "editor",
        "responserequired": True,
        "responsefieldlines": 15,
        "minwordlimit": None,
        "maxwordlimit": None,
        "attachments": 0,
        "attachmentsrequired": 0,
        "maxbytes": 0,
        "filetypeslist": "",
        "graderinfo": Text(),
        "responsetemplate": Text(),
    }


def test_description_is_worth_nothing() -> None:
    item = only_item(quiz(question("description", "<defaultgrade>five</defaultgrade>")))
    assert item == Item("description", "N", Text("Q"), line=1, default_grade=Decimal(0), penalty=PENALTY)


@pytest.mark.parametrize("written", ["cloze", "multianswer"])
def test_cloze_is_worth_the_sum_of_its_gaps(written: str) -> None:
    inside = "<defaultgrade>nine</defaultgrade>"
    item = only_item(quiz(question(written, inside, text="A {2:SA:=b} {:NM:=3:0.5}")))
    gap = {"name": "N", "penalty": Decimal(0)}
    assert item == Item(
        qtype="multianswer",
        name="N",
        text=Text("A {#1} {#2}"),
        line=1,
        default_grade=Decimal(3),
        penalty=PENALTY,
        gaps=(
            Item(
                "shortanswer",
                text=Text("{2:SA:=b}"),
                answers=(Answer(Text("b", PLAIN), Decimal(100)),),
                default_grade=Decimal(2),
                settings={"usecase": False},
                **gap,
            ),
            Item(
                "numerical",
                text=Text("{:NM:=3:0.5}"),
                answers=(Answer(Text("3", PLAIN), Decimal(100), tolerance=Decimal("0.5")),),
                **gap,
            ),
        ),
    )


def test_cloze_without_a_name_is_named_after_its_text() -> None:
    text = "<![CDATA[<p>The capital of Italy, a country with very many old towns, is {1:SA:=Rome}, is it not?</p>]]>"
    content = f'<quiz><question type="cloze"><questiontext><text>{text}</text></questiontext></question></quiz>'
    item = only_item(content.encode())
    assert item.name == "The capital of Italy, a country with very many old towns, is {#1}, is it not?"
    assert item.gaps[0].name == item.name


def test_ordering() -> None:
    inside = """<layouttype>horizontal</layouttype><selecttype>CONTIG</selecttype><selectcount>3</selectcount>
    <gradingtype>ABS</gradingtype><showgrading>HIDE</showgrading><numberingstyle>iii</numberingstyle>
    <shownumcorrect>0</shownumcorrect>
    <answer fraction="1.0000000" format="html"><text>One</text></answer><answer fraction="2"><text> </text></answer>
    <answer fraction="3" format="plain_text"><text>Two</text></answer>"""
    content = quiz(question("ordering", inside))
    item = only_item(content)
    assert item.answers == (Answer(Text("One")), Answer(Text("Two", PLAIN)))
    assert item.settings == {
        "layouttype": "HORIZONTAL",
        "selecttype": "CONTIGUOUS",
        "selectcount": 3,
        "gradingtype": "ABSOLUTE_POSITION",
        "showgrading": False,
        "numberingstyle": "iii",
        **NO_FEEDBACK,
    }


def test_ordering_of_an_old_file() -> None:
    answers = "<answer><text>One</text></answer><answer><text>Two</text></answer>"
    item = only_item(quiz(question("ordering", f"<logical>ALL</logical><studentsee>1</studentsee>{answers}")))
    assert item.settings == {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": 2,
        "gradingtype": "RELATIVE_NEXT_EXCLUDE_LAST",
        "showgrading": True,
        "numberingstyle": "none",
        **NO_FEEDBACK,
        "shownumcorrect": True,
    }
