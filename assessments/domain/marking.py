"""Marks: what an answer earns, and what an attempt comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from assessments.domain import scripts
from assessments.domain.asking import AttemptQuestion, questions_of
from assessments.enums import Counting, MarkReason
from assessments.models import Attempt, MarkChange, Response


@dataclass(frozen=True)
class Result:
    """What an attempt came to: points earned of points possible, and whether that passes.

    While `waiting` answers wait for a person's mark, it is what has been marked so far, and nothing is passed.
    """

    points: Decimal
    possible: Decimal
    pass_mark: int
    waiting: int = 0

    @property
    def percent(self) -> Decimal:
        """Per cent with one decimal, rounded down, so that a mark below the pass mark never reads as the pass mark."""
        if not self.possible:
            return Decimal(0)
        return (self.points * 100 / self.possible).quantize(Decimal("0.1"), rounding=ROUND_DOWN)

    @property
    def passed(self) -> bool:
        return not self.waiting and self.possible > 0 and self.points * 100 >= self.pass_mark * self.possible


def mark_automatically(attempt: Attempt, answers: Mapping[str, Response]) -> None:
    """Write the mark of every question of a submitted attempt; a question left open earns nothing.

    What was written for a person to mark enters the queue instead. What it comes to is put on the attempt (KEPT), for
    the caller to save.
    """
    changes = []
    for question in questions_of(attempt):
        answer = answers.get(question.key)
        if question.kind.only_shown:
            continue
        if question.kind.by_a_person and answer is not None and answer.answer:
            scripts.enter_essay(attempt=attempt, question_key=question.key)
            continue
        changes.append(
            MarkChange(
                attempt=attempt,
                question_key=question.key,
                fraction=fraction_of(question, answer),
                reason=MarkReason.AUTOMATIC,
            )
        )
    MarkChange.objects.bulk_create(changes)
    _put(attempt, _result(attempt, {change.question_key: change.fraction for change in changes}))


# The columns of an attempt that hold what it comes to.
KEPT = ("earned", "possible", "waiting")


def keep_result(attempt: Attempt) -> Result:
    """Write what a submitted attempt comes to on its row, after a mark of it has changed. Two queries, one where its
    marks are prefetched. Its caller has locked the attempt."""
    result = result_of(attempt)
    _put(attempt, result)
    attempt.save(update_fields=KEPT)
    return result


def _put(attempt: Attempt, result: Result) -> None:
    attempt.earned, attempt.possible, attempt.waiting = result.points, result.possible, result.waiting


def fraction_of(question: AttemptQuestion, answer: Response | None) -> Decimal:
    """What an answer earns of its question, in the language in which it was given."""
    if answer is None or answer.answer is None:
        return Decimal(0)
    return question.kind.mark(answer.answer, question.asked(answer.language))


def fold(changes: Iterable[MarkChange]) -> dict[str, Decimal]:
    """The mark that counts per question: the last one written."""
    return {change.question_key: change.fraction for change in sorted(changes, key=lambda change: change.pk)}


def result_of(attempt: Attempt) -> Result:
    """The result of a submitted attempt. One query, or none when its marks are prefetched."""
    return _result(attempt, fold(attempt.mark_changes.all()))


def _result(attempt: Attempt, marks: Mapping[str, Decimal]) -> Result:
    asked = [question for question in questions_of(attempt) if not question.kind.only_shown]
    earned = (marks.get(question.key, Decimal(0)) * question.points for question in asked)
    return Result(
        points=sum(earned, Decimal(0)),
        possible=sum((question.points for question in asked), Decimal(0)),
        pass_mark=attempt.pass_mark,
        waiting=sum(question.key not in marks for question in asked),
    )


def counting(attempts: Sequence[Attempt], counts: str) -> Attempt | None:
    """The submitted attempt that is the quiz's result: the best one, of equal ones the first, or the last."""
    done = sorted((a for a in attempts if not a.is_open), key=lambda attempt: attempt.number)
    if not done:
        return None
    if counts == Counting.LAST:
        return done[-1]
    return max(done, key=lambda attempt: result_of(attempt).percent)
