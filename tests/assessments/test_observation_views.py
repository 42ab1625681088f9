"""The screens of observed sessions."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import PracticalPage, RubricAssessment
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User
from tests.factories.hand_ins import enrolled
from tests.factories.people import UserFactory
from tests.factories.practicals import make_cohort

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]


def address(name: str, *args: object) -> str:
    return reverse(f"assessments:{name}", args=args)


def page_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def unit_url() -> str:
    return str(PracticalPage.objects.get().url)


def test_assessor_writes_an_observation_and_the_subject_reads_it(
    as_person: AsPerson, learner: User, stranger: User
) -> None:
    enrolment = enrolled(learner)
    cohort = make_cohort(enrolment.course)
    type(enrolment).objects.update(cohort=cohort)
    assessor = UserFactory()
    grant_role(person=assessor, role=Role.ASSESSOR, granted_by=None)
    client = as_person(assessor)
    assert "Spring group" in page_of(client, address("observations"))
    url = f"{address('observe')}?cohort={cohort.public_id}"
    assert "One sees sharp." in page_of(client, url)
    data = {
        "subject": learner.public_id,
        "observed_on": timezone.localdate().isoformat(),
        "occasion": "Second session",
        "level-aim": "clear",
        "comment-aim": "Good.",
        "reasons": "Calm.",
    }
    again = client.post(url, data)
    assert (again.status_code, "Choose a level." in again.content.decode()) == (200, True)
    response = client.post(url, {**data, "level-voice": "heard"})
    row = RubricAssessment.objects.get()
    assert (response["Location"], row.levels) == (
        address("observation", row.public_id),
        {"aim": "clear", "voice": "heard"},
    )
    assert "Second session" in page_of(client, address("observations"))
    client = as_person(learner)
    assert ["Calm." in page_of(client, address("observation", row.public_id))] == [True]
    assert "Spring group" in page_of(client, address("observed"))
    client = as_person(stranger)
    assert client.get(address("observation", row.public_id)).status_code == 404
    assert "Spring group" not in page_of(client, address("observed"))


def test_screens_of_observers_are_refused_to_others(as_person: AsPerson, learner: User) -> None:
    enrolment = enrolled(learner)
    cohort = make_cohort(enrolment.course)
    client = as_person(learner)
    assert client.get(address("observations")).status_code == 403
    assert client.get(f"{address('observe')}?cohort={cohort.public_id}").status_code == 403
    assert as_person(None).get(address("observations")).status_code == 302


def test_cohort_that_one_trains_is_not_offered(as_person: AsPerson, learner: User) -> None:
    cohort = make_cohort(enrolled(learner).course)
    trainer = UserFactory()
    grant_role(person=trainer, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=cohort.public_id)
    client = as_person(trainer)
    assert "Spring group" not in page_of(client, address("observations"))
    url = f"{address('observe')}?cohort={cohort.public_id}"
    assert client.get(url)["Location"] == address("observations")
