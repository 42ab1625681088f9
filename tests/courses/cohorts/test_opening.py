"""Opening, changing, closing and reopening cohorts, and who trains them."""

import datetime
import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.domain.cohorts import opening
from courses.domain.cohorts.opening import (
    CohortFacts,
    Opening,
    change_cohort,
    close_cohort,
    open_cohort,
    register_rule,
    reopen_cohort,
)
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.rights import trainers_of
from courses.domain.cohorts.training import add_trainer, remove_trainer, with_address
from courses.enums import MemberSource, MemberState
from courses.models import Cohort, CohortMember, Course, JoinLink
from elearn.core.models import AuditEvent
from elearn.people.domain.roles import grant_role
from elearn.people.enums import InstitutionState, Role
from elearn.people.models import RoleGrant, User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import make_released_course
from tests.factories.people import ActionFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db
FIRST, LAST = datetime.date(2027, 3, 1), datetime.date(2027, 6, 30)
FACTS = CohortFacts(title="Spring", starts_on=FIRST, ends_on=LAST)


def person_who_is(role: Role, **scope: object) -> User:
    person = UserFactory()
    grant_role(person=person, role=role, granted_by=None, **scope)  # type: ignore[arg-type]
    return person


@pytest.fixture
def released() -> Course:
    return make_released_course()


def test_opening_makes_the_cohort_and_its_trainers(released: Course) -> None:
    manager, trainer = person_who_is(Role.MANAGER), UserFactory()
    cohort = open_cohort(course=released, facts=FACTS, trainers=[trainer, trainer], by=manager)
    assert (cohort.edition, cohort.title, cohort.opened_by) == (released.current_edition, "Spring", manager)
    assert trainers_of(cohort) == [trainer]
    assert list(AuditEvent.objects.filter(actor=manager).order_by("pk").values_list("action", flat=True)) == [
        "people.role_granted",
        "cohorts.opened",
    ]


def test_trainer_of_the_course_who_opens_a_cohort_trains_it(released: Course) -> None:
    trainer = person_who_is(Role.TRAINER, scope_key=released.key)
    cohort = open_cohort(course=released, facts=FACTS, trainers=[], by=trainer)
    assert trainers_of(cohort) == [trainer]


def test_form_sent_twice_opens_one_cohort(released: Course) -> None:
    manager, key = person_who_is(Role.MANAGER), uuid4()
    made = [
        open_cohort(course=released, facts=FACTS, trainers=[UserFactory()], by=manager, public_id=key)
        for _click in range(2)
    ]
    assert made[0] == made[1]
    assert (Cohort.objects.count(), RoleGrant.objects.filter(role=Role.TRAINER).count()) == (1, 1)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (CohortFacts("  ", FIRST), "Give the cohort a title."),
        (CohortFacts("T", LAST, FIRST), "The last day cannot lie before the first."),
        (CohortFacts("T", FIRST, capacity=0), "A cohort has at least one place."),
        (CohortFacts("T", FIRST, time_zone="Moon/Crater"), "Choose a time zone from the list."),
        (CohortFacts("T", FIRST, language="xx"), "Choose one of the languages of the site."),
    ],
)
def test_wrong_facts_are_refused(released: Course, facts: CohortFacts, words: str) -> None:
    with pytest.raises(CohortRefused, match=re.escape(words)):
        open_cohort(course=released, facts=facts, trainers=[UserFactory()], by=None)
    assert (Cohort.objects.count(), RoleGrant.objects.count()) == (0, 0)


def test_cohort_without_trainers_is_refused(released: Course) -> None:
    with pytest.raises(CohortRefused, match="A cohort needs somebody who trains it"):
        open_cohort(course=released, facts=FACTS, trainers=[], by=person_who_is(Role.MANAGER))
    closed = UserFactory(is_active=False)
    with pytest.raises(CohortRefused, match=r"The account of .* is closed"):
        open_cohort(course=released, facts=FACTS, trainers=[closed], by=None)
    assert Cohort.objects.count() == 0


def test_manager_does_not_make_themselves_a_trainer(released: Course) -> None:
    manager = person_who_is(Role.MANAGER)
    with pytest.raises(CohortRefused, match="Nobody makes themselves a trainer"):
        open_cohort(course=released, facts=FACTS, trainers=[manager], by=manager)
    assert Cohort.objects.count() == 0


