"""Setting dates and giving more time."""

import datetime
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from courses.domain.cohorts.opening import close_cohort
from courses.domain.cohorts.refusals import CohortRefused
from courses.domain.cohorts.schedule import schedule_of
from courses.domain.cohorts.timing import grant_extension, open_at_once, open_weekly, set_dates
from courses.enums import CohortPace, MemberState
from courses.models import Cohort, Extension, ModuleDate
from elearn.core.models import AuditEvent
from elearn.messages.models import Message
from elearn.people.domain import personal_data
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2027, 3, 1)


def day(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=number)


def soon(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(starts_on=FIRST, ends_on=day(60))


@pytest.fixture
def by() -> User:
    return UserFactory()


def dates_of(cohort: Cohort) -> dict[UUID, tuple[datetime.date | None, datetime.date | None]]:
    return {row.module: (row.opens_on, row.due_on) for row in cohort.module_dates.all()}


def test_weekly_opens_one_module_after_the_other(cohort: Cohort, by: User) -> None:
    first, second = cohort.edition.structure.module_keys
    open_weekly(cohort=cohort, first_day=FIRST, due_after=6, by=by)
    assert dates_of(cohort) == {first: (day(0), day(6)), second: (day(7), day(13))}
    assert cohort.pace == CohortPace.WEEKLY
    open_weekly(cohort=cohort, first_day=day(1), due_after=None, by=by)
    assert dates_of(cohort) == {first: (day(1), None), second: (day(8), None)}
    with pytest.raises(CohortRefused, match=r"^The last module would open on 3 May 2027, and the cohort ends"):
        open_weekly(cohort=cohort, first_day=day(56), due_after=None, by=by)


def test_all_at_once_keeps_the_due_dates(cohort: Cohort, by: User) -> None:
    first, second = cohort.edition.structure.module_keys
    set_dates(cohort=cohort, dates={first: (None, day(5)), second: (day(7), None)}, by=by)
    assert cohort.pace == CohortPace.DATES
    open_at_once(cohort=cohort, by=by)
    assert (cohort.pace, dates_of(cohort)) == (CohortPace.AT_ONCE, {first: (None, day(5))})
    assert AuditEvent.objects.filter(action="cohorts.scheduled", actor=by).count() == 2


def test_wrong_dates_are_refused(cohort: Cohort, by: User) -> None:
    first, second = cohort.edition.structure.module_keys
    set_dates(cohort=cohort, dates={first: (day(1), day(2))}, by=by)
    for dates, words in (
        ({first: (day(3), day(2))}, "cannot be due before it opens"),
        ({second: (day(61), None)}, "The last module would open on"),
        ({uuid4(): (day(1), None)}, "does not hold this module"),
    ):
        with pytest.raises(CohortRefused, match=words):
            set_dates(cohort=cohort, dates=dates, by=by)
    assert dates_of(cohort) == {first: (day(1), day(2))}
    close_cohort(cohort=cohort, by=by)
    for act in (lambda: set_dates(cohort=cohort, dates={}, by=by), lambda: open_at_once(cohort=cohort, by=by)):
        with pytest.raises(CohortRefused, match="This cohort is closed"):
            act()


def test_more_time_is_one_learners_own_and_twice_is_once(cohort: Cohort, by: User) -> None:
    first, _second = cohort.edition.structure.module_keys
    ModuleDate.objects.create(cohort=cohort, module=first, due_on=soon(-3))
    member, other = make_member(cohort), make_member(cohort)
    for _click in range(2):
        given = grant_extension(member=member, module=first, due_on=soon(9), reason=" Illness ", by=by)
    assert (Extension.objects.count(), given.reason) == (1, "Illness")
    assert schedule_of(member.enrolment).of(first).is_late is False
    assert schedule_of(other.enrolment).of(first).is_late is True
    event = AuditEvent.objects.get(action="cohorts.more_time")
    assert (event.actor, event.subject) == (by, member.person)
    mail = Message.objects.get()
    assert (mail.person, mail.about) == (member.person, cohort.public_id)
    assert f"due on {date_format(soon(9), 'j E Y')} for you" in mail.body
    tables = {table.key: table.rows for table in personal_data.collect(member.person)["schedule"]}
    assert [row["reason"] for row in tables["extensions"]] == ["Illness"]
    identity = personal_data.Identity.of(member.person)
    next(c for c in personal_data.contributions() if c.name == "schedule").erase(member.person, identity)
    assert Extension.objects.get().reason == ""


def test_more_time_that_makes_no_sense_is_refused(cohort: Cohort, by: User) -> None:
    first, second = cohort.edition.structure.module_keys
    ModuleDate.objects.create(cohort=cohort, module=first, due_on=soon(5))
    member = make_member(cohort)
    with pytest.raises(CohortRefused, match="is not due on any day"):
        grant_extension(member=member, module=second, due_on=soon(9), reason="", by=by)
    with pytest.raises(CohortRefused, match="not before"):
        grant_extension(member=member, module=first, due_on=soon(4), reason="", by=by)
    with pytest.raises(CohortRefused, match="Nobody gives more time to themselves"):
        grant_extension(member=member, module=first, due_on=soon(9), reason="", by=member.person)
    member.state, member.left_at = MemberState.REMOVED, timezone.now()
    member.save()
    with pytest.raises(CohortRefused, match="does not take part"):
        grant_extension(member=member, module=first, due_on=soon(9), reason="", by=by)
    assert Extension.objects.count() == 0


def test_more_time_is_never_less_than_everybody_has_by_now(cohort: Cohort, by: User) -> None:
    first, _second = cohort.edition.structure.module_keys
    everybody = ModuleDate.objects.create(cohort=cohort, module=first, due_on=soon(3))
    member = make_member(cohort)
    grant_extension(member=member, module=first, due_on=soon(9), reason="", by=by)
    found = []
    for due_on in (soon(20), None):
        ModuleDate.objects.filter(pk=everybody.pk).update(due_on=due_on)
        times = schedule_of(member.enrolment).of(first)
        found.append((times.due_on, times.is_extended))
    assert found == [(soon(20), False), (None, False)]


def test_deadline_in_the_year_9999_is_a_slip(cohort: Cohort, by: User) -> None:
    first, _second = cohort.edition.structure.module_keys
    far = datetime.date(9999, 12, 31)
    ModuleDate.objects.create(cohort=cohort, module=first, due_on=soon(3))
    acts = (
        lambda: set_dates(cohort=cohort, dates={first: (None, far)}, by=by),
        lambda: open_weekly(cohort=cohort, first_day=far, due_after=None, by=by),
        lambda: grant_extension(member=make_member(cohort), module=first, due_on=far, reason="", by=by),
    )
    for act in acts:
        with pytest.raises(CohortRefused, match="Look at the year"):
            act()
