"""Each type of question: what it takes, what it reads, what an answer earns."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import questions
from assessments.questions import Option, Rules
from tests.factories.asked import CAPITALS, CASE, DISTANCE, GAPS, STEPS, asked, choices, earned, is_valid

# --- Choices -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "correct", "good"),
    [
        ("single_choice", (True, False), True),
        ("single_choice", (True, True), False),
        ("single_choice", (False, False), False),
        ("single_choice", (True,), False),
        ("multiple_choice", (True, False), True),
        ("multiple_choice", (True, True, False), True),
        ("multiple_choice", (True, True), False),
        ("multiple_choice", (False, False), False),
        ("true_false", (True, False), True),
        ("true_false", (False, True), True),
        ("true_false", (True, True), False),
        ("true_false", (True, False, False), False),
    ],
)
def test_choice_has_as_many_right_options_as_its_type_wants(kind: str, correct: tuple[bool, ...], good: bool) -> None:
    assert is_valid(kind, choices(**{f"o{i}": right for i, right in enumerate(correct)})) == good


def test_choice_without_words_but_with_a_picture_is_an_option() -> None:
    picture = Option(id="a", text='<embed embedtype="image" id="1" format="left" alt="A stamp">', correct=True)
    assert is_valid("single_choice", asked(picture, Option(id="b", text="Other")))
    assert not is_valid("single_choice", asked(picture, Option(id="b", text="<p> </p>")))


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [
        (["a", "b"], "1"),
        (["a"], "0.5"),
        (["a", "x"], "0"),
        (["a", "b", "x"], "0.5"),
        (["a", "b", "x", "y"], "0"),
        (["x"], "0"),
    ],
)
def test_multiple_choice_takes_back_for_wrong_ones(chosen: list[str], fraction: str) -> None:
    assert earned("multiple_choice", chosen, choices(a=True, b=True, x=False, y=False)) == Decimal(fraction)


def test_multiple_choice_by_stated_shares_adds_them_up() -> None:
    question = asked(
        Option(id="a", text="A", correct=True, share=Decimal(75)),
        Option(id="b", text="B", correct=True, share=Decimal(25)),
        Option(id="x", text="X", share=Decimal(-50)),
        Option(id="y", text="Y"),
    )
    assert is_valid("multiple_choice", question)
    assert earned("multiple_choice", ["a"], question) == Decimal("0.75")
    assert earned("multiple_choice", ["a", "x"], question) == Decimal("0.25")
    assert earned("multiple_choice", ["b", "x"], question) == Decimal("0")
    assert earned("multiple_choice", ["b", "y"], question) == Decimal("0.25")


def test_multiple_choice_all_or_nothing() -> None:
    question = asked(
        Option(id="a", text="A", correct=True),
        Option(id="b", text="B", correct=True),
        Option(id="x", text="X"),
        all_or_nothing=True,
    )
    assert earned("multiple_choice", ["a"], question) == 0
    assert earned("multiple_choice", ["a", "b"], question) == 1


def test_single_choice_may_give_a_part_for_a_second_best_option() -> None:
    question = asked(
        Option(id="a", text="A", correct=True), Option(id="b", text="B", share=Decimal(50)), Option(id="c", text="C")
    )
    assert is_valid("single_choice", question)
    assert [earned("single_choice", [name], question) for name in "abc"] == [1, Decimal("0.5"), 0]


@given(st.sampled_from(["single_choice", "multiple_choice", "true_false"]), st.data())
def test_mark_is_a_fraction_and_full_only_for_exactly_the_right_ones(kind: str, data: st.DataObject) -> None:
    offered = ["a", "b", "c", "d"]
    most = 3 if kind == "multiple_choice" else 1
    correct = data.draw(st.sets(st.sampled_from(offered), min_size=1, max_size=most))
    chosen = data.draw(st.sets(st.sampled_from(offered), max_size=len(offered) if most == 3 else 1))
    mark = earned(kind, sorted(chosen) or None, choices(**{name: name in correct for name in offered}))
    assert 0 <= mark <= 1
    assert (mark == 1) == (chosen == correct)


def test_choice_reads_only_what_was_offered() -> None:
    kind = questions.get("single_choice")
    assert kind.read_answer({"": ["a"]}, choices(a=True, b=False)) == ["a"]
    assert kind.read_answer({}, choices(a=True, b=False)) is None
    for posted in ({"": ["z"]}, {"": ["a", "b"]}):
        with pytest.raises(ValueError):
            kind.read_answer(posted, choices(a=True, b=False))


# --- Matching ----------------------------------------------------------------------------------------------------


def test_matching_offers_each_answer_once_and_never_in_the_order_of_the_pairs() -> None:
    view = questions.get("matching").view(CAPITALS, {"2": "4"})
    assert [row["text"] for row in view["rows"]] == ["Brazil", "Peru", "The city on the Rímac"]
    assert [choice["text"] for choice in view["rows"][0]["choices"]] == ["Brasília", "Lima", "São Paulo"]
    assert [choice["text"] for choice in view["rows"][1]["choices"] if choice["checked"]] == ["Lima"]


def test_matching_takes_equal_words_for_the_same_answer() -> None:
    assert earned("matching", {"1": "1", "2": "4", "4": "2"}, CAPITALS) == 1
    assert earned("matching", {"1": "3", "2": "2"}, CAPITALS) == Decimal("0.33333")
    assert earned("matching", {"3": "3"}, CAPITALS) == 0


def test_matching_reads_pairs_that_ask_and_answers_that_are_offered() -> None:
    kind = questions.get("matching")
    assert kind.read_answer({"1": ["3"], "2": [""]}, CAPITALS) == {"1": "3"}
    for posted in ({"3": ["1"]}, {"1": ["9"]}, {"1": ["1", "2"]}, {"": ["1"]}):
        with pytest.raises(ValueError):
            kind.read_answer(posted, CAPITALS)


def test_matching_wants_a_text_and_an_answer_to_each() -> None:
    assert is_valid("matching", CAPITALS)
    assert is_valid("matching", asked(CAPITALS.options[0], CAPITALS.options[2]))
    assert not is_valid("matching", asked(CAPITALS.options[2]))
    assert not is_valid("matching", asked(CAPITALS.options[0], Option(id="9", type="pair", text="Chile")))


# --- Ordering ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "fraction"),
    [
        ("abcd", "1"),
        ("bcda", "0.66667"),  # One item out of place spoils one of three neighbours.
        ("dcba", "0"),
        ("badc", "0"),
        ("cdab", "0.66667"),
    ],
)
def test_ordering_counts_who_follows_whom(places: str, fraction: str) -> None:
    answer = {name: place for place, name in enumerate(places, start=1)}
    assert earned("ordering", answer, STEPS) == Decimal(fraction)
    assert earned("ordering", answer, asked(*STEPS.options, all_or_nothing=True)) == (1 if fraction == "1" else 0)


def test_ordering_keeps_two_items_in_one_place_and_gives_nothing_for_them() -> None:
    kind = questions.get("ordering")
    answer = kind.read_answer({"a": ["1"], "b": ["1"], "c": ["3"], "d": [""]}, STEPS)
    assert answer == {"a": 1, "b": 1, "c": 3}
    assert kind.view(STEPS, answer)["doubled"] is True
    assert not kind.is_complete(answer, STEPS)
    assert earned("ordering", answer, STEPS) == 0


def test_ordering_is_never_shown_in_its_right_order() -> None:
    kind = questions.get("ordering")
    for mix in (lambda items: None, lambda items: items.reverse()):
        assert [item.id for item in kind.shuffle(STEPS.options, mix)] != ["a", "b", "c", "d"]


# --- All types ---------------------------------------------------------------------------------------------------

EXAMPLES = {
    "single_choice": (choices(a=True, b=False), ["a"]),
    "multiple_choice": (choices(a=True, b=True, c=False), ["a", "b"]),
    "true_false": (choices(true=True, false=False), ["true"]),
    "matching": (CAPITALS, {"1": "1", "2": "2", "4": "2"}),
    "ordering": (STEPS, {"a": 1, "b": 2, "c": 3, "d": 4}),
    "short_text": (asked(Option(id="a", type="accepted", text="Kigali")), "Kigali"),
    "numeric": (DISTANCE, "3.5 km"),
    "gap_fill": (GAPS, {"g1": "1951", "g2": "c"}),
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_right_answer_earns_everything_and_none_earns_nothing(kind: str) -> None:
    question, answer = EXAMPLES[kind]
    questions.get(kind).validate(question)
    assert earned(kind, answer, question) == 1
    assert earned(kind, None, question) == 0


@pytest.mark.parametrize("kind", EXAMPLES)
def test_what_a_page_posts_is_read_back_as_the_same_answer(kind: str) -> None:
    question, answer = EXAMPLES[kind]
    posted = questions.get(kind).fields_of(answer)
    assert questions.get(kind).read_answer(posted, question) == answer


@pytest.mark.parametrize("kind", EXAMPLES)
def test_erasure_leaves_no_words(kind: str) -> None:
    question, answer = EXAMPLES[kind]
    kept = str(questions.get(kind).without_words(answer, question))
    assert not any(word in kept for word in ("Kigali", "3.5", "1951"))


@pytest.mark.parametrize("kind", [kind.key for kind in questions.all_types()])
def test_option_survives_storage(kind: str) -> None:
    question = EXAMPLES.get(kind, (CASE, None))[0]
    assert tuple(Option.from_json(option.to_json()) for option in question.options) == question.options
    assert Rules.from_json(question.rules.to_json()) == question.rules
