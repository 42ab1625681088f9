"""What a learner may see of an attempt, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.domain.marking import result_of
from assessments.domain.quizzes import QuizRules
from assessments.enums import Moment
from assessments.models import Attempt


@dataclass(frozen=True)
class Showing:
    """What is shown of a question now."""

    marks: bool
    answers: bool
    feedback: bool

    @property
    def anything(self) -> bool:
        return self.marks or self.answers or self.feedback


def showing(rules: QuizRules, reached: set[Moment]) -> Showing:
    return Showing(
        marks=rules.show_marks in reached,
        answers=rules.show_answers in reached,
        feedback=rules.show_feedback in reached,
    )


def moments(attempt: Attempt, *, closed: bool, checked: bool = False) -> set[Moment]:
    """The moments that have been reached, for an attempt or one answer of it that was checked."""
    if attempt.is_open:
        return {Moment.DURING} if checked else set()
    return {Moment.DURING, Moment.AFTER, *([Moment.CLOSED] if closed else [])}


def is_closed(rules: QuizRules, attempts: Sequence[Attempt], *, may_go_on: bool) -> bool:
    """Whether the quiz is over for a learner: they have passed, have no attempt left, or are no longer enrolled."""
    if any(attempt.is_open for attempt in attempts):
        return False
    used_up = bool(rules.attempts) and len(attempts) >= rules.attempts
    return used_up or not may_go_on or any(result_of(attempt).passed for attempt in attempts)


def shown_later(rules: QuizRules, now: Showing) -> Showing:
    """What will be shown once the quiz is closed for the learner, and is not yet."""
    wanted = showing(rules, {Moment.DURING, Moment.AFTER, Moment.CLOSED})
    return Showing(
        marks=wanted.marks and not now.marks,
        answers=wanted.answers and not now.answers,
        feedback=wanted.feedback and not now.feedback,
    )
