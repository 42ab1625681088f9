"""What becomes of each of Moodle's types."""

from decimal import Decimal

import pytest

from assessments.domain.exchange.refusing import NotHeld
from assessments.formats.items import Item, Text, TextFormat
from assessments.questions import Option, Rules, get
from tests.factories.exchange import (
    answer,
    essence,
    gap,
    html,
    item,
    kept,
    pair,
    told,
    unit,
)

FULL = Decimal(100)


def test_choice_with_one_right_answer_states_no_shares() -> None:
    content = kept(item("multichoice", answer("Yes", "100", "Good."), answer("No"), settings={"single": True}))
    assert content.kind == "single_choice"
    assert essence(content) == [("Yes", True, None), ("No", False, None)]
    assert content.options[0].feedback == "Good."
    assert content.rules == Rules(shuffle=True)
    assert len({option.id for option in content.options}) == 2


def test_choice_with_graded_answers_keeps_every_share() -> None:
    of = item(
        "multichoice",
        answer("Yes", "100"),
        answer("Nearly", "50"),
        answer("No", "-33.33333"),
        settings={"single": True},
    )
    assert essence(kept(of)) == [
        ("Yes", True, FULL),
        ("Nearly", False, Decimal(50)),
        ("No", False, Decimal("-33.33333")),
    ]


@pytest.mark.parametrize(
    "fractions", [["80", "0"], ["100", "100"], ["0", "0"], ["50", "50"]], ids=["none full", "two", "none", "halves"]
)
def test_choice_that_moodle_takes_is_taken_and_marked_by_its_shares(fractions: list[str]) -> None:
    content = kept(item("multichoice", *(answer(f"A{n}", f) for n, f in enumerate(fractions)), settings={}))
    marks = [get("single_choice").mark([option.id], content.asked()) for option in content.options]
    assert marks == [Decimal(f) / 100 for f in fractions]


def test_several_right_answers_that_share_the_point_state_no_shares() -> None:
    answers = [answer("A", "33.33333"), answer("B", "33.33333"), answer("C", "33.33333"), answer("D", "-33.33333")]
    content = kept(item("multichoice", *answers, settings={"single": False, "shuffleanswers": False}))
    assert content.kind == "multiple_choice"
    assert essence(content) == [("A", True, None), ("B", True, None), ("C", True, None), ("D", False, None)]
    assert content.rules == Rules(shuffle=False)


def test_several_right_answers_are_marked_as_moodle_marks_them() -> None:
    of = item("multichoice", answer("A", "60"), answer("B", "20"), answer("C"), settings={"single": False})
    content = kept(of)
    a, b, c = (option.id for option in content.options)
    mark = get("multiple_choice").mark
    assert [mark(given, content.asked()) for given in (None, [a], [a, b], [a, b, c], [c])] == [
        Decimal(0),
        Decimal("0.6"),
        Decimal("0.8"),
        Decimal("0.8"),
        Decimal(0),
    ]
    assert told(of) == ["The shares of its right options do not add up to 100 per cent."]


def test_thirds_are_the_whole_point_together() -> None:
    thirds = [answer(word, "33.33333") for word in "ABC"]
    content = kept(item("multichoice", *thirds, answer("D"), settings={"single": False}))
    chosen = [option.id for option in content.options[:3]]
    assert get("multiple_choice").mark(chosen, content.asked()) == 1


def test_several_answers_that_are_all_right_are_taken() -> None:
    content = kept(item("multichoice", answer("A", "50"), answer("B", "50"), settings={"single": False}))
    assert essence(content) == [("A", True, Decimal(50)), ("B", True, Decimal(50))]


def test_true_or_false_keeps_the_feedback_of_each() -> None:
    content = kept(item("truefalse", answer("false", "100", "So it is."), answer("true", "0", "No.")))
    assert content.kind == "true_false"
    assert content.options == (
        Option(id="true", correct=False, feedback="No."),
        Option(id="false", correct=True, feedback="So it is."),
    )


