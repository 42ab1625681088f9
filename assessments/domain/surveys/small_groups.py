"""Which groups are large enough to be shown, so that nobody can work out what one or a few people answered.

The rule. Groups form a tree: all answers, those of each edition, and within it those of each cohort.

1. A group with fewer than SMALLEST answers is withheld, and so is everything below it (the threshold rule).
2. Whoever sees a group and some of those it is made of can subtract. So what a shown group has beyond the groups shown
   in it must be nothing, or SMALLEST answers at least; otherwise the smallest of the shown ones is withheld too, and
   the next, until that holds (complementary, or secondary, suppression).
3. It is decided once for everybody, whatever part of the tree a person may see, so that two people who put together
   what they see learn no more than one who sees all.

Why that is enough: call what a shown group has beyond the shown groups in it its remainder. The remainders do not
overlap, every shown group is a union of remainders, and so is whatever can be had by adding and subtracting shown
groups. Each remainder is empty or has SMALLEST answers, hence so has everything that can be worked out.

What it does not hold: that all of a group answered the same, and what changes from one day to the next when a single
answer comes in.

Sources: A. Hundepool and others, Handbook on Statistical Disclosure Control, second edition, 2024 (Centre of Excellence
on SDC of European statistical institutes), chapters 4 and 5: https://sdctools.github.io/HandbookSDC/; for the number,
OECD Glossary of Statistical Terms, "Threshold rule": some agencies require at least five respondents in a cell, others
three: https://stats.oecd.org/glossary/detail.asp?ID=7010.
"""

from collections.abc import Collection, Mapping

# What a group is called: () for all, (edition,), (edition, cohort); cohort 0 for those without one.
Path = tuple[int, ...]

ALL: Path = ()
SMALLEST = 5


def totals_of(counts: Mapping[Path, int]) -> dict[Path, int]:
    """How many answers each group has, from those of the smallest groups."""
    totals: dict[Path, int] = {}
    for path, count in counts.items():
        for length in range(len(path) + 1):
            totals[path[:length]] = totals.get(path[:length], 0) + count
    return totals


def shown_groups(counts: Mapping[Path, int], within: Collection[Path] | None = None) -> frozenset[Path]:
    """The groups that may be shown; `within` names those that may be shown at all (None: every one)."""
    totals = totals_of(counts)
    children: dict[Path, list[Path]] = {}
    for path in totals:
        if path:
            children.setdefault(path[:-1], []).append(path)

    def is_large(path: Path) -> bool:
        return totals.get(path, 0) >= SMALLEST and (within is None or path in within)

    def below(path: Path) -> set[Path]:
        # The largest first; of two with equally many the one with the lower number, so that it stays the same.
        kept = sorted((p for p in children.get(path, ()) if is_large(p)), key=lambda p: (-totals[p], p))
        while kept and 0 < totals[path] - sum(totals[p] for p in kept) < SMALLEST:
            kept.pop()
        return {path}.union(*(below(p) for p in kept))

    return frozenset(below(ALL)) if is_large(ALL) else frozenset()
