import base64
import time

import pytest

from assessments.formats import moodle_xml
from assessments.formats.items import (
    EmbeddedFile,
    FileRefused,
    Refused,
    Text,
    TextFormat,
)
from tests.assessments.formats.moodle_files import (
    ENCODED,
    NO_FEEDBACK,
    PICTURE,
    only_item,
    question,
    quiz,
)

HTML, PLAIN, MOODLE, MARKDOWN = TextFormat.HTML, TextFormat.PLAIN, TextFormat.MOODLE, TextFormat.MARKDOWN


def with_files(*files: str) -> bytes:
    content = (
        f'<question type="essay"><name><text/></name><questiontext><text/>{"".join(files)}</questiontext></question>'
    )
    return quiz(content)


NAMELESS = "The file “{}” has no name that can be kept, and is left out."


@pytest.mark.parametrize(
    ("attributes", "name", "path", "told"),
    [
        ('name="a.png"', "a.png", "/", None),
        ('name=" a.png " path="/x/y/"', "a.png", "/x/y/", None),
        ('name="фото 1.png" path="/"', "фото 1.png", "/", None),
        ('name="../../a.png" path="/"', "....a.png", "/", "The file “../../a.png” is kept as “....a.png”."),
        ('name="/etc/passwd" path="/"', "etcpasswd", "/", "The file “/etc/passwd” is kept as “etcpasswd”."),
        ('name="C:\\x\\a.png" path="/"', "Cxa.png", "/", "The file “C:\\x\\a.png” is kept as “Cxa.png”."),
        ('name="a&lt;b&gt;&quot;.png"', "ab.png", "/", 'The file “a<b>".png” is kept as “ab.png”.'),
        ('name="a.png" path="../../x"', "a.png", "/x/", None),
        ('name="a.png" path="/../.././x//y/"', "a.png", "/x/y/", None),
        ('name="a.png" path="\\..\\x"', "a.png", "/x/", None),
        ('name=".."', None, None, NAMELESS.format("..")),
        ('name=""', None, None, NAMELESS.format("")),
        (f'name="{"x" * 256}"', None, None, NAMELESS.format("x" * 80)),
        ("", None, None, NAMELESS.format("")),
    ],
)
def test_file_names_lead_nowhere(attributes: str, name: str | None, path: str | None, told: str | None) -> None:
    reading = moodle_xml.read(with_files(f"<file {attributes} encoding='base64'>{ENCODED}</file>"))
    files = reading.items[0].text.files
    assert files == (() if name is None or path is None else (EmbeddedFile(name, PICTURE, path),))
    assert [note.reason for note in reading.notes] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("encoded", "content"),
    [
        (ENCODED, PICTURE),
        ("\n " + "\n".join(ENCODED) + " \n", PICTURE),
        (ENCODED.rstrip("="), PICTURE),
        ("", b""),
        ("YQ=", b"a"),
        ("!!!not base64!!!", None),
        ("YWJj$", None),
        ("Y", None),
        ("Ä" * 8, None),
    ],
)
def test_files_are_decoded_and_broken_ones_left_out(encoded: str, content: bytes | None) -> None:
    reading = moodle_xml.read(with_files(f'<file name="a.png">{encoded}</file>'))
    assert [file.content for file in reading.items[0].text.files] == ([] if content is None else [content])
    broken = ["The file “a.png” is broken and is left out."] if content is None else []
    assert [note.reason for note in reading.notes] == broken


def test_a_file_that_is_too_large_is_left_out() -> None:
    for size, files in ((10 * 2**20, 1), (10 * 2**20 + 1, 0)):
        encoded = base64.b64encode(b"x" * size).decode()
        reading = moodle_xml.read(with_files(f'<file name="a.png">{encoded}</file>'))
        assert (len(reading.items[0].text.files), len(reading.notes)) == (files, 1 - files)


def test_of_two_files_with_one_name_the_first_is_kept() -> None:
    files = [
        f'<file name="a" path="{path}">{text}</file>' for path, text in (("/", "YQ=="), ("/", "Yg=="), ("/x/", "Yw=="))
    ]
    reading = moodle_xml.read(with_files(*files))
    assert reading.items[0].text.files == (EmbeddedFile("a", b"a"), EmbeddedFile("a", b"c", "/x/"))
    assert [note.reason for note in reading.notes] == ["The file “a” is there twice; the first is kept."]


