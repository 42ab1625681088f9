"""Reminders of a cohort: before something is due, once it is late, and before a live session."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from courses.domain.cohorts import reminders
from courses.domain.progress import complete_unit
from courses.enums import EnrolmentState, MemberState
from courses.models import Cohort, CohortMember, Extension, ModuleDate
from elearn.messages.enums import Category
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
Clock = Callable[[str], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def turn(moment: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(moment).replace(tzinfo=UTC))

    return turn


@pytest.fixture
def cohort() -> Cohort:
    """Two modules, the first due on 20 March 2031."""
    cohort = CohortFactory(title="Spring", ends_on=None)
    ModuleDate.objects.create(cohort=cohort, module=modules_of(cohort)[0], due_on=date(2031, 3, 20))
    return cohort


def modules_of(cohort: Cohort) -> list:
    return [module.uuid for module in cohort.edition.structure.variants[0].modules]


def join(cohort: Cohort, **person: object) -> CohortMember:
    return make_member(cohort, UserFactory(**person))


def reasons(person: User | None = None) -> list[str]:
    rows = Message.objects.order_by("pk")
    rows = rows.filter(person=person) if person else rows
    return [row.reason.partition("-")[0] + row.reason[-6:] for row in rows]


def test_learner_is_reminded_three_days_before_and_once_when_it_is_late(cohort: Cohort, clock: Clock) -> None:
    learner = join(cohort).person
    found = {}
    moments = ("03-16T23:59", "03-17T00:00", "03-17T00:01", "03-20T23:59", "03-21T00:00", "03-22T12:00", "04-20T12:00")
    for moment in moments:
        clock(f"2031-{moment}")
        reminders.remind_of_due_dates()
        found[moment] = reasons(learner)
    before, both = ["due-03-20"], ["due-03-20", "late-03-20"]
    assert list(found.values()) == [[], before, before, before, both, both, both]
    due, late = Message.objects.order_by("pk")
    assert (due.category, due.about) == (Category.REMINDER, cohort.public_id)
    assert due.subject == "1 module is due soon: Spring"
    assert "by the end of Thursday, 20 March 2031:\n\n- M1\n" in due.body
    assert late.subject == "1 module was due: Spring"


@pytest.mark.parametrize(
    ("zone", "not_yet", "now"),
    [
        ("Pacific/Tongatapu", "2031-03-16T10:59", "2031-03-16T11:00"),
        ("Pacific/Honolulu", "2031-03-17T09:59", "2031-03-17T10:00"),
    ],
)
def test_days_begin_where_the_learner_is(cohort: Cohort, clock: Clock, zone: str, not_yet: str, now: str) -> None:
    join(cohort, time_zone=zone)
    clock(not_yet)
    assert reminders.remind_of_due_dates() == 0
    clock(now)
    assert reminders.remind_of_due_dates() == 1


def test_more_time_moves_the_reminder_and_only_the_latest_counts(cohort: Cohort, clock: Clock) -> None:
    one, other = join(cohort), join(cohort)
    for day in (25, 27):
        Extension.objects.create(
            enrolment=one.enrolment,
            cohort=cohort,
            module=modules_of(cohort)[0],
            due_on=date(2031, 3, day),
            granted_by=cohort.trainer,
        )
    clock("2031-03-21T12:00")
    reminders.remind_of_due_dates()
    assert (reasons(one.person), reasons(other.person)) == ([], ["late-03-20"])
    clock("2031-03-24T12:00")
    reminders.remind_of_due_dates()
    assert reasons(one.person) == ["due-03-27"]


def test_who_was_reminded_and_gets_more_time_is_reminded_again(cohort: Cohort, clock: Clock) -> None:
    member = join(cohort)
    clock("2031-03-18T12:00")
    reminders.remind_of_due_dates()
    Extension.objects.create(
        enrolment=member.enrolment,
        cohort=cohort,
        module=modules_of(cohort)[0],
        due_on=date(2031, 3, 24),
        granted_by=cohort.trainer,
    )
    clock("2031-03-21T12:00")
    reminders.remind_of_due_dates()
    assert reasons(member.person) == ["due-03-20", "due-03-24"]


def test_modules_of_one_day_are_one_mail_without_those_that_are_complete(cohort: Cohort, clock: Clock) -> None:
    _first, second = modules_of(cohort)
    ModuleDate.objects.create(cohort=cohort, module=second, due_on=date(2031, 3, 20))
    half, neither = join(cohort), join(cohort)
    for unit in cohort.course.units.filter(code__startswith="m1-"):
        complete_unit(enrolment=half.enrolment, unit=unit, language="en", revision=None)
    clock("2031-03-18T12:00")
    assert reminders.remind_of_due_dates() == 2
    texts = {row.person_id: row.body for row in Message.objects.all()}
    assert "\n\n- M2\n\n" in texts[half.person_id]
    assert "\n\n- M1\n- M2\n\n" in texts[neither.person_id]


def test_module_that_is_not_open_yet_calls_for_nothing(cohort: Cohort, clock: Clock) -> None:
    join(cohort)
    cohort.module_dates.update(opens_on=date(2031, 3, 19))
    clock("2031-03-18T12:00")
    assert reminders.remind_of_due_dates() == 0
    clock("2031-03-19T12:00")
    assert reminders.remind_of_due_dates() == 1


@pytest.mark.parametrize("why", ["done", "course", "left", "closed", "inactive", "came later"])
def test_nobody_is_reminded_without_need(cohort: Cohort, clock: Clock, why: str) -> None:
    member = join(cohort)
    if why == "done":
        for unit in cohort.course.units.filter(code__startswith="m1-"):
            complete_unit(enrolment=member.enrolment, unit=unit, language="en", revision=None)
    elif why == "course":
        member.enrolment.state, member.enrolment.completed_at = EnrolmentState.COMPLETED, timezone.now()
        member.enrolment.save()
    elif why == "left":
        CohortMember.objects.update(state=MemberState.REMOVED, left_at=timezone.now())
    elif why == "closed":
        Cohort.objects.update(closed_at=timezone.now())
    elif why == "inactive":
        User.objects.filter(pk=member.person_id).update(is_active=False)
    else:
        CohortMember.objects.update(seated_at=datetime(2031, 3, 21, 6, tzinfo=UTC))
    LiveSessionFactory(cohort=cohort, starts_at=datetime(2031, 3, 21, 13, tzinfo=UTC))
    moments = ["2031-03-21T12:00"] if why == "came later" else ["2031-03-18T12:00", "2031-03-21T12:00"]
    for moment in moments:
        clock(moment)
        assert reminders.remind_of_due_dates() == 0
    assert reminders.remind_of_sessions() == (why in ("done", "came later"))


def test_session_is_announced_once_for_each_time_it_is_to_begin(cohort: Cohort, clock: Clock) -> None:
    learner = join(cohort, time_zone="Pacific/Tongatapu").person
    session = LiveSessionFactory(
        cohort=cohort, title="Opening", place="Room 4", starts_at=datetime(2031, 3, 10, 12, tzinfo=UTC)
    )
    clock("2031-03-09T11:59")
    assert reminders.remind_of_sessions() == 0
    clock("2031-03-09T12:00")
    assert [reminders.remind_of_sessions(), reminders.remind_of_sessions()] == [1, 0]
    told = learner.mail.get()
    assert (told.subject, told.category, told.urgent) == ("Session soon: Opening", Category.SESSION, False)
    assert "Opening\nTuesday, 11 March 2031, 01:00 to 02:00 (time zone Pacific/Tongatapu)\nRoom 4\n" in told.body
    session.starts_at += timedelta(hours=1)
    session.ends_at += timedelta(hours=1)
    session.save()
    clock("2031-03-10T02:00")
    assert reminders.remind_of_sessions() == 1
    assert learner.mail.order_by("pk").last().urgent


def test_cancelled_session_is_not_announced(cohort: Cohort, clock: Clock) -> None:
    join(cohort)
    LiveSessionFactory(cohort=cohort, starts_at=datetime(2031, 3, 10, 12, tzinfo=UTC), cancelled_at=timezone.now())
    clock("2031-03-10T11:00")
    assert reminders.remind_of_sessions() == 0


def test_queries_do_not_grow_with_learners(cohort: Cohort, clock: Clock, django_assert_num_queries: Callable) -> None:
    clock("2031-03-18T12:00")
    join(cohort)
    reminders.remind_of_due_dates()  # What all share is read once.
    for count in (1, 3):
        for _each in range(count):
            join(cohort)
        with django_assert_num_queries(12):
            assert reminders.remind_of_due_dates() == count
