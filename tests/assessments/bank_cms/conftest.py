"""Two courses with a bank each, and an author who was granted the first alone."""

import pytest

from assessments.models import QuestionBank
from courses.models import CoursePage
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.assessments import QuestionBankFactory
from tests.factories.courses import make_course_page
from tests.factories.people import UserFactory


@pytest.fixture
def mine(db: None) -> QuestionBank:
    make_course_page("mine")
    return QuestionBankFactory(course_code="mine", title="My bank")


@pytest.fixture
def theirs(db: None) -> QuestionBank:
    make_course_page("theirs")
    return QuestionBankFactory(course_code="theirs", title="Their bank")


@pytest.fixture
def own_author(mine: QuestionBank, theirs: QuestionBank, manager: User) -> User:
    """Somebody who was granted the first course alone."""
    person = UserFactory(printed_name="Author of one course")
    course = CoursePage.objects.get(key="mine")
    grant_role(person=person, role=Role.AUTHOR, granted_by=manager, scope_key=course.translation_key)
    return person