@pytest.mark.parametrize(("qtype", "text"), [("essay", "Q"), ("cloze", "Q {1:SA:=a}")])
def test_the_picture_of_an_old_file_is_put_at_the_end_of_the_text(qtype: str, text: str) -> None:
    inside = f"<image>dir/moodle.png</image><image_base64>\n{ENCODED}\n</image_base64>"
    item = only_item(quiz(question(qtype, inside, text=text)))
    shown = text.replace("{1:SA:=a}", "{#1}")
    assert item.text == Text(
        f'{shown} <img src="@@PLUGINFILE@@/dir_moodle.png" />', HTML, (EmbeddedFile("dir_moodle.png", PICTURE),)
    )


def test_hints_and_feedback_of_old_files() -> None:
    inside = """<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer>
    <single>1</single><shuffleanswers>1</shuffleanswers><answernumbering></answernumbering>
    <correctresponsesfeedback>true</correctresponsesfeedback>
    <hint><hintcontent><text>Old hint</text></hintcontent>
    <statenumberofcorrectresponses>1</statenumberofcorrectresponses></hint>"""
    assert only_item(quiz(question("multichoice", inside))).settings == {
        "single": True,
        "shuffleanswers": True,
        "answernumbering": "abc",
        "showstandardinstruction": True,
        **NO_FEEDBACK,
        "shownumcorrect": True,
        "hints": (Text("Old hint"),),
        "hintshownumcorrect": (True,),
        "hintclearwrong": (False,),
    }


def test_scripts_are_kept_as_data() -> None:
    script = "<script>alert(1)</script>"
    inside = f'<answer fraction="100"><text><![CDATA[{script}]]></text></answer>'
    item = only_item(quiz(question("shortanswer", inside, name=f"<![CDATA[{script}]]>", text=f"<![CDATA[{script}]]>")))
    assert (item.name, item.text.content, item.answers[0].text.content) == (script, script, script)


# Encodings

SCRIPTS = {
    "utf-8": "Привет, مرحبا, 你好, नमस्ते, ሰላም, 😀",
    "utf-16-le": "Привет, مرحبا, 你好, नमस्ते, ሰላም, 😀",
    "utf-16-be": "Привет, مرحبا, 你好, नमस्ते, ሰላም, 😀",
    "windows-1251": "Привет, як справи?",
    "koi8-r": "Привет",
    "iso-8859-1": "Où est l’été?".replace("’", "'"),
    "iso-8859-2": "Žluťoučký kůň",
    "windows-1252": "“Où” – 5 €",
    "windows-1256": "مرحبا",
    "shift_jis": "こんにちは",
    "gb18030": "你好",
    "big5": "你好",
    "euc-kr": "안녕",
    "iso-2022-jp": "こんにちは",
}


def document(words: str, encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{quiz(question("essay", text=words)).decode()}'


@pytest.mark.parametrize(("encoding", "words"), SCRIPTS.items())
def test_encodings_that_the_file_names(encoding: str, words: str) -> None:
    declared = "utf-16" if encoding.startswith("utf-16") else encoding
    assert only_item(document(words, declared).encode(encoding)).text.content == words


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_a_mark_gives_away(encoding: str) -> None:
    words = SCRIPTS["utf-8"]
    assert only_item(document(words, "windows-1252").encode(encoding)).text.content == words
    assert only_item(quiz(question("essay", text=words)).decode().encode(encoding)).text.content == words


def test_what_windows_wrote_as_latin_1_is_read_as_it_meant() -> None:
    assert only_item(document("“x”", "ISO-8859-1").encode("cp1252")).text.content == "“x”"


def test_utf_8_that_says_it_is_something_else_is_read_and_noted() -> None:
    for declared in ("windows-1251", "UTF-16"):
        reading = moodle_xml.read(document("Привет", declared).encode())
        assert [item.text.content for item in reading.items] == ["Привет"]
        assert [note.reason for note in reading.notes] == [
            f"The file says that it is in {declared}, but it is in UTF-8, and was read so."
        ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            document("Привет", "UTF-8").encode("cp1251"),
            "The file is not in the encoding it says: in line 2 there are signs that are not UTF-8. Nothing was "
            "imported. Save it as UTF-8.",
        ),
        (
            document("x", "rot13").encode() + "é".encode(),
            "The file says that it is in the encoding “rot13”, which is not known here. Nothing was imported. "
            "Save it as UTF-8.",
        ),
        (
            document("x", "utf-7").encode(),
            "The file says that it is in the encoding “utf-7”, which is not known here. Nothing was imported. "
            "Save it as UTF-8.",
        ),
        (
            quiz(question("essay", text="x")).decode().encode("utf-16") + b"\0",
            "The file is not in the encoding it says: in line 1 there are signs that are not UTF-16-LE. Nothing was "
            "imported. Save it as UTF-8.",
        ),
    ],
)
def test_a_file_in_another_encoding_than_it_says_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        moodle_xml.read(content)
    assert str(caught.value) == reason


# Files that are refused as a whole