def test_course_that_takes_nobody_is_refused(released: Course) -> None:
    other = make_released_course("other")
    with pytest.raises(CohortRefused, match="belongs to another course"):
        open_cohort(course=released, edition=other.current_edition, facts=FACTS, trainers=[UserFactory()], by=None)
    Course.objects.filter(pk=released.pk).update(archived_at=timezone.now())
    with pytest.raises(CohortRefused, match="archived"):
        open_cohort(course=released, facts=FACTS, trainers=[UserFactory()], by=None)
    Course.objects.filter(pk=other.pk).update(current_edition=None)
    with pytest.raises(CohortRefused, match="not been released yet"):
        open_cohort(course=other, facts=FACTS, trainers=[UserFactory()], by=None)


def test_institution_that_is_only_proposed_is_refused(released: Course) -> None:
    proposed = InstitutionFactory(state=InstitutionState.PROPOSED)
    with pytest.raises(CohortRefused, match="not a known one"):
        open_cohort(
            course=released, facts=CohortFacts("T", FIRST, institution=proposed), trainers=[UserFactory()], by=None
        )


def test_manager_of_an_action_opens_within_it_alone(released: Course) -> None:
    own, other = ActionFactory(), ActionFactory()
    manager = person_who_is(Role.MANAGER, action=own)
    for action in (None, other):
        with pytest.raises(CohortRefused, match="You open cohorts within your Action"):
            open_cohort(
                course=released, facts=CohortFacts("T", FIRST, action=action), trainers=[UserFactory()], by=manager
            )
    cohort = open_cohort(
        course=released, facts=CohortFacts("T", FIRST, action=own), trainers=[UserFactory()], by=manager
    )
    with pytest.raises(CohortRefused, match="You open cohorts within your Action"):
        change_cohort(cohort=cohort, facts=CohortFacts("T", FIRST, action=other), by=manager)


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.AUTHOR, None])
def test_who_may_not_open_is_refused(released: Course, role: Role | None) -> None:
    person = person_who_is(role) if role else UserFactory()
    with pytest.raises(CohortRefused, match="Your roles do not let you open"):
        open_cohort(course=released, facts=FACTS, trainers=[UserFactory()], by=person)


@pytest.fixture
def only_on_mondays() -> Iterator[None]:
    def rule(asked: Opening) -> None:
        if asked.cohort.starts_on.weekday() != 0:
            raise CohortRefused(f"{asked.cohort.title} of {len(asked.trainers)} begins on no Monday.")

    register_rule(rule)
    yield
    opening._rules.remove(rule)


def test_registered_rule_refuses_by_every_door(released: Course, only_on_mondays: None) -> None:
    tuesday = CohortFacts("Spring", datetime.date(2027, 3, 2))
    with pytest.raises(CohortRefused, match=r"^Spring of 1 begins on no Monday\.$"):
        open_cohort(course=released, facts=tuesday, trainers=[UserFactory()], by=None)
    assert (Cohort.objects.count(), RoleGrant.objects.count()) == (0, 0)
    closed = CohortFactory(course=released, starts_on=datetime.date(2027, 3, 2), closed_at=timezone.now(), ends_on=None)
    with pytest.raises(CohortRefused, match=r"begins on no Monday\.$"):
        reopen_cohort(cohort=closed, by=person_who_is(Role.MANAGER))
    assert Cohort.objects.get().closed_at is not None
    open_cohort(course=released, facts=FACTS, trainers=[UserFactory()], by=None)


def test_change_keeps_the_places_that_are_taken() -> None:
    cohort, manager = CohortFactory(), person_who_is(Role.MANAGER)
    for _seat in range(2):
        make_member(cohort)
    with pytest.raises(CohortRefused, match=r"^2 places are taken or offered"):
        change_cohort(cohort=cohort, facts=CohortFacts("New", FIRST, capacity=1), by=manager)
    change_cohort(cohort=cohort, facts=CohortFacts(" New  title ", FIRST, capacity=2), by=manager)
    assert (cohort.title, cohort.capacity, cohort.ends_on) == ("New title", 2, None)
    change_cohort(cohort=cohort, facts=CohortFacts("New title", FIRST, capacity=2), by=manager)
    assert AuditEvent.objects.filter(action="cohorts.changed").count() == 1


