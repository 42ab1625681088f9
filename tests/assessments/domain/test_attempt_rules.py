"""Time limits, waiting, adjustments, which attempt counts, what is shown when; and every type of question in one."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.domain import reviewing
from assessments.domain.attempts import (
    GRACE,
    AttemptRefused,
    Saved,
    close_overdue_attempts,
    rules_of,
    save_response,
    standing_answers,
    start_attempt,
    submit_attempt,
)
from assessments.domain.marking import counting, fold, result_of
from assessments.domain.quizzes import QuizRules
from assessments.domain.selection import draw_snapshot
from assessments.enums import Ending, Moment
from assessments.models import Adjustment, Attempt, Question, QuestionCategory, QuizPage, Response, Script
from courses.domain.releasing import release
from courses.models import Enrolment, Unit, UnitCompletion
from elearn.people.models import User
from tests.factories.assessments import QuestionBankFactory, QuestionFactory, make_quiz
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module
from tests.factories.questions import RIGHT, make_question

Enrol = Callable[..., Enrolment]


@pytest.fixture
def enrol_in_quiz(learner: User) -> Enrol:
    """The learner in a course of one quiz with these rules."""

    def make(**rules: Any) -> Enrolment:
        page = make_course_page()
        make_quiz(make_module(page, "m1"), **{"questions": 2, "pass_mark": 50, **rules})
        return EnrolmentFactory(person=learner, course=release(page=page, by=None).course)

    return make


def start(enrolment: Enrolment) -> Attempt:
    return start_attempt(enrolment=enrolment, unit=Unit.objects.get(), language="en")


def answer(attempt: Attempt, number: int = 0, given: str = "right", **options: Any) -> Saved:
    options = {"client_key": uuid.uuid4(), "based_on": 0, "language": "en", **options}
    key = attempt.snapshot[number]["key"]
    return save_response(attempt=attempt, question_key=key, posted={"": [given]}, **options)


def submit(attempt: Attempt) -> Attempt:
    return submit_attempt(attempt=attempt, language="en", revision=None)


def let_time_pass(attempt: Attempt, beyond: timedelta) -> Attempt:
    """The deadline was so long ago."""
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - beyond)
    return Attempt.objects.get(pk=attempt.pk)


# --- The clock ---------------------------------------------------------------------------------------------------


def test_deadline_counts_from_the_start(enrol_in_quiz: Enrol) -> None:
    attempt = start(enrol_in_quiz(time_limit=30))
    assert attempt.deadline is not None
    assert attempt.deadline - attempt.started_at == timedelta(minutes=30)
    assert start(attempt.enrolment).deadline == attempt.deadline


def test_answer_within_the_grace_counts(enrol_in_quiz: Enrol) -> None:
    attempt = let_time_pass(start(enrol_in_quiz(time_limit=30)), GRACE / 2)
    saved = answer(attempt)
    assert (saved.stands, saved.response.is_late) == (True, False)
    assert submit(attempt).ended_by == Ending.LEARNER


def test_answer_after_the_grace_is_kept_and_does_not_count(enrol_in_quiz: Enrol) -> None:
    attempt = start(enrol_in_quiz(time_limit=30))
    answer(attempt, 0)
    attempt = let_time_pass(attempt, GRACE * 2)
    saved = answer(attempt, 1)
    assert (saved.stands, saved.response.is_late, saved.response.answer) == (False, True, ["right"])
    attempt = submit(attempt)
    assert attempt.ended_by == Ending.TIME
    assert result_of(attempt).points == 1
    # From a device that comes back much later, too.
    assert answer(attempt, 1).response.is_late
    assert result_of(Attempt.objects.get(pk=attempt.pk)).points == 1


def test_attempt_whose_time_is_up_is_submitted_without_its_learner(enrol_in_quiz: Enrol) -> None:
    attempt = start(enrol_in_quiz(time_limit=30))
    answer(attempt, 0)
    assert close_overdue_attempts() == 0
    let_time_pass(attempt, GRACE + timedelta(seconds=5))
    assert close_overdue_attempts() == 1
    assert close_overdue_attempts() == 0
    attempt.refresh_from_db()
    assert (attempt.ended_by, result_of(attempt).points) == (Ending.TIME, 1)
    assert UnitCompletion.objects.count() == 1


def test_start_after_time_was_up_begins_the_next_attempt(enrol_in_quiz: Enrol) -> None:
    enrolment = enrol_in_quiz(time_limit=30)
    let_time_pass(start(enrolment), GRACE * 2)
    assert start(enrolment).number == 2
    assert [a.ended_by for a in Attempt.objects.order_by("number")] == [Ending.TIME, ""]


# --- Waiting, and adjustments ------------------------------------------------------------------------------------


def test_next_attempt_waits_its_hours(enrol_in_quiz: Enrol) -> None:
    enrolment = enrol_in_quiz(wait_hours=24)
    submit(start(enrolment))
    with pytest.raises(AttemptRefused, match=r"24 h 0 min|23 h 59 min"):
        start(enrolment)
    Attempt.objects.update(submitted_at=timezone.now() - timedelta(hours=25))
    assert start(enrolment).number == 2


def adjust(enrolment: Enrolment, by: User, **given: Any) -> Adjustment:
    whom = given.pop("whom", {"person": enrolment.person})
    return Adjustment.objects.create(course=enrolment.course, reason="Agreed", granted_by=by, **whom, **given)


def test_adjustment_gives_more_time_and_attempts(enrol_in_quiz: Enrol, manager: User) -> None:
    enrolment = enrol_in_quiz(time_limit=30, attempts_allowed=1)
    adjust(enrolment, manager, extra_time=25)
    adjust(enrolment, manager, extra_attempts=1, extra_time=10)
    attempt = start(enrolment)
    assert attempt.deadline is not None
    # The most generous one, and rounded up: 37.5 minutes are 38.
    assert attempt.deadline - attempt.started_at == timedelta(minutes=38)
    submit(attempt)
    submit(start(enrolment))
    with pytest.raises(AttemptRefused, match="2"):
        start(enrolment)


def test_adjustment_that_ended_or_is_somebody_elses_gives_nothing(
    enrol_in_quiz: Enrol, manager: User, stranger: User
) -> None:
    enrolment = enrol_in_quiz(time_limit=30)
    adjust(enrolment, manager, extra_time=50, ended_by=manager, ended_at=timezone.now())
    adjust(enrolment, manager, extra_time=50, whom={"person": stranger})
    attempt = start(enrolment)
    assert attempt.deadline is not None
    assert attempt.deadline - attempt.started_at == timedelta(minutes=30)


# --- Which attempt counts ----------------------------------------------------------------------------------------


def test_best_or_last_attempt_counts(enrol_in_quiz: Enrol) -> None:
    enrolment = enrol_in_quiz()
    for right in (0, 2, 1):
        attempt = start(enrolment)
        for number in range(right):
            answer(attempt, number)
        submit(attempt)
    attempts = list(Attempt.objects.all())
    assert [getattr(counting(attempts, counts), "number", None) for counts in ("highest", "last")] == [2, 3]
    # The pass of the second attempt stays, whichever counts.
    assert UnitCompletion.objects.standing().count() == 1


# --- What is shown when ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("show", "reached", "shown"),
    [
        ("during", set(), False),
        ("during", {Moment.DURING}, True),
        ("after", {Moment.DURING}, False),
        ("after", {Moment.DURING, Moment.AFTER}, True),
        ("closed", {Moment.DURING, Moment.AFTER}, False),
        ("closed", {Moment.DURING, Moment.AFTER, Moment.CLOSED}, True),
        ("never", {Moment.DURING, Moment.AFTER, Moment.CLOSED}, False),
    ],
)
def test_showing_begins_at_its_moment(show: str, reached: set[Moment], shown: bool) -> None:
    rules = QuizRules("", "", 0, 50, 0, True, show_answers=show)
    assert reviewing.showing(rules, reached).answers == shown


def test_quiz_is_closed_once_passed_or_used_up(enrol_in_quiz: Enrol) -> None:
    enrolment = enrol_in_quiz(attempts_allowed=2)
    rules = QuizRules.from_json(enrolment.edition.structure.unit(Unit.objects.get().key).rules)
    submit(start(enrolment))
    assert not reviewing.is_closed(rules, list(Attempt.objects.all()), may_go_on=True)
    attempt = start(enrolment)
    answer(attempt, 0)
    assert not reviewing.is_closed(rules, list(Attempt.objects.all()), may_go_on=True)
    submit(attempt)
    assert reviewing.is_closed(rules, list(Attempt.objects.all()), may_go_on=True)


def test_checked_answer_stands(enrol_in_quiz: Enrol) -> None:
    attempt = start(enrol_in_quiz(show_feedback="during"))
    saved = answer(attempt, 0, "wrong-1", checked=True)
    assert (saved.stands, saved.response.checked) == (True, True)
    with pytest.raises(AttemptRefused, match="checked"):
        answer(attempt, 0, "right", based_on=saved.sequence)
    assert standing_answers(attempt.responses.all())[attempt.snapshot[0]["key"]].answer == ["wrong-1"]


def test_nothing_is_checked_where_the_quiz_shows_nothing_before_its_end(enrol_in_quiz: Enrol) -> None:
    attempt = start(enrol_in_quiz())
    assert not answer(attempt, 0, "wrong-1", checked=True).response.checked
    assert answer(attempt, 0, "right", based_on=1).stands


# --- Drawing -----------------------------------------------------------------------------------------------------


def select(page: QuizPage, *blocks: tuple[str, dict[str, Any]]) -> QuizRules:
    page.selection = [{"type": kind, "value": value} for kind, value in blocks]
    return QuizRules.of_page(QuizPage.objects.get(pk=_saved(page).pk))


def _saved(page: QuizPage) -> QuizPage:
    page.save()
    return page


def drawn(rules: QuizRules, **options: Any) -> list[str]:
    return [entry["key"] for entry in draw_snapshot(rules=rules, language="en", languages=("en",), **options)]


@pytest.mark.django_db
def test_selection_draws_fixed_ones_and_some_of_a_category_and_a_tag() -> None:
    page = make_quiz(make_module(make_course_page(), "m1"), questions=0)
    law = QuestionCategory.objects.create(bank=page.bank, path="Law")
    below = QuestionCategory.objects.create(bank=page.bank, path="Law/Cartagena")
    QuestionCategory.objects.create(bank=page.bank, path="Lawful")
    fixed = QuestionFactory(bank=page.bank, key="fixed")
    for number in range(3):
        QuestionFactory(bank=page.bank, key=f"law-{number}", category=law if number else below)
        QuestionFactory(bank=page.bank, key=f"other-{number}")
    tagged = QuestionFactory(bank=page.bank, key="tagged")
    tagged.tags.add("Interview")
    rules = select(
        page,
        ("random", {"count": 2, "category": "Law", "tag": "", "bank": None}),
        ("fixed", {"questions": [fixed.pk]}),
        ("random", {"count": 5, "category": "", "tag": "interview", "bank": None}),
    )
    found = drawn(rules)
    assert (len(found), found[2:]) == (4, ["fixed", "tagged"])
    assert set(found[:2]) < {"law-0", "law-1", "law-2"}
    law.path = "Statutes"  # A new name parts a released quiz from nothing.
    law.save()
    assert set(drawn(rules)[:2]) == {"law-1", "law-2"}


@pytest.mark.django_db
def test_selection_of_another_bank_and_of_what_is_not_there() -> None:
    page = make_quiz(make_module(make_course_page(), "m1"), questions=2)
    other = QuestionBankFactory(course_code="rescue-at-sea")
    QuestionFactory(bank=other, key="elsewhere")
    rules = select(page, ("random", {"count": 3, "bank": other.pk, "category": "", "tag": ""}))
    assert drawn(rules) == ["elsewhere"]
    assert drawn(select(page, ("random", {"count": 3, "bank": None, "category": "Gone", "tag": ""}))) == []


@pytest.mark.django_db
def test_question_stands_once_in_an_attempt_however_often_it_is_selected() -> None:
    page = make_quiz(make_module(make_course_page(), "m1"), questions=3)
    block = {"count": 2, "bank": None, "category": "", "tag": ""}
    assert len(drawn(select(page, ("random", block), ("random", block)))) == 3


def test_questions_not_seen_come_first(enrol_in_quiz: Enrol) -> None:
    enrolment = enrol_in_quiz(questions=6, draw=3)
    first = start(enrolment)
    submit(first)
    second = start(enrolment)
    assert not {q["key"] for q in first.snapshot} & {q["key"] for q in second.snapshot}


# --- Every type in one attempt -----------------------------------------------------------------------------------


@pytest.fixture
def of_every_type(learner: User) -> Attempt:
    page = make_course_page()
    quiz = make_quiz(make_module(page, "m1"), questions=0, draw=0, pass_mark=60)
    for kind in [*RIGHT, "information"]:
        make_question(kind, quiz.bank)
    enrolment = EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    return start(enrolment)


def answer_rightly(attempt: Attempt) -> None:
    for entry in attempt.snapshot:
        if entry["kind"] in RIGHT:
            save_response(
                attempt=attempt,
                question_key=entry["key"],
                posted=RIGHT[entry["kind"]],
                client_key=uuid.uuid4(),
                based_on=0,
                language="en",
            )


def test_every_type_is_answered_and_marked_and_an_essay_waits(of_every_type: Attempt) -> None:
    answer_rightly(of_every_type)
    attempt = submit(of_every_type)
    marks = fold(attempt.mark_changes.all())
    assert marks == {kind.replace("_", "-"): 1 for kind in RIGHT if kind != "essay"}
    result = result_of(attempt)
    assert (result.points, result.possible, result.waiting, result.passed) == (9, 10, 1, False)
    assert [script.question_key for script in Script.objects.all()] == ["essay"]
    assert UnitCompletion.objects.count() == 0


def test_essay_left_open_earns_nothing_and_waits_for_nobody(of_every_type: Attempt) -> None:
    attempt = submit(of_every_type)
    assert (result_of(attempt).waiting, Script.objects.count()) == (0, 0)
    assert set(fold(attempt.mark_changes.all()).values()) == {0}


def test_information_takes_no_answer(of_every_type: Attempt) -> None:
    with pytest.raises(AttemptRefused):
        save_response(
            attempt=of_every_type,
            question_key="information",
            posted={"": ["x"]},
            client_key=uuid.uuid4(),
            based_on=0,
            language="en",
        )
    assert Response.objects.count() == 0


def test_edit_of_any_type_never_reaches_a_started_attempt(of_every_type: Attempt) -> None:
    before = Attempt.objects.get(pk=of_every_type.pk).snapshot
    Question.objects.update(prompt="<p>Changed</p>", options=[], weight=7, all_or_nothing=True, case_sensitive=True)
    assert Attempt.objects.get(pk=of_every_type.pk).snapshot == before
    answer_rightly(of_every_type)
    assert result_of(submit(of_every_type)).points == 9


def test_attempt_of_before_rules_were_kept_reads_as_it_was_meant(of_every_type: Attempt) -> None:
    Attempt.objects.update(rules={})
    rules = rules_of(Attempt.objects.get())
    assert (rules.pass_mark, rules.show_answers, rules.time_limit) == (60, "after", 0)