EXPORT = "Nothing was imported. In Moodle, use “Question bank”, “Export”, “Moodle XML format”."
BROKEN = "Nothing was imported. Export it again, or mend this line."
LAUGHS = '<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>'
EXTERNAL = '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'
DOCUMENT_TYPE = (
    "The file has a document type (<!DOCTYPE>), which may hide harmful things. Nothing was imported. Take the line "
    "out; a Moodle XML file needs none."
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty. Nothing was imported."),
        (b" \n\t", "The file is empty. Nothing was imported."),
        (
            b"::Q:: Who? {=me}",
            "This is not a Moodle XML file: it does not begin with a tag. Nothing was imported. Choose the format "
            "that the file has, or export it again as Moodle XML.",
        ),
        (b"PK\x03\x04xyz", f"This is a packed file or a backup, not a file of questions. {EXPORT}"),
        (b"<html><body/></html>", f"This is a web page, not a Moodle XML file. {EXPORT}"),
        (b"<!DOCTYPE html><html>", f"This is a web page, not a Moodle XML file. {EXPORT}"),
        (b"<moodle_backup/>", f"This is a piece of a Moodle backup, not a Moodle XML file. {EXPORT}"),
        (b"<rss/>", f"This is an XML file of another kind: it begins with <rss>. {EXPORT}"),
        (b"<quiz></quiz>", "There is no question in the file. Nothing was imported."),
        (b"<quiz>\n<question", f"The file is broken in line 2 (unclosed token). {BROKEN}"),
        (b"<quiz>\n</x></quiz>", f"The file is broken in line 2 (mismatched tag). {BROKEN}"),
        (b"<quiz>&nbsp;</quiz>", f"The file is broken in line 1 (undefined entity). {BROKEN}"),
        (b"<quiz>\n\n\x01</quiz>", f"The file is broken in line 3 (not well-formed (invalid token)). {BROKEN}"),
        (b"<quiz/><quiz/>", f"The file is broken in line 1 (junk after document element). {BROKEN}"),
        (LAUGHS.encode(), DOCUMENT_TYPE),
        (EXTERNAL.encode(), DOCUMENT_TYPE),
        (b'<!DOCTYPE quiz SYSTEM "http://example.org/x.dtd"><quiz/>', DOCUMENT_TYPE),
        (
            b"<quiz>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</quiz>",
            "In line 1 more than 100 tags stand inside one another. Nothing was imported.",
        ),
        (
            b"<quiz>" + b"<question/>" * 20_001 + b"</quiz>",
            "There are more than 20000 questions in the file. Nothing was imported. Export the questions in several "
            "files, one category at a time.",
        ),
        (
            b"<quiz>" + b"<a/>" * 3_000_000 + b"</quiz>",
            "There are more than 3000000 tags in the file. Nothing was imported. Export the questions in several "
            "files, one category at a time.",
        ),
        (
            b"<quiz>" + b" " * (50 * 2**20) + b"</quiz>",
            "The file is larger than 50 MB. Nothing was imported. Export the questions in several files, one category "
            "at a time.",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        moodle_xml.read(content)
    assert str(caught.value) == reason


def test_a_question_with_too_many_tags_does_not_hide_the_next() -> None:
    many = '<question type="essay"><name><text>Many</text></name>' + "<a><b/></a>" * 15_000 + "</question>"
    reading = moodle_xml.read(quiz(many, question("essay", name="Next")))
    assert [item.name for item in reading.items] == ["Next"]
    assert reading.refused == (Refused(1, "Many", "The question has too many tags."),)


@pytest.mark.parametrize(
    "content",
    [
        quiz(question("essay", text="&lt;" * 500_000)),
        quiz(question("shortanswer", f"<answer><text/><feedback><text>{'&lt;' * 500_000}</text></feedback></answer>")),
        quiz(question("numerical", f'<answer fraction="100"><text>{"1" * 1_000_000}a</text></answer>')),
        quiz(question("cloze", text="{1:SA:" * 150_000)),
        quiz(*[question("essay", "<generalfeedback>x</generalfeedback>" * 200)] * 200),
    ],
    ids=["tags", "feedback", "number", "gaps", "notes"],
)
def test_a_file_made_to_be_slow_is_not(content: bytes) -> None:
    start = time.monotonic()
    moodle_xml.read(content)
    assert time.monotonic() - start < 10


def test_a_question_has_no_more_notes_than_can_be_read() -> None:
    tags = "".join(f"<x{number}>y</x{number}>" for number in range(25))
    told = [note.reason for note in moodle_xml.read(quiz(question("essay", tags))).notes]
    assert told == [*(f"What stands in <x{number}> is not kept." for number in range(20)), "5 more such notes."]