def test_short_answer_compares_accents_as_moodle_does() -> None:
    answers = [answer("Qu\\*to*", "100"), answer("Lima", "50"), answer("*", "0", "No.")]
    content = kept(item("shortanswer", *answers, settings={"usecase": True}))
    assert content.kind == "short_text"
    assert [(o.type, o.text, o.share, o.feedback) for o in content.options] == [
        ("accepted", "Qu\\*to*", None, ""),
        ("accepted", "Lima", Decimal(50), ""),
        ("accepted", "*", Decimal(0), "No."),
    ]
    assert content.rules == Rules(case_sensitive=True, accents_matter=True)


def test_numbers_keep_tolerance_units_and_what_a_missing_unit_costs() -> None:
    of = item(
        "numerical",
        answer("3.14", "100", tolerance="0.005"),
        answer("*", "0", "No."),
        units=(unit("m", "1"), unit("cm", "100")),
        settings={"unitgradingtype": 1, "unitpenalty": Decimal("0.2")},
    )
    content = kept(of)
    assert content.kind == "numeric"
    assert [(o.type, o.text, o.tolerance, o.share, o.multiplier) for o in content.options] == [
        ("number", "3.14", Decimal("0.005"), None, Decimal(1)),
        ("number", "*", Decimal(0), Decimal(0), Decimal(1)),
        ("unit", "m", Decimal(0), None, Decimal(1)),
        ("unit", "cm", Decimal(0), None, Decimal(100)),
    ]
    assert content.rules == Rules(unit_penalty=20)
    assert get("numeric").mark("314 cm", content.asked()) == 1
    assert get("numeric").mark("3.14", content.asked()) == Decimal("0.8")


def test_numbers_of_which_none_is_wholly_right_are_taken() -> None:
    content = kept(item("numerical", answer("7", "50")))
    assert get("numeric").mark("7", content.asked()) == Decimal("0.5")


def test_matching_keeps_pictures_in_its_texts_and_answers_to_spare() -> None:
    content = kept(item("match", pairs=(pair("<b>Lima</b>", "Peru"), pair("", "Chile")), settings={}))
    assert content.kind == "matching"
    assert [(o.type, o.text, o.match) for o in content.options] == [
        ("pair", "<b>Lima</b>", "Peru"),
        ("pair", "", "Chile"),
    ]


def test_ordering_says_when_it_is_marked_in_another_way() -> None:
    answers = [answer("One"), answer("Two"), answer("Three")]
    of = item("ordering", *answers, settings={"gradingtype": "ABSOLUTE_POSITION", "selecttype": "ALL"})
    assert [o.text for o in kept(of).options] == ["One", "Two", "Three"]
    assert told(of) == ["It is marked by who follows whom; Moodle’s other way of marking it is not kept."]
    whole = kept(item("ordering", *answers, settings={"gradingtype": "ALL_OR_NOTHING"}))
    assert whole.rules == Rules(all_or_nothing=True)


def test_essay_keeps_notes_for_markers_and_the_text_to_begin_with() -> None:
    settings = {
        "graderinfo": html("<p>Look for sources.</p>"),
        "responsetemplate": html("<p>Dear <b>all</b>,</p><p>1 &lt; 2</p>"),
        "minwordlimit": 50,
        "maxwordlimit": None,
        "attachments": 2,
    }
    of = item("essay", settings=settings)
    content = kept(of)
    assert (content.kind, content.marking_notes) == ("essay", "<p>Look for sources.</p>")
    assert content.template == "Dear all,\n1 < 2"
    assert content.rules == Rules(min_words=50)
    assert told(of) == ["Files cannot be attached to an essay here. Use a practical assessment for that."]


def test_description_becomes_a_text_that_earns_nothing() -> None:
    content = kept(item("description", default_grade=Decimal(3)))
    assert (content.kind, content.weight) == ("information", Decimal(0))


