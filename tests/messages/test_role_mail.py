"""Mail to whoever is given a role, or has one ended."""

from datetime import UTC, datetime

from elearn.people.domain import granting
from elearn.people.enums import Role, Scope
from elearn.people.models import Institution, User

NEXT_YEAR = datetime.now(UTC).year + 1


def test_person_is_told_once_of_a_role_and_of_its_end(learner: User, manager: User, institution: Institution) -> None:
    for _click in range(2):
        grant = granting.give(
            by=manager,
            email=learner.email,
            role=Role.FOCAL_POINT,
            scope=Scope.INSTITUTION,
            key=str(institution.public_id),
            ends_at=datetime(NEXT_YEAR + 1, 1, 1, tzinfo=UTC),
        )
    told = learner.mail.get()
    assert told.subject == "You were given a role: Focal point"
    assert f"Focal point ({institution.name})" in told.body
    assert f"{grant.starts_at:%Y} to 31 December {NEXT_YEAR}" in told.body

    for _click in range(2):
        granting.end(grant=grant, by=manager)
    ended = learner.mail.exclude(pk=told.pk).get()
    assert ended.subject == "Your role has ended: Focal point"
    assert f"Focal point ({institution.name})" in ended.body
    assert manager.mail.count() == 0


def test_role_for_the_whole_platform_is_named_so(learner: User, manager: User) -> None:
    granting.give(by=manager, email=learner.email, role=Role.TRAINER, scope=Scope.PLATFORM)
    assert "Trainer (Whole platform), from " in learner.mail.get().body
