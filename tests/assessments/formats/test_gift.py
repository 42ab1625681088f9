"""What GIFT means. Each construct that Moodle documents stands here once, in words of our own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessments.formats import gift
from assessments.formats.items import Item, Pair, Reading, Refused, Text, TextFormat
from tests.assessments.formats.making import answer, item, text, true_false


def read(source: str) -> Reading:
    return gift.read(source.encode())


def only(source: str) -> Item:
    reading = read(source)
    assert reading.refused == ()
    assert reading.notes == ()
    (one,) = reading.items
    return one


def test_multichoice_with_one_right_answer() -> None:
    assert only("Who hears an appeal?{~a clerk =a judge ~a guard}") == item(
        "multichoice",
        "Who hears an appeal?",
        answers=(answer("a clerk"), answer("a judge", 100), answer("a guard")),
    )


def test_multichoice_with_several_right_answers() -> None:
    assert only("Pick two.{\n~%-50%tea\n~%50%bread\n~%50%rice\n~%-100%air\n}") == item(
        "multichoice",
        "Pick two.",
        answers=(answer("tea", -50), answer("bread", 50), answer("rice", 50), answer("air", -100)),
        settings={"single": False},
    )


def test_multichoice_with_part_of_the_marks() -> None:
    assert only("Hard.{~no#sorry ~%50%half #nearly =yes#well done}").answers == (
        answer("no", 0, "sorry"),
        answer("half", 50, "nearly"),
        answer("yes", 100, "well done"),
    )


def test_multichoice_without_equals_but_with_full_marks_takes_several() -> None:
    assert only("Q{~%100%a ~%-50%b}").settings["single"] is False


def test_multichoice_answers_without_text_are_not_stored() -> None:
    assert only("Q{~ =a ~b ~}").answers == (answer("a", 100), answer("b"))


def test_a_weight_after_an_equals_sign_of_a_multichoice_is_text() -> None:
    assert only("Q{=%50%a ~b}").answers == (answer("%50%a", 100), answer("b"))


@pytest.mark.parametrize(
    ("given", "stored"),
    [("33.333", "33.33333"), ("33.33333", "33.33333"), ("5", "5"), ("-16.66667", "-16.66667"), ("50.0", "50")],
)
def test_a_weight_near_to_a_known_one_becomes_it(given: str, stored: str) -> None:
    assert only(f"Q{{~%{given}%a ~b}}").answers[0].fraction == Decimal(stored)


def test_missing_word_leaves_a_gap_in_the_text() -> None:
    assert only("An officer {=must ~may} listen.") == item(
        "multichoice", "An officer _____ listen.", answers=(answer("must", 100), answer("may"))
    )


def test_a_stop_after_the_braces_makes_a_gap() -> None:
    assert only("Two and two are {=four =4}.") == item(
        "shortanswer", "Two and two are _____.", answers=(answer("four", 100), answer("4", 100))
    )


def test_short_answer_with_weights_and_feedback() -> None:
    assert only("Capital?{=Berne#Yes =%75%Bern#Spelling =%0%*#No}") == item(
        "shortanswer",
        "Capital?",
        answers=(answer("Berne", 100, "Yes"), answer("Bern", 75, "Spelling"), answer("*", 0, "No")),
    )


def test_short_answer_without_a_sign_before_the_first() -> None:
    assert only("Q{one =two}").answers == (answer("one", 100), answer("two", 100))


def test_short_answer_of_an_empty_word_without_marks_is_not_stored() -> None:
    assert only("Q{=a =%0%#<p> </p>}").answers == (answer("a", 100),)


@pytest.mark.parametrize(("word", "is_true"), [("T", True), ("TRUE", True), ("F", False), ("FALSE", False)])
def test_true_or_false(word: str, is_true: bool) -> None:
    assert only(f"The sun is a star.{{{word}}}") == item(
        "truefalse", "The sun is a star.", answers=true_false(is_true=is_true)
    )


def test_true_or_false_with_one_feedback_says_it_to_those_who_are_wrong() -> None:
    assert only("Q{F#Nobody did.}").answers == true_false(is_true=False, wrong="Nobody did.")


def test_true_or_false_with_two_feedbacks_and_a_general_one() -> None:
    assert only("Q{TRUE#No.#Yes.####Look it up.}") == item(
        "truefalse",
        "Q",
        answers=true_false(is_true=True, wrong="No.", right="Yes."),
        general_feedback=text("Look it up."),
    )


def test_true_in_small_letters_is_a_short_answer() -> None:
    assert only("Q{true}") == item("shortanswer", "Q", answers=(answer("true", 100),))


def test_matching() -> None:
    assert only("Match.{\n=Cat -> Kitten\n=Dog->Puppy\n=[html]<i>Cow</i>  ->  Calf\n= -> Chick\n}") == item(
        "match",
        "Match.",
        pairs=(
            Pair(text("Cat"), "Kitten"),
            Pair(text("Dog"), "Puppy"),
            Pair(text("<i>Cow</i>", TextFormat.HTML), "Calf"),
            Pair(text(""), "Chick"),
        ),
    )


@pytest.mark.parametrize(
    ("braces", "number", "tolerance"),
    [
        ("#1822", "1822", "0"),
        ("#3:2", "3", "2"),
        ("#3.1415:0.0005", "3.1415", "0.0005"),
        ("#3.141..3.142", "3.1415", "0.0005"),
        ("#1..5", "3", "2"),
        ("#-5 .. -1", "-3", "2"),
        ("#=0", "0", "0"),
        ("#1e3:1e-1", "1e3", "0.1"),
        ("#3.10", "3.10", "0"),
        ("#*", "*", "0"),
        ("#3\\:2", "3", "2"),
    ],
)
def test_numerical(braces: str, number: str, tolerance: str) -> None:
    assert only(f"How much?{{{braces}}}") == item(
        "numerical", "How much?", answers=(answer(number, 100, tolerance=tolerance),)
    )


def test_numerical_with_several_answers_and_one_for_the_rest() -> None:
    assert only("When?{#\n=1822:0 #Exactly.\n=%50%1822:2 #Nearly,\nbut no.\n~#Far off.}").answers == (
        answer("1822", 100, "Exactly."),
        answer("1822", 50, "Nearly,\nbut no.", 2),
        answer("*", 0, "Far off."),
    )


def test_essay_with_and_without_general_feedback() -> None:
    assert only("Tell us.{}") == item("essay", "Tell us.")
    assert only("Tell us.{####Thank you.}") == item("essay", "Tell us.", general_feedback=text("Thank you."))


def test_description_has_no_braces_and_no_points() -> None:
    assert only("Read this first.") == item("description", "Read this first.")


def test_ordering_with_every_option() -> None:
    source = "::Steps::[html]Order.{>3 CONTIGUOUS VERT ABSOLUTE TRUE ABCD\nFirst\nThen\n<p>Last<br></p>\n#### Good.\n}"
    assert only(source) == item(
        "ordering",
        text("Order.", TextFormat.HTML),
        "Steps",
        answers=tuple(replace(answer(word), feedback=Text()) for word in ("First", "Then", "Last")),
        general_feedback=text("Good.", TextFormat.HTML),
        settings={
            "selecttype": "CONTIGUOUS",
            "layouttype": "VERTICAL",
            "gradingtype": "ABSOLUTE_POSITION",
            "showgrading": True,
            "numberingstyle": "ABCD",
            "selectcount": 3,
        },
    )


def test_ordering_without_options_takes_the_usual_ones() -> None:
    assert only("Order.{>9\none\ntwo}").settings == {
        "selecttype": "RANDOM",
        "layouttype": "VERTICAL",
        "gradingtype": "RELATIVE_NEXT_EXCLUDE_LAST",
        "showgrading": True,
        "numberingstyle": "none",
        "selectcount": 2,
    }


def test_name_and_default_name() -> None:
    assert only("::Animals::Which?{}").name == "Animals"
    assert only("::a\\:\\:b <b>c</b>::Which?{}").name == "a::b c"
    assert only("::::Which?{}").name == ""
    assert only("::Which?{}") == item("essay", "Which?")
    assert only("{T}").name == "Question name"
    long = "An officer who hears a claim must write down what the person says, in the person's own words."
    assert only(long + "{}").name == "An officer who hears a claim must write down what the person says, in the ..."


@pytest.mark.parametrize(
    ("prefix", "text_format"),
    [
        ("[html]", TextFormat.HTML),
        ("[moodle]", TextFormat.MOODLE),
        ("[plain]", TextFormat.PLAIN),
        ("[markdown]", TextFormat.MARKDOWN),
    ],
)
def test_the_format_of_the_question_is_that_of_its_parts(prefix: str, text_format: TextFormat) -> None:
    one = only(f"{prefix}Q{{=[plain]a#yes ~b#[html]no ####done}}")
    assert one.text == text("Q", text_format)
    assert one.general_feedback == text("done", text_format)
    assert [(part.text, part.feedback) for part in one.answers] == [
        (text("a", TextFormat.PLAIN), text("yes", text_format)),
        (text("b", text_format), text("no", TextFormat.HTML)),
    ]


@pytest.mark.parametrize("source", ["[HTML]Q", "[1] Q", "[html", "[]Q", "[ html]Q"])
def test_other_words_in_brackets_belong_to_the_text(source: str) -> None:
    assert only(source) == item("description", source)


def test_escaped_signs() -> None:
    assert only("a\\:b\\~c\\=d\\#e\\{f\\}g\\nh\\\\i\\\\n{=\\=\\~\\#\\}\\{ ~\\\\}") == item(
        "multichoice",
        "a:b~c=d#e{f}g\nh\\i\\n",
        "a:b~c=d#e{f}g\nh\\i\\n",
        answers=(answer("=~#}{", 100), answer("\\")),
    )


def test_a_backslash_before_any_other_sign_stays() -> None:
    assert only("C:\\temp \\x{}").text == text("C:\\temp \\x")


def test_stand_ins_of_the_importer_become_their_signs() -> None:
    assert only("a&&058;b&&010;c{}").text == text("a:b\n;c")


def test_comments_are_left_out_and_leave_a_line_with_a_blank() -> None:
    assert only("// first\none\n  // between\ntwo{}\n//last") == item("essay", "one\n \ntwo", line=2)


def test_id_and_tags_in_comments() -> None:
    one = only("// [id: a\\]7 ] see [tag:sea  rescue][tag:Law]\n// [tag:law] [tag:] [id:other] [tag:<b>]\nQ{}")
    assert (one.id_number, one.tags) == ("a]7", ("sea rescue", "Law"))


def test_an_id_over_two_lines_is_none() -> None:
    assert only("// [id:a\n// b]\nQ{}").id_number == ""


def test_an_escaped_bracket_ends_an_id_if_no_other_does() -> None:
    assert only("// [id:a\\]\nQ{}").id_number == "a\\"


def test_the_same_id_again_is_left_out_with_a_note() -> None:
    reading = read("// [id:1]\na{}\n\n// [id:1]\nb{}\n\n$CATEGORY: c\n\n// [id:1]\nd{}")
    assert [one.id_number for one in reading.items] == ["1", "", "1"]
    note = "Another question of this category has the same id, so this one is read without it."
    assert reading.notes == (Refused(5, "b", note),)


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("top/Asylum/Interviews", "top/Asylum/Interviews"),
        ("$course$/top/Law", "top/Law"),
        ("$system$/a// b/c", "a// b/c"),
        (" one / two ", "one/two"),
        ("and//or", "and//or"),
        (" //a/b// /c", " //a/b// /c"),
        ("a<br>b/x < y", "ab/x < y"),
        ("a\\:b", "a&&058;b"),
        ("القانون/法律", "القانون/法律"),
        ("$COURSE$/a", "$COURSE$/a"),
    ],
)
def test_category(path: str, category: str) -> None:
    items = read(f"a{{}}\n\n$CATEGORY: {path}\n\nb{{}}\n\nc{{}}").items
    assert [one.category for one in items] == ["", category, category]


def test_the_last_general_feedback_counts() -> None:
    one = only("Q{=a####b####[html]c}")
    assert (one.answers[0].feedback, one.general_feedback) == (text("###b"), text("c", TextFormat.HTML))


def test_a_blank_before_the_format_of_general_feedback_makes_it_text() -> None:
    assert only("Q{#### [html]c}").general_feedback == text("[html]c")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_of_every_system(ends: str, mark: str) -> None:
    lines = [f"{mark}::A::one", "two{}", "", " \t ", "", "0", "::B::three{T}", "// end"]
    assert read(ends.join(lines)).items == (
        item("essay", "one\ntwo", "A"),
        item("truefalse", "three", "B", line=7, answers=true_false(is_true=True)),
    )


@pytest.mark.parametrize(
    "words", ["ما هو القانون؟", "Что такое закон?", "什么是法律？", "a\xa0b\xa0", "e\u0301\u200f\u2028z", "😀"]
)
def test_every_script_comes_through(words: str) -> None:
    assert only(f"::{words}::{words}{{={words}#{words} ~{words} ####{words}}}") == item(
        "multichoice",
        words,
        answers=(answer(words, 100, words), answer(words)),
        general_feedback=text(words),
    )