def test_embedded_answers_become_gaps() -> None:
    gaps = (
        gap("shortanswer", answer("Lima", "100"), answer("Quito", "50", "Nearly."), settings={"usecase": False}),
        gap("numerical", answer("7", "100", tolerance="1"), default_grade=Decimal(2)),
        gap(
            "multichoice",
            answer("<b>Peru</b> &amp; more", "100"),
            answer("Chile", "0"),
            settings={"single": True, "layout": "vertical"},
        ),
    )
    of = item("multianswer", text="<p>{#1}, {#2} and {#3}</p>", gaps=gaps, default_grade=Decimal(4))
    content = kept(of)
    assert (content.kind, content.prompt, content.weight) == ("gap_fill", "<p>[[1]], [[2]] and [[3]]</p>", Decimal(4))
    assert [(o.control, o.weight) for o in content.options] == [("text", 1), ("number", 2), ("choice", 1)]
    assert [[(a.text, a.correct, a.share) for a in o.inside] for o in content.options] == [
        [("Lima", False, None), ("Quito", False, Decimal(50))],
        [("7", False, None)],
        [("Peru & more", True, None), ("Chile", False, None)],
    ]
    assert content.options[1].inside[0].tolerance == 1
    assert told(of) == [
        "Bold and other forms in the answers of a gap are not kept.",
        "Answers of a gap that stood side by side or below each other are a list to open here.",
    ]


@pytest.mark.parametrize(
    ("text", "gaps", "reason"),
    [
        ("{#1} [[1]]", (gap("shortanswer", answer("A", "100")),), "The text holds signs such as [[1]]"),
        ("{#1}", (gap("multichoice", answer("A", "100"), settings={"single": False}),), "Gap 1 takes several answers"),
        (
            "{#1} {#2}",
            (
                gap("shortanswer", answer("A", "100"), settings={"usecase": True}),
                gap("shortanswer", answer("A", "100"), settings={"usecase": False}),
            ),
            "Capitals matter in some of its gaps and not in others.",
        ),
    ],
)
def test_gaps_that_cannot_be_held_are_refused(text: str, gaps: tuple, reason: str) -> None:
    with pytest.raises(NotHeld) as refusal:
        kept(item("multianswer", text=text, gaps=gaps))
    assert str(refusal.value).startswith(reason)


def test_what_has_no_place_here_is_told() -> None:
    settings = {"correctfeedback": html("Well done"), "hints": (html("Think"),), "answernumbering": "iii"}
    of = item("multichoice", answer("A", "100"), answer("B"), settings=settings, penalty=Decimal("0.25"))
    assert told(of) == [
        "The feedback for right, partly right and wrong answers as a whole is not kept.",
        "Hints for another try are not kept.",
        "The penalty for another try is not kept: a question has one try in an attempt.",
        "The numbering of its options is not kept.",
    ]


def test_head_of_a_question_is_kept() -> None:
    of = item(
        "essay",
        name="Rescue  at sea",
        category="top/Waves // wind / High ",
        tags=("night", "storm", "night"),
        default_grade=Decimal("2.3333333"),
        general_feedback=html("<p>All.</p>"),
    )
    content = kept(of)
    assert (content.name, content.category, content.tags) == ("Rescue at sea", "Waves // wind/High", ("night", "storm"))
    assert (content.weight, content.feedback) == (Decimal("2.33"), "<p>All.</p>")
    assert told(of) == ["Points have two decimals here; the rest is not kept."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (Text("One\r\ntwo <b>three</b>", TextFormat.MOODLE), "One<br>two <b>three</b>"),
        (Text("1 < 2\n<b>no</b>", TextFormat.PLAIN), "1 &lt; 2<br>&lt;b&gt;no&lt;/b&gt;"),
        (
            Text("**One**\n\n<i>two</i>", TextFormat.MARKDOWN),
            "<p><strong>One</strong></p>\n<p>&lt;i&gt;two&lt;/i&gt;</p>",
        ),
        (Text("<p onclick='x()'>One<script>alert(1)</script></p>"), "<p>One</p>"),
        (Text('<a href="javascript:alert(1)">One</a>'), "<a>One</a>"),
        (Text("One\0 \ud800two"), "One two"),
    ],
)
def test_text_of_every_format_becomes_clean_html(text: Text, expected: str) -> None:
    assert kept(Item("essay", "Name", text)).prompt == expected
