"""Marking again while something else happens to the same attempts: on real connections, each in a thread of its own."""

import pytest

from assessments.domain.attempts import submit_attempt
from assessments.domain.granting import grant_adjustment
from assessments.domain.marking import result_of
from assessments.domain.remarking import Remarked, RemarkRefused, preview, remark
from assessments.domain.voiding import void_pass
from assessments.models import Adjustment, Attempt, MarkChange, Remark
from courses.models import UnitCompletion
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory
from tests.factories.people import UserFactory
from tests.factories.taken_quizzes import answer, begin, make_taken_course, questions_in, set_right, take
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def no_error(results: list[object]) -> bool:
    return [result for result in results if isinstance(result, Exception)] == []


def test_two_remarks_at_once_change_each_mark_once(admin: User) -> None:
    course, quiz = make_taken_course()
    for _learner in range(4):
        take(course, UserFactory(), chosen=("right", "wrong-1"))
    question = set_right(questions_in(quiz)[1], "wrong-1")
    results = at_once(*(lambda: remark(question=question, by=admin, reason="Wrong.") for _click in range(3)))
    assert no_error(results)
    assert sorted(result.changed for result in results if isinstance(result, Remarked)) == [0, 0, 4]
    assert (Remark.objects.count(), MarkChange.objects.filter(reason="remark").count()) == (1, 4)
    assert Message.objects.filter(reason__startswith="marked-again-").count() == 4
    assert UnitCompletion.objects.count() == 4


def test_a_submit_at_the_same_time_has_one_outcome_and_the_next_remark_finds_it(admin: User) -> None:
    course, quiz = make_taken_course()
    take(course, UserFactory(), chosen=("right", "wrong-1"))
    running = [begin(course, UserFactory()) for _learner in range(3)]
    for attempt in running:
        answer(attempt, 1, "right")
        answer(attempt, 2, "wrong-1")
    question = set_right(questions_in(quiz)[1], "wrong-1")
    results = at_once(
        lambda: remark(question=question, by=admin, reason="Wrong."),
        *(lambda attempt=attempt: submit_attempt(attempt=attempt, language="en", revision=None) for attempt in running),
    )
    assert no_error(results)
    remark(question=question, by=admin, reason="Those that ran then.")
    assert preview(question=question).changed == 0
    assert {result_of(attempt).percent for attempt in Attempt.objects.all()} == {100}
    assert MarkChange.objects.filter(reason="automatic").count() == 8
    assert MarkChange.objects.filter(reason="remark").count() == 4
    assert UnitCompletion.objects.standing().count() == 4


def test_remarks_of_two_questions_of_the_same_attempts_do_not_wait_in_a_ring(admin: User) -> None:
    course, quiz = make_taken_course()
    for _learner in range(6):
        take(course, UserFactory(), chosen=("wrong-1", "wrong-1"))
    first, second = (set_right(question, "wrong-1") for question in questions_in(quiz))
    for _round in range(3):
        results = at_once(
            lambda: remark(question=first, by=admin, reason="Wrong."),
            lambda: remark(question=second, by=admin, reason="Wrong."),
        )
        assert no_error(results)
    assert MarkChange.objects.filter(reason="remark").count() == 12
    assert UnitCompletion.objects.count() == 6


def test_a_pass_is_voided_once_by_two_managers_at_once(admin: User) -> None:
    course, quiz = make_taken_course()
    attempt = take(course, UserFactory(), chosen=("right", "right"))
    take(course, UserFactory(), chosen=("right", "wrong-1"))
    done = remark(question=set_right(questions_in(quiz)[1], "wrong-1"), by=admin, reason="Wrong.").remark
    acts = [lambda: void_pass(remark=done, attempt=attempt, by=admin, reason="R.") for _click in range(2)]
    results = at_once(*acts)
    assert sorted(type(result) for result in results if result is not None) == [RemarkRefused]
    assert Message.objects.filter(reason=f"pass-voided-{attempt.pk}").count() == 1


def test_time_granted_while_an_attempt_begins_is_never_lost(admin: User) -> None:
    course, _quiz = make_taken_course(time_limit=20)
    for _round in range(5):
        enrolment = EnrolmentFactory(course=course)
        results = at_once(
            lambda enrolment=enrolment: begin(course, enrolment=enrolment),
            lambda enrolment=enrolment: grant_adjustment(
                by=admin, course=course, person=enrolment.person, extra_time=50, reason="R."
            ),
        )
        assert no_error(results)
        attempt = Attempt.objects.get(enrolment=enrolment)
        assert (attempt.deadline - attempt.started_at).total_seconds() == 30 * 60
    assert Adjustment.objects.count() == 5
