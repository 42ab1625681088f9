"""The screens on which cohorts are found, opened, changed, scheduled and closed."""

import datetime
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.domain.cohorts.rights import trainers_of
from courses.models import Cohort, Course, Extension, ModuleDate
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import Action, Institution, User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import make_released_course
from tests.factories.people import ActionFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]
LIST, CHOOSE = "/en/teach/", "/en/teach/open/"


def at(name: str, cohort: Cohort, *more: object) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def filled(course: Course, trainer: User, **other: Any) -> dict[str, Any]:
    facts = {
        "key": uuid4(),
        "title": "Spring group",
        "edition": course.current_edition_id,
        "trainers": trainer.email,
        "starts_on": "2027-03-01",
        "ends_on": "2027-06-30",
        "language": "en",
        "time_zone": "Africa/Nairobi",
        "capacity": "30",
        "has_waiting_list": "on",
    }
    return facts | other


def test_manager_opens_a_cohort_and_is_led_to_its_dates(course: Course, manager: User, as_person: AsPerson) -> None:
    institution, trainer = InstitutionFactory(name="Border Academy"), UserFactory()
    client = as_person(manager)
    assert reverse("cohorts:open_one", args=[course.key]) in client.get(CHOOSE).content.decode()
    url = reverse("cohorts:open_one", args=[course.key])
    assert client.get(url).status_code == 200
    posted = filled(course, trainer, institution="border academy")
    answers = [client.post(url, posted) for _click in range(2)]
    cohort = Cohort.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {at("schedule", cohort)}
    assert (cohort.title, cohort.capacity, cohort.institution) == ("Spring group", 30, institution)
    assert trainers_of(cohort) == [trainer]
    assert "Spring group" in client.get(LIST).content.decode()


def test_mistakes_are_said_at_their_field_and_nothing_typed_is_lost(
    course: Course, manager: User, as_person: AsPerson
) -> None:
    Institution.objects.create(name="Border Academy", country="KE")
    Institution.objects.create(name="Border School", country="KE")
    posted = filled(course, UserFactory(), trainers="nobody@example.org", ends_on="2027-01-01", institution="border")
    answer = as_person(manager).post(reverse("cohorts:open_one", args=[course.key]), posted)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody has an account with the address “nobody@example.org”. They must sign up first." in text
    assert "The last day cannot lie before the first." in text
    assert "Several institutions are called “border”: Border Academy (Kenya); Border School (Kenya)." in text
    assert 'value="Spring group"' in text
    empty = filled(course, UserFactory(), trainers="")
    answer = as_person(manager).post(reverse("cohorts:open_one", args=[course.key]), empty)
    assert "A cohort needs somebody who trains it. Name at least one trainer." in answer.content.decode()
    assert Cohort.objects.count() == 0


def test_manager_of_an_action_names_one_of_theirs(course: Course, as_person: AsPerson) -> None:
    own, other, manager = ActionFactory(), ActionFactory(), UserFactory()
    grant_role(person=manager, role=Role.MANAGER, granted_by=None, action=own)
    url, client = reverse("cohorts:open_one", args=[course.key]), as_person(manager)
    for action in ("", other.pk):
        assert client.post(url, filled(course, UserFactory(), action=action)).status_code == 422
    assert client.post(url, filled(course, UserFactory(), action=own.pk)).status_code == 302
    assert Cohort.objects.get().action == own
    CohortFactory(course=course, title="Of somebody else", action=other)
    text = client.get(LIST).content.decode()
    assert ("Spring group" in text, "Of somebody else" in text) == (True, False)


def test_trainer_of_a_course_finds_only_that_course(as_person: AsPerson) -> None:
    mine, other, trainer = make_released_course("mine"), make_released_course("other"), UserFactory()
    grant_role(person=trainer, role=Role.TRAINER, granted_by=None, scope_key=mine.key)
    client = as_person(trainer)
    text = client.get(CHOOSE).content.decode()
    assert (str(mine.key) in text, str(other.key) in text) == (True, False)
    assert client.get(reverse("cohorts:open_one", args=[other.key])).status_code == 403
    assert trainer.email in client.get(reverse("cohorts:open_one", args=[mine.key])).content.decode()


