"""When modules open and are due, for learners at both ends of the world."""

import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from courses.domain.cohorts.schedule import ModuleTimes, due_dates, opens_later, schedule_of, schedules_of
from courses.domain.progress import complete_unit
from courses.models import Cohort, Enrolment, Extension, ModuleDate, Unit
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
# The two are 24 hours apart: when it is today in Tonga, it is yesterday in Samoa.
TONGA, PAGO_PAGO = "Pacific/Tongatapu", "Pacific/Pago_Pago"
HONOLULU = "Pacific/Honolulu"


def today_in(zone: str) -> datetime.date:
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def modules_of(cohort: Cohort) -> tuple[UUID, ...]:
    return cohort.edition.structure.module_keys


@pytest.mark.parametrize(
    ("zone", "moment", "is_open"),
    [
        (TONGA, "2027-03-07T10:59:59+00:00", False),  # UTC+13
        (TONGA, "2027-03-07T11:00:00+00:00", True),
        (HONOLULU, "2027-03-08T09:59:59+00:00", False),  # UTC-10
        (HONOLULU, "2027-03-08T10:00:00+00:00", True),
    ],
)
def test_module_opens_at_midnight_where_the_learner_is(zone: str, moment: str, is_open: bool) -> None:
    now = datetime.datetime.fromisoformat(moment)
    times = ModuleTimes(uuid4(), ZoneInfo(zone), now, opens_on=datetime.date(2027, 3, 8))
    assert times.is_open is is_open


@pytest.mark.parametrize(
    ("zone", "moment", "is_late"),
    [
        (TONGA, "2027-03-08T10:59:59+00:00", False),
        (TONGA, "2027-03-08T11:00:00+00:00", True),
        (HONOLULU, "2027-03-09T09:59:59+00:00", False),
        (HONOLULU, "2027-03-09T10:00:00+00:00", True),
    ],
)
def test_module_is_due_until_the_day_ends_where_the_learner_is(zone: str, moment: str, is_late: bool) -> None:
    now = datetime.datetime.fromisoformat(moment)
    times = ModuleTimes(uuid4(), ZoneInfo(zone), now, due_on=datetime.date(2027, 3, 8))
    assert times.is_late is is_late


def test_module_without_dates_is_open_and_never_late() -> None:
    times = ModuleTimes(uuid4())
    assert (times.is_open, times.is_late, times.opens_at, times.due_at) == (True, False, None, None)


def test_learner_without_a_cohort_costs_no_query(django_assert_num_queries) -> None:
    enrolment = EnrolmentFactory()
    with django_assert_num_queries(0):
        assert schedule_of(enrolment).modules == {}
        assert opens_later(enrolment, uuid4()) is None
        assert schedules_of([enrolment])[enrolment.pk].modules == {}


def test_same_day_has_come_in_tonga_and_not_in_pago_pago(django_assert_num_queries) -> None:
    cohort = CohortFactory()
    _first, second = modules_of(cohort)
    ModuleDate.objects.create(cohort=cohort, module=second, opens_on=today_in(TONGA))
    early = make_member(cohort, UserFactory(time_zone=TONGA)).enrolment
    late = make_member(cohort, UserFactory(time_zone=PAGO_PAGO)).enrolment
    unit = Unit.objects.get(code="m2-l1")
    with django_assert_num_queries(1):
        assert opens_later(early, unit.key) is None
    waiting = opens_later(late, unit.key)
    assert waiting is not None
    assert waiting.opens_on == today_in(TONGA)
    assert opens_later(late, Unit.objects.get(code="m1-l1").key) is None


def test_latest_extension_counts_and_is_the_learners_own() -> None:
    cohort = CohortFactory()
    first, second = modules_of(cohort)
    day = datetime.date(2027, 3, 1)
    ModuleDate.objects.create(cohort=cohort, module=first, due_on=day)
    mine, other = make_member(cohort).enrolment, make_member(cohort).enrolment
    for extra in (9, 5):
        Extension.objects.create(
            enrolment=mine,
            cohort=cohort,
            module=first,
            due_on=day + datetime.timedelta(days=extra),
            granted_by=cohort.trainer,
        )
    assert schedule_of(mine).of(first).due_on == datetime.date(2027, 3, 6)
    assert schedule_of(mine).of(first).is_extended is True
    assert schedule_of(other).of(first).due_on == day
    assert schedule_of(other).of(first).is_extended is False
    assert schedule_of(mine).of(second).due_on is None
    everybody = due_dates(cohort, Enrolment.objects.select_related("person"))
    assert {pk: (times.of(first).due_on, times.of(first).is_extended) for pk, times in everybody.items()} == {
        mine.pk: (datetime.date(2027, 3, 6), True),
        other.pk: (day, False),
    }


def test_extension_of_another_cohort_does_not_count() -> None:
    cohort, before = CohortFactory(), CohortFactory(course=make_released_course("other"))
    first = modules_of(cohort)[0]
    enrolment = make_member(cohort).enrolment
    Extension.objects.create(
        enrolment=enrolment,
        cohort=before,
        module=first,
        due_on=datetime.date(2027, 3, 1),
        granted_by=before.trainer,
    )
    assert schedule_of(enrolment).of(first).due_on is None
    assert schedules_of([enrolment])[enrolment.pk].of(first).due_on is None


@pytest.mark.parametrize("learners", [1, 3])
def test_due_dates_take_two_queries_however_many_learners(django_assert_num_queries, learners: int) -> None:
    cohort = CohortFactory()
    for module in modules_of(cohort):
        ModuleDate.objects.create(cohort=cohort, module=module, due_on=datetime.date(2027, 3, 1))
    for _number in range(learners):
        make_member(cohort)
    enrolments = list(Enrolment.objects.select_related("person"))
    with django_assert_num_queries(2):
        found = due_dates(cohort, enrolments)
    assert len(found) == learners
    without_people = list(cohort.enrolments.all())
    with django_assert_num_queries(3):
        assert len(due_dates(cohort, without_people)) == learners


def test_who_has_done_the_unit_or_the_course_goes_on_reading() -> None:
    cohort = CohortFactory()
    enrolment = make_member(cohort).enrolment
    done, open_still = Unit.objects.get(code="m2-l1"), Unit.objects.get(code="m2-l2")
    complete_unit(enrolment=enrolment, unit=done, language="en", revision=None)
    far = timezone.localdate() + datetime.timedelta(days=30)
    ModuleDate.objects.create(cohort=cohort, module=modules_of(cohort)[1], opens_on=far)
    assert opens_later(enrolment, done.key) is None
    assert opens_later(enrolment, open_still.key).opens_on == far
    enrolment.completed_at = timezone.now()
    assert opens_later(enrolment, open_still.key) is None
