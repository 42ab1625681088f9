import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError

from assessments.domain.attempts import AttemptRefused, save_response, standing_answers, start_attempt, submit_attempt
from assessments.domain.marking import result_of
from assessments.domain.quizzes import QuizRules, banks_in_editions
from assessments.domain.selection import draw_snapshot
from assessments.enums import AttemptState
from assessments.models import Attempt, MarkChange, Question, QuestionBank, QuizPage, Response
from courses.domain.releasing import release
from courses.enums import EnrolmentState
from courses.models import CoursePage, Enrolment, Unit, UnitCompletion
from elearn.people.models import User
from tests.factories.assessments import QuestionBankFactory, QuestionFactory, make_quiz
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module


@pytest.fixture
def quiz_enrolment(learner: User) -> Enrolment:
    """A course of one quiz: three questions, two thirds to pass, two attempts."""
    page = make_course_page()
    make_quiz(make_module(page, "m1"), questions=3, pass_mark=66, attempts_allowed=2)
    return EnrolmentFactory(person=learner, course=release(page=page, by=None).course)


def start(enrolment: Enrolment) -> Attempt:
    return start_attempt(enrolment=enrolment, unit=Unit.objects.get(), language="en")


def answer(attempt: Attempt, key: str, *options: str, client_key: uuid.UUID | None = None, based_on: int = 0):
    return save_response(
        attempt=attempt,
        question_key=key,
        posted={"": list(options)},
        client_key=client_key or uuid.uuid4(),
        based_on=based_on,
        language="en",
    )


def answer_all(attempt: Attempt, *options: str) -> None:
    for question, option in zip(attempt.snapshot, options, strict=True):
        answer(attempt, question["key"], option)


def submit(attempt: Attempt) -> Attempt:
    return submit_attempt(attempt=attempt, language="en", revision=None)


