"""A submitted attempt: what it came to, and the answers one by one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.urls import reverse

from assessments.domain import adjustments, attempts, reviewing
from assessments.domain.asking import questions_of
from assessments.domain.attempts import next_attempt_opens, rules_of, standing_answers
from assessments.domain.marking import Result, fold, result_of
from assessments.domain.quizzes import QuizRules
from assessments.domain.reading.question import QuestionResult, numbered, plain, question_result
from assessments.domain.reading.quiz import own_attempts, rules_for
from assessments.domain.reviewing import Showing
from assessments.enums import Ending
from assessments.models import Attempt, QuizPage
from courses.domain.outline import UnitLine, build_outline, completions_of
from courses.models import Enrolment


@dataclass(frozen=True)
class ResultView:
    attempt: Attempt
    result: Result
    questions: list[QuestionResult]
    quiz_title: str
    quiz_url: str
    next: UnitLine | None
    can_retry: bool
    opens_at: datetime | None
    course_completed: bool
    shows: Showing
    later: Showing
    answers_saved: int
    late_answers: int

    @property
    def percent(self) -> Decimal:
        return self.result.percent

    @property
    def points(self) -> Decimal | int:
        return plain(self.result.points)

    @property
    def possible(self) -> Decimal | int:
        return plain(self.result.possible)

    @property
    def pass_mark(self) -> int:
        return self.result.pass_mark

    @property
    def passed(self) -> bool:
        return self.result.passed

    @property
    def ended_by_time(self) -> bool:
        return self.attempt.ended_by == Ending.TIME

    @property
    def start_url(self) -> str:
        return reverse("assessments:start", args=[self.attempt.unit.key])

    @property
    def receipt_url(self) -> str:
        return reverse("assessments:receipt", args=[self.attempt.public_id])


def read_result(attempt: Attempt, page: QuizPage, language: str) -> ResultView:
    """A submitted attempt with marks, feedback and what comes next."""
    prefetch_related_objects([attempt], "responses", "mark_changes")
    responses = list(attempt.responses.all())
    answers = standing_answers(responses)
    marks = fold(attempt.mark_changes.all())
    comments = {change.question_key: change.comment for change in attempt.mark_changes.all()}
    enrolment = attempt.enrolment
    outline = build_outline(enrolment.edition, page.locale.language_code, completions_of(enrolment))
    own = own_attempts(page, enrolment)
    rules = rules_of(attempt)
    may_go_on = enrolment.may_read
    closed = reviewing.is_closed(rules, own, may_go_on=may_go_on)
    shows = reviewing.showing(rules, reviewing.moments(attempt, closed=closed))
    late = {response.question_key for response in responses if response.is_late}
    now = _start_rules(page, enrolment)
    opens_at = next_attempt_opens(now, own[0]) if now else None
    return ResultView(
        attempt=attempt,
        result=result_of(attempt),
        questions=[
            question_result(
                number,
                question,
                language,
                answers.get(question.key),
                marks.get(question.key),
                shows,
                comment=comments.get(question.key, ""),
                late=question.key in late,
            )
            for number, question in numbered(questions_of(attempt))
        ],
        quiz_title=page.title,
        quiz_url=page.url,
        next=outline.after(attempt.unit.key),
        can_retry=now is not None
        and enrolment.may_read
        and not any(other.is_open or result_of(other).passed for other in own)
        and opens_at is None
        and attempts.attempts_left(now, own) != 0,
        opens_at=opens_at,
        course_completed=enrolment.completed_at is not None,
        shows=shows,
        later=reviewing.shown_later(rules, shows),
        answers_saved=sum(bool(response.answer) for response in answers.values()),
        late_answers=len(late),
    )


def _start_rules(page: QuizPage, enrolment: Enrolment) -> QuizRules | None:
    """The rules of an attempt that would be begun now, if one could be."""
    rules = rules_for(page, enrolment)
    return adjustments.adjusted(rules, enrolment, page.translation_key) if rules else None
