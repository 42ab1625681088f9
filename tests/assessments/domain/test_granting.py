"""Reasonable adjustments: who grants them, and what they do."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.domain.adjustments import Given, given_to
from assessments.domain.attempts import AttemptRefused
from assessments.domain.granting import AdjustmentRefused, end_adjustment, grant_adjustment, reach_of
from assessments.domain.personal_data import collect
from assessments.models import Adjustment, Attempt
from courses.models import Cohort, Course, Enrolment, Unit
from elearn.core.models import AuditEvent
from elearn.people.domain import erasure
from elearn.people.domain.roles import grant_role
from elearn.people.enums import ErasureOrigin, Role, Scope
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory
from tests.factories.people import UserFactory
from tests.factories.taken_quizzes import begin, make_taken_course, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def timed() -> Course:
    """Twenty minutes and two attempts."""
    return make_taken_course(time_limit=20, attempts_allowed=2)[0]


@pytest.fixture
def taking(timed: Course, learner: User) -> Enrolment:
    return EnrolmentFactory(person=learner, course=timed)


def in_cohort(course: Course, *enrolments: Enrolment) -> Cohort:
    cohort = Cohort.objects.create(
        course=course, edition=course.current_edition, title="Spring", starts_on=date(2026, 3, 1)
    )
    Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in enrolments]).update(cohort=cohort)
    return cohort


def minutes(attempt: Attempt) -> float:
    attempt.refresh_from_db()
    return (attempt.deadline - attempt.started_at).total_seconds() / 60


def test_time_and_attempts_are_given_at_the_next_start(taking: Enrolment, manager: User) -> None:
    grant_adjustment(
        by=manager, course=taking.course, person=taking.person, extra_time=25, extra_attempts=1, reason="Reads slowly."
    )
    for _number in range(3):
        attempt = begin(taking.course, enrolment=taking)
        assert minutes(attempt) == 25
        Attempt.objects.filter(pk=attempt.pk).update(state="submitted", submitted_at=timezone.now())
    with pytest.raises(AttemptRefused):
        begin(taking.course, enrolment=taking)


def test_a_running_attempt_gets_the_time_from_its_start(taking: Enrolment, manager: User) -> None:
    attempt = begin(taking.course, enrolment=taking)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=attempt.started_at - timedelta(minutes=10), deadline=attempt.deadline - timedelta(minutes=10)
    )
    given = grant_adjustment(by=manager, course=taking.course, person=taking.person, extra_time=50, reason="Tired.")
    assert minutes(attempt) == 30
    assert attempt.rules["time_limit"] == 30
    end_adjustment(adjustment=given, by=manager)
    assert minutes(attempt) == 30


def test_less_than_there_is_already_shortens_nothing(taking: Enrolment, manager: User) -> None:
    whom = {"by": manager, "course": taking.course, "person": taking.person, "reason": "Reads slowly."}
    grant_adjustment(extra_time=100, **whom)
    attempt = begin(taking.course, enrolment=taking)
    grant_adjustment(extra_time=10, **whom)
    assert minutes(attempt) == 40
    assert given_to(taking, attempt.unit.key) == Given(100, 0)


def test_an_attempt_whose_time_is_up_is_not_opened_again(taking: Enrolment, manager: User) -> None:
    attempt = begin(taking.course, enrolment=taking)
    past = timezone.now() - timedelta(minutes=30)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=past, deadline=past + timedelta(minutes=20))
    grant_adjustment(by=manager, course=taking.course, person=taking.person, extra_time=300, reason="Late.")
    assert minutes(attempt) == 20


def test_a_cohort_has_it_and_others_have_not(timed: Course, taking: Enrolment, manager: User) -> None:
    other = EnrolmentFactory(course=timed)
    attempt, others = begin(timed, enrolment=taking), begin(timed, enrolment=other)
    cohort = in_cohort(timed, taking)
    grant_adjustment(by=manager, course=timed, cohort=cohort, extra_time=50, reason="A second language.")
    assert (minutes(attempt), minutes(others)) == (30, 20)


def test_one_quiz_and_not_another(taking: Enrolment, manager: User) -> None:
    elsewhere = make_taken_course("other-course", time_limit=20)[0]
    unit = Unit.objects.get(course=taking.course)
    grant_adjustment(
        by=manager, course=taking.course, unit=unit, person=taking.person, extra_time=50, reason="Reads slowly."
    )
    second = begin(elsewhere, taking.person)
    assert (given_to(taking, unit.key), minutes(second)) == (Given(50, 0), 20)
    with pytest.raises(AdjustmentRefused):
        grant_adjustment(
            by=manager, course=elsewhere, unit=unit, person=taking.person, extra_time=50, reason="Reads slowly."
        )


@pytest.mark.parametrize(
    "wrong", [{"reason": " "}, {"extra_time": 0}], ids=["without a reason", "without anything given"]
)
def test_refused(taking: Enrolment, manager: User, wrong: dict) -> None:
    asked = {"by": manager, "course": taking.course, "person": taking.person, "extra_time": 10, "reason": "R."}
    with pytest.raises(AdjustmentRefused):
        grant_adjustment(**{**asked, **wrong})
    assert Adjustment.objects.count() == 0


def test_nobody_grants_to_themselves(timed: Course, manager: User) -> None:
    EnrolmentFactory(person=manager, course=timed)
    with pytest.raises(AdjustmentRefused):
        grant_adjustment(by=manager, course=timed, person=manager, extra_time=10, reason="R.")


def test_who_may_grant_follows_from_roles(timed: Course, taking: Enrolment, manager: User) -> None:
    cohort = in_cohort(timed, taking)
    elsewhere = make_taken_course("other-course")[0]
    roles = {
        "of the course": {"scope_key": timed.key},
        "of the cohort": {"scope": Scope.COHORT, "scope_key": cohort.public_id},
        "of another course": {"scope_key": elsewhere.key},
    }
    people = {}
    for name, scope in roles.items():
        people[name] = UserFactory()
        grant_role(person=people[name], role=Role.TRAINER, granted_by=manager, **scope)
    people["stranger"] = UserFactory()
    loner = EnrolmentFactory(course=timed).person
    own = {"course": timed, "person": taking.person, "cohort": None}
    alone = {"course": timed, "person": loner, "cohort": None}
    group = {"course": timed, "person": None, "cohort": cohort}
    found = {name: [reach_of(person).covers(**w) for w in (own, alone, group)] for name, person in people.items()}
    assert found == {
        "of the course": [True, True, True],
        "of the cohort": [True, False, True],
        "of another course": [False, False, False],
        "stranger": [False, False, False],
    }
    rows = {
        name: grant_adjustment(by=manager, extra_time=10, reason="R.", **whom)
        for name, whom in (("own", own), ("alone", alone), ("group", group))
    }
    listed = {name: set(reach_of(person).adjustments()) for name, person in people.items()}
    assert listed == {
        "of the course": set(rows.values()),
        "of the cohort": {rows["own"], rows["group"]},
        "of another course": set(),
        "stranger": set(),
    }
    with pytest.raises(AdjustmentRefused):
        end_adjustment(adjustment=rows["own"], by=people["of another course"])
    with pytest.raises(AdjustmentRefused):
        grant_adjustment(by=people["of the cohort"], extra_time=10, reason="R.", **alone)


def test_both_acts_are_written_down_without_the_reason(taking: Enrolment, manager: User) -> None:
    given = grant_adjustment(
        by=manager, course=taking.course, person=taking.person, extra_time=25, reason="A very private matter."
    )
    for _click in range(2):
        end_adjustment(adjustment=given, by=manager)
    events = AuditEvent.objects.filter(action__startswith="assessments.", subject=taking.person).order_by("pk")
    assert [event.action for event in events] == [
        "assessments.adjustment_granted",
        "assessments.adjustment_ended",
    ]
    assert not any("private" in str(event.details) for event in events)


def test_a_download_says_what_was_given_and_an_erasure_clears_the_reason(taking: Enrolment, manager: User) -> None:
    other = EnrolmentFactory(course=taking.course)
    grant_adjustment(by=manager, course=taking.course, person=taking.person, extra_time=25, reason="Mine.")
    grant_adjustment(by=manager, course=taking.course, person=other.person, extra_time=75, reason="Theirs.")
    table = next(table for table in collect(taking.person) if table.key == "adjustments")
    assert [(row["more_time_percent"], row["reason"]) for row in table.rows] == [(25, "Mine.")]
    erasure.erase_now(person=taking.person, origin=ErasureOrigin.OPERATOR, reason="Asked.")
    assert sorted(Adjustment.objects.values_list("extra_time", "reason")) == [(25, ""), (75, "Theirs.")]


def test_what_was_taken_before_stays_as_it_was(taking: Enrolment, manager: User) -> None:
    attempt = take(taking.course, enrolment=taking)
    grant_adjustment(by=manager, course=taking.course, person=taking.person, extra_time=50, reason="R.")
    assert minutes(attempt) == 20
