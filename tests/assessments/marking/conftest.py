"""Who marks, and what waits for them."""

import pytest

from assessments.enums import SecondMark
from assessments.models import Script
from courses.models import Enrolment
from elearn.people.domain.roles import forget_grants, grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.courses import make_released_course
from tests.factories.marking import CLEAR, QUIET, judge, make_assessor, make_essays, make_practical_script


@pytest.fixture
def assessor(db: None) -> User:
    return make_assessor(email="assessor@example.org", printed_name="Asma Assessor")


@pytest.fixture
def second(db: None) -> User:
    return make_assessor(email="second@example.org", printed_name="Sven Second")


@pytest.fixture
def decider(db: None) -> User:
    return make_assessor(email="decider@example.org", printed_name="Dora Decider")


@pytest.fixture
def elsewhere(db: None) -> User:
    """An assessor of another course."""
    return make_assessor(email="elsewhere@example.org", scope_key=make_released_course("elsewhere").key)


@pytest.fixture
def subject(enrolment: Enrolment) -> User:
    """The learner whose work it is, who assesses others."""
    grant_role(person=enrolment.person, role=Role.ASSESSOR, granted_by=None)
    forget_grants(enrolment.person)
    return User.objects.get(pk=enrolment.person_id)


@pytest.fixture
def essay(enrolment: Enrolment) -> Script:
    return make_essays(enrolment, "Because people drown.")[0]


@pytest.fixture
def disputed(enrolment: Enrolment, assessor: User, second: User) -> Script:
    script = make_practical_script(enrolment, second=SecondMark.SAMPLE)
    judge(script, assessor, levels=CLEAR, reasons="Clear to me.", note="Ask about the aim.")
    judge(script, second, levels=QUIET, reasons="Too quiet.")
    return Script.objects.get()
