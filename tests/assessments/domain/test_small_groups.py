"""What may be shown of groups, so that nothing about fewer than five people can be worked out."""

from itertools import combinations

import pytest

from assessments.domain.surveys.small_groups import ALL, SMALLEST, Path, shown_groups, totals_of


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        # Nobody, too few, and just enough.
        ({}, set()),
        ({(1, 0): 4}, set()),
        ({(1, 0): 5}, {ALL, (1,), (1, 0)}),
        # All of a kind: nothing is left over.
        ({(1, 1): 5, (1, 2): 6}, {ALL, (1,), (1, 1), (1, 2)}),
        # All cohorts but a small one, with the total, would give the small one away.
        ({(1, 1): 20, (1, 2): 9, (1, 3): 2}, {ALL, (1,), (1, 1)}),
        # One cohort beside a small one: the total stays, the cohort goes.
        ({(1, 1): 20, (1, 2): 2}, {ALL, (1,)}),
        # Two small ones that are enough together.
        ({(1, 1): 20, (1, 2): 2, (1, 3): 3}, {ALL, (1,), (1, 1)}),
        # Two small ones that are too few even together.
        ({(1, 1): 20, (1, 2): 9, (1, 3): 2, (1, 4): 2}, {ALL, (1,), (1, 1)}),
        # A small edition takes the next one with it, and everything below that.
        ({(1, 1): 20, (2, 1): 6, (2, 2): 7, (3, 0): 1}, {ALL, (1,), (1, 1)}),
        # Nobody in a group reveals nobody.
        ({(1, 1): 5, (1, 2): 0}, {ALL, (1,), (1, 1)}),
    ],
)
def test_groups_that_may_be_shown(counts: dict[Path, int], shown: set[Path]) -> None:
    assert shown_groups(counts) == shown


def test_groups_outside_those_allowed_stay_withheld() -> None:
    counts = {(1, 1): 20, (1, 2): 9}
    assert shown_groups(counts, within={ALL, (1,), (1, 1)}) == {ALL, (1,), (1, 1)}
    assert shown_groups(counts, within={(1,), (1, 1)}) == frozenset()


def test_group_that_is_not_allowed_counts_as_left_over() -> None:
    """Withheld in one place, it must not come out as a difference in another."""
    assert shown_groups({(1, 1): 20, (1, 2): 9, (1, 3): 3}, within={ALL, (1,), (1, 1), (1, 2)}) == {ALL, (1,), (1, 1)}


WORLDS = [
    {(1, 1): a, (1, 2): b, (1, 0): c, (2, 1): d, (2, 0): e}
    for a in (0, 1, 5, 9)
    for b in (0, 3, 6)
    for c in (0, 2, 7)
    for d in (0, 4, 5)
    for e in (0, 1, 8)
]


def test_no_sum_or_difference_of_shown_groups_is_small() -> None:
    """Every combination of shown groups, each added, taken away or left alone, that is again a set of people."""
    revealed = [
        (counts, subset, people)
        for counts in WORLDS
        for subset, people in sets_within_reach(counts)
        if 0 < people < SMALLEST
    ]
    assert revealed == []


def sets_within_reach(counts: dict[Path, int]) -> list[tuple[object, int]]:
    shown = sorted(shown_groups(counts))
    leaves = [path for path in counts if counts[path]]
    inside = {group: [1 if leaf[: len(group)] == group else 0 for leaf in leaves] for group in shown}
    found = []
    for how_many in range(1, min(len(shown), 4) + 1):
        for chosen in combinations(shown, how_many):
            for signs in range(2**how_many):
                weights = [
                    sum((1 if signs >> n & 1 else -1) * inside[group][k] for n, group in enumerate(chosen))
                    for k in range(len(leaves))
                ]
                if set(weights) <= {0, 1}:
                    found.append(
                        ((chosen, signs), sum(w * counts[leaf] for w, leaf in zip(weights, leaves, strict=True)))
                    )
    return found


def test_totals_are_sums_of_what_is_below() -> None:
    assert totals_of({(1, 1): 2, (1, 2): 3, (2, 0): 4}) == {
        ALL: 9,
        (1,): 5,
        (1, 1): 2,
        (1, 2): 3,
        (2,): 4,
        (2, 0): 4,
    }
