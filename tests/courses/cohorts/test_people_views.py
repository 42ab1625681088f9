"""The screens by which people come into a cohort, as trainers, learners and strangers see them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.domain.cohorts.invitations import Guest, invite
from courses.domain.cohorts.join_links import make_link
from courses.domain.cohorts.lists import importing
from courses.domain.cohorts.seating import ask_for_place
from courses.enums import MemberSource
from courses.models import Cohort, CohortMember, JoinLink, MemberImport
from courses.views.entrance import course_page
from elearn.core import pending, shelf
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(title="Spring")


def of(name: str, cohort: Cohort, *more: object) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def test_strangers_find_none_of_the_screens(cohort: Cohort, as_person: AsPerson, stranger: User) -> None:
    member = make_member(cohort)
    browser = as_person(stranger)
    link = make_link(cohort=cohort, by=cohort.trainer, expires_at=timezone.now() + timedelta(1), needs_approval=False)
    pages = [of("people", cohort), of("member", cohort, member.public_id), of("lists", cohort), of("links", cohort)]
    pages += [of("link", cohort, link.pk), of("link_code", cohort, link.pk), of("ask", cohort), of("leave", cohort)]
    assert [browser.get(page).status_code for page in pages] == [404] * len(pages)
    assert browser.post(of("add_person", cohort), {"email": "x@example.org"}).status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_people_costs_the_same_for_any_number(
    cohort: Cohort, as_person: AsPerson, people: int, django_assert_num_queries: Callable
) -> None:
    for number in range(people):
        make_member(cohort)
        invite(cohort=cohort, guests=[Guest(f"new{number}@example.org", "Nia")], source=MemberSource.LIST, by=None)
    browser = as_person(cohort.trainer)
    browser.get(of("people", cohort))
    with django_assert_num_queries(QUERIES):
        page = browser.get(of("people", cohort))
    assert page.content.decode().count("@example.org</bdi>") == people * 2


QUERIES = 9


def test_trainers_add_one_person_and_keep_what_they_typed_when_it_is_wrong(
    cohort: Cohort, as_person: AsPerson, learner: User
) -> None:
    browser = as_person(cohort.trainer)
    assert browser.post(of("add_person", cohort), {"email": learner.email}).status_code == 302
    assert browser.post(of("add_person", cohort), {"email": "nia@example.org", "name": "Nia"}).status_code == 302
    wrong = browser.post(of("add_person", cohort), {"email": "nobody", "name": "Kept"})
    assert (wrong.status_code, 'value="Kept"' in wrong.content.decode()) == (422, True)
    page = browser.get(of("people", cohort), {"q": "nia"}).content.decode()
    assert ("nia@example.org" in page, learner.email in page) == (True, False)


def test_trainers_decide_on_a_request(cohort: Cohort, as_person: AsPerson, learner: User, stranger: User) -> None:
    one, two = (
        ask_for_place(cohort=cohort, person=p, source=MemberSource.REQUEST, words="Let me in")
        for p in (learner, stranger)
    )
    browser = as_person(cohort.trainer)
    assert "Let me in" in browser.get(of("people", cohort)).content.decode()
    browser.post(of("member", cohort, one.public_id), {"what": "admit"})
    assert browser.post(of("member", cohort, two.public_id), {"what": "turn_away"}).status_code == 422
    browser.post(of("member", cohort, two.public_id), {"what": "turn_away", "reason": "Full"})
    assert sorted(cohort.members.values_list("state", flat=True)) == ["declined", "seated"]


def test_a_list_goes_from_file_to_people_by_the_screens(cohort: Cohort, as_person: AsPerson) -> None:
    browser = as_person(cohort.trainer)
    assert browser.post(of("lists", cohort), {}).status_code == 422
    assert browser.post(of("lists", cohort), {"file": SimpleUploadedFile("x.ods", b"x")}).status_code == 422
    sent = browser.post(of("lists", cohort), {"file": SimpleUploadedFile("x.csv", b"a@example.org,Ana\nbad,Bo")})
    assert "http-equiv" in browser.get(sent.url).content.decode()
    batch = MemberImport.objects.get()
    pending.work(importing.KIND, batch.pk)
    page = browser.get(sent.url).content.decode()
    assert "1 person is entered when you confirm." in page
    assert 'value="bad"' in page
    browser.post(of("list_row", cohort, batch.public_id, 2), {"what": "mend", "email": "bo@example.org", "name": "Bo"})
    browser.post(of("list_enter", cohort, batch.public_id))
    assert browser.get(sent.url, headers={"accept": "application/json"}).json() == {
        "stage": "entering",
        "done": 0,
        "total": 2,
    }
    pending.work(importing.KIND, batch.pk)
    assert "The list is entered." in browser.get(sent.url).content.decode()
    assert sorted(cohort.members.values_list("email", flat=True)) == ["a@example.org", "bo@example.org"]
    browser.post(of("list_throw_away", cohort, batch.public_id))
    assert MemberImport.objects.count() == 1


def test_a_pasted_list_is_read(cohort: Cohort, as_person: AsPerson) -> None:
    as_person(cohort.trainer).post(of("lists", cohort), {"text": "Ana\ta@example.org\nБорис\tb@example.org"})
    batch = MemberImport.objects.get()
    pending.work(importing.KIND, batch.pk)
    assert list(batch.rows.values_list("name", "email")) == [("Ana", "a@example.org"), ("Борис", "b@example.org")]


def test_links_are_made_shown_and_ended(cohort: Cohort, as_person: AsPerson) -> None:
    browser = as_person(cohort.trainer)
    today = timezone.localdate()
    assert browser.post(of("links", cohort), {"expires_on": today - timedelta(1)}).status_code == 422
    browser.post(of("links", cohort), {"expires_on": today})
    link = JoinLink.objects.get()
    assert f"/join/{link.token}/" in browser.get(of("link", cohort, link.pk)).content.decode()
    assert browser.get(of("link_code", cohort, link.pk)).content.startswith(b"<?xml")
    assert browser.get(of("links", cohort)).status_code == 200
    browser.post(of("link_end", cohort, link.pk))
    assert not JoinLink.objects.get().is_usable
    assert "lets nobody in any more" in browser.get(of("link", cohort, link.pk)).content.decode()


def test_the_page_of_a_link_says_what_it_is_and_lets_people_in_by_a_button(
    cohort: Cohort, as_person: AsPerson, learner: User
) -> None:
    soon = timezone.now() + timedelta(days=1)
    link = make_link(cohort=cohort, by=cohort.trainer, expires_at=soon, needs_approval=False)
    address = f"/en/join/{link.token}/"
    nobody = as_person(None)
    assert nobody.get(f"/join/{link.token}/").url == address
    assert f"?next={address}" in nobody.get(address).content.decode()
    assert nobody.post(address).status_code == 302
    browser = as_person(learner)
    assert "Join this cohort" in browser.get(address).content.decode()
    assert CohortMember.objects.count() == 0
    browser.post(address)
    assert CohortMember.objects.get().person == learner
    assert "You take part in this cohort." in browser.get(address).content.decode()
    assert nobody.get("/en/join/none/").status_code == 404


def test_a_link_that_ran_out_says_what_to_do(cohort: Cohort, as_person: AsPerson, learner: User) -> None:
    now = timezone.now()
    link = JoinLink.objects.create(
        cohort=cohort, made_by=cohort.trainer, made_at=now - timedelta(2), expires_at=now - timedelta(1)
    )
    browser = as_person(learner)
    assert "Ask your trainers for a new one." in browser.get(f"/en/join/{link.token}/").content.decode()
    browser.post(f"/en/join/{link.token}/")
    assert CohortMember.objects.count() == 0


def test_an_invitation_asks_before_it_enrols(cohort: Cohort, as_person: AsPerson, learner: User) -> None:
    invite(cohort=cohort, guests=[Guest("nia@example.org")], source=MemberSource.ADDED, by=cohort.trainer)
    member = CohortMember.objects.get()
    address = reverse("cohorts:invitation", args=[member.token])
    browser = as_person(learner)
    page = browser.get(address).content.decode()
    assert cohort.trainer.printed_name in page
    assert learner.email in page
    assert CohortMember.objects.get().state == "invited"
    browser.post(address)
    browser.post(address)
    assert CohortMember.objects.get().person == learner
    assert as_person(None).get("/en/invitations/none/").status_code == 404


def test_the_course_page_lists_groups_and_one_asks_for_a_place(
    cohort: Cohort, as_person: AsPerson, learner: User, django_assert_num_queries: Callable
) -> None:
    url = course_page(cohort.course.key).url
    browser = as_person(learner)
    assert "Groups you can join" not in browser.get(url).content.decode()
    Cohort.objects.update(takes_requests=True)
    shelf.forget()  # A minute goes by.
    page = browser.get(url).content.decode()
    assert of("ask", cohort) in page
    assert "Ask for a place" in browser.get(of("ask", cohort)).content.decode()
    browser.post(of("ask", cohort), {"words": "Please"})
    assert CohortMember.objects.get().words == "Please"
    assert "Your request is with the trainers." in browser.get(url).content.decode()
    assert browser.get(of("leave", cohort)).status_code == 200
    browser.post(of("leave", cohort))
    assert CohortMember.objects.get().state == "removed"


def test_learner_of_a_closed_cohort_is_shown_the_next_one(cohort: Cohort, as_person: AsPerson, learner: User) -> None:
    make_member(cohort, learner)
    following = CohortFactory(course=cohort.course, title="Autumn", takes_requests=True)
    browser, url = as_person(learner), course_page(cohort.course.key).url
    assert of("ask", following) not in browser.get(url).content.decode()
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=timezone.now())
    assert of("ask", following) in browser.get(url).content.decode()
