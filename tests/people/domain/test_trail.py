import datetime

import pytest
from django.utils import timezone

from elearn.core import audit
from elearn.core.models import AuditEvent
from elearn.people.domain import directory, trail
from elearn.people.models import Institution, User
from tests.factories.people import ActionFactory, InstitutionFactory, MembershipFactory


def test_own_look_leaves_no_trace(learner: User) -> None:
    trail.record("people.record_opened", actor=learner, subject=learner)
    assert AuditEvent.objects.count() == 0


def test_trail_says_who_as_what_and_what(learner: User, focal_point: User, institution: Institution) -> None:
    trail.record("people.record_opened", actor=focal_point, subject=learner, institution=institution.pk)
    line = trail.in_words(trail.events_about(learner))[0]
    assert (line.who, line.roles, line.what, line.detail) == (
        "Fatima Focal",
        "Focal point",
        "Opened your record",
        "Border Service of Testland",
    )


def test_unknown_action_is_said_all_the_same(learner: User, manager: User) -> None:
    audit.record(action="upper.secret_act", actor=manager, subject=learner)
    assert trail.in_words(trail.events_about(learner))[0].what == "Did something with your data (upper.secret_act)"


def test_trail_is_about_nobody_else(learner: User, stranger: User, manager: User) -> None:
    trail.record("people.record_opened", actor=manager, subject=stranger)
    assert list(trail.events_about(learner)) == []


def test_reader_of_a_list_is_seen_by_those_in_it(
    focal_point: User, manager: User, learner: User, stranger: User, institution: Institution
) -> None:
    MembershipFactory(person=learner, institution=institution)
    MembershipFactory(person=stranger, institution=InstitutionFactory())
    directory.record_list_read(focal_point, None)
    directory.record_list_read(manager, None)
    assert [event.actor for event in trail.events_about(learner)] == [manager, focal_point]
    assert [event.actor for event in trail.events_about(stranger)] == [manager]


def test_list_of_an_action_is_seen_by_the_people_of_its_institutions(learner: User, manager: User) -> None:
    membership = MembershipFactory(person=learner)
    action = ActionFactory()
    action.institutions.add(membership.institution)
    trail.record(trail.LIST_READ, actor=manager, subject=None, of_action=action.pk)
    trail.record(trail.LIST_READ, actor=manager, subject=None, of_action=ActionFactory().pk)
    assert trail.events_about(learner).count() == 1


def test_list_read_before_or_after_the_membership_is_none_of_it(learner: User, manager: User) -> None:
    membership = MembershipFactory(person=learner)
    trail.record(trail.LIST_READ, actor=manager, subject=None, institution=membership.institution_id)
    membership.created_at = timezone.now()
    membership.save()
    assert trail.events_about(learner).count() == 0
    membership.created_at = timezone.now() - datetime.timedelta(days=90)
    membership.ends_on = timezone.localdate() - datetime.timedelta(days=5)
    membership.save()
    assert trail.events_about(learner).count() == 0


@pytest.mark.parametrize("how_many", [1, 3])
def test_words_take_one_query_for_institutions_however_many_events(
    learner: User, manager: User, django_assert_num_queries, how_many: int
) -> None:
    for _number in range(how_many):
        trail.record("people.record_opened", actor=manager, subject=learner, institution=InstitutionFactory().pk)
    with django_assert_num_queries(5):
        assert len(trail.in_words(trail.events_about(learner))) == how_many
