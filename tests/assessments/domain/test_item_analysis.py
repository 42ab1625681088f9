"""What answers say about a question: an example by hand, and the direct formulas as the oracle."""

import statistics as oracle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.item_analysis import (
    FEWEST,
    Comoments,
    Item,
    flags,
    median,
    upper_and_lower,
)

# Six learners: what the question earned, the rest of the quiz, the total in per cent, the option.
SIX = [
    (1.0, 0.9, 92, "a"),
    (1.0, 0.8, 84, "a"),
    (1.0, 0.4, 52, "a"),
    (0.0, 0.6, 48, "b"),
    (0.0, 0.5, 40, "b"),
    (0.0, 0.1, 8, "c"),
]


def item_of(rows: list[tuple[float, float, int, str]]) -> Item:
    item = Item(key="q")
    for fraction, rest, total, option in rows:
        item.add(fraction=fraction, rest=rest, total=total, chosen=[option], seconds=None)
    return item


def test_facility_and_discrimination_by_hand() -> None:
    """Facility: 3 right of 6 = 0.5.

    Discrimination: the mean of the question is 0.5 and of the rest 3.3 / 6 = 0.55. Products of the differences:
    0.5 (0.35 + 0.25 - 0.15) - 0.5 (0.05 - 0.05 - 0.45) = 0.225 + 0.225 = 0.45. Squares of the question: 6 x 0.25 = 1.5;
    of the rest: 0.1225 + 0.0625 + 0.0225 + 0.0025 + 0.0025 + 0.2025 = 0.415. So r = 0.45 / sqrt(1.5 x 0.415) = 0.57035.
    """
    item = item_of(SIX)
    assert item.facility == 0.5
    assert item.discrimination == pytest.approx(0.57035, abs=5e-6)


def test_groups_and_choices_by_hand() -> None:
    """27 per cent of 6 is 1.62, so two learners: 92 and 84 above, 40 and 8 below."""
    item = item_of(SIX)
    assert upper_and_lower(item.totals) == (40, 84)
    assert item.choices() == {
        "a": {"chosen": 3, "upper": 2, "lower": 0},
        "b": {"chosen": 2, "upper": 0, "lower": 1},
        "c": {"chosen": 1, "upper": 0, "lower": 1},
    }


def test_no_groups_where_all_have_the_same_total() -> None:
    assert upper_and_lower({70: 40}) is None


@pytest.mark.parametrize(
    ("counts", "middle"), [({}, None), ({4: 1}, 4), ({1: 1, 9: 2}, 9), ({2: 1, 5: 1}, 3), ({2: 2, 5: 2}, 3)]
)
def test_median_of_counted_values(counts: dict[int, int], middle: int | None) -> None:
    assert median(counts) == middle


@given(st.lists(st.integers(0, 1800), min_size=1, max_size=60))
def test_median_is_that_of_the_values(values: list[int]) -> None:
    counts = {value: values.count(value) for value in values}
    assert median(counts) == int(oracle.median(values))


fractions = st.sampled_from([0.0, 0.25, 0.5, 1.0])
rests = st.integers(0, 20).map(lambda number: number / 20)


@given(st.lists(st.tuples(fractions, rests), min_size=2, max_size=80))
def test_running_sums_equal_the_direct_formula(pairs: list[tuple[float, float]]) -> None:
    running = Comoments()
    for x, y in pairs:
        running.add(x, y)
    xs, ys = [x for x, _y in pairs], [y for _x, y in pairs]
    assert running.mean_x == pytest.approx(oracle.fmean(xs))
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert running.correlation is None
    else:
        assert running.correlation == pytest.approx(oracle.correlation(xs, ys), abs=1e-9)


def many(rows: list[tuple[float, float, int, str]], times: int) -> Item:
    return item_of(rows * times)


OPTIONS = {"a": True, "b": False, "c": False, "d": False}


def test_too_few_answers_say_nothing() -> None:
    assert FEWEST == 30
    assert flags(many(SIX, 4), OPTIONS) == ["few"]
    assert "few" not in flags(many(SIX, 5), OPTIONS)


def test_a_wrong_answer_that_nobody_chooses() -> None:
    assert flags(many(SIX, 5), OPTIONS) == ["unused:d"]


def test_a_key_that_good_learners_get_wrong() -> None:
    turned = [(1 - fraction, rest, total, option) for fraction, rest, total, option in SIX]
    assert flags(many(turned, 5), {"a": False, "b": True, "c": True}) == ["negative", "attracts:a"]


def test_everybody_right() -> None:
    assert flags(many([(1.0, 0.9, 90, "a"), (1.0, 0.2, 20, "a")], 15), {"a": True}) == ["same", "easy"]


def test_hard_and_weak() -> None:
    rows = [(0.0, 0.5, 40, "b")] * 8 + [(1.0, 0.5, 60, "a"), (0.0, 0.4, 30, "b")]
    assert flags(many(rows, 4), {"a": True, "b": False}) == ["weak", "hard"]


def test_no_distractor_is_blamed_once_answers_are_deleted() -> None:
    item = Item(key="q")
    for number in range(40):
        item.add(fraction=number % 2, rest=number % 2, total=50, chosen=[], seconds=None)
    assert flags(item, OPTIONS) == []
