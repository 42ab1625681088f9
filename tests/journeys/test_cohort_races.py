"""Two at once at the doors of a cohort: on real connections, each in a thread of its own."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from courses.domain.cohorts import seating
from courses.domain.cohorts.invitations import Guest, accept, invite
from courses.domain.cohorts.join_links import join_by_link, make_link
from courses.domain.cohorts.lists import importing
from courses.domain.cohorts.seating import leave, seat
from courses.domain.enrolment import enrol
from courses.enums import MemberSource, MemberState
from courses.models import Cohort, CohortMember, Enrolment, MemberImport
from elearn.core import pending
from elearn.messages.models import Message
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.people import UserFactory
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def states(cohort: Cohort) -> list[str]:
    return sorted(cohort.members.values_list("state", flat=True))


def failures(results: list[object]) -> list[object]:
    return [result for result in results if isinstance(result, Exception)]


def test_the_last_place_is_taken_by_one_of_several() -> None:
    cohort = CohortFactory(capacity=2)
    make_member(cohort)
    people = [UserFactory() for _ in range(4)]
    results = at_once(*(lambda p=p: seat(cohort=cohort, person=p, source=MemberSource.LINK, by=p) for p in people))
    assert failures(results) == []
    assert states(cohort) == ["seated", "seated", "waitlisted", "waitlisted", "waitlisted"]
    assert Enrolment.objects.filter(cohort=cohort).count() == 2


def test_two_trainers_enter_the_same_list_at_once() -> None:
    cohort = CohortFactory(capacity=20)
    known = [UserFactory() for _ in range(5)]
    lines = "\n".join([*(p.email for p in known), *(f"new{n}@example.org" for n in range(5))])
    batches = []
    for _trainer in range(2):
        batch = importing.take_list(cohort=cohort, by=cohort.trainer, file=ContentFile(lines.encode()), name="list.csv")
        MemberImport.objects.filter(pk=batch.pk).update(leased_until=None)
        pending.work(importing.KIND, batch.pk)
        batches.append(importing.confirm(batch=batch) if batch.stage == "preview" else batch)
    for batch in batches:
        importing.confirm(batch=batch)
    results = at_once(*(lambda pk=batch.pk: pending.work(importing.KIND, pk) for batch in batches))
    assert failures(results) == []
    assert states(cohort) == ["invited"] * 5 + ["seated"] * 5
    assert (Enrolment.objects.count(), Message.objects.count()) == (5, 10)
    fates = [importing.fates_of(batch) for batch in batches]
    assert [sum(fate.values()) for fate in fates] == [10, 10]
    assert fates[0] + fates[1] == {"seat": 5, "invite": 5, "in_it": 10}


def test_a_link_clicked_twice_is_one_place() -> None:
    cohort, person = CohortFactory(), UserFactory()
    soon = timezone.now() + timedelta(hours=1)
    link = make_link(cohort=cohort, by=cohort.trainer, expires_at=soon, needs_approval=False)
    results = at_once(
        *(lambda: join_by_link(token=link.token, person=person) for _click in range(4)),
        lambda: enrol(person=person, course=cohort.course),
    )
    assert failures(results) == []
    assert (states(cohort), Enrolment.objects.count()) == (["seated"], 1)
    assert Enrolment.objects.get().cohort == cohort


def test_an_invitation_accepted_by_two_is_one_place() -> None:
    cohort, one, other = CohortFactory(), UserFactory(), UserFactory()
    invite(cohort=cohort, guests=[Guest("new@example.org")], source=MemberSource.ADDED, by=cohort.trainer)
    token = CohortMember.objects.get().token
    results = at_once(
        *(lambda: accept(token=token, person=one) for _click in range(2)), lambda: accept(token=token, person=other)
    )
    assert len(failures(results)) in (1, 2)
    assert {type(failure) for failure in failures(results)} == {seating.SeatingRefused}
    assert states(cohort) == ["seated"]


def test_more_places_while_somebody_leaves_are_filled_once() -> None:
    cohort = CohortFactory(capacity=2)
    going, _staying = make_member(cohort), make_member(cohort)
    for _n in range(3):
        person = UserFactory()
        seat(cohort=cohort, person=person, source=MemberSource.LINK, by=person)

    def grow() -> int:
        Cohort.objects.filter(pk=cohort.pk).update(capacity=3)
        return seating.move_up_waiting(cohort)

    results = at_once(grow, lambda: leave(member=going), seating.move_up_everywhere, seating.move_up_everywhere)
    assert failures(results) == []
    seating.move_up_everywhere()
    assert states(cohort) == ["removed", "seated", "seated", "seated", "waitlisted"]
    assert CohortMember.objects.filter(state=MemberState.WAITLISTED).latest("pk") == cohort.members.latest("pk")
