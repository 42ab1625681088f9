"""Reasonable adjustments: more time or more attempts for one learner or a cohort."""

from dataclasses import dataclass, replace
from uuid import UUID

from assessments.domain.quizzes import QuizRules
from assessments.models import Adjustment
from courses.models import Enrolment


@dataclass(frozen=True)
class Given:
    """What a learner has at one quiz beyond the others: more time in per cent, and more attempts."""

    extra_time: int = 0
    extra_attempts: int = 0

    def __bool__(self) -> bool:
        return bool(self.extra_time or self.extra_attempts)


def given_to(enrolment: Enrolment, unit_key: UUID) -> Given:
    """What counts for a learner at a quiz now. Of several adjustments the most generous; they are not added up. One
    query. Why it was given stays with those who gave it."""
    given = Adjustment.objects.for_enrolment(enrolment, unit_key).values_list("extra_time", "extra_attempts")
    times, attempts = zip(*given, strict=True) if given else ((0,), (0,))
    return Given(max(times), max(attempts))


def adjusted(rules: QuizRules, enrolment: Enrolment, unit_key: UUID) -> QuizRules:
    """The rules for one learner. Of several adjustments the most generous counts; they are not added up.

    One query, and none where the quiz limits neither time nor attempts.
    """
    if not rules.time_limit and not rules.attempts:
        return rules
    given = given_to(enrolment, unit_key)
    return replace(
        rules,
        # Rounded up to whole minutes: half a minute is never taken away.
        time_limit=-(-rules.time_limit * (100 + given.extra_time) // 100),
        attempts=rules.attempts + given.extra_attempts if rules.attempts else 0,
    )