def test_stranger_finds_nothing(stranger: User, course: Course, as_person: AsPerson) -> None:
    cohort, client = CohortFactory(course=course), as_person(stranger)
    assert [client.get(url).status_code for url in (LIST, CHOOSE)] == [403, 403]
    assert client.get(reverse("cohorts:open_one", args=[course.key])).status_code == 403
    assert {client.get(at(name, cohort)).status_code for name in ("settings", "schedule")} == {404}
    acts = [at(name, cohort) for name in ("close", "reopen", "name_trainer", "set_pace", "more_time")]
    acts.append(at("let_trainer_go", cohort, cohort.trainer.public_id))
    assert {client.post(url).status_code for url in acts} == {404}
    assert as_person(None).get(LIST).status_code == 302


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_takes_as_many_queries_however_many_cohorts(
    course: Course, manager: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    for _number in range(how_many):
        cohort = CohortFactory(course=course, capacity=5, institution=InstitutionFactory(), action=ActionFactory())
        for _member in range(how_many):
            make_member(cohort)
    client = as_person(manager)
    client.get(LIST)
    with django_assert_num_queries(12):
        text = client.get(LIST).content.decode()
    assert text.count(f"{how_many} of 5 places taken") == how_many


def test_list_is_filtered_and_says_where_nobody_trains(course: Course, manager: User, as_person: AsPerson) -> None:
    CohortFactory(course=course, title="Running one")
    alone = CohortFactory(course=course, title="Lonely one")
    CohortFactory(course=course, title="Closed one", closed_at=timezone.now())
    day = timezone.localdate() + datetime.timedelta(days=9)
    CohortFactory(course=course, title="Later one", starts_on=day, institution=InstitutionFactory(name="Academy"))
    User.objects.filter(pk=alone.trainer.pk).update(is_active=False)
    client = as_person(manager)
    titles = ("Running one", "Lonely one", "Closed one", "Later one")

    def found(query: str) -> list[str]:
        text = client.get(f"{LIST}?{query}").content.decode()
        return [title for title in titles if f"<bdi>{title}</bdi>" in text]

    assert found("") == ["Running one", "Lonely one", "Later one"]
    assert found("state=alone") == ["Lonely one"]
    assert found("state=closed") == ["Closed one"]
    assert found("state=to_come") == ["Later one"]
    assert found("q=academy") == ["Later one"]
    assert found(f"course={course.key}&q=run") == ["Running one"]
    assert found("q=nothing") == []
    assert client.get(LIST).content.decode().count("Without trainers</span>") == 1


def test_focal_point_sees_the_number_of_their_own_people(course: Course, as_person: AsPerson) -> None:
    own, other, focal = InstitutionFactory(), InstitutionFactory(), UserFactory()
    grant_role(person=focal, role=Role.FOCAL_POINT, granted_by=None, institution=own)
    cohort = CohortFactory(course=course, title="Mixed one")
    CohortFactory(course=course, title="Of nobody")
    make_member(cohort, institution=own)
    make_member(cohort, institution=other)
    text = as_person(focal).get(LIST).content.decode()
    assert "1 person of your institution takes part" in text
    assert "Of nobody" not in text
    assert as_person(focal).get(at("settings", cohort)).status_code == 404


def test_settings_change_trainers_come_and_go_and_the_cohort_closes(course: Course, as_person: AsPerson) -> None:
    cohort = CohortFactory(course=course, title="Before")
    client = as_person(cohort.trainer)
    page = client.get(at("settings", cohort))
    assert page.status_code == 200
    posted = filled(course, cohort.trainer, title="After", time_zone="UTC")
    assert client.post(at("settings", cohort), posted).status_code == 302
    assert client.post(at("settings", cohort), posted | {"title": " "}).status_code == 422
    cohort.refresh_from_db()
    assert cohort.title == "After"
    go = at("let_trainer_go", cohort, cohort.trainer.public_id)
    assert "This is the last trainer of the cohort." in client.post(go, follow=True).content.decode()
    wrong = client.post(at("name_trainer", cohort), {"email": "nobody@example.org"})
    assert wrong.status_code == 422
    assert "Nobody has an account with the address “nobody@example.org”." in wrong.content.decode()
    second = UserFactory()
    client.post(at("name_trainer", cohort), {"email": second.email})
    assert set(trainers_of(cohort)) == {cohort.trainer, second}
    assert client.post(go).headers["Location"] == "/en/desk/"
    assert client.get(at("settings", cohort)).status_code == 404
    client = as_person(second)
    assert "The cohort is closed." in client.post(at("close", cohort), follow=True).content.decode()
    assert "Open it again" in client.get(at("settings", cohort)).content.decode()
    assert client.post(at("settings", cohort), posted).status_code == 422
    client.post(at("reopen", cohort))
    assert Cohort.objects.get().is_open


def test_schedule_is_worked_out_or_set_by_hand(course: Course, as_person: AsPerson) -> None:
    cohort = CohortFactory(course=course, ends_on=None)
    first, second = cohort.edition.structure.module_keys
    client = as_person(cohort.trainer)
    assert client.post(at("set_pace", cohort), {"pace": "weekly"}).status_code == 422
    client.post(at("set_pace", cohort), {"pace": "weekly", "first_day": "2027-03-01", "due_after": "6"})
    text = client.get(at("schedule", cohort)).content.decode()
    assert [f'value="2027-03-{day}"' in text for day in ("01", "07", "08", "14")] == [True] * 4
    posted = {f"opens_{first}": "2027-03-05", f"due_{first}": "2027-03-04", f"opens_{second}": "2027-03-20"}
    wrong = client.post(at("schedule", cohort), posted)
    assert (wrong.status_code, "A module cannot be due before it opens." in wrong.content.decode()) == (422, True)
    assert client.post(at("schedule", cohort), posted | {f"due_{first}": ""}).status_code == 302
    rows = ModuleDate.objects.order_by("opens_on").values_list("module", "opens_on", "due_on")
    assert list(rows) == [(first, datetime.date(2027, 3, 5), None), (second, datetime.date(2027, 3, 20), None)]
    client.post(at("set_pace", cohort), {"pace": "at_once"})
    assert ModuleDate.objects.count() == 0


def test_more_time_is_given_on_the_screen(course: Course, as_person: AsPerson) -> None:
    cohort = CohortFactory(course=course)
    first = cohort.edition.structure.module_keys[0]
    member, other = make_member(cohort), make_member(CohortFactory(course=make_released_course("elsewhere")))
    client, day = as_person(cohort.trainer), timezone.localdate() + datetime.timedelta(days=9)
    ModuleDate.objects.create(cohort=cohort, module=first, due_on=timezone.localdate())
    posted = {"member": member.public_id, "module": first, "due_on": day, "reason": "Illness"}
    assert client.post(at("more_time", cohort), posted | {"member": other.public_id}).status_code == 422
    assert client.post(at("more_time", cohort), posted | {"due_on": "2001-01-01"}).status_code == 422
    answer = client.post(at("more_time", cohort), posted, follow=True).content.decode()
    assert f"{member.person} has more time now." in answer
    assert "(<bdi>Illness</bdi>)" in answer
    assert Extension.objects.get().due_on == day


@pytest.mark.parametrize("how_many", [1, 3])
def test_schedule_takes_as_many_queries_however_many_learners(
    as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    cohort = CohortFactory(course=make_released_course(modules=how_many))
    for module in cohort.edition.structure.module_keys:
        ModuleDate.objects.create(cohort=cohort, module=module, due_on=timezone.localdate())
    for _number in range(how_many):
        enrolment = make_member(cohort).enrolment
        Extension.objects.create(
            enrolment=enrolment, cohort=cohort, module=module, due_on=timezone.localdate(), granted_by=cohort.trainer
        )
    client = as_person(cohort.trainer)
    client.get(at("schedule", cohort))
    with django_assert_num_queries(11):
        assert client.get(at("schedule", cohort)).content.decode().count("given by") == how_many


def test_actions_offered_in_settings_are_those_within_reach(course: Course, as_person: AsPerson) -> None:
    own, other = ActionFactory(title="Own Action"), ActionFactory(title="Other Action")
    cohort = CohortFactory(course=course, action=own)
    text = as_person(cohort.trainer).get(at("settings", cohort)).content.decode()
    assert (own.title in text, other.title in text) == (True, False)
    assert Action.objects.count() == 2
