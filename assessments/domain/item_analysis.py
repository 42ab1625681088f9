"""Item analysis: what answers say about a question. Pure calculations, one answer after the other.

Sources:
- Facility and discrimination: Moodle, "Quiz statistics calculations" (docs.moodle.org/dev), which takes first attempts
  only, counts a question left open as 0, and correlates a question with the rest of the quiz and not with a total that
  holds the question itself. Livingston, "Item analysis", in Downing and Haladyna (eds.), Handbook of Test Development,
  2006, gives the same item-total reasoning.
- Running means and co-moments: Welford, Technometrics 4 (1962), 419-420.
- Upper and lower 27 %: Kelley, Journal of Educational Psychology 30 (1939), 17-24.
- What counts as weak (below 0.20) is Ebel and Frisbie, Essentials of Educational Measurement, 5th ed., 1991.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, isclose, sqrt

# Below this nothing is said. The standard error of a correlation r is about 1/sqrt(n - 3) on Fisher's scale (Fisher,
# 1921): with 30 answers 0.19, so that a question that discriminates well is told from one that does not, and hardly
# more than that.
FEWEST = 30
KELLEY = 0.27
WEAK = 0.20
EASY, HARD = 0.95, 0.20
# A wrong answer must have been chosen by so many before it is said whom it attracts.
FEWEST_CHOOSING = 5
# Longer than this is not thinking about one question: it counts as this long.
LONGEST_SECONDS = 1800


@dataclass
class Comoments:
    """Means, squares and products of pairs, updated pair by pair; memory does not grow with them."""

    count: int = 0
    mean_x: float = 0.0
    mean_y: float = 0.0
    squares_x: float = 0.0
    squares_y: float = 0.0
    products: float = 0.0

    def add(self, x: float, y: float) -> None:
        self.count += 1
        off_x, off_y = x - self.mean_x, y - self.mean_y
        self.mean_x += off_x / self.count
        self.mean_y += off_y / self.count
        self.squares_x += off_x * (x - self.mean_x)
        self.squares_y += off_y * (y - self.mean_y)
        self.products += off_x * (y - self.mean_y)

    @property
    def correlation(self) -> float | None:
        """Pearson's; None where one of the two never changes."""
        flat = isclose(self.squares_x, 0, abs_tol=1e-12) or isclose(self.squares_y, 0, abs_tol=1e-12)
        if self.count < 2 or flat:
            return None
        return max(-1.0, min(1.0, self.products / (sqrt(self.squares_x) * sqrt(self.squares_y))))


@dataclass
class Item:
    """What is known of one question so far. Totals are kept in whole per cent, seconds in whole seconds, up to a limit:
    so memory depends on neither the number of attempts nor what people typed."""

    key: str = ""
    answers: int = 0
    sum_of_fractions: float = 0.0
    with_rest: Comoments = field(default_factory=Comoments)
    totals: Counter[int] = field(default_factory=Counter)
    options: dict[str, Counter[int]] = field(default_factory=dict)
    seconds: Counter[int] = field(default_factory=Counter)

    def add(
        self, *, fraction: float, rest: float | None, total: int, chosen: Iterable[str], seconds: int | None
    ) -> None:
        """One learner's answer: the part of the point it earned, that of the rest, and the total in per cent."""
        self.answers += 1
        self.sum_of_fractions += fraction
        if rest is not None:
            self.with_rest.add(fraction, rest)
        self.totals[total] += 1
        for option in chosen:
            self.options.setdefault(option, Counter())[total] += 1
        if seconds is not None:
            self.seconds[min(seconds, LONGEST_SECONDS)] += 1

    @property
    def facility(self) -> float | None:
        """The mean part of the point: 1 when everybody is right, 0 when nobody is."""
        return self.sum_of_fractions / self.answers if self.answers else None

    @property
    def discrimination(self) -> float | None:
        """The correlation of the question with the rest of the quiz, without the question itself."""
        return self.with_rest.correlation

    @property
    def median_seconds(self) -> int | None:
        return median(self.seconds)

    def choices(self) -> dict[str, dict[str, int]]:
        """How often each option was chosen, by all, by the upper and by the lower group."""
        groups = upper_and_lower(self.totals)
        found = {}
        for option, totals in sorted(self.options.items()):
            low, high = groups or (-1, 101)
            found[option] = {
                "chosen": totals.total(),
                "upper": sum(count for total, count in totals.items() if total >= high),
                "lower": sum(count for total, count in totals.items() if total <= low),
            }
        return found


def upper_and_lower(totals: Mapping[int, int]) -> tuple[int, int] | None:
    """The highest total of the lower and the lowest of the upper 27 per cent; whoever has that total belongs there.

    None where the two would overlap, as when all have the same.
    """
    size = ceil(KELLEY * sum(totals.values()))
    low, high = _reach(sorted(totals), totals, size), _reach(sorted(totals, reverse=True), totals, size)
    return (low, high) if low is not None and high is not None and low < high else None


def _reach(order: Iterable[int], totals: Mapping[int, int], size: int) -> int | None:
    seen = 0
    for total in order:
        seen += totals[total]
        if seen >= size:
            return total
    return None


def median(counts: Mapping[int, int]) -> int | None:
    """The middle of values that are counted; between two middles the lower half of their sum."""
    count = sum(counts.values())
    if not count:
        return None
    wanted = [(count - 1) // 2, count // 2]
    found: list[int] = []
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        found += [value for place in wanted[len(found) :] if place < seen]
    return sum(found) // 2


# --- What an author is told --------------------------------------------------------------------------------------

FEW, NEGATIVE, WEAKLY, SAME, TOO_EASY, TOO_HARD = "few", "negative", "weak", "same", "easy", "hard"
UNUSED, ATTRACTS = "unused", "attracts"


def flags(item: Item, options: Mapping[str, bool]) -> list[str]:
    """What is wrong with a question, as codes. `options` says of each option whether it is right, where that is known.

    A code of an option has its id after a colon.
    """
    if item.answers < FEWEST or item.facility is None:
        return [FEW]
    found = []
    discrimination = item.discrimination
    if discrimination is None:
        found.append(SAME)
    elif discrimination < 0:
        found.append(NEGATIVE)
    elif discrimination < WEAK:
        found.append(WEAKLY)
    if item.facility >= EASY:
        found.append(TOO_EASY)
    if item.facility < HARD:
        found.append(TOO_HARD)
    choices = item.choices()
    # Once answers are deleted by their age, nobody seems to have chosen anything.
    seen = bool(choices)
    for option, right in sorted(options.items()):
        counts = choices.get(option)
        if seen and not right and counts is None:
            found.append(f"{UNUSED}:{option}")
        elif not right and counts and counts["chosen"] >= FEWEST_CHOOSING and counts["upper"] > counts["lower"]:
            found.append(f"{ATTRACTS}:{option}")
    return found


def as_decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.5f}")
