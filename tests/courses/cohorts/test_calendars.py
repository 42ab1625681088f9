"""Sessions in calendar programs: read back as those programs read them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from courses.domain.cohorts import calendars
from courses.domain.cohorts.sessions import SessionPlan, cancel_session, change_session, plan_of
from courses.models import CalendarFeed, Cohort, ModuleDate, UnitCompletion
from elearn.people.domain.personal_data import Identity
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.people import UserFactory

AsPerson = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
STARTS = datetime(2027, 1, 15, 8, tzinfo=UTC)


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(title="Группа 7", time_zone="Europe/Paris")


def read(content: bytes) -> dict[str, dict[str, object]]:
    """The events by title, each line folded as it must be."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r\n")
    calendar = Calendar.from_ical(content)
    assert (calendar["VERSION"], calendar.errors) == ("2.0", [])
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def feed_of(person: User) -> str:
    return reverse("calendar_feed", args=[calendars.new_address(person=person).token])


def test_feed_holds_sessions_of_learner_and_trainer_as_they_stand(cohort: Cohort, client: Client) -> None:
    person = UserFactory(language="ar")
    make_member(cohort, person)
    title = "جلسة حول حماية الأشخاص المعرضين للخطر، الجزء الأول; مع أسئلة " * 3
    session = LiveSessionFactory(
        cohort=cohort, title=title, starts_at=STARTS, place="Room 4; left, 2nd floor", link="https://meet.example.org/x"
    )
    off = LiveSessionFactory(cohort=cohort, title="Off", place="R", cancelled_at=timezone.now())
    LiveSessionFactory(cohort=CohortFactory(course=cohort.course, trainer=person), title="Taught")
    LiveSessionFactory(cohort=CohortFactory(course=cohort.course), title="Of others")
    response = client.get(feed_of(person))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    events = read(response.content)
    assert set(events) == {title, "Off", "Taught"}
    event = events[title]
    assert event["UID"] == f"{session.public_id}@localhost"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (STARTS, STARTS + timedelta(hours=1))
    assert b"DTSTART:20270115T080000Z\r\n" in response.content
    assert (str(event["LOCATION"]), str(event["STATUS"])) == ("Room 4; left, 2nd floor", "CONFIRMED")
    assert "https://meet.example.org/x" in event["DESCRIPTION"]
    assert "Группа 7" in event["DESCRIPTION"]
    assert event["URL"] == f"http://localhost:8000/ar/cohorts/{cohort.public_id}/"
    assert str(events["Off"]["STATUS"]) == "CANCELLED"
    assert events["Off"]["UID"] == f"{off.public_id}@localhost"


def test_change_and_cancellation_move_the_sequence_on_and_keep_the_name(cohort: Cohort, client: Client) -> None:
    session = LiveSessionFactory(cohort=cohort, title="Talk", place="R")
    address = feed_of(cohort.trainer)
    before = read(client.get(address).content)["Talk"]
    plan = SessionPlan(**{**vars(plan_of(session)), "place": "Elsewhere"})
    change_session(session=session, by=cohort.trainer, plan=plan, seen=0)
    cancel_session(session=session, by=cohort.trainer)
    after = read(client.get(address).content)["Talk"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 2)
    assert before["UID"] == after["UID"]
    assert (str(after["LOCATION"]), str(after["STATUS"])) == ("Elsewhere", "CANCELLED")
    assert after.decoded("DTSTAMP") >= before.decoded("DTSTAMP")


@pytest.mark.parametrize("how_many", [1, 3])
def test_feed_takes_as_many_queries_however_many_sessions(
    cohort: Cohort, client: Client, django_assert_num_queries, how_many: int
) -> None:
    for _index in range(how_many):
        LiveSessionFactory(cohort=CohortFactory(course=cohort.course, trainer=cohort.trainer))
    address = feed_of(cohort.trainer)
    with django_assert_num_queries(4):
        assert len(read(client.get(address).content)) == how_many


@pytest.mark.parametrize("how_many", [1, 2])
def test_feed_holds_the_days_on_which_modules_are_due_that_are_not_done(
    cohort: Cohort, client: Client, django_assert_num_queries, how_many: int
) -> None:
    member = make_member(cohort)
    for module in cohort.edition.structure.variants[0].modules[:how_many]:
        ModuleDate.objects.create(cohort=cohort, module=module.uuid, due_on=date(2027, 2, 28))
    address = feed_of(member.person)
    client.get(address)
    with django_assert_num_queries(7):
        content = client.get(address).content
    events = read(content)
    assert sorted(events) == ["Due: M1", "Due: M2"][:how_many]
    assert events["Due: M1"].decoded("DTSTART") == date(2027, 2, 28)
    assert content.count(b"DTSTART;VALUE=DATE:20270228") == how_many
    for unit in cohort.course.units.filter(code__startswith="m1"):
        UnitCompletion.objects.create(enrolment=member.enrolment, unit=unit, language="en", revision=None)
    assert sorted(read(client.get(address).content)) == ["Due: M2"][: how_many - 1]


def test_address_ends_with_a_new_one_a_closed_account_and_an_erasure(cohort: Cohort, client: Client) -> None:
    person = cohort.trainer
    old, new = feed_of(person), feed_of(person)
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    assert client.get(reverse("calendar_feed", args=["x" * 22])).status_code in (302, 404)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(new).status_code == 404


def test_page_makes_the_address_and_a_new_one(cohort: Cohort, as_person: AsPerson) -> None:
    browser = as_person(cohort.trainer)
    page = reverse("cohorts:calendar")
    assert "webcal" not in browser.get(page).content.decode()
    browser.post(reverse("cohorts:calendar_address"))
    token = CalendarFeed.objects.get().token
    assert f'href="webcal://localhost:8000/calendar/{token}.ics"' in browser.get(page).content.decode()
    response = browser.post(reverse("cohorts:calendar_address"), follow=True)
    assert "The old one does not work any more." in response.content.decode()
    assert CalendarFeed.objects.get().token != token


def test_one_session_as_a_file_for_those_of_the_cohort(
    cohort: Cohort, stranger: User, learner: User, as_person: AsPerson
) -> None:
    make_member(cohort, learner)
    session = LiveSessionFactory(cohort=cohort, title="Talk", place="R")
    address = reverse("cohorts:session_ics", args=[cohort.public_id, session.public_id])
    for person in (learner, cohort.trainer):
        response = as_person(person).get(address)
        assert response["Content-Disposition"] == 'attachment; filename="session.ics"'
        assert set(read(response.content)) == {"Talk"}
    assert as_person(stranger).get(address).status_code == 404


def test_own_data_hands_out_attendance_and_that_there_is_an_address_and_erasing_ends_it(cohort: Cohort) -> None:
    from courses.domain.cohorts import sessions_data
    from courses.models import Attendance

    member = make_member(cohort)
    session = LiveSessionFactory(cohort=cohort, title="Talk")
    entry = Attendance.objects.create(
        session=session, enrolment=member.enrolment, state="late", source="paper", entered_by=cohort.trainer
    )
    feed = calendars.new_address(person=member.person)
    attended, calendar = sessions_data.collect(member.person)
    assert attended.rows == [
        {
            "cohort": "Группа 7",
            "session": "Talk",
            "starts_at": session.starts_at,
            "state": "late",
            "source": "paper",
            "entered_by": "Trainer",
            "entered_at": entry.entered_at,
        }
    ]
    assert calendar.rows == [{"made_at": feed.made_at}]
    for _time in range(2):
        sessions_data.erase(member.person, Identity(frozenset()))
    assert (CalendarFeed.objects.count(), Attendance.objects.count()) == (0, 1)
