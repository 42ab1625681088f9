"""A practical that is done before an assessor's eyes: opened for the learner, and judged in the queue."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import HandIn, PracticalPage, Script
from courses.domain.releasing import release
from courses.models import Course, Enrolment
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module
from tests.factories.people import UserFactory
from tests.factories.practicals import make_practical

AsPerson = Callable[[User | None], Client]


@pytest.fixture
def practical(db: None) -> PracticalPage:
    page = make_course_page()
    practical = make_practical(make_module(page, "m1"), asks_text=False)
    release(page=page, by=None)
    return practical


@pytest.fixture
def enrolment(practical: PracticalPage, learner: User) -> Enrolment:
    return EnrolmentFactory(person=learner, course=Course.objects.get())


@pytest.fixture
def assessor(db: None) -> User:
    person = UserFactory()
    grant_role(person=person, role=Role.ASSESSOR, granted_by=None)
    return person


def open_for(client: Client, practical: PracticalPage, email: str) -> str:
    data = {"unit": practical.translation_key, "learner": email}
    return client.post(reverse("assessments:observe_practical"), data).headers["Location"]


def test_assessor_opens_it_once_and_judges_it_in_the_queue(
    assessor: User, enrolment: Enrolment, practical: PracticalPage, as_person: AsPerson
) -> None:
    client = as_person(assessor)
    assert "observations/practical/" in client.get(reverse("assessments:observations")).content.decode()
    address = open_for(client, practical, enrolment.person.email.upper())
    assert address == reverse("assessments:marking_script", args=[Script.objects.get().public_id])
    assert open_for(client, practical, enrolment.person.email) == address
    assert HandIn.objects.count() == 1
    assert client.get(address).status_code == 200


def test_nothing_is_opened_for_oneself_a_stranger_or_by_somebody_without_the_role(
    assessor: User, enrolment: Enrolment, practical: PracticalPage, stranger: User, as_person: AsPerson
) -> None:
    client = as_person(assessor)
    EnrolmentFactory(person=assessor, course=enrolment.course)
    for email in (assessor.email, stranger.email, "nobody@example.org", "no address"):
        assert open_for(client, practical, email) == reverse("assessments:observations")
    data = {"unit": practical.translation_key, "learner": enrolment.person.email}
    assert as_person(stranger).post(reverse("assessments:observe_practical"), data).status_code == 403
    assert HandIn.objects.count() == 0
