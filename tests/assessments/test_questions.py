from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from assessments import questions
from assessments.questions import Option


def options(*correct: bool) -> list[Option]:
    return [Option(id=f"o{i}", text=f"Option {i}", correct=right) for i, right in enumerate(correct)]


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
def test_validate(kind: str, correct: tuple[bool, ...], good: bool) -> None:
    if good:
        questions.get(kind).validate(options(*correct))
    else:
        with pytest.raises(ValidationError):
            questions.get(kind).validate(options(*correct))


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
    mark = questions.get("multiple_choice").mark(["a", "b"], chosen, ["a", "b", "x", "y"])
    assert mark == Decimal(fraction)


@given(st.sampled_from(["single_choice", "multiple_choice", "true_false"]), st.data())
def test_mark_is_a_fraction_and_full_only_for_exactly_the_right_ones(kind: str, data: st.DataObject) -> None:
    offered = ["a", "b", "c", "d"]
    correct = data.draw(st.sets(st.sampled_from(offered), min_size=1, max_size=3))
    chosen = data.draw(st.sets(st.sampled_from(offered)))
    mark = questions.get(kind).mark(sorted(correct), sorted(chosen), offered)
    assert 0 <= mark <= 1
    assert (mark == 1) == (chosen == correct)
