"""Who may judge whose work: predicate and filter, for every role and scope, over own and foreign learners."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.domain import assessors
from assessments.domain.scripts import enter_hand_in
from assessments.models import Attempt, Script
from courses.domain.cohorts.seating import remove
from courses.models import Cohort, Course, Enrolment
from elearn.people.domain import rights
from elearn.people.domain.roles import forget_grants, grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import RoleGrant, User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.people import ActionFactory, UserFactory
from tests.factories.practicals import handed_in, make_cohort, script_of


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return make_cohort(course)


@pytest.fixture
def in_cohort(learner: User, course: Course, cohort: Cohort) -> Enrolment:
    return EnrolmentFactory(person=learner, course=course, cohort=cohort)


@pytest.fixture
def practical(in_cohort: Enrolment) -> Script:
    return script_of(in_cohort)


@pytest.fixture
def essay(in_cohort: Enrolment) -> Script:
    unit = in_cohort.course.units.order_by("-pk")[0]
    attempt = Attempt.objects.create(enrolment=in_cohort, unit=unit, number=1, rules={}, pass_mark=50, snapshot=[])
    return Script.objects.create(enrolment=in_cohort, unit=unit, attempt=attempt, question_key="why")


@pytest.fixture
def foreign() -> Script:
    """A practical in another course, of somebody without a cohort."""
    return script_of(EnrolmentFactory(course=make_released_course("asylum-basics")))


def with_role(role: Role, **where: object) -> User:
    person = UserFactory()
    grant_role(person=person, role=role, granted_by=None, **where)
    return person


def answers(person: User, *scripts: Script) -> list[bool]:
    """What predicate and filter say of each, which must be the same."""
    shown = set(assessors.scripts_for(person))
    verdicts = [assessors.may_assess(person, script) for script in scripts]
    assert verdicts == [script in shown for script in scripts]
    return verdicts


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TRAINER, Role.MANAGER])
def test_role_for_the_platform_marks_everything(role: Role, practical: Script, essay: Script, foreign: Script) -> None:
    assert answers(with_role(role), practical, essay, foreign) == [True, True, True]


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TRAINER])
def test_role_for_a_course_marks_that_course(role: Role, practical: Script, essay: Script, foreign: Script) -> None:
    person = with_role(role, scope_key=practical.unit.course.key)
    assert answers(person, practical, essay, foreign) == [True, True, False]


def test_assessor_of_a_cohort_marks_that_cohort(
    cohort: Cohort, practical: Script, essay: Script, foreign: Script
) -> None:
    person = with_role(Role.ASSESSOR, scope=Scope.COHORT, scope_key=cohort.public_id)
    other = script_of(EnrolmentFactory(course=cohort.course, cohort=make_cohort(cohort.course)))
    assert answers(person, practical, essay, foreign, other) == [True, True, False, False]


def test_trainer_of_a_cohort_marks_its_essays_and_no_practical(
    cohort: Cohort, practical: Script, essay: Script
) -> None:
    person = with_role(Role.TRAINER, scope=Scope.COHORT, scope_key=cohort.public_id)
    assert answers(person, practical, essay) == [False, True]


def test_another_role_does_not_undo_having_prepared_them(cohort: Cohort, practical: Script, foreign: Script) -> None:
    """Nor does the role for the whole platform, nor that of an administrator."""
    person = with_role(Role.ASSESSOR)
    grant_role(person=person, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=cohort.public_id)
    assert answers(person, practical, foreign) == [False, True]
    person.is_superuser = True
    assert answers(person, practical, foreign) == [False, True]


def test_learner_who_was_taken_out_of_the_cohort_was_prepared_all_the_same(learner: User, course: Course) -> None:
    cohort = CohortFactory(course=course)
    member = make_member(cohort, learner)
    script = script_of(member.enrolment)
    person = with_role(Role.ASSESSOR)
    grant_role(person=person, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=cohort.public_id)
    remove(member=member, by=person)
    assert answers(person, script) == [False]
    assert not assessors.may_assess_practical(person, member.enrolment)
    assert assessors.subject_ids_for(person, [learner.pk]) == set()


def test_trainer_who_has_left_the_cohort_prepared_them_all_the_same(cohort: Cohort, practical: Script) -> None:
    now = timezone.now()
    person = with_role(Role.ASSESSOR)
    grant = RoleGrant.objects.create(
        person=person,
        role=Role.TRAINER,
        scope=Scope.COHORT,
        scope_key=cohort.public_id,
        starts_at=now - timedelta(days=9),
        ends_at=now - timedelta(days=8),
    )
    assert answers(person, practical) == [False]
    grant.ends_at = grant.starts_at
    grant.save()
    assert answers(person, practical) == [True]  # It was ended before it began.
    grant.starts_at, grant.ends_at = now + timedelta(days=1), None
    grant.save()
    assert answers(person, practical) == [True]  # It has not begun.


def test_manager_of_an_action_marks_its_learners(practical: Script, foreign: Script, cohort: Cohort) -> None:
    action = ActionFactory()
    person = with_role(Role.MANAGER, action=action)
    assert answers(person, practical, foreign) == [False, False]
    Cohort.objects.filter(pk=cohort.pk).update(action=action)
    assert answers(person, practical, foreign) == [True, False]
    Enrolment.objects.filter(pk=foreign.enrolment_id).update(action=action)
    assert answers(person, practical, foreign) == [True, True]


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.EDITOR])
def test_roles_of_the_cms_mark_nothing(role: Role, practical: Script, essay: Script) -> None:
    assert answers(with_role(role), practical, essay) == [False, False]


def test_stranger_and_learner_mark_nothing(stranger: User, learner: User, practical: Script, essay: Script) -> None:
    assert answers(stranger, practical, essay) == [False, False]
    assert answers(learner, practical, essay) == [False, False]


def test_nobody_marks_their_own_work(learner: User, practical: Script, essay: Script, foreign: Script) -> None:
    grant_role(person=learner, role=Role.ASSESSOR, granted_by=None)
    assert answers(learner, practical, essay, foreign) == [False, False, True]
    learner.is_superuser = True
    assert answers(learner, practical, essay, foreign) == [False, False, True]


def test_ended_role_and_closed_account_mark_nothing(practical: Script) -> None:
    person = with_role(Role.ASSESSOR)
    person.is_active = False
    assert answers(person, practical) == [False]
    person.is_active = True
    RoleGrant.objects.filter(person=person).update(ends_at=timezone.now())
    forget_grants(person)
    assert answers(person, practical) == [False]


def test_observed_practical_follows_the_same_rule_as_one_that_was_handed_in(
    cohort: Cohort, in_cohort: Enrolment, learner: User
) -> None:
    trainer = with_role(Role.TRAINER, scope=Scope.COHORT, scope_key=cohort.public_id)
    assessor = with_role(Role.ASSESSOR, scope=Scope.COHORT, scope_key=cohort.public_id)
    grant_role(person=learner, role=Role.ASSESSOR, granted_by=None)
    people = [trainer, assessor, learner, with_role(Role.ASSESSOR)]
    assert [assessors.may_assess_practical(person, in_cohort) for person in people] == [False, True, False, True]
    assert [in_cohort in assessors.enrolments_for(person) for person in people] == [False, True, False, True]


def test_second_marking_and_anonymity_change_nothing_about_who_may_mark(in_cohort: Enrolment) -> None:
    hand_in = handed_in(in_cohort, in_cohort.course.units.order_by("pk")[0])
    script = enter_hand_in(hand_in=hand_in, second_marks=100, is_anonymous=True)
    assert answers(with_role(Role.ASSESSOR), script) == [True]


def test_observers_are_those_whose_role_covers_the_cohort(cohort: Cohort, stranger: User, learner: User) -> None:
    other = make_cohort(make_released_course("asylum-basics"))
    by_cohort = with_role(Role.ASSESSOR, scope=Scope.COHORT, scope_key=cohort.public_id)
    by_course = with_role(Role.ASSESSOR, scope_key=cohort.course.key)
    everywhere = with_role(Role.ASSESSOR)
    own_trainer = with_role(Role.TRAINER, scope=Scope.COHORT, scope_key=cohort.public_id)
    for person, expected in [
        (by_cohort, [True, False]),
        (by_course, [True, False]),
        (everywhere, [True, True]),
        (own_trainer, [False, False]),
        (stranger, [False, False]),
    ]:
        assert [assessors.may_observe(person, row) for row in (cohort, other)] == expected
        assert [row in assessors.cohorts_for(person) for row in (cohort, other)] == expected


def test_trainer_is_judged_neither_by_themselves_nor_by_who_prepared_them(cohort: Cohort, learner: User) -> None:
    """The subject delivers a session to one cohort, and learned in another."""
    subject, course = UserFactory(), make_released_course("training-of-trainers")
    grant_role(person=subject, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=cohort.public_id)
    learned_in = make_cohort(course)
    EnrolmentFactory(person=subject, course=course, cohort=learned_in)
    prepared_them = with_role(Role.ASSESSOR)
    grant_role(
        person=prepared_them, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=learned_in.public_id
    )
    other = with_role(Role.ASSESSOR)
    grant_role(person=subject, role=Role.ASSESSOR, granted_by=None)
    assert [assessors.may_judge(person, subject, cohort) for person in (prepared_them, other, subject)] == [
        False,
        True,
        False,
    ]
    assert assessors.subject_ids_for(prepared_them, [subject.pk, learner.pk]) == {learner.pk}


def test_right_is_in_the_table_of_roles() -> None:
    lines = [line for line in rights.table_of_roles() if str(assessors.ASSESS.says) in line.says]
    assert sorted((line.role, line.scope) for line in lines) == [
        ("Assessor", "Cohort"),
        ("Assessor", "Course"),
        ("Assessor", "Whole platform"),
        ("Programme manager", "Action"),
        ("Programme manager", "Whole platform"),
        ("Trainer", "Cohort"),
        ("Trainer", "Course"),
        ("Trainer", "Whole platform"),
    ]
