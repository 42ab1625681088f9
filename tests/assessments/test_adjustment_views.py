"""The screen of reasonable adjustments, and everybody else's attempts at it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.domain.granting import grant_adjustment
from assessments.models import Adjustment
from courses.models import Course, Enrolment, Unit
from elearn.core.models import AuditEvent
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory
from tests.factories.people import UserFactory
from tests.factories.taken_quizzes import make_taken_course

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]
LIST, GRANT = "/en/adjustments/", "/en/adjustments/grant/"


@pytest.fixture
def taking(learner: User) -> Enrolment:
    return EnrolmentFactory(person=learner, course=make_taken_course(time_limit=20)[0])


def trainer_of(course: Course, manager: User) -> User:
    person = UserFactory()
    grant_role(person=person, role=Role.TRAINER, granted_by=manager, scope_key=course.key)
    return person


def filled(course: Course, **changes: object) -> dict:
    return {
        "what": f"course:{course.pk}",
        "email": "learner@example.org",
        "cohort": "",
        "extra_time": 25,
        "extra_attempts": "",
        "reason": "Reads slowly.",
        **changes,
    }


@pytest.mark.parametrize("who", ["stranger", "learner", "author", "editor", "focal_point"])
def test_nobody_else_opens_it(taking: Enrolment, who: str, as_person: AsPerson, request: pytest.FixtureRequest) -> None:
    client = as_person(request.getfixturevalue(who))
    assert [client.get(url).status_code for url in (LIST, GRANT)] == [403, 403]
    assert client.post(GRANT, filled(taking.course)).status_code == 403
    assert Adjustment.objects.count() == 0


def test_a_trainer_grants_sees_and_ends(taking: Enrolment, manager: User, as_person: AsPerson) -> None:
    trainer = trainer_of(taking.course, manager)
    client = as_person(trainer)
    assert client.post(GRANT, filled(taking.course)).headers["Location"] == LIST
    given = Adjustment.objects.get()
    assert (given.person, given.course, given.unit, given.extra_time, given.granted_by) == (
        taking.person,
        taking.course,
        None,
        25,
        trainer,
    )
    text = client.get(LIST).content.decode()
    assert [words in text for words in ("Lea Learner", "25 % more time", "Reads slowly.", "In force")] == [True] * 4
    assert AuditEvent.objects.filter(action="assessments.adjustments_read", subject=taking.person).count() == 1
    for _click in range(2):
        client.post(reverse("assessments:end_adjustment", args=[given.public_id]))
    given.refresh_from_db()
    assert given.ended_by == trainer
    assert "Lea Learner" not in client.get(LIST, {"state": "in_force"}).content.decode()


def test_a_trainer_of_another_course_sees_and_ends_nothing(
    taking: Enrolment, manager: User, as_person: AsPerson
) -> None:
    given = grant_adjustment(by=manager, course=taking.course, person=taking.person, extra_time=25, reason="Private.")
    elsewhere = make_taken_course("other-course")[0]
    client = as_person(trainer_of(elsewhere, manager))
    text = client.get(LIST).content.decode()
    assert ("Lea Learner" in text, "Private." in text) == (False, False)
    client.post(reverse("assessments:end_adjustment", args=[given.public_id]))
    assert "Rescue at sea" not in client.get(GRANT).content.decode()
    response = client.post(GRANT, filled(taking.course))
    assert response.status_code == 200
    response = client.post(GRANT, filled(elsewhere))
    assert "None of your learners in this course has this address." in response.content.decode()
    given.refresh_from_db()
    assert (given.ended_at, Adjustment.objects.count()) == (None, 1)


def test_an_unknown_address_reads_like_somebody_elses(taking: Enrolment, manager: User, as_person: AsPerson) -> None:
    client = as_person(trainer_of(taking.course, manager))
    known = UserFactory(email="known@example.org")
    pages = [
        client.post(GRANT, filled(taking.course, email=email)).content.decode()
        for email in (known.email, "unknown@example.org")
    ]
    assert [page.count("None of your learners in this course has this address.") for page in pages] == [2, 2]


@pytest.mark.parametrize(
    "changes",
    [{"reason": ""}, {"extra_time": ""}, {"email": ""}, {"what": ""}, {"what": "unit:999"}, {"extra_time": 301}],
)
def test_what_is_missing_or_wrong_is_said(taking: Enrolment, manager: User, as_person: AsPerson, changes: dict) -> None:
    response = as_person(manager).post(GRANT, filled(taking.course, **changes))
    assert "Something is missing or not right" in response.content.decode()
    assert Adjustment.objects.count() == 0


def test_one_quiz_can_be_chosen(taking: Enrolment, manager: User, as_person: AsPerson) -> None:
    unit = Unit.objects.get(course=taking.course)
    as_person(manager).post(GRANT, filled(taking.course, what=f"unit:{unit.pk}"))
    assert Adjustment.objects.get().unit == unit


def test_as_many_queries_for_three_as_for_one(taking: Enrolment, manager: User, as_person: AsPerson) -> None:
    client = as_person(manager)
    client.get(LIST)  # What each process reads once.
    counts = []
    for number in (1, 2):
        for _more in range(number):
            enrolment = EnrolmentFactory(course=taking.course)
            grant_adjustment(by=manager, course=taking.course, person=enrolment.person, extra_time=9, reason="R.")
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        # One event for each person who stands in it.
        counts.append(sum("INSERT" not in query["sql"] for query in queries))
    assert counts == [7, 7]
