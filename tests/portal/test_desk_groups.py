"""What cohorts put on somebody's desk."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from courses.enums import MemberSource, MemberState
from courses.models import Cohort, CohortMember, ModuleDate
from elearn.messages.domain import sending
from elearn.messages.enums import Category
from elearn.people.models import User
from elearn.portal.domain.groups import read_groups
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.courses import make_released_course

AsPerson = Callable[[User | None], Client]


def stand(cohort: Cohort, state: MemberState, **fields: Any) -> CohortMember:
    return CohortMember.objects.create(cohort=cohort, state=state, source=MemberSource.REQUEST, **fields)


def invite(cohort: Cohort, address: str, *, days: int = 5, token: str = "a" * 22) -> CohortMember:
    until = timezone.now() + datetime.timedelta(days=days)
    return stand(cohort, MemberState.INVITED, email=address, token=token, expires_at=until)


def titles(person: User) -> list[str]:
    groups = read_groups(person)
    return [group.title for group in [*groups.taking_part, *groups.waiting]]


def test_desk_shows_where_somebody_stands_and_nothing_of_others(learner: User, stranger: User) -> None:
    cohort = CohortFactory(title="Lisbon")
    make_member(cohort, learner)
    stand(CohortFactory(course=cohort.course, title="Waits"), MemberState.WAITLISTED, person=learner)
    stand(CohortFactory(course=cohort.course, title="Asks"), MemberState.REQUESTED, person=learner)
    left = {"person": learner, "left_at": timezone.now()}
    stand(CohortFactory(course=cohort.course, title="Left"), MemberState.REMOVED, **left)
    LiveSessionFactory(cohort=cohort, title="First meeting")
    groups = read_groups(learner)
    assert [(group.title, group.state) for group in groups.taking_part] == [("Lisbon", MemberState.SEATED)]
    assert [group.title for group in groups.waiting] == ["Waits", "Asks"]
    assert [line.session.title for line in groups.sessions] == ["First meeting"]
    assert read_groups(stranger).are_any is False


def test_invitation_to_a_confirmed_address_is_on_the_desk(learner: User, as_person: AsPerson) -> None:
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    EmailAddress.objects.create(user=learner, email="Amina@Work.example", verified=True)
    invite(CohortFactory(title="By the other address"), "amina@work.EXAMPLE")
    assert titles(learner) == ["By the other address"]
    assert "Look at the invitation" in as_person(learner).get("/en/desk/").content.decode()


def test_invitation_to_an_unconfirmed_address_or_of_yesterday_is_not(learner: User) -> None:
    EmailAddress.objects.create(user=learner, email="mine@work.example", verified=False)
    EmailAddress.objects.create(user=learner, email="old@work.example", verified=True)
    course = make_released_course()
    invite(CohortFactory(course=course), "mine@work.example")
    invite(CohortFactory(course=course), "old@work.example", days=-1, token="b" * 22)
    closed = CohortFactory(course=course, closed_at=timezone.now())
    invite(closed, "old@work.example", token="c" * 22)
    assert titles(learner) == []


def test_due_modules_sessions_and_words_of_trainers_are_on_the_desk(learner: User, as_person: AsPerson) -> None:
    cohort = CohortFactory(title="Lisbon")
    member = make_member(cohort, learner)
    first, second = (module.uuid for module in member.enrolment.edition.structure.variants[0].modules)
    today = timezone.localdate()
    ModuleDate.objects.create(cohort=cohort, module=second, due_on=today + datetime.timedelta(days=9))
    ModuleDate.objects.create(cohort=cohort, module=first, due_on=today - datetime.timedelta(days=9))
    LiveSessionFactory(cohort=cohort, title="First meeting")
    about = {"reason": "cohort-message-1", "category": Category.TRAINER, "about": cohort.public_id}
    sending.write(person=learner, subject="Read <this>", body="Come early.", **about)
    sending.write(person=learner, subject="A reminder", body="Due soon.", reason="r", category=Category.REMINDER)
    page = as_person(learner).get("/en/desk/")
    assert [due.module.number for due in page.context["desk"].due] == [1, 2]
    text = page.content.decode()
    assert "First meeting" in text
    assert "Late" in text
    assert "Read &lt;this&gt;" in text
    assert "A reminder" not in text


@pytest.mark.parametrize("how_many", [1, 3])
def test_desk_takes_as_many_queries_with_one_group_as_with_three(
    learner: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    for number in range(how_many):
        cohort = CohortFactory(course=make_released_course(f"course-{number}"), title=f"Group {number}")
        make_member(cohort, learner)
        LiveSessionFactory(cohort=cohort)
    client = as_person(learner)
    client.get("/en/desk/")
    with django_assert_num_queries(11):
        page = client.get("/en/desk/").content.decode()
    assert [f"Group {number}" in page for number in range(how_many)] == [True] * how_many
