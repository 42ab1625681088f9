"""The quiz's own page: its rules, and the learner's attempts so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.urls import reverse

from assessments.domain import adjustments, attempts, reviewing
from assessments.domain.attempts import GRACE, next_attempt_opens, rules_of
from assessments.domain.marking import Result, counting, result_of
from assessments.domain.quizzes import QuizRules
from assessments.domain.selection import count_available
from assessments.enums import Counting
from assessments.models import Attempt, QuizPage
from courses.blocks.text import CleanRichText
from courses.models import Enrolment


@dataclass(frozen=True)
class AttemptLine:
    """An attempt in the list of them. `shows_mark` says whether the learner may see what it came to yet."""

    number: int
    submitted_at: datetime
    result: Result
    shows_mark: bool
    counts: bool
    url: str


@dataclass(frozen=True)
class QuizReading:
    """`attempts_left` is None when there is no limit; `question_count` is what an attempt begun now would have."""

    introduction: CleanRichText
    rules: QuizRules
    attempts: list[AttemptLine]
    running_url: str
    attempts_left: int | None
    can_start: bool
    opens_at: datetime | None
    question_count: int
    drawn_at_random: bool
    passed: bool
    # How much more time the learner has than others, in per cent.
    more_time: int

    @property
    def last_counts(self) -> bool:
        return self.rules.counts == Counting.LAST

    @property
    def grace_minutes(self) -> int:
        return int(GRACE.total_seconds() // 60)


def read_quiz(page: QuizPage, enrolment: Enrolment | None) -> QuizReading:
    """A quiz for one learner: the rules of their edition and their own attempts. Four queries at most, and one more
    for each source of questions after the first."""
    rules = rules_for(page, enrolment) or QuizRules.of_page(page)
    if enrolment is not None:
        rules = adjustments.adjusted(rules, enrolment, page.translation_key)
    own = own_attempts(page, enrolment) if enrolment else []
    running = next((attempt for attempt in own if attempt.is_open), None)
    asked, there = count_available(rules, page.locale.language_code)
    may_start = enrolment is not None and enrolment.may_read and rules_for(page, enrolment) is not None
    left = attempts.attempts_left(rules, own)
    opens_at = next_attempt_opens(rules, own[0] if own else None)
    return QuizReading(
        introduction=CleanRichText(page.introduction),
        rules=rules,
        attempts=_attempt_lines(rules, own, may_go_on=may_start),
        running_url=reverse("assessments:attempt", args=[running.public_id]) if running else "",
        attempts_left=left,
        can_start=may_start and running is None and left != 0 and opens_at is None,
        opens_at=opens_at,
        question_count=asked,
        drawn_at_random=rules.shuffle and asked < there,
        more_time=_more_time(page, enrolment, rules),
        passed=any(result_of(attempt).passed for attempt in own if not attempt.is_open),
    )


def _attempt_lines(rules: QuizRules, own: Sequence[Attempt], *, may_go_on: bool) -> list[AttemptLine]:
    closed = reviewing.is_closed(rules, own, may_go_on=may_go_on)
    result = counting(own, rules.counts)
    return [
        AttemptLine(
            number=attempt.number,
            submitted_at=attempt.submitted_at,
            result=result_of(attempt),
            shows_mark=reviewing.showing(rules_of(attempt), reviewing.moments(attempt, closed=closed)).marks,
            counts=attempt == result,
            url=reverse("assessments:result", args=[attempt.public_id]),
        )
        for attempt in own
        if attempt.submitted_at is not None
    ]


def _more_time(page: QuizPage, enrolment: Enrolment | None, rules: QuizRules) -> int:
    plain = rules_for(page, enrolment)
    return rules.time_limit * 100 // plain.time_limit - 100 if plain and plain.time_limit else 0


def rules_for(page: QuizPage, enrolment: Enrolment | None) -> QuizRules | None:
    entry = enrolment.edition.structure.unit(page.translation_key) if enrolment else None
    return QuizRules.from_json(entry.rules) if entry else None


def own_attempts(page: QuizPage, enrolment: Enrolment) -> list[Attempt]:
    """The last one first, those that were submitted with their marks."""
    rows = list(Attempt.objects.filter(enrolment=enrolment, unit__key=page.translation_key).order_by("-number"))
    prefetch_related_objects([attempt for attempt in rows if not attempt.is_open], "mark_changes")
    return rows
