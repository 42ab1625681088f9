"""Statistics of questions, from attempts as they are stored."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.domain import item_analysis, statistics
from assessments.models import Attempt, QuestionStatistics, StatisticsRun
from courses.models import Edition
from elearn.core import pending
from tests.factories.assessments import QuestionFactory
from tests.factories.taken_quizzes import answered_at, begin, make_taken_course, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(monkeypatch: pytest.MonkeyPatch) -> Edition:
    """Four learners and three questions; the third learner comes twice. Four answers are enough here."""
    monkeypatch.setattr(item_analysis, "FEWEST", 4)
    course, _quiz = make_taken_course(questions=3)
    take(course, chosen=("right", "right", "right"))
    take(course, chosen=("right", "right", "wrong-1"))
    third = take(course, chosen=("right", "wrong-1", "wrong-1"))
    take(course, chosen=("wrong-2", "wrong-1", "wrong-1"))
    take(course, chosen=("right", "right", "right"), enrolment=third.enrolment)
    begin(course)
    return course.current_edition


def rows(edition: Edition) -> list[QuestionStatistics]:
    """In the order of the quiz."""
    order = [question["translation_key"] for question in Attempt.objects.first().snapshot]
    found = QuestionStatistics.objects.filter(edition=edition)
    return sorted(found, key=lambda row: order.index(str(row.translation_key)))


def test_first_attempts_are_counted_by_hand(edition: Edition) -> None:
    """Facilities: 3/4, 2/4, 1/4; the second attempt and the running one do not count.

    The second question earned 1, 1, 0, 0 and the rest of the quiz 1, 1/2, 1/2, 0: means 1/2 and 1/2, products
    1/4 + 0 + 0 + 1/4 = 1/2, squares 1 and 1/2, so r = 0.5 / sqrt(0.5) = 0.70711.
    """
    run = statistics.ask_for(edition)
    assert pending.work(statistics.KIND, run.pk)
    first, second, third = rows(edition)
    assert [row.answers for row in (first, second, third)] == [4, 4, 4]
    assert [row.facility for row in (first, second, third)] == [Decimal("0.75"), Decimal("0.5"), Decimal("0.25")]
    assert second.discrimination == Decimal("0.70711")
    # Of four learners the upper 27 per cent are two, with totals of 100 and 66; the lower two have 33 and 0.
    assert second.options == {
        "right": {"chosen": 2, "upper": 2, "lower": 0},
        "wrong-1": {"chosen": 2, "upper": 0, "lower": 2},
    }
    assert second.flags == ["unused:wrong-2"]
    run.refresh_from_db()
    assert (run.attempts, run.work_done_at is not None) == (4, True)


def test_computing_again_replaces_what_was_there(edition: Edition) -> None:
    for _time in range(2):
        run = statistics.ask_for(edition)
        assert pending.work(statistics.KIND, run.pk)
    assert QuestionStatistics.objects.count() == 3
    assert StatisticsRun.objects.count() == 1


def test_what_was_typed_is_never_among_the_options() -> None:
    gap = {
        "type": "gap",
        "id": "g1",
        "value": {
            "control": "text",
            "weight": "1",
            "inside": [{"type": "item", "id": "i1", "value": {"text": "boat", "correct": True, "share": None}}],
        },
    }
    question = QuestionFactory(
        bank__course_code="rescue-at-sea", kind="gap_fill", prompt="<p>A [[1]].</p>", options=[gap]
    )
    course, _quiz = make_taken_course(questions=0, draw=0, bank=question.bank)
    attempt = begin(course)
    attempt.responses.create(
        question_key=question.key, answer={"g1": "my own name"}, client_key=attempt.public_id, sequence=1, language="en"
    )
    Attempt.objects.filter(pk=attempt.pk).update(state="submitted", submitted_at=timezone.now())
    attempt.mark_changes.create(question_key=question.key, fraction=0)
    analysis = statistics.analyse(course.current_edition)
    assert [item.choices() for item in analysis.items.values()] == [{}]


def test_seconds_are_those_since_the_answer_before() -> None:
    start = timezone.now()
    received = [("a", 20), ("b", 50), ("a", 60), ("c", 60)]
    times = [(key, start + timedelta(seconds=seconds)) for key, seconds in received]
    assert statistics.seconds_by_question(start, times) == {"a": 30, "b": 30}


def test_median_seconds_come_from_the_answers() -> None:
    course, _quiz = make_taken_course(questions=2)
    for seconds in ((10, 40), (20, 90), (30, 40)):
        answered_at(take(course, chosen=("right", "right")), *seconds)
    items = statistics.analyse(course.current_edition).items.values()
    assert [item.median_seconds for item in items] == [20, 30]


def test_too_few_answers_give_no_figures() -> None:
    course, _quiz = make_taken_course()
    take(course, chosen=("right", "right"))
    run = statistics.ask_for(course.current_edition)
    pending.work(statistics.KIND, run.pk)
    assert [(row.facility, row.discrimination, row.flags) for row in rows(course.current_edition)] == [
        (None, None, ["few"])
    ] * 2


def test_each_lot_takes_three_queries(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for size in (4, 2, 1):
        monkeypatch.setattr(statistics, "CHUNK", size)
        with CaptureQueriesContext(connection) as queries:
            assert statistics.analyse(edition).attempts == 4
        counts.append(len(queries))
    assert counts == [4, 7, 13]  # Three for each lot, and one that finds no more.


def test_the_sweeper_finds_editions_with_something_new_once_a_day(edition: Edition) -> None:
    assert statistics.find_new() == 1
    assert statistics.find_new() == 0  # It looks once an hour.
    run = StatisticsRun.objects.get()
    assert pending.work(statistics.KIND, run.pk)
    take(edition.course, chosen=("right", "right", "right"))
    cache.clear()
    assert statistics.find_new() == 0  # Not again on the same day.
    StatisticsRun.objects.update(computed_at=timezone.now() - timedelta(hours=25))
    cache.clear()
    assert statistics.find_new() == 1
    assert StatisticsRun.objects.get().work_done_at is None


def test_nothing_new_asks_for_nothing(edition: Edition) -> None:
    statistics.find_new()
    pending.work(statistics.KIND, StatisticsRun.objects.get().pk)
    StatisticsRun.objects.update(computed_at=timezone.now() - timedelta(hours=25))
    cache.clear()
    assert statistics.find_new() == 0
