"""Planning sessions: times of a place, series, changes, and the mail about them."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.domain.cohorts.session_times import NoSuchTime, lines_of, moment
from courses.domain.cohorts.sessions import (
    SessionPlan,
    SessionRefused,
    cancel_session,
    change_session,
    create_sessions,
    next_sessions,
    plan_of,
)
from courses.models import Cohort, LiveSession
from elearn.messages.enums import Category
from elearn.messages.models import Message
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(time_zone="Europe/Paris", ends_on=timezone.localdate() + timedelta(days=400))


NOON = datetime.combine(timezone.localdate() + timedelta(days=1), time(12), tzinfo=UTC)


def plan(**fields: object) -> SessionPlan:
    day = timezone.localdate() + timedelta(days=3)
    return SessionPlan(
        **{"title": "Talk", "day": day, "starts": time(9), "ends": time(10), "place": "Room 4", **fields}
    )


# --- Times -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "clock", "zone", "at"),
    [
        (date(2027, 1, 15), time(9), "Europe/Paris", datetime(2027, 1, 15, 8, tzinfo=UTC)),
        (date(2027, 7, 15), time(9), "Europe/Paris", datetime(2027, 7, 15, 7, tzinfo=UTC)),
        (date(2027, 7, 15), time(9), "Asia/Kathmandu", datetime(2027, 7, 15, 3, 15, tzinfo=UTC)),
        (date(2027, 3, 28), time(3), "Europe/Paris", datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (date(2027, 10, 31), time(1, 59), "Europe/Paris", datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (date(2027, 7, 15), time(9), "Mars/Olympus", datetime(2027, 7, 15, 9, tzinfo=UTC)),
    ],
)
def test_moment_is_what_the_clocks_there_show(day: date, clock: time, zone: str, at: datetime) -> None:
    found = moment(day, clock, zone)
    assert (found.at, found.note) == (at, "")


def test_moment_that_the_clocks_jump_over_is_refused() -> None:
    with pytest.raises(NoSuchTime, match="put forward over 02:30"):
        moment(date(2027, 3, 28), time(2, 30), "Europe/Paris")


def test_moment_that_the_clocks_show_twice_is_the_first_and_says_so() -> None:
    found = moment(date(2027, 10, 31), time(2, 30), "Europe/Paris")
    assert found.at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert "twice" in found.note


def test_series_keeps_the_time_of_day_over_a_change_of_the_clocks(cohort: Cohort) -> None:
    # The clocks there are put forward on 28 March 2027.
    saved = create_sessions(cohort=cohort, by=cohort.trainer, plan=plan(day=date(2027, 3, 22)), key=uuid4(), weeks=2)
    assert [session.starts_at for session in saved.sessions] == [
        datetime(2027, 3, 22, 8, tzinfo=UTC),
        datetime(2027, 3, 29, 7, tzinfo=UTC),
    ]
    assert plan_of(saved.sessions[1]).starts == time(9)


def test_series_over_a_time_that_is_left_out_is_refused_as_a_whole(cohort: Cohort) -> None:
    with pytest.raises(SessionRefused, match="28 March 2027"):
        create_sessions(
            cohort=cohort,
            by=cohort.trainer,
            plan=plan(day=date(2027, 3, 21), starts=time(2, 30), ends=time(4)),
            key=uuid4(),
            weeks=2,
        )
    assert LiveSession.objects.count() == 0


@pytest.mark.parametrize(("zone", "differs"), [("Europe/Berlin", False), ("Africa/Nairobi", True), ("UTC", True)])
def test_local_time_stands_beside_where_it_differs(zone: str, differs: bool) -> None:
    session = LiveSessionFactory(
        cohort=CohortFactory(time_zone="Europe/Paris"), starts_at=datetime(2027, 1, 15, 8, tzinfo=UTC)
    )
    assert lines_of([session], zone)[0].differs is differs


# --- What is refused and warned of -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends": time(9)}, "must end after it starts"),
        ({"place": " "}, "Say where"),
        ({"link": "http://meet.example.org"}, "https://"),
        ({"day": date(1926, 11, 22)}, "two years"),
    ],
)
def test_wrong_plan_is_refused(cohort: Cohort, fields: dict, words: str) -> None:
    with pytest.raises(SessionRefused, match=words):
        create_sessions(cohort=cohort, by=cohort.trainer, plan=plan(**fields), key=uuid4())
    assert LiveSession.objects.count() == 0


def test_days_outside_of_the_cohort_and_in_the_past_are_saved_with_a_warning(cohort: Cohort) -> None:
    make_member(cohort)
    days = [cohort.starts_on - timedelta(days=1), cohort.ends_on + timedelta(days=1)]
    found = [create_sessions(cohort=cohort, by=cohort.trainer, plan=plan(day=d), key=uuid4()).warnings for d in days]
    assert [len(warnings) for warnings in found] == [2, 1]
    assert "before the cohort starts" in found[0][0]
    assert "is over already" in found[0][1]
    assert "after the cohort ends" in found[1][0]


def test_closed_cohort_takes_no_session_and_changes_none(cohort: Cohort) -> None:
    session = LiveSessionFactory(cohort=cohort)
    Cohort.objects.update(closed_at=timezone.now())
    acts = (
        lambda: create_sessions(cohort=cohort, by=cohort.trainer, plan=plan(), key=uuid4()),
        lambda: change_session(session=session, by=cohort.trainer, plan=plan(), seen=0),
        lambda: cancel_session(session=session, by=cohort.trainer),
    )
    for act in acts:
        with pytest.raises(SessionRefused, match="closed"):
            act()


def test_key_of_another_cohorts_session_is_refused(cohort: Cohort) -> None:
    other = LiveSessionFactory(cohort=CohortFactory(course=cohort.course))
    with pytest.raises(SessionRefused, match="another cohort"):
        create_sessions(cohort=cohort, by=cohort.trainer, plan=plan(), key=other.public_id)


def test_cancelled_session_is_not_changed(cohort: Cohort) -> None:
    session = cancel_session(session=LiveSessionFactory(cohort=cohort), by=cohort.trainer)
    with pytest.raises(SessionRefused, match="Plan a new one"):
        change_session(session=session, by=cohort.trainer, plan=plan(), seen=session.sequence)


# --- Mail --------------------------------------------------------------------------------------------------------


def mails(category: str = Category.SESSION) -> list[tuple[str, str]]:
    rows = Message.objects.filter(category=category).order_by("pk")
    return list(rows.values_list("person__email", "subject"))


def test_each_change_is_mailed_once_to_each_in_their_language_and_time(cohort: Cohort) -> None:
    learner = UserFactory(email="nairobi@example.org", time_zone="Africa/Nairobi", language="fr")
    make_member(cohort, learner)
    make_member(cohort, UserFactory(is_active=False))
    session = LiveSessionFactory(cohort=cohort, place="Room 4")
    new = plan(title="Talk", day=date(2027, 1, 15), starts=time(9), ends=time(10), link="https://meet.example.org/x")
    for _time in range(2):
        change_session(session=session, by=cohort.trainer, plan=new, seen=0)
    everybody = {cohort.trainer.email, learner.email}
    assert (len(mails()), {address for address, _subject in mails()}) == (2, everybody)
    mail = Message.objects.get(person=learner)
    assert mail.about == cohort.public_id
    assert "15 Jan 2027, 11:00" in mail.body
    assert "09:00 – 10:00 (Europe/Paris)" in mail.body
    assert "https://meet.example.org/x" in mail.body
    assert f"/fr/cohorts/{cohort.public_id}/" in mail.body
    assert f"/en/teach/cohorts/{cohort.public_id}/sessions/" in Message.objects.get(person=cohort.trainer).body
    for _time in range(2):
        cancel_session(session=session, by=cohort.trainer)
    assert len(mails()) == 4
    session.refresh_from_db()
    assert session.sequence == 2


def test_series_is_one_mail(cohort: Cohort) -> None:
    make_member(cohort)
    key = uuid4()
    for _click in range(2):
        create_sessions(cohort=cohort, by=cohort.trainer, plan=plan(), key=key, weeks=4)
    assert (LiveSession.objects.count(), len(mails())) == (4, 2)


def test_nobody_is_written_to_about_what_they_do_not_see_or_what_is_over(cohort: Cohort) -> None:
    make_member(cohort)
    session = LiveSessionFactory(cohort=cohort, place="Room 4")
    same = plan_of(session)
    changed = SessionPlan(**{**vars(same), "counts": False, "opens_before": 30})
    change_session(session=session, by=cohort.trainer, plan=changed, seen=0)
    session.refresh_from_db()
    assert (session.sequence, session.counts, mails()) == (1, False, [])
    over = LiveSessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=2))
    cancel_session(session=over, by=cohort.trainer)
    assert mails() == []


# --- The desk ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 3])
def test_next_sessions_of_learner_and_trainer_take_one_query(django_assert_num_queries, how_many: int) -> None:
    person, others = UserFactory(), CohortFactory()
    taught = [CohortFactory(course=others.course, trainer=person) for _index in range(how_many)]
    taken = CohortFactory(course=others.course)
    make_member(taken, person)
    soon = timezone.now() + timedelta(days=1)
    wanted = [LiveSessionFactory(cohort=cohort, starts_at=soon) for cohort in (*taught, taken)]
    LiveSessionFactory(cohort=others, starts_at=soon)
    LiveSessionFactory(cohort=taken, starts_at=timezone.now() - timedelta(days=2))
    LiveSessionFactory(cohort=taken, starts_at=soon, cancelled_at=timezone.now())
    LiveSessionFactory(cohort=CohortFactory(course=others.course, trainer=person, closed_at=soon), starts_at=soon)
    with django_assert_num_queries(1):
        lines = next_sessions(person, most=9)
        assert {line.session.cohort.title for line in lines} == {session.cohort.title for session in wanted}
    assert [line.session for line in lines] == sorted(wanted, key=lambda session: (session.starts_at, session.pk))
