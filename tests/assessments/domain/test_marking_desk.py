"""The queue: what waits for whom, in which order, and under which name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.domain import judging
from assessments.domain.marking_desk import Counts, Filters, code_of, counted, queue, settled_for, to_mark
from assessments.enums import AssessmentPart, ScriptState, SecondMark
from assessments.models import RubricAssessment, Script
from courses.models import Course, Enrolment
from elearn.people.domain.roles import forget_grants, grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.marking import CLEAR, QUIET, judge, make_assessor, make_essays, make_practical_script

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessor() -> User:
    return make_assessor()


def test_queue_holds_what_waits_the_longest_first(assessor: User, enrolment: Enrolment) -> None:
    first, second = make_essays(enrolment, "One.", "Two.")
    other = make_practical_script(EnrolmentFactory(course=enrolment.course))
    Script.objects.filter(pk=other.pk).update(entered_at=timezone.now() - timedelta(days=2))
    assert list(queue(assessor, Filters())) == [other, first, second]
    assert list(queue(assessor, Filters(newest=True))) == [second, first, other]


def test_queue_of_a_course_holds_nothing_of_another(enrolment: Enrolment) -> None:
    mine = make_essays(enrolment, "Mine.")
    make_essays(EnrolmentFactory(course=make_released_course("elsewhere")), "Theirs.")
    person = make_assessor(scope_key=enrolment.course.key)
    assert list(to_mark(person)) == mine


def test_own_work_is_in_nobodys_own_queue(enrolment: Enrolment) -> None:
    make_essays(enrolment, "My own.")
    grant_role(person=enrolment.person, role=Role.ASSESSOR, granted_by=None)
    forget_grants(enrolment.person)
    assert list(to_mark(enrolment.person)) == []


def test_queue_is_empty_for_whoever_holds_no_role(stranger: User, enrolment: Enrolment) -> None:
    make_essays(enrolment, "Mine.")
    assert list(to_mark(stranger)) == []


def test_work_of_somebody_erased_waits_for_nobody(assessor: User, enrolment: Enrolment) -> None:
    make_essays(enrolment, "Mine.")
    User.objects.filter(pk=enrolment.person_id).update(erased_at=timezone.now())
    assert list(to_mark(assessor)) == []


def test_second_mark_waits_for_another_person(assessor: User, enrolment: Enrolment) -> None:
    other = make_assessor()
    (script,) = make_essays(enrolment, "One.", second=SecondMark.SAMPLE)
    judge(script, assessor, points=7)
    assert (list(to_mark(assessor)), list(to_mark(other))) == ([], [script])


def test_disputed_script_waits_for_whoever_moderates_and_has_not_marked_it(enrolment: Enrolment) -> None:
    one, two, three = make_assessor(), make_assessor(), make_assessor()
    trainer = make_assessor(Role.TRAINER)
    manager = make_assessor(Role.MANAGER)
    script = make_practical_script(enrolment, second=SecondMark.SAMPLE)
    judge(script, one, levels=CLEAR)
    judge(script, two, levels=QUIET)
    assert Script.objects.get().state == ScriptState.DISPUTED
    assert [list(to_mark(person)) for person in (one, two, trainer)] == [[], [], []]
    assert [list(to_mark(person)) for person in (three, manager)] == [[script], [script]]


def test_disputed_script_of_a_course_waits_for_an_assessor_of_that_course(enrolment: Enrolment) -> None:
    # A trainer of this course who assesses in another may mark essays here, and decides nothing.
    other: Course = make_released_course("elsewhere")
    trainer = make_assessor(Role.TRAINER, scope_key=enrolment.course.key)
    grant_role(person=trainer, role=Role.ASSESSOR, granted_by=None, scope_key=other.key)
    forget_grants(trainer)
    local = make_assessor(scope_key=enrolment.course.key)
    (script,) = make_essays(enrolment, "One.", second=SecondMark.SAMPLE)
    judge(script, make_assessor(), points=9)
    judge(script, make_assessor(), points=2)
    assert (list(to_mark(trainer)), list(to_mark(local))) == ([], [script])


@pytest.mark.parametrize(
    ("kind", "found"), [("first", ["why-1"]), ("second", ["why-2"]), ("disputed", ["why-3"]), ("", 3)]
)
def test_queue_is_filtered_by_what_is_wanted(enrolment: Enrolment, kind: str, found: object) -> None:
    one, two, three = make_assessor(), make_assessor(), make_assessor()
    _first, second, third = make_essays(enrolment, "One.", "Two.", "Three.")
    Script.objects.filter(pk__in=[second.pk, third.pk]).update(second_mark=SecondMark.SAMPLE)
    judge(second, one, points=7)
    judge(third, one, points=9)
    judge(third, two, points=2)
    keys = [script.question_key for script in queue(three, Filters(kind=kind))]
    assert (keys if kind else len(keys)) == found
    assert counted(to_mark(three)) == Counts(1, 1, 1, Script.objects.earliest("entered_at").entered_at)


def test_queue_is_narrowed_to_course_unit_question_and_what_is_mine(assessor: User, enrolment: Enrolment) -> None:
    mine, other = make_essays(enrolment, "One.", "Two.")
    elsewhere = make_essays(EnrolmentFactory(course=make_released_course("elsewhere")), "Three.")
    judging.take(script=other, person=assessor)
    assert list(queue(assessor, Filters(course=enrolment.course.key))) == [mine, other]
    assert list(queue(assessor, Filters(unit=elsewhere[0].unit.key))) == elsewhere
    assert list(queue(assessor, Filters(course=enrolment.course.key, question="why-1"))) == [mine]
    assert list(queue(assessor, Filters(mine=True))) == [other]
    judging.give_back(script=other, person=assessor)
    assert list(queue(assessor, Filters(mine=True))) == [other]  # The draft is there.


def test_settled_scripts_are_there_for_whoever_moderates(enrolment: Enrolment) -> None:
    (script,) = make_essays(enrolment, "One.")
    judge(script, make_assessor(), points=7)
    assert list(settled_for(make_assessor())) == [script]
    assert list(settled_for(make_assessor(Role.TRAINER))) == []


def test_code_is_stable_and_different_for_each(enrolment: Enrolment) -> None:
    one, two = make_essays(enrolment, "One.", "Two.")
    assert code_of(one) == code_of(Script.objects.get(pk=one.pk))
    assert code_of(one) != code_of(two)
    assert len(code_of(one)) == 5


def test_draft_of_a_first_mark_becomes_one_of_a_second(enrolment: Enrolment) -> None:
    slow, quick = make_assessor(), make_assessor()
    (script,) = make_essays(enrolment, "One.", second=SecondMark.SAMPLE)
    draft = judging.take(script=script, person=slow)
    judging.give_back(script=script, person=slow)
    judge(script, quick, points=7)
    assert judging.take(script=Script.objects.get(), person=slow) == draft
    assert RubricAssessment.objects.get(pk=draft.pk).part == AssessmentPart.SECOND
