"""The fixed cast, and the world they live in. Environment: tests/settings.py."""

from collections.abc import Callable

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone, translation

from courses.models import Course, Enrolment
from elearn.core import shelf
from elearn.people.domain.roles import grant_role
from elearn.people.enums import MembershipState, Role, Scope
from elearn.people.models import Institution, Membership, RoleGrant, User
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.people import InstitutionFactory, UserFactory


@pytest.fixture(autouse=True)
def fresh_process_state(monkeypatch: pytest.MonkeyPatch):
    """What a process remembers for itself must not travel from one test to the next, or end in the middle of one."""
    monkeypatch.setattr(shelf, "RENEWED_AFTER", 10**9)
    for cache in caches.all():
        cache.clear()
    shelf.forget()
    with translation.override("en"):
        yield


@pytest.fixture
def learner(db: None) -> User:
    return UserFactory(email="learner@example.org", printed_name="Lea Learner", country="KE")


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody with an account and nothing else: every view is tried as this person."""
    return UserFactory(email="stranger@example.org", printed_name="Sam Stranger")


@pytest.fixture
def manager(db: None) -> User:
    person = UserFactory(email="manager@example.org", printed_name="Mina Manager")
    grant_role(person=person, role=Role.MANAGER, granted_by=None)
    return person


@pytest.fixture
def trainer(manager: User) -> User:
    person = UserFactory(email="trainer@example.org", printed_name="Tariq Trainer")
    grant_role(person=person, role=Role.TRAINER, granted_by=manager)
    return person


@pytest.fixture
def author(manager: User) -> User:
    person = UserFactory(email="author@example.org", printed_name="Ana Author")
    grant_role(person=person, role=Role.AUTHOR, granted_by=manager)
    return person


@pytest.fixture
def reviewer(manager: User) -> User:
    """Who looks at what authors send for review, as an expert of the field."""
    person = UserFactory(email="reviewer@example.org", printed_name="Rosa Reviewer")
    grant_role(person=person, role=Role.REVIEWER, granted_by=manager)
    return person


@pytest.fixture
def editor(manager: User) -> User:
    """Who publishes and releases."""
    person = UserFactory(email="editor@example.org", printed_name="Edgar Editor")
    grant_role(person=person, role=Role.EDITOR, granted_by=manager)
    return person


@pytest.fixture
def institution(db: None) -> Institution:
    return InstitutionFactory(name="Border Service of Testland")


@pytest.fixture
def focal_point(manager: User, institution: Institution) -> User:
    person = UserFactory(email="focal@example.org", printed_name="Fatima Focal")
    Membership.objects.create(
        person=person,
        institution=institution,
        state=MembershipState.CONFIRMED,
        starts_on=timezone.localdate(),
        decided_by=manager,
        decided_at=timezone.now(),
    )
    RoleGrant.objects.create(
        person=person, role=Role.FOCAL_POINT, scope=Scope.INSTITUTION, institution=institution, granted_by=manager
    )
    return person


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser(
        "admin@example.org", "correct horse battery", printed_name="Ada Admin", notice_version=1
    )


@pytest.fixture
def course(db: None) -> Course:
    """Two modules of two lessons each, released."""
    return make_released_course()


@pytest.fixture
def enrolment(learner: User, course: Course) -> Enrolment:
    return EnrolmentFactory(person=learner, course=course)


@pytest.fixture
def as_person(client: Client) -> Callable[[User | None], Client]:
    """A test client logged in as somebody, or as nobody."""

    def login(person: User | None) -> Client:
        client.logout()
        if person is not None:
            client.force_login(person)
        return client

    return login
