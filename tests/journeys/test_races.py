"""What can be done by two at once, done by two at once: on real connections, each in a thread of its own."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from assessments.domain.attempts import AttemptRefused, save_response, start_attempt, submit_attempt
from assessments.models import Attempt, MarkChange, Response
from certificates.domain.issuing import issue
from certificates.models import Certificate
from courses.domain.enrolment import enrol
from courses.domain.progress import complete_unit
from courses.domain.releasing import ReleaseRefused, release
from courses.models import Course, CoursePage, Edition, Enrolment, Unit, UnitCompletion
from courses.signals import course_completed
from elearn.core import pending
from elearn.messages.domain import sending
from elearn.messages.models import Message
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, make_course, make_course_page, make_module, make_released_course
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; answers their results, an exception in place of a result."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_last_units_at_once_complete_the_course_once() -> None:
    heard: list[int] = []

    def listen(enrolment: Enrolment, **kwargs: object) -> None:
        heard.append(enrolment.pk)

    course_completed.connect(listen)
    course = make_released_course(modules=1, lessons=2)
    units = list(Unit.objects.order_by("code"))
    enrolments = [EnrolmentFactory(course=course) for _index in range(4)]
    for enrolment in enrolments:
        results = at_once(
            *(
                lambda unit=unit, enrolment=enrolment: complete_unit(
                    enrolment=enrolment, unit=unit, language="en", revision=None
                )
                for unit in (*units, *units)
            )
        )
        assert not [result for result in results if isinstance(result, Exception)]
    course_completed.disconnect(listen)
    assert UnitCompletion.objects.count() == 8
    assert Enrolment.objects.completed().count() == 4
    assert sorted(heard) == sorted(enrolment.pk for enrolment in enrolments)
    assert Certificate.objects.count() == 4


def test_enrolling_from_many_tabs_at_once_is_one_row() -> None:
    course, person = make_released_course(modules=1, lessons=1), UserFactory()
    results = at_once(*(lambda: enrol(person=person, course=course) for _tab in range(6)))
    assert {type(result) for result in results} == {Enrolment}
    assert Enrolment.objects.count() == 1


@pytest.fixture
def quiz_enrolment() -> Enrolment:
    page = make_course_page()
    make_quiz(make_module(page, "m1"), questions=4, pass_mark=50)
    return EnrolmentFactory(course=release(page=page, by=None).course)


def test_starting_twice_at_once_is_one_attempt(quiz_enrolment: Enrolment) -> None:
    unit = Unit.objects.get()
    results = at_once(*(lambda: start_attempt(enrolment=quiz_enrolment, unit=unit, language="en") for _tab in range(4)))
    assert {type(result) for result in results} == {Attempt}
    assert Attempt.objects.count() == 1


def test_submits_and_answers_at_once_have_one_outcome(quiz_enrolment: Enrolment) -> None:
    attempt = start_attempt(enrolment=quiz_enrolment, unit=Unit.objects.get(), language="en")
    keys = [question["key"] for question in attempt.snapshot]

    def answer(key: str, client_key: uuid.UUID) -> object:
        return save_response(
            attempt=attempt, question_key=key, posted={"": ["right"]}, client_key=client_key, based_on=0, language="en"
        )

    for key in keys[:3]:
        answer(key, uuid.uuid4())
    late = uuid.uuid4()
    results = at_once(
        *(lambda: submit_attempt(attempt=attempt, language="en", revision=None) for _click in range(3)),
        *(lambda: answer(keys[3], late) for _send in range(2)),
    )
    unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, AttemptRefused)]
    assert unexpected == []
    attempt.refresh_from_db()
    marks = {change.question_key: change.fraction for change in MarkChange.objects.all()}
    answered_in_time = Response.objects.filter(question_key=keys[3]).count()
    assert MarkChange.objects.count() == 4
    assert answered_in_time in (0, 1)
    assert marks[keys[3]] == answered_in_time
    assert UnitCompletion.objects.count() == 1


def test_the_same_answer_sent_many_times_at_once_is_kept_once(quiz_enrolment: Enrolment) -> None:
    attempt = start_attempt(enrolment=quiz_enrolment, unit=Unit.objects.get(), language="en")
    key, client_key = attempt.snapshot[0]["key"], uuid.uuid4()
    results = at_once(
        *(
            lambda: save_response(
                attempt=attempt,
                question_key=key,
                posted={"": ["right"]},
                client_key=client_key,
                based_on=0,
                language="en",
            )
            for _send in range(5)
        )
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert Response.objects.count() == 1


def test_issuing_at_once_gives_one_certificate() -> None:
    enrolment = EnrolmentFactory(course=make_released_course(modules=1, lessons=1))
    complete_unit(enrolment=enrolment, unit=Unit.objects.get(), language="en", revision=None)
    results = at_once(*(lambda: issue(enrolment=enrolment) for _index in range(4)))
    assert {result.serial for result in results} == {Certificate.objects.get().serial}


def test_releasing_at_once_makes_one_edition() -> None:
    page = make_course(modules=1, lessons=1)
    results = at_once(*(lambda: release(page=CoursePage.objects.get(pk=page.pk), by=None) for _click in range(3)))
    assert sum(isinstance(result, Edition) for result in results) == 1
    assert [type(r) for r in results if not isinstance(r, Edition)] == [ReleaseRefused] * 2
    assert (Course.objects.count(), Edition.objects.count()) == (1, 1)


def test_two_workers_at_one_row_do_its_work_once(mailoutbox: list) -> None:
    message = sending.write(person=UserFactory(), reason="a-test", subject="Hello", body="World")
    done = at_once(*(lambda: pending.work(sending.KIND, message.pk) for _worker in range(4)))
    assert sorted(done) == [False, False, False, True]
    assert Message.objects.get().work_done_at is not None
    assert len(mailoutbox) == 1