def outsider(cohort: Cohort, state: MemberState) -> CohortMember:
    return CohortMember.objects.create(
        cohort=cohort,
        email=f"{state}@example.org",
        state=state,
        source=MemberSource.LIST,
        token=state.value,
        expires_at=timezone.now() + datetime.timedelta(days=3),
    )


def test_closing_ends_what_leads_in_and_keeps_what_is_recorded() -> None:
    cohort, manager = CohortFactory(), person_who_is(Role.MANAGER)
    seated = make_member(cohort)
    waiting = [outsider(cohort, state) for state in (MemberState.INVITED, MemberState.REQUESTED)]
    waiting.append(outsider(cohort, MemberState.WAITLISTED))
    link = JoinLink.objects.create(
        cohort=cohort, expires_at=timezone.now() + datetime.timedelta(days=3), made_by=manager
    )
    close_cohort(cohort=cohort, by=manager)
    close_cohort(cohort=cohort, by=manager)
    assert (cohort.is_open, cohort.closed_by) == (False, manager)
    rows = CohortMember.objects.exclude(pk=seated.pk).values_list("state", "decided_by")
    assert set(rows) == {(MemberState.DECLINED, manager.pk)}
    seated.refresh_from_db()
    link.refresh_from_db()
    assert (seated.state, seated.enrolment.cohort, link.is_usable) == (MemberState.SEATED, cohort, False)
    assert AuditEvent.objects.filter(action="cohorts.closed").count() == 1
    with pytest.raises(CohortRefused, match="This cohort is closed"):
        change_cohort(cohort=cohort, facts=FACTS, by=manager)
    reopen_cohort(cohort=cohort, by=manager)
    reopen_cohort(cohort=cohort, by=manager)
    assert (cohort.is_open, cohort.closed_by) == (True, None)
    assert JoinLink.objects.usable().count() == 0


def test_closed_cohort_whose_trainers_are_gone_is_not_reopened() -> None:
    cohort, manager = CohortFactory(), person_who_is(Role.MANAGER)
    close_cohort(cohort=cohort, by=manager)
    remove_trainer(cohort=cohort, person=cohort.trainer, by=manager)
    with pytest.raises(CohortRefused, match="Nobody trains this cohort any more"):
        reopen_cohort(cohort=cohort, by=manager)


def test_last_trainer_of_an_open_cohort_stays() -> None:
    cohort, manager, second = CohortFactory(), person_who_is(Role.MANAGER), UserFactory()
    with pytest.raises(CohortRefused, match="This is the last trainer"):
        remove_trainer(cohort=cohort, person=cohort.trainer, by=manager)
    for _click in range(2):
        add_trainer(cohort=cohort, person=second, by=manager)
    assert set(trainers_of(cohort)) == {cohort.trainer, second}
    for _click in range(2):
        remove_trainer(cohort=cohort, person=cohort.trainer, by=second)
    assert trainers_of(cohort) == [second]


def test_trainer_whose_account_is_closed_does_not_count() -> None:
    cohort, manager, second = CohortFactory(), person_who_is(Role.MANAGER), UserFactory()
    User.objects.filter(pk=cohort.trainer.pk).update(is_active=False)
    assert trainers_of(cohort) == []
    add_trainer(cohort=cohort, person=second, by=manager)
    with pytest.raises(CohortRefused, match="This is the last trainer"):
        remove_trainer(cohort=cohort, person=second, by=manager)
    with pytest.raises(CohortRefused, match="Nobody makes themselves a trainer"):
        add_trainer(cohort=cohort, person=manager, by=manager)


def test_account_is_found_however_its_address_is_written() -> None:
    person = UserFactory(email="Ana.Silva@example.org")
    UserFactory(email="closed@example.org", is_active=False)
    find: Callable[[str], User | None] = with_address
    assert find(" ana.silva@EXAMPLE.org ") == person
    assert find("closed@example.org") is None
    assert find("nobody@example.org") is None
