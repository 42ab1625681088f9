"""Cohorts, by two at once."""

import datetime
from uuid import uuid4

import pytest

from courses.domain.cohorts.opening import CohortFacts, close_cohort, open_cohort
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.rights import trainers_of
from courses.domain.cohorts.training import add_trainer, remove_trainer
from courses.models import Cohort
from elearn.core.models import AuditEvent
from elearn.people.models import RoleGrant
from tests.factories.cohorts import CohortFactory
from tests.factories.courses import make_released_course
from tests.factories.people import UserFactory
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_managers_who_close_at_once_close_it_once() -> None:
    cohort = CohortFactory()
    managers = [UserFactory() for _number in range(2)]
    results = at_once(*(lambda by=by: close_cohort(cohort=Cohort.objects.get(pk=cohort.pk), by=by) for by in managers))
    assert results == [None, None]
    event = AuditEvent.objects.get(action="cohorts.closed")
    assert Cohort.objects.get().closed_by == event.actor


def test_of_two_who_remove_the_last_two_trainers_at_once_one_is_refused() -> None:
    cohort, second, manager = CohortFactory(), UserFactory(), UserFactory()
    add_trainer(cohort=cohort, person=second, by=manager)
    results = at_once(
        *(
            lambda person=person: remove_trainer(cohort=cohort, person=person, by=manager)
            for person in (cohort.trainer, second)
        )
    )
    assert sorted(type(result).__name__ for result in results) == ["CohortRefused", "NoneType"]
    assert len(trainers_of(cohort)) == 1
    assert [
        result for result in results if isinstance(result, Exception) and not isinstance(result, CohortRefused)
    ] == []


def test_form_sent_twice_at_once_opens_one_cohort() -> None:
    course, trainer, key = make_released_course(), UserFactory(), uuid4()
    facts = CohortFacts("Spring", datetime.date(2027, 3, 1))
    results = at_once(
        *(
            lambda: open_cohort(course=course, facts=facts, trainers=[trainer], by=None, public_id=key)
            for _click in range(3)
        )
    )
    assert set(results) == {Cohort.objects.get()}
    assert RoleGrant.objects.count() == 1
