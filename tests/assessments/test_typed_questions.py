"""Questions that are answered by typing, and cases that unfold: what they take, and what an answer earns."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import questions
from assessments.questions import Asked, Option, Rules
from tests.factories.asked import CASE, DISTANCE, GAPS, asked, earned, is_valid, step

# --- Numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [
        ("3.5 km", "1"),
        ("3,5km", "1"),
        ("٣٫٥ km", "1"),
        ("3 500 m", "1"),
        ("3.500 m", "0"),
        ("3,500.0 m", "1"),
        ("3.6 km", "1"),
        ("4 km", "0.5"),
        ("3.5", "0.8"),
        ("3.5 miles", "0.8"),
        ("5 km", "0"),
        ("far", "0"),
    ],
)
def test_number_with_units(typed: str, fraction: str) -> None:
    assert earned("numeric", typed, DISTANCE) == Decimal(fraction)


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [
        ("1500", True),
        ("1,500.0", True),
        ("1.500,0", True),
        ("1 500", True),
        ("1'500", True),
        ("1.5e3", True),
        ("1,5E+3", True),
        ("1.5 x 10^3", True),
        ("١٥٠٠", True),
        ("1.500.000", False),
        ("1500 people", False),
        ("-1500", False),
        ("e5", False),
        ("1e99999", False),
    ],
)
def test_number_is_read_in_any_script_and_custom(typed: str, is_right: bool) -> None:
    assert earned("numeric", typed, asked(Option(id="n", type="number", text="1500"))) == Decimal(is_right)


@given(st.text(max_size=120))
def test_number_reads_whatever_is_typed(typed: str) -> None:
    assert 0 <= earned("numeric", typed, DISTANCE) <= 1


# --- Short text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "accepted", "rules", "fits"),
    [
        ("  Non-refoulement ", "non-refoulement", {}, True),
        ("réfugié", "REFUGIE", {}, True),
        ("réfugié", "refugie", {"accents_matter": True}, False),
        ("Geneva", "geneva", {"case_sensitive": True}, False),
        ("the Geneva Convention of 1951", "*Geneva Convention*", {}, True),
        ("Geneva", "*Geneva Convention*", {}, False),
        ("2*3", "2\\*3", {}, True),
        ("243", "2\\*3", {}, False),
        ("aba", "ab*ba", {}, False),
        ("لاجئ", "لَاجِئ", {}, True),
        ("l’asile", "l'asile", {}, True),
        ("a  b", "a b", {}, True),
    ],
)
def test_short_text_compares_by_its_rules(typed: str, accepted: str, rules: dict[str, bool], fits: bool) -> None:
    question = asked(Option(id="a", type="accepted", text=accepted), **rules)
    assert earned("short_text", typed, question) == Decimal(fits)


def test_short_text_first_answer_that_fits_counts() -> None:
    question = asked(
        Option(id="a", type="accepted", text="asylum seeker", share=Decimal(50)),
        Option(id="b", type="accepted", text="*", share=Decimal(0), feedback="<p>No.</p>"),
        Option(id="c", type="accepted", text="refugee"),
    )
    assert earned("short_text", "Asylum seeker", question) == Decimal("0.5")
    assert earned("short_text", "refugee", question) == 0
    assert questions.get("short_text").review(question, "migrant")["feedback"] == "<p>No.</p>"


def test_short_text_of_many_stars_takes_no_time() -> None:
    question = asked(Option(id="a", type="accepted", text="a*" * 200 + "b"))
    assert earned("short_text", "a" * 500, question) == 0


# --- Gaps --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "fraction"),
    [
        ({"g1": "1951", "g2": "c"}, "1"),
        ({"g2": "c"}, "0.75"),
        ({"g1": "51"}, "0.125"),
        ({"g1": "51", "g2": "d"}, "0.125"),
    ],
)
def test_gaps_count_by_weight(answer: dict[str, str], fraction: str) -> None:
    assert earned("gap_fill", answer, GAPS) == Decimal(fraction)


def test_gaps_stand_once_each_in_the_text() -> None:
    assert is_valid("gap_fill", GAPS)
    assert not is_valid("gap_fill", asked(*GAPS.options, prompt="<p>[[1]]</p>"))
    assert not is_valid("gap_fill", asked(*GAPS.options, prompt="<p>[[1]] [[2]] [[2]]</p>"))
    parts = questions.get("gap_fill").view(GAPS, {"g2": "c"})["parts"]
    assert [part["html"] for part in parts] == ["<p>The Convention of ", " was signed in ", ".</p>"]
    assert [choice["checked"] for choice in parts[1]["gap"]["choices"]] == [True, False]


def test_gap_reads_only_what_its_list_offers() -> None:
    kind = questions.get("gap_fill")
    assert kind.read_answer({"g1": [" 1951 "], "g2": [""]}, GAPS) == {"g1": "1951"}
    for posted in ({"g2": ["a"]}, {"g9": ["x"]}, {"g1": ["x" * 501]}):
        with pytest.raises(ValueError):
            kind.read_answer(posted, GAPS)


# --- Scenario ----------------------------------------------------------------------------------------------------


def test_scenario_follows_a_path_and_adds_its_shares() -> None:
    kind = questions.get("scenario")
    first = kind.read_answer({"start": ["start-wait"]}, CASE)
    assert first == ["start-wait"]
    assert (kind.is_complete(first, CASE), earned("scenario", first, CASE)) == (False, Decimal("0.4"))
    second = kind.read_answer({"office": ["office-ask"]}, CASE, first)
    assert second == ["start-wait", "office-ask"]
    assert (kind.is_complete(second, CASE), earned("scenario", second, CASE)) == (True, 1)
    assert kind.in_words(second, CASE) == ["wait", "ask"]


def test_scenario_choice_that_was_saved_stands() -> None:
    kind = questions.get("scenario")
    with pytest.raises(ValueError, match="stands"):
        kind.read_answer({"start": ["start-refuse"]}, CASE, ["start-wait"])
    # What was not reached cannot be chosen.
    assert kind.read_answer({"office": ["office-ask"]}, CASE) is None


def test_scenario_for_practice_earns_the_point_at_its_end() -> None:
    practice = asked(*CASE.options, scored=False)
    assert earned("scenario", ["start-wait"], practice) == 0
    assert earned("scenario", ["start-refuse"], practice) == 1


@pytest.mark.parametrize(
    "steps",
    [
        (step("a", ("x", "b", 100)), step("b", ("y", "a", None))),  # in a circle
        (step("a", ("x", "c", 100)), step("b")),  # to nowhere
        (step("a", ("x", "b", 100)), step("b"), step("c")),  # never reached
        (step("a", ("x", "b", 90)), step("b")),  # nobody can have the whole point
        (step("a"),),  # nothing to choose
    ],
)
def test_scenario_with_a_broken_path_is_refused(steps: tuple[Option, ...]) -> None:
    assert is_valid("scenario", CASE)
    assert not is_valid("scenario", asked(*steps))


# --- Essay and information ---------------------------------------------------------------------------------------


def test_essay_keeps_the_text_and_waits_for_a_person() -> None:
    kind = questions.get("essay")
    question = Asked(template="Dear colleague,", rules=Rules(min_words=50))
    assert kind.by_a_person
    assert kind.read_answer({"": ["One\r\ntwo\0"]}, question) == "One\ntwo"
    assert kind.read_answer({"": ["Dear colleague,"]}, question) is None
    assert kind.view(question, None)["value"] == "Dear colleague,"
    with pytest.raises(ValueError):
        kind.read_answer({"": ["x" * 100_001]}, question)


def test_information_takes_no_answer() -> None:
    with pytest.raises(ValueError):
        questions.get("information").read_answer({"": ["x"]}, asked())
