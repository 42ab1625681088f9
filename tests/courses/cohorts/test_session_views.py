"""The screens of sessions, as trainers and learners use them."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.domain.cohorts import check_in
from courses.enums import AttendanceSource, AttendanceState
from courses.models import Attendance, Cohort, CohortMember, LiveSession
from courses.views.cohorts import own_page
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, LiveSessionFactory, make_member
from tests.factories.people import UserFactory

AsPerson = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(time_zone="Europe/Paris")


@pytest.fixture
def member(cohort: Cohort, learner: User) -> CohortMember:
    return make_member(cohort, learner)


@pytest.fixture
def running(cohort: Cohort) -> LiveSession:
    return LiveSessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(minutes=5), place="Room 4")


def address(name: str, *parts: object) -> str:
    return reverse(f"cohorts:{name}", args=parts)


def posted(**fields: object) -> dict[str, object]:
    day = timezone.localdate() + timedelta(days=3)
    return {
        "title": "First meeting",
        "day": str(day),
        "starts": "09:00",
        "ends": "10:30",
        "weeks": 1,
        "place": "Room 4",
        "counts": "on",
        "opens_before": 15,
        "closes_after": 15,
        "key": str(uuid4()),
        "seen": 0,
        **fields,
    }


def test_session_is_planned_once_by_a_double_click(cohort: Cohort, as_person: AsPerson) -> None:
    browser, data = as_person(cohort.trainer), posted(weeks=3)
    for _click in range(2):
        response = browser.post(address("session_add", cohort.public_id), data)
        assert response.status_code == 302
    assert LiveSession.objects.count() == 3
    page = browser.get(address("sessions", cohort.public_id)).content.decode()
    assert page.count("First meeting") == 3
    assert "There: " in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends": "08:00"}, "must end after it begins"),
        ({"place": ""}, "Say where the session takes place"),
        ({"link": "http://meet.example.org"}, "must begin with https://"),
        ({"day": "2226-01-01"}, "Look at the year"),
        ({"day": "31 June"}, "Enter a valid date"),
        ({"weeks": 99}, "less than or equal to 30"),
        ({"title": ""}, "This field is required"),
    ],
)
def test_wrong_plan_is_refused_in_words_and_kept(cohort: Cohort, as_person: AsPerson, fields: dict, words: str) -> None:
    response = as_person(cohort.trainer).post(address("session_add", cohort.public_id), posted(**fields))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert fields.get("ends", "10:30") in response.content.decode()
    assert LiveSession.objects.count() == 0


def test_copy_begins_with_what_the_other_has_a_week_later(
    cohort: Cohort, running: LiveSession, as_person: AsPerson
) -> None:
    response = as_person(cohort.trainer).get(address("session_add", cohort.public_id), {"like": running.public_id})
    assert response.context["form"].initial["place"] == "Room 4"
    assert "Room 4" in response.content.decode()


def test_change_and_cancellation(cohort: Cohort, member: CohortMember, as_person: AsPerson) -> None:
    session = LiveSessionFactory(cohort=cohort, place="Room 4")
    browser = as_person(cohort.trainer)
    change = address("session_change", cohort.public_id, session.public_id)
    assert browser.get(change).status_code == 200
    assert browser.post(change, posted(place="Room 5")).status_code == 302
    stale = browser.post(change, posted(place="Room 6"))
    assert (stale.status_code, "Somebody else has changed" in stale.content.decode()) == (422, True)
    cancel = address("session_cancel", cohort.public_id, session.public_id)
    browser.post(cancel)
    session.refresh_from_db()
    assert (session.place, session.sequence, session.cancelled_at) == ("Room 5", 1, None)
    browser.post(cancel, {"sure": "on"})
    session.refresh_from_db()
    assert session.cancelled_at is not None
    assert "Cancelled" in browser.get(address("sessions", cohort.public_id)).content.decode()
    assert "Cancelled" in as_person(member.person).get(address("own", cohort.public_id)).content.decode()


def test_list_is_entered_by_choice_and_by_number_and_says_who_entered_it(
    cohort: Cohort, running: LiveSession, as_person: AsPerson
) -> None:
    people = [make_member(cohort, UserFactory(printed_name=f"Person {letter}")) for letter in "ABCD"]
    browser, list_page = as_person(cohort.trainer), address("session", cohort.public_id, running.public_id)
    form = browser.get(f"{list_page}?source=paper").context["form"]
    data = {
        "seen": form.initial["seen"],
        "source": form.initial["source"],
        "numbers": "1-2, 4",
        "a2": "late",
    }
    response = browser.post(list_page, {**data, "rest_absent": "on"})
    assert response.status_code == 302
    found = {entry.enrolment_id: (entry.state, entry.source) for entry in Attendance.objects.all()}
    paper = AttendanceSource.PAPER
    assert found == {
        people[0].enrolment_id: (AttendanceState.PRESENT, paper),
        people[1].enrolment_id: (AttendanceState.LATE, paper),
        people[2].enrolment_id: (AttendanceState.ABSENT, paper),
        people[3].enrolment_id: (AttendanceState.PRESENT, paper),
    }
    assert "From the paper list: <bdi>" in browser.get(list_page).content.decode()


@pytest.mark.parametrize("numbers", ["9", "2-1", "one", "1-99999"])
def test_wrong_number_is_refused_and_what_was_typed_is_kept(
    cohort: Cohort, running: LiveSession, member: CohortMember, as_person: AsPerson, numbers: str
) -> None:
    list_page = address("session", cohort.public_id, running.public_id)
    seen = json.dumps([[1, member.enrolment_id, ""]])
    data = {"seen": seen, "source": "list", "numbers": numbers, "a1": "excused"}
    response = as_person(cohort.trainer).post(list_page, data)
    page = response.content.decode()
    assert (response.status_code, Attendance.objects.count()) == (422, 0)
    assert f'value="{numbers}"' in page
    assert '<option value="excused" selected>' in page


@pytest.mark.parametrize("seen", ["", "no", "[[1]]", '[[1, "x", ""]]', '[[1, 1, "there"]]', "7"])
def test_list_that_did_not_arrive_as_a_whole_is_refused(
    cohort: Cohort, running: LiveSession, as_person: AsPerson, seen: str
) -> None:
    list_page = address("session", cohort.public_id, running.public_id)
    response = as_person(cohort.trainer).post(list_page, {"seen": seen, "source": "list"})
    assert response.status_code == 422


@pytest.mark.parametrize("how_many", [1, 3])
def test_pages_take_as_many_queries_however_many_sessions_and_people(
    cohort: Cohort, member: CohortMember, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    for _index in range(how_many):
        session = LiveSessionFactory(cohort=cohort, starts_at=timezone.now())
        other = make_member(cohort)
        for enrolment in (member.enrolment, other.enrolment):
            Attendance.objects.create(
                session=session, enrolment=enrolment, state="present", source="list", entered_by=cohort.trainer
            )
    browser = as_person(cohort.trainer)
    pages = [("sessions", (cohort.public_id,), 8), ("session", (cohort.public_id, session.public_id), 10)]
    for name, parts, queries in pages:
        browser.get(address(name, *parts))
        with django_assert_num_queries(queries):
            browser.get(address(name, *parts))
    browser = as_person(member.person)
    browser.get(address("own", cohort.public_id))
    with django_assert_num_queries(10):
        browser.get(address("own", cohort.public_id))


# --- Checking in -------------------------------------------------------------------------------------------------


def test_code_on_the_wall_checks_a_learner_in(
    cohort: Cohort, running: LiveSession, member: CohortMember, as_person: AsPerson
) -> None:
    wall = as_person(cohort.trainer).get(address("session_code", cohort.public_id, running.public_id))
    assert check_in.code_of(running, timezone.now()) in wall.content.decode()
    picture = as_person(cohort.trainer).get(address("session_code_picture", cohort.public_id, running.public_id))
    assert picture["Content-Type"] == "image/svg+xml"
    browser, page = as_person(member.person), address("check_in", running.public_id)
    code = wall.context["code"]
    assert f'value="{code}"' in browser.get(page, {"code": code}).content.decode()
    assert Attendance.objects.count() == 0
    response = browser.post(page, {"code": f"{code[:3]} {code[3:]}"}, follow=True)
    assert "You are checked in: Present." in response.content.decode()
    assert Attendance.objects.get().source == AttendanceSource.CODE
    reply = as_person(cohort.trainer).get(
        address("session_code", cohort.public_id, running.public_id), headers={"Accept": "application/json"}
    )
    assert reply.json()["entered"] == 1


def test_address_of_the_code_leads_to_the_login_and_back(
    running: LiveSession, member: CohortMember, client: Client
) -> None:
    response = client.get(f"/check-in/{running.public_id}/?code=123456")
    assert response["Location"] == f"/en/check-in/{running.public_id}/?code=123456"
    response = client.get(response["Location"])
    assert response["Location"] == f"/accounts/login/?next=/en/check-in/{running.public_id}/%3Fcode%3D123456"


def test_guessing_codes_ends(running: LiveSession, member: CohortMember, as_person: AsPerson) -> None:
    browser, page = as_person(member.person), address("check_in", running.public_id)
    right = {check_in.code_of(running, timezone.now() + timedelta(minutes=n)) for n in (-1, 0, 1)}
    guess = next(f"{n:06}" for n in range(9) if f"{n:06}" not in right)
    assert [browser.post(page, {"code": guess}).status_code for _guess in range(11)] == [422] * 10 + [429]
    code = check_in.code_of(running, timezone.now())
    assert browser.post(page, {"code": code}).status_code == 429
    assert Attendance.objects.count() == 0


# --- Strangers ---------------------------------------------------------------------------------------------------


def test_strangers_find_nothing(cohort: Cohort, running: LiveSession, stranger: User, as_person: AsPerson) -> None:
    browser = as_person(stranger)
    one = (cohort.public_id, running.public_id)
    for name, parts in [
        ("sessions", one[:1]),
        ("session_add", one[:1]),
        ("session", one),
        ("session_change", one),
        ("session_cancel", one),
        ("session_code", one),
        ("session_code_picture", one),
        ("own", one[:1]),
        ("session_ics", one),
        ("check_in", one[1:]),
    ]:
        assert browser.get(address(name, *parts)).status_code in (404, 302), name
        assert browser.post(address(name, *parts), posted(sure="on", code="123456")).status_code in (404, 405), name
    assert LiveSession.objects.get().cancelled_at is None


def test_session_of_another_cohort_is_not_found(running: LiveSession, as_person: AsPerson) -> None:
    other = CohortFactory(course=running.cohort.course)
    browser = as_person(other.trainer)
    assert browser.get(address("session", other.public_id, running.public_id)).status_code == 404
    assert browser.get(address("session_code", other.public_id, running.public_id)).status_code == 404


def test_section_that_another_part_adds_stands_on_the_learners_page(
    cohort: Cohort, member: CohortMember, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_page, "_sections", {})
    heard: list[CohortMember] = []

    def nothing(member: CohortMember) -> None:
        heard.append(member)

    own_page.register_section(own_page.Section("none", 10, "courses/cohorts/_missing.html", nothing))
    template = "courses/cohorts/_own_attendance.html"
    own_page.register_section(own_page.Section("words", 20, template, lambda member: object()))
    response = as_person(member.person).get(address("own", cohort.public_id))
    assert (response.status_code, heard) == (200, [member])
    assert [template for template, _content in response.context["sections"]] == [template]
