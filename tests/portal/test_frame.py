"""What stands around every page, and the home page, for a visitor and for somebody who is logged in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import CataloguePage, Course
from elearn.core import shelf
from elearn.people.models import User

AsPerson = Callable[[User | None], Client]


@pytest.fixture
def home(course: Course, as_person: AsPerson) -> Callable[[User | None], str]:
    return lambda person: as_person(person).get("/en/").content.decode()


def test_visitor_is_led_to_courses_login_and_verification(home: Callable[[User | None], str]) -> None:
    page = home(None)
    for name in ("account_login", "account_signup", "verify:form", "privacy:notice"):
        assert f'href="{reverse(name)}"' in page
    assert 'href="/en/courses/">See all courses</a>' in page
    assert reverse("account_logout") not in page
    assert "Go to my desk" not in page


def test_learner_is_led_to_the_desk_and_finds_the_account(
    home: Callable[[User | None], str], learner: User, stranger: User
) -> None:
    for person in (learner, stranger, learner):
        page = home(person)
        assert f'href="{reverse("desk")}">Go to my desk</a>' in page
        assert f"<bdi>{person.get_short_name()}</bdi>" in page
        assert f'<form method="post" action="{reverse("account_logout")}"><input type="hidden" name="csrf' in page
        assert reverse("account_login") not in page
        assert f'href="{reverse("people:profile")}"' in page


def test_page_where_one_is_is_marked(course: Course, learner: User, as_person: AsPerson) -> None:
    client = as_person(learner)
    marks = {
        "/en/courses/": 'href="/en/courses/" aria-current="page"',
        "/en/desk/": 'href="/en/desk/" aria-current="page"',
        "/en/courses/rescue-at-sea/": 'href="/en/courses/" aria-current="true"',
    }
    for path, mark in marks.items():
        page = client.get(path).content.decode()
        assert [other for other in marks.values() if other in page] == [mark]


@pytest.mark.parametrize("address", ["/", "/en/", "/fr/"])
def test_site_whose_catalogue_was_taken_down_leads_nobody_in_circles(
    course: Course, client: Client, address: str
) -> None:
    CataloguePage.objects.update(live=False)
    shelf.forget()
    assert client.get(address, follow=True).status_code == 200
