"""The end of an attempt, from many sides at once: learners who submit together, answers on their way, the clock."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.domain.attempts import (
    GRACE,
    AttemptRefused,
    Saved,
    close_overdue_attempts,
    save_response,
    standing_answers,
    start_attempt,
    submit_attempt,
)
from assessments.domain.receipts import seal
from assessments.enums import Ending, MarkReason
from assessments.models import Attempt, MarkChange
from courses.domain.releasing import release
from courses.models import Course, Unit, UnitCompletion
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

QUESTIONS = 4
LEARNERS = 50
AT_ONCE = 50  # PostgreSQL allows 100 connections unless told otherwise


@pytest.fixture
def course() -> Course:
    page = make_course_page()
    make_quiz(make_module(page, "m1"), questions=QUESTIONS, pass_mark=50)
    return release(page=page, by=None).course


def begin(course: Course) -> Attempt:
    return start_attempt(enrolment=EnrolmentFactory(course=course), unit=Unit.objects.get(), language="en")


def answer(attempt: Attempt, key: str, client_key: uuid.UUID) -> Saved:
    return save_response(
        attempt=attempt, question_key=key, posted={"": ["right"]}, client_key=client_key, based_on=0, language="en"
    )


def submit(attempt: Attempt) -> Callable[[], object]:
    return lambda: submit_attempt(attempt=attempt, language="en", revision=None)


def keys_of(attempt: Attempt) -> list[str]:
    return [question["key"] for question in attempt.snapshot]


def check_one_outcome(attempt: Attempt) -> dict[str, int]:
    """What stands was marked and sealed, once, and nothing else; answers the mark of each question."""
    attempt.refresh_from_db()
    standing = standing_answers(attempt.responses.all())
    changes = list(MarkChange.objects.filter(attempt=attempt))
    assert not attempt.is_open
    assert sorted(change.question_key for change in changes) == sorted(keys_of(attempt))
    assert {change.reason for change in changes} == {MarkReason.AUTOMATIC}
    marks = {change.question_key: int(change.fraction) for change in changes}
    assert marks == {key: int(key in standing) for key in keys_of(attempt)}
    assert attempt.receipt == seal(attempt, standing.values())
    assert UnitCompletion.objects.filter(enrolment=attempt.enrolment).count() == (sum(marks.values()) >= 2)
    return marks


@pytest.mark.postgresql
def test_fifty_learners_who_submit_twice_at_once_have_one_result_each(course: Course) -> None:
    attempts = [begin(course) for _learner in range(LEARNERS)]
    sendings = {attempt.pk: [(key, uuid.uuid4()) for key in keys_of(attempt)] for attempt in attempts}

    def tab(attempt: Attempt) -> Callable[[], object]:
        def sends_and_submits() -> list[object]:
            saved: list[object] = []
            for key, client_key in sendings[attempt.pk]:
                try:
                    saved.append(answer(attempt, key, client_key))
                except AttemptRefused as refusal:  # The other tab was faster, and has saved and submitted all.
                    saved.append(refusal)
            submit(attempt)()
            return saved

        return sends_and_submits

    results: list[object] = []
    together = AT_ONCE // 2
    for start in range(0, LEARNERS, together):
        results += at_once(*(tab(attempt) for attempt in attempts[start : start + together] for _tab in range(2)))
    assert [result for result in results if isinstance(result, Exception)] == []
    for attempt in attempts:
        assert check_one_outcome(attempt) == dict.fromkeys(keys_of(attempt), 1)
        assert attempt.responses.count() == QUESTIONS
        assert attempt.ended_by == Ending.LEARNER
    assert MarkChange.objects.count() == LEARNERS * QUESTIONS
    assert UnitCompletion.objects.count() == LEARNERS


def test_answer_racing_the_submit_counts_or_is_refused(course: Course) -> None:
    for _try in range(10):
        attempt = begin(course)
        first, second, racing, _open = keys_of(attempt)
        answer(attempt, first, uuid.uuid4())
        answer(attempt, second, uuid.uuid4())
        client_key = uuid.uuid4()
        results = at_once(
            lambda attempt=attempt, key=racing, sent=client_key: answer(attempt, key, sent), submit(attempt)
        )
        unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, AttemptRefused)]
        assert unexpected == []
        counted = isinstance(results[0], Saved)
        assert check_one_outcome(attempt)[racing] == counted
        # What was refused is not kept either, so that no answer stands of which the receipt says nothing.
        assert attempt.responses.filter(question_key=racing).count() == counted
        assert not counted or results[0].stands


@pytest.mark.parametrize("left", [timedelta(seconds=-1), timedelta(milliseconds=20)], ids=["over", "ending now"])
def test_submit_racing_the_end_of_time_has_one_outcome(course: Course, left: timedelta) -> None:
    for _try in range(5):
        attempt = begin(course)
        first, second, racing, _open = keys_of(attempt)
        answer(attempt, first, uuid.uuid4())
        answer(attempt, second, uuid.uuid4())
        Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - GRACE + left)
        attempt.refresh_from_db()
        results = at_once(
            submit(attempt),
            close_overdue_attempts,
            submit(attempt),
            close_overdue_attempts,
            lambda attempt=attempt, key=racing: answer(attempt, key, uuid.uuid4()),
        )
        unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, AttemptRefused)]
        assert unexpected == []
        check_one_outcome(attempt)
        late = attempt.responses.filter(is_late=True)
        assert late.filter(displaces=True).count() == 0
        if left < timedelta(0):
            assert attempt.ended_by == Ending.TIME
            assert late.count() == 1
