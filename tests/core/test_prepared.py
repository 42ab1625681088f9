"""Prepared queries answer what the same query of the ORM would answer."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import BigIntegerField, Count, DateTimeField, Max, UUIDField, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Course, Enrolment
from elearn.core.prepared import Prepared
from elearn.people.enums import Role
from elearn.people.models import RoleGrant, User
from tests.factories.courses import EnrolmentFactory, make_released_course

of_course = Prepared(
    lambda person, course: Enrolment.objects.filter(person=person, course__key=course).select_related(
        "course", "institution"
    ),
    person=BigIntegerField(),
    course=UUIDField(),
)
keys_since = Prepared(
    lambda person, moment: (
        Enrolment.objects.filter(person=person)
        .exclude(completed_at__lte=moment)
        .order_by("pk")
        .values_list("course__key", "created_at", "completed_at")
    ),
    person=BigIntegerField(),
    moment=DateTimeField(),
)


@pytest.fixture
def enrolments(learner: User, stranger: User) -> list[Enrolment]:
    """Two of the learner's, of which one is completed, and one of somebody else in the same course."""
    first = EnrolmentFactory(person=learner)
    done = EnrolmentFactory(
        person=learner,
        course=make_released_course("border-checks"),
        state="completed",
        completed_at=timezone.now() - timedelta(days=3),
    )
    EnrolmentFactory(person=stranger, course=first.course)
    return [first, done]


def test_objects_come_with_what_is_selected_along(learner: User, enrolments: list[Enrolment]) -> None:
    wanted = enrolments[0]
    for _again in range(2):
        with CaptureQueriesContext(connection) as queries:
            [found] = of_course(person=learner.pk, course=wanted.course.key)
            assert (found, found.course, found.course.key) == (wanted, wanted.course, wanted.course.key)
            assert (found.institution, found.created_at, found.public_id) == (None, wanted.created_at, wanted.public_id)
        assert len(queries) == 1
    assert found.get_deferred_fields() == set()
    found.country = "KE"
    found.save()
    assert Enrolment.objects.get(pk=wanted.pk).country == "KE"


def test_tuples_have_the_types_of_their_fields(learner: User, enrolments: list[Enrolment]) -> None:
    first, done = enrolments
    long_ago = timezone.now() - timedelta(days=9)
    assert keys_since(person=learner.pk, moment=long_ago) == [
        (first.course.key, first.created_at, None),
        (done.course.key, done.created_at, done.completed_at),
    ]
    assert keys_since(person=learner.pk, moment=timezone.now()) == [(first.course.key, first.created_at, None)]


def test_values_of_one_call_do_not_stay_for_the_next(stranger: User, enrolments: list[Enrolment]) -> None:
    key = enrolments[0].course.key
    assert [
        [e.person_id for e in of_course(person=pk, course=key)] for pk in (enrolments[0].person_id, stranger.pk)
    ] == [
        [enrolments[0].person_id],
        [stranger.pk],
    ]
    assert of_course(person=0, course=key) == []


def test_value_that_is_no_value_of_the_field_is_refused(enrolments: list[Enrolment]) -> None:
    with pytest.raises(ValidationError, match="is not a valid UUID"):
        of_course(person=1, course="' OR 1=1 --")
    with pytest.raises(KeyError):
        of_course(person=1)


def test_sums_over_nothing_and_something(db: None) -> None:
    sums = Prepared(
        lambda: (
            Course.objects.order_by().annotate(all=Value(1)).values_list("all").annotate(Count("pk"), Max("wording"))
        )
    )
    assert [row[1:] for row in sums() or [(1, 0, None)]] == [(0, None)]
    EnrolmentFactory()
    assert [row[1:] for row in sums()] == [(1, Course.objects.get().wording)]


def test_grants_are_those_in_force_at_this_moment(learner: User, manager: User) -> None:
    """The moment is a value of each call and not that of the first one."""
    in_force = Prepared(
        lambda person, now: RoleGrant.objects.in_force(now).filter(person=person),
        person=BigIntegerField(),
        now=DateTimeField(),
    )
    now = timezone.now()
    grant = RoleGrant.objects.create(
        person=learner, role=Role.TRAINER, granted_by=manager, starts_at=now, ends_at=now + timedelta(days=1)
    )
    days = [timedelta(days=-1), timedelta(), timedelta(hours=23), timedelta(days=1)]
    assert [in_force(person=learner.pk, now=now + day) for day in days] == [[], [grant], [grant], []]
