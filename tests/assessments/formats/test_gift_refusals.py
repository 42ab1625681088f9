"""What GIFT refuses, with the line where the question begins; and what it reads with a word of warning."""

import pytest

from assessments.formats import gift, lines
from assessments.formats.items import FileRefused, Pair, Refused
from tests.assessments.formats.making import answer, item, text

BRACES = "One of the braces { and } is missing. Where they belong to the text, write \\{ and \\}."
TOO_FEW = "There are not enough answers: a question of this kind needs at least %s."
NOT_UTF8 = "The file is not in the encoding UTF-8. Save it again as UTF-8 text. Nothing was imported."


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("Q{=a", BRACES),
        ("Q}", BRACES),
        ("Q{=a ~b\\}", BRACES),
        ("Q{~a}", TOO_FEW % 2),
        ("Q{=a->b}", TOO_FEW % 2),
        ("Q{0}", TOO_FEW % 1),
        ("Q{=%50%a =%25%b}", "One of the answers must give 100 %."),
        ("Q{=a->b =c}", "Each pair of a matching question needs “->” between its two halves."),
        ("Q{~%33%a ~%67%b}", "33 % is not one of the weights that Moodle knows."),
        ("Q{~%101%a ~b}", "101 % is not one of the weights that Moodle knows."),
        ("Q{~%--50%a ~b}", "--50 % is not one of the weights that Moodle knows."),
        ("Q{#}", "There is no number among the answers. A single 0 must be written as {#=0}."),
        ("Q{#0}", "There is no number among the answers. A single 0 must be written as {#=0}."),
        ("Q{#~#no}", "There is no number among the answers. A single 0 must be written as {#=0}."),
        ("Q{#3:}", "After the colon there must be a number, but there is “”."),
        ("Q{#3:two}", "After the colon there must be a number, but there is “two”."),
        ("Q{#1..}", "A range needs a number before and after its two dots, but there is “”."),
        ("Q{#a..2}", "A range needs a number before and after its two dots, but there is “a”."),
        ("Q{#1:1e999}", "The number 1e999 is too large or too small."),
        ("Q{>2 ALL\none}", "There are not enough items: an ordering question needs at least two, each on its line."),
        ("// [id:" + "1" * 101 + "]\nQ{}", "The id in its comment is longer than 100 characters."),
        ("Q{" + "=a " * 1001 + "}", "It has more than 1000 answers."),
    ],
)
def test_a_refused_question_is_named_and_the_rest_is_kept(source: str, reason: str) -> None:
    reading = gift.read(f"// first\nA{{}}\n\n\n{source}\n\n::B::B{{}}".encode())
    begins = 6 if source.startswith("//") else 5
    assert reading.refused == (Refused(begins, "Q", reason),)
    assert [one.name for one in reading.items] == ["A", "B"]
    assert reading.notes == ()


def test_a_refused_question_keeps_the_name_that_it_gives_itself() -> None:
    assert gift.read(b"::Birds::Which{").refused == (Refused(1, "Birds", BRACES),)


def test_a_question_right_below_a_category_is_not_lost_in_silence() -> None:
    reading = gift.read(b"$CATEGORY: a\n::B::c{T}\n\nd{}")
    reason = (
        "It stands directly below a $CATEGORY: line and became a part of the category’s name. "
        "Put a blank line between the two."
    )
    assert reading.refused == (Refused(2, "::B::c", reason),)
    assert [one.category for one in reading.items] == ["a\n::B::c{T}"]


def test_a_second_pair_of_braces_stays_in_the_text_with_a_note() -> None:
    reading = gift.read(b"a {=x ~z} b {=y}")
    assert reading.items == (item("multichoice", "a  b {=y}", answers=(answer("x", 100), answer("z"))),)
    note = "Only its first braces were read as answers; the other ones stay in the text."
    assert reading.notes == (Refused(1, "a  b {=y}", note),)


@pytest.mark.parametrize(
    ("source", "qtype", "content"),
    [
        ("ab } cd {T}", "essay", "ab } cd {T}"),
        ("a } b { =x }", "essay", "a } b x }"),
        ("a }{T} b", "shortanswer", "a }_____{T} b"),
        ("a}b{ =x ~y =z ~w }", "multichoice", "a}b}"),
    ],
)
def test_crossed_braces_are_cut_where_moodle_cuts_them(source: str, qtype: str, content: str) -> None:
    (one,) = gift.read(source.encode()).items
    assert (one.qtype, one.text) == (qtype, text(content))


def test_crossed_braces_that_would_cut_a_letter_in_two_are_refused() -> None:
    reason = "A } stands before the first {. Where it belongs to the text, write \\}."
    (refused,) = gift.read("a } b { =яяя }".encode()).refused
    assert (refused.line, refused.reason) == (1, reason)


def test_a_number_that_is_none_counts_for_every_answer_with_a_note() -> None:
    reading = gift.read(b"Q{#ten}")
    assert reading.items == (item("numerical", "Q", answers=(answer("*", 100),)),)
    assert reading.notes == (Refused(1, "Q", "“ten” is not a number, so every answer counts as this one."),)


def test_of_a_range_with_decimal_commas_only_the_beginnings_are_read_with_a_note() -> None:
    reading = gift.read(b"Q{#3,5..4,5}")
    assert reading.items == (item("numerical", "Q", answers=(answer("3.5", 100, tolerance="0.5"),)),)
    assert reading.notes == (
        Refused(1, "Q", "Of “3,5”, only the number 3 was read."),
        Refused(1, "Q", "Of “4,5”, only the number 4 was read."),
    )


def test_a_pair_without_an_answer_is_read_with_a_note() -> None:
    reading = gift.read(b"Q{=a -> =b -> c}")
    assert reading.items == (item("match", "Q", pairs=(Pair(text("a"), ""), Pair(text("b"), "c"))),)
    assert reading.notes == (Refused(1, "Q", "A part of this matching question has no answer: “a”."),)


@pytest.mark.parametrize(
    "content",
    [
        "Été{}".encode("cp1252"),
        "Q{}".encode("utf-16"),
        "Q{}".encode("utf-16-le"),
        "Что?{}".encode("cp1251"),
        "Was?{=für}".encode("latin-1"),
        b"\xed\xa0\x80{}",
        b"\xc0\xaf{}",
    ],
)
def test_a_file_in_another_encoding_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        gift.read(content)
    assert str(refused.value) == NOT_UTF8


def test_null_characters_at_the_end_of_a_file_are_cut_off() -> None:
    assert gift.read(b"Q{}\0\0\0").items == (item("essay", "Q"),)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"// only a comment\n", b"\xef\xbb\xbf", b"0"])
def test_a_file_without_questions_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        gift.read(content)
    assert str(refused.value) == "There are no questions in this file. Nothing was imported."


def test_a_file_with_too_many_questions_is_refused() -> None:
    assert len(gift.read(b"Q{}\n\n" * lines.MOST_QUESTIONS).items) == 20_000
    with pytest.raises(FileRefused) as refused:
        gift.read(b"Q{}\n\n" * lines.MOST_QUESTIONS + b"Q{}")
    assert str(refused.value) == (
        "The file holds more than 20000 questions. Divide it into smaller files. Nothing was imported."
    )


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        gift.read(b" " * (lines.LARGEST_FILE + 1))
    assert str(refused.value) == "The file is too large: at most 20 MB can be read. Nothing was imported."
