"""Moving up at the same moment as something else: on real connections, each in a thread of its own."""

import pytest

from assessments.domain.attempts import start_attempt
from assessments.models import Attempt
from certificates.models import Certificate
from courses.domain.moving import MoveRefused, move_up
from courses.domain.progress import complete_unit
from courses.domain.releasing import release
from courses.enums import EnrolmentState
from courses.models import Course, Edition, Enrolment, EnrolmentMove, LessonPage, ModulePage, Unit
from courses.signals import course_completed
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, add_edition, make_course, make_lesson
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def heard():
    found: list[int] = []

    def listen(enrolment: Enrolment, **kwargs: object) -> None:
        found.append(enrolment.pk)

    course_completed.connect(listen)
    yield found
    course_completed.disconnect(listen)


def a_course_with_two_editions(*, longer: bool) -> tuple[Course, Edition, Edition]:
    """Edition 1 has two lessons; edition 2 one lesson more, or one less."""
    page = make_course(modules=1, lessons=2)
    module = ModulePage.objects.get()
    make_quiz(module, questions=2)
    first = release(page=page, by=None)
    if longer:
        make_lesson(module, "new")
    else:
        LessonPage.objects.filter(key="m1-l2").update(live=False)
    return first.course, first, add_edition(first.course)


def enrolments_in(edition: Edition, *done: str) -> list[Enrolment]:
    enrolments = [EnrolmentFactory(course=edition.course, edition=edition) for _round in range(ROUNDS)]
    for enrolment in enrolments:
        for unit in Unit.objects.filter(code__in=done):
            complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    return enrolments


def test_two_moves_at_once_are_one(heard: list[int]) -> None:
    _course, first, second = a_course_with_two_editions(longer=True)
    for enrolment in enrolments_in(first, "m1-l1"):
        results = at_once(
            *(
                lambda enrolment=enrolment: move_up(enrolment=enrolment, to_edition=second, moved_by=enrolment.person)
                for _click in range(4)
            )
        )
        assert {type(result) for result in results} == {EnrolmentMove}
    assert EnrolmentMove.objects.count() == ROUNDS
    assert heard == []


def test_two_moves_at_once_into_a_finished_course_complete_it_once(heard: list[int]) -> None:
    _course, first, second = a_course_with_two_editions(longer=False)
    enrolments = enrolments_in(first, "m1-l1", "quiz")
    for enrolment in enrolments:
        at_once(
            *(
                lambda enrolment=enrolment: move_up(enrolment=enrolment, to_edition=second, moved_by=enrolment.person)
                for _click in range(4)
            )
        )
    assert sorted(heard) == [enrolment.pk for enrolment in enrolments]
    assert (EnrolmentMove.objects.count(), Certificate.objects.count()) == (ROUNDS, ROUNDS)


def test_move_and_last_unit_at_once_have_one_outcome(heard: list[int]) -> None:
    """Either the last unit completes the older edition and the move is refused, or the move comes first."""
    _course, first, second = a_course_with_two_editions(longer=True)
    last = Unit.objects.get(code="m1-l2")
    outcomes = set()
    for enrolment in enrolments_in(first, "m1-l1", "quiz"):
        moved, completed = at_once(
            lambda enrolment=enrolment: move_up(enrolment=enrolment, to_edition=second, moved_by=enrolment.person),
            lambda enrolment=enrolment: complete_unit(enrolment=enrolment, unit=last, language="en", revision=None),
        )
        enrolment.refresh_from_db()
        assert not isinstance(completed, Exception), completed
        outcomes.add((type(moved), enrolment.edition, enrolment.state))
        assert enrolment.completions.count() == 3
    assert outcomes <= {
        (MoveRefused, first, EnrolmentState.COMPLETED),
        (EnrolmentMove, second, EnrolmentState.ACTIVE),
    }
    assert len(heard) == Enrolment.objects.completed().count()


def test_move_and_start_of_a_quiz_at_once_both_happen() -> None:
    _course, first, second = a_course_with_two_editions(longer=True)
    quiz = Unit.objects.get(code="quiz")
    for enrolment in enrolments_in(first):
        moved, started = at_once(
            lambda enrolment=enrolment: move_up(enrolment=enrolment, to_edition=second, moved_by=enrolment.person),
            lambda enrolment=enrolment: start_attempt(enrolment=enrolment, unit=quiz, language="en"),
        )
        assert (type(moved), type(started)) == (EnrolmentMove, Attempt)
