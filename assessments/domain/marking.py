"""Marks: what an answer earns, and what an attempt comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from assessments import questions
from assessments.enums import MarkReason
from assessments.models import Attempt, MarkChange


@dataclass(frozen=True)
class Result:
    """What an attempt came to: points earned of points possible, and whether that passes."""

    points: Decimal
    possible: int
    pass_mark: int

    @property
    def percent(self) -> Decimal:
        """Per cent with one decimal, rounded down, so that a mark below the pass mark never reads as the pass mark."""
        if not self.possible:
            return Decimal(0)
        return (self.points * 100 / self.possible).quantize(Decimal("0.1"), rounding=ROUND_DOWN)

    @property
    def passed(self) -> bool:
        return self.possible > 0 and self.points * 100 >= self.pass_mark * self.possible


def mark_automatically(attempt: Attempt, answers: dict[str, list[str]]) -> None:
    """Write the mark of every question of a submitted attempt; a question left open earns nothing."""
    MarkChange.objects.bulk_create(
        MarkChange(
            attempt=attempt,
            question_key=question["key"],
            fraction=_fraction(question, answers.get(question["key"], [])),
            reason=MarkReason.AUTOMATIC,
        )
        for question in attempt.snapshot
    )


def _fraction(question: dict, chosen: list[str]) -> Decimal:
    offered = [option["id"] for option in question["options"]]
    correct = [option["id"] for option in question["options"] if option["correct"]]
    return questions.get(question["kind"]).mark(correct, chosen, offered) if chosen else Decimal(0)


def fold(changes: Iterable[MarkChange]) -> dict[str, Decimal]:
    """The mark that counts per question: the last one written."""
    return {change.question_key: change.fraction for change in sorted(changes, key=lambda change: change.pk)}


def result_of(attempt: Attempt) -> Result:
    """The result of a submitted attempt. One query, or none when its marks are prefetched."""
    marks = fold(attempt.mark_changes.all())
    earned = (marks.get(question["key"], Decimal(0)) * question["points"] for question in attempt.snapshot)
    return Result(sum(earned, Decimal(0)), attempt.possible_points, attempt.pass_mark)
