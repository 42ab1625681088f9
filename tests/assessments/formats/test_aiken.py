"""Aiken: what it means, what it refuses, and that what is written comes back the same."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from html import escape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.formats import aiken
from assessments.formats.items import Answer, EmbeddedFile, FileRefused, Item, Refused, Text, TextFormat
from assessments.formats.lines import trim
from assessments.formats.names import default_name
from tests.assessments.formats.making import item, text

NO_ANSWER = (
    "There is no line “ANSWER:” for it. A question must be one line, "
    "followed by its choices and by the letter of the right one."
)
NOT_UTF8 = "The file is not in the encoding UTF-8. Save it again as UTF-8 text. Nothing was imported."
TOO_MANY = "The file holds more than 20000 questions. Divide it into smaller files. Nothing was imported."
ASTRAY = "There is no question above this choice or answer."
FILES = "It has pictures or other files, which Aiken cannot hold."


def choice(question: str, choices: Sequence[str], right: int = 0, line: int = 1) -> Item:
    """A question as Moodle makes it of these plain lines."""
    answers = [
        Answer(Text(escape(words, quote=False)), Decimal(100 if number == right else 0))
        for number, words in enumerate(choices)
    ]
    return item(
        "multichoice",
        Text(escape(question, quote=False)),
        default_name(question),
        line=line,
        answers=tuple(answers),
    )


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [[], [""]])
def test_questions_with_line_ends_of_every_system(ends: str, mark: str, last: list[str]) -> None:
    lines = [f"{mark}Who hears?", "A) A guard", "B. A judge", "C)Nobody", " ANSWER:  B, of course ", "", "  ", "-"]
    lines += ['Is 1 < 2 & "so"?', "A) Yes", "", "B) <No>", "ANSWER:A", *last]
    assert aiken.read(ends.join(lines).encode()).items == (
        choice("Who hears?", ["A guard", "A judge", "Nobody"], 1),
        choice('Is 1 < 2 & "so"?', ["Yes", "<No>"], line=9),
    )


def test_letters_are_not_compared_but_counted() -> None:
    reading = aiken.read(b"Q?\nB) one\nX) two\nA) three\nANSWER: C")
    assert reading.items == (choice("Q?", ["one", "two", "three"], 2),)


@pytest.mark.parametrize("letter", ["D", "a", "", "1", "Б"])
def test_a_letter_of_no_choice_leaves_none_right_with_a_note(letter: str) -> None:
    reading = aiken.read(f"Q?\nA) one\nB) two\nANSWER: {letter}".encode())
    assert reading.items == (choice("Q?", ["one", "two"], -1),)
    note = f"“{letter}” is not the letter of any choice, so no choice is right."
    assert reading.notes == (Refused(1, "Q?", note),)


def test_an_empty_choice_counts_but_is_not_stored() -> None:
    (one,) = aiken.read(b"Q?\nA)\nB) two\nANSWER: B").items
    assert one.answers == (Answer(Text("two"), Decimal(100)),)


def test_a_line_of_one_sign_is_blank_if_it_takes_one_byte() -> None:
    lines = ["我", "A) x", "B) y", "ANSWER: A", "Q", "Z?", "A) x", "B) y", "ANSWER: A"]
    assert [one.name for one in aiken.read("\n".join(lines).encode()).items] == ["我", "Z?"]


def test_refused_questions_are_named_and_the_rest_is_kept() -> None:
    lines = [
        *("Only one?", "A) one", "ANSWER: A", ""),
        *("A) lost", "B) lost too", "", "ANSWER: A", ""),
        *("Good?", "A) yes", "B) no", "ANSWER: A", ""),
        *("Two lines,", "one question?", "A) yes", "B) no", "answer: A", ""),
        *("a lower letter?", "a) yes", "A) yes", "B) no", "ANSWER: A", "ANSWER: A", ""),
        *("Open?", "A) yes"),
    ]
    reading = aiken.read("\n".join(lines).encode())
    assert reading.items == (choice("Good?", ["yes", "no"], line=10), choice("a) yes", ["yes", "no"], line=22))
    assert reading.refused == (
        Refused(1, "Only one?", "A question needs at least two choices, such as “A) Yes”."),
        Refused(5, "", ASTRAY),
        Refused(8, "", ASTRAY),
        Refused(15, "Two lines,", NO_ANSWER),
        Refused(16, "one question?", NO_ANSWER),
        Refused(19, "answer: A", NO_ANSWER),
        Refused(21, "a lower letter?", NO_ANSWER),
        Refused(26, "", ASTRAY),
        Refused(28, "Open?", NO_ANSWER),
    )
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "Où?".encode("cp1252"),
            NOT_UTF8,
        ),
        (
            "Q?".encode("utf-16"),
            NOT_UTF8,
        ),
        (b"", "There are no questions in this file. Nothing was imported."),
        (b"\n-\n", "There are no questions in this file. Nothing was imported."),
        (
            b"Q?\n" * 20_002,
            "The file holds more than 20000 questions. Divide it into smaller files. Nothing was imported.",
        ),
        (b"\n" * (20 * 1024 * 1024 + 1), "The file is too large: at most 20 MB can be read. Nothing was imported."),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as refused:
        aiken.read(content)
    assert str(refused.value) == reason


# What the format itself excludes: null characters, line ends inside a text, blanks at its ends, an empty choice, and
# questions that are too short or look like a choice or like the line with the answer.
LINES = (
    st.lists(
        st.one_of(
            st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r"),
            st.sampled_from([*"<>&;'\"()\t \xa0\u2028\u200f\ufeff"]),
            st.sampled_from(["&amp;", "<b>", "A) ", "ANSWER: A", "قانون", "закон"]),
        ),
        max_size=10,
    )
    .map("".join)
    .map(trim)
)
QUESTIONS = LINES.filter(lambda line: len(line.encode()) > 1 and not re.match(r"[A-Z][).]|ANSWER:", line))


@st.composite
def choices(draw: st.DrawFn) -> Item:
    given_choices = draw(st.lists(LINES.filter(bool), min_size=2, max_size=26))
    return choice(draw(QUESTIONS), given_choices, draw(st.integers(0, len(given_choices) - 1)))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(several=st.lists(choices(), min_size=1, max_size=4))
def test_questions_come_back_as_they_were(several: list[Item]) -> None:
    assert [(aiken.unsupported(one), aiken.losses(one)) for one in several] == [("", [])] * len(several)
    reading = aiken.read(aiken.write(several))
    assert [replace(one, line=1) for one in reading.items] == several
    assert (reading.refused, reading.notes) == ((), ())


CHOICE = choice("Who hears?", ["a guard", "a judge"], 1)


def test_a_file_reads_well() -> None:
    assert aiken.write([CHOICE, CHOICE]) == (
        b"Who hears?\nA) a guard\nB) a judge\nANSWER: B\n\nWho hears?\nA) a guard\nB) a judge\nANSWER: B\n"
    )


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (item("essay", "Tell."), "Aiken has only multiple-choice questions with one right answer."),
        (item("multianswer", "{#1}"), "Aiken has only multiple-choice questions with one right answer."),
        (
            replace(CHOICE, settings={"single": False}),
            "Aiken has only multiple-choice questions with one right answer.",
        ),
        (replace(CHOICE, answers=CHOICE.answers[1:]), "Aiken needs at least 2 and at most 26 answers."),
        (replace(CHOICE, answers=CHOICE.answers * 14), "Aiken needs at least 2 and at most 26 answers."),
        (replace(CHOICE, answers=CHOICE.answers * 2), "Exactly one of its answers must give 100 %."),
        (replace(CHOICE, text=Text("a", files=(EmbeddedFile("a.png", b"x"),))), FILES),
        (replace(CHOICE, general_feedback=Text('<img src="@@PLUGINFILE@@/a.png">')), FILES),
        (replace(CHOICE, answers=(*CHOICE.answers, Answer(Text("<p></p>")))), "One of its answers has no text."),
        (replace(CHOICE, text=Text("?")), "The text of the question is too short for Aiken."),
        (
            replace(CHOICE, text=Text("<p>A) what?</p>")),
            "In Aiken, a question cannot begin like a choice (“A)”) or like “ANSWER:”.",
        ),
        (replace(CHOICE, text=Text("a\0b")), "It holds signs that no text file can hold."),
        (replace(CHOICE, text=Text("a\ud800b")), "It holds signs that no text file can hold."),
    ],
)
def test_an_item_that_aiken_cannot_hold(one: Item, reason: str) -> None:
    assert aiken.unsupported(one) == reason
    with pytest.raises(ValueError, match=re.escape(reason)):
        aiken.write([CHOICE, one])


@pytest.mark.parametrize(
    ("others", "lost"),
    [
        ({"text": Text("Who hears?", TextFormat.PLAIN)}, []),
        ({"name": "Judges"}, ["its name"]),
        ({"category": "top/Law"}, ["its category"]),
        ({"id_number": "7"}, ["its id"]),
        ({"tags": ("sea",)}, ["its tag “sea”"]),
        ({"general_feedback": text("Read it again.")}, ["its general feedback"]),
        ({"default_grade": Decimal(3)}, ["its points"]),
        (
            {"answers": (replace(CHOICE.answers[0], feedback=text("No")), CHOICE.answers[1])},
            ["the feedback to its answers"],
        ),
        (
            {"answers": (replace(CHOICE.answers[0], fraction=Decimal(50)), CHOICE.answers[1])},
            ["part of the marks for its answers"],
        ),
        ({"text": Text("<p>Who <b>hears</b>?</p>")}, ["the formatting of its texts"]),
        ({"text": Text("Who\nhears?", TextFormat.PLAIN)}, ["the formatting of its texts"]),
        ({"text": Text("Who hears?", TextFormat.MARKDOWN)}, ["the formatting of its texts"]),
        ({"settings": CHOICE.settings | {"shuffleanswers": False}}, ["its setting “shuffleanswers”"]),
    ],
)
def test_what_a_question_loses(others: dict[str, Any], lost: list[str]) -> None:
    assert aiken.losses(replace(CHOICE, **others)) == lost


@pytest.mark.parametrize(
    ("given_text", "line"),
    [
        (Text("<p>One</p>\n<p>two<br>three</p>"), "One two three"),
        (Text("1 &lt; 2 &amp; 3 &#33;"), "1 < 2 & 3 !"),
        (Text("a\r\nb", TextFormat.MOODLE), "a b"),
        (Text("a < b &amp; c", TextFormat.PLAIN), "a < b &amp; c"),
        (Text("**a** <b>", TextFormat.MARKDOWN), "**a** <b>"),
    ],
)
def test_a_text_becomes_one_plain_line(given_text: Text, line: str) -> None:
    assert aiken.plain(given_text) == line