def test_start_copies_questions_and_rules(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    assert (attempt.number, attempt.pass_mark, len(attempt.snapshot)) == (1, 66, 3)
    assert {q["key"] for q in attempt.snapshot} == set(Question.objects.values_list("key", flat=True))
    options = [q["contents"]["en"]["options"] for q in attempt.snapshot]
    assert all({o["id"] for o in own if o.get("correct")} == {"right"} for own in options)


def test_start_twice_is_the_same_attempt(quiz_enrolment: Enrolment) -> None:
    assert start(quiz_enrolment).pk == start(quiz_enrolment).pk


def test_later_edits_never_reach_a_started_attempt(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    before = Attempt.objects.get(pk=attempt.pk).snapshot
    for question in Question.objects.all():
        question.prompt = "<p>Changed</p>"
        question.options = []
        question.save()
    assert Attempt.objects.get(pk=attempt.pk).snapshot == before
    answer_all(attempt, "right", "right", "right")
    assert result_of(submit(attempt)).points == 3


def test_draw_takes_that_many_from_the_bank(learner: User) -> None:
    page = make_course_page()
    make_quiz(make_module(page, "m1"), questions=9, draw=4)
    enrolment = EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    attempt = start(enrolment)
    assert len({q["key"] for q in attempt.snapshot}) == 4


def test_attempts_used_up_are_refused(quiz_enrolment: Enrolment) -> None:
    for _number in (1, 2):
        submit(start(quiz_enrolment))
    with pytest.raises(AttemptRefused, match="all 2 attempts"):
        start(quiz_enrolment)
    assert Attempt.objects.count() == 2


def test_same_key_and_answer_is_a_repeat(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    key, client_key = attempt.snapshot[0]["key"], uuid.uuid4()
    first = answer(attempt, key, "wrong-1", client_key=client_key)
    again = answer(attempt, key, "wrong-1", client_key=client_key)
    assert (again.response.pk, again.stands, Response.objects.count()) == (first.response.pk, True, 1)


def test_same_key_with_another_answer_is_a_new_response(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    key, client_key = attempt.snapshot[0]["key"], uuid.uuid4()
    first = answer(attempt, key, "wrong-1", client_key=client_key)
    second = answer(attempt, key, "right", client_key=client_key, based_on=first.response.sequence)
    assert second.stands
    assert [r.answer for r in Response.objects.order_by("sequence")] == [["wrong-1"], ["right"]]


def test_second_answer_under_one_key_may_be_sent_again(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    key, client_key = attempt.snapshot[0]["key"], uuid.uuid4()
    first = answer(attempt, key, "wrong-1", client_key=client_key)
    second, again = (
        answer(attempt, key, "right", client_key=client_key, based_on=first.response.sequence) for _send in range(2)
    )
    assert (again.response.pk, again.stands, again.standing.pk) == (second.response.pk, True, second.response.pk)
    assert [r.answer for r in Response.objects.order_by("sequence")] == [["wrong-1"], ["right"]]


def test_one_client_key_serves_two_questions(quiz_enrolment: Enrolment) -> None:
    attempt, client_key = start(quiz_enrolment), uuid.uuid4()
    saved = [answer(attempt, question["key"], "right", client_key=client_key) for question in attempt.snapshot[:2]]
    assert [row.stands for row in saved] == [True, True]
    assert Response.objects.count() == 2


def test_late_answer_based_on_an_older_one_is_kept_and_does_not_displace(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    key = attempt.snapshot[0]["key"]
    newer = answer(attempt, key, "right")
    late = answer(attempt, key, "wrong-1", based_on=0)
    assert (late.stands, late.standing.pk) == (False, newer.response.pk)
    assert standing_answers(list(Response.objects.all()))[key].answer == ["right"]
    assert Response.objects.count() == 2


def test_change_of_mind_displaces(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    key = attempt.snapshot[0]["key"]
    first = answer(attempt, key, "wrong-1")
    answer(attempt, key, "right", based_on=first.response.sequence)
    assert standing_answers(list(Response.objects.all()))[key].answer == ["right"]


@pytest.mark.parametrize("options", [("nonsense",), ("right", "wrong-1")])
def test_answer_that_cannot_be_is_refused(quiz_enrolment: Enrolment, options: tuple[str, ...]) -> None:
    attempt = start(quiz_enrolment)
    with pytest.raises(AttemptRefused):
        answer(attempt, attempt.snapshot[0]["key"], *options)
    with pytest.raises(AttemptRefused):
        answer(attempt, "no-such-question", "right")
    assert Response.objects.count() == 0


def test_submit_marks_and_completes_the_unit_on_a_pass(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    answer_all(attempt, "right", "right", "wrong-1")
    submitted = submit(attempt)
    result = result_of(submitted)
    assert (result.points, result.possible, result.percent, result.passed) == (2, 3, Decimal("66.6"), True)
    assert UnitCompletion.objects.get().enrolment == quiz_enrolment
    quiz_enrolment.refresh_from_db()
    assert quiz_enrolment.completed_at is not None


def test_submit_below_the_pass_mark_completes_nothing(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    answer(attempt, attempt.snapshot[0]["key"], "right")
    assert result_of(submit(attempt)).passed is False
    assert UnitCompletion.objects.count() == 0


def test_submit_twice_marks_once(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    answer_all(attempt, "right", "right", "right")
    first, second = submit(attempt), submit(attempt)
    assert first.submitted_at == second.submitted_at
    assert MarkChange.objects.count() == 3


def test_answer_after_submitting_is_refused_in_words(quiz_enrolment: Enrolment) -> None:
    attempt = start(quiz_enrolment)
    submit(attempt)
    with pytest.raises(AttemptRefused, match="What was submitted is kept"):
        answer(attempt, attempt.snapshot[0]["key"], "right")
    assert attempt.responses.count() == 0


def test_archived_question_is_not_drawn(quiz_enrolment: Enrolment) -> None:
    Question.objects.filter(pk=Question.objects.first().pk).update(archived_at="2026-01-01T00:00Z")
    assert len(start(quiz_enrolment).snapshot) == 2


def test_attempt_state_and_time_agree(quiz_enrolment: Enrolment) -> None:
    submitted = submit(start(quiz_enrolment))
    assert (submitted.state, submitted.submitted_at is None) == (AttemptState.SUBMITTED, False)


def test_multiple_choice_and_true_false_in_one_attempt(learner: User) -> None:
    page = make_course_page()
    quiz = make_quiz(make_module(page, "m1"), questions=0, draw=0)
    QuestionFactory(bank=quiz.bank, key="many", multiple=True)
    QuestionFactory(bank=quiz.bank, key="whether", true_false=True)
    enrolment = EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    attempt = start(enrolment)
    answer(attempt, "many", "right-1")
    answer(attempt, "whether", "true")
    result = result_of(submit(attempt))
    assert (result.points, result.percent) == (Decimal("1.5"), Decimal("75.0"))


def test_weights_count_in_the_mark(quiz_enrolment: Enrolment) -> None:
    heavy = Question.objects.first()
    Question.objects.filter(pk=heavy.pk).update(weight=4)
    attempt = start(quiz_enrolment)
    Question.objects.update(weight=1)  # An attempt keeps the weights that it began with.
    assert {question["key"]: question["points"] for question in attempt.snapshot}[heavy.key] == "4.00"
    answer(attempt, heavy.key, "right")
    result = result_of(submit(attempt))
    assert (result.points, result.possible, result.percent, result.passed) == (4, 6, Decimal("66.6"), True)


def test_weight_below_nothing_is_refused_by_the_database(quiz_enrolment: Enrolment) -> None:
    with pytest.raises(IntegrityError, match="question_costs_no_points"):
        Question.objects.update(weight=-1)


@pytest.mark.parametrize("change", [{"key": "new-name"}, {"course_code": "mistyped"}])
def test_released_quiz_draws_from_its_bank_whatever_it_is_called(quiz_enrolment: Enrolment, change: dict) -> None:
    QuestionBank.objects.update(**change)
    assert len(start(quiz_enrolment).snapshot) == 3


def test_quiz_of_a_copied_course_draws_from_the_same_bank(quiz_enrolment: Enrolment, stranger: User) -> None:
    copy = CoursePage.objects.get().copy(recursive=True, update_attrs={"slug": "copy", "key": "copy", "title": "Copy"})
    course = release(page=CoursePage.objects.get(pk=copy.pk), by=None).course
    enrolment = EnrolmentFactory(person=stranger, course=course)
    attempt = start_attempt(enrolment=enrolment, unit=course.units.get(), language="en")
    assert {q["key"] for q in attempt.snapshot} == set(Question.objects.values_list("key", flat=True))


def test_start_takes_as_many_queries_however_large_the_bank(
    quiz_enrolment: Enrolment, django_assert_num_queries: Callable
) -> None:
    rules = QuizRules.of_page(QuizPage.objects.get())
    for _more in range(2):
        with django_assert_num_queries(2):
            draw_snapshot(rules=rules, language="en", languages=("en",))
        QuestionFactory.create_batch(3, bank=QuestionBank.objects.get())


@pytest.mark.parametrize("state", [EnrolmentState.WITHDRAWN, EnrolmentState.EXPIRED])
def test_submit_after_the_enrolment_closed_is_marked_and_completes_nothing(
    quiz_enrolment: Enrolment, state: EnrolmentState
) -> None:
    attempt = start(quiz_enrolment)
    answer_all(attempt, "right", "right", "right")
    Enrolment.objects.update(state=state)
    submitted = submit(attempt)
    assert (submitted.is_open, result_of(submitted).passed) == (False, True)
    assert UnitCompletion.objects.count() == 0


def test_bank_released_from_is_named_in_every_edition(quiz_enrolment: Enrolment) -> None:
    bank = QuestionBank.objects.get()
    QuestionBankFactory(course_code=bank.course_code, key="in-no-edition")
    assert banks_in_editions() == {bank.uid}
