"""What waits for a person's mark."""

import secrets

from assessments.domain.quizzes import QuizRules
from assessments.enums import SecondMark
from assessments.models import Attempt, HandIn, Script


def enter_essay(*, attempt: Attempt, question_key: str) -> Script:
    """Queue an essay of an attempt that was submitted. Called once more for the same, it answers the same."""
    rules = QuizRules.from_json(attempt.rules)
    script, _created = Script.objects.get_or_create(
        attempt=attempt,
        question_key=question_key,
        defaults={
            "enrolment_id": attempt.enrolment_id,
            "unit_id": attempt.unit_id,
            "is_anonymous": rules.anonymous_marking,
            "second_mark": draw_for_second_mark(rules.second_marks),
        },
    )
    return script


def draw_for_second_mark(percent: int) -> SecondMark:
    """Whether chance has one more person mark this: `percent` of a hundred."""
    return SecondMark.SAMPLE if secrets.randbelow(100) < percent else SecondMark.NONE


def enter_hand_in(*, hand_in: HandIn, second_marks: int, is_anonymous: bool) -> Script:
    """Queue a practical that was handed in. Called once more for the same, it answers the same."""
    script, _created = Script.objects.get_or_create(
        hand_in=hand_in,
        defaults={
            "enrolment_id": hand_in.enrolment_id,
            "unit_id": hand_in.unit_id,
            "is_anonymous": is_anonymous,
            "second_mark": draw_for_second_mark(second_marks),
        },
    )
    return script
