from collections.abc import Callable

import pytest
from django.utils import timezone

from certificates.domain import issuing, rendering
from certificates.models import Certificate
from courses.domain.progress import complete_unit
from courses.models import Enrolment, Unit
from elearn.core import pending
from tests.factories.courses import EnrolmentFactory
from tests.factories.people import UserFactory


def complete(enrolment: Enrolment) -> Enrolment:
    for unit in Unit.objects.filter(course=enrolment.course):
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    enrolment.refresh_from_db()
    return enrolment


@pytest.fixture
def completed(enrolment: Enrolment) -> Enrolment:
    return complete(enrolment)


@pytest.fixture
def certificate(completed: Enrolment) -> Certificate:
    """The learner's certificate, its PDF not made yet."""
    return issuing.issue(enrolment=completed)


@pytest.fixture
def rendered(certificate: Certificate) -> Certificate:
    pending.work(issuing.KIND, certificate.pk)
    certificate.refresh_from_db()
    return certificate


@pytest.fixture
def certificate_for(course) -> Callable[..., Certificate]:
    """A certificate for somebody of this name."""

    def make(printed_name: str, latin_name: str = "") -> Certificate:
        person = UserFactory(printed_name=printed_name, latin_name=latin_name)
        enrolment = EnrolmentFactory(person=person, course=course, state="completed", completed_at=timezone.now())
        return issuing.issue(enrolment=enrolment)

    return make


@pytest.fixture
def pdf_of() -> Callable[[Certificate], bytes]:
    return rendering.pdf_of
