from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from elearn.people.models import User

AsPerson = Callable[[User | None], Client]


def test_account_menu_leads_to_the_profile(learner: User, as_person: AsPerson) -> None:
    assert f'href="{reverse("people:profile")}"' in as_person(learner).get(reverse("desk")).content.decode()
    assert f'href="{reverse("people:profile")}"' not in as_person(None).get("/en/").content.decode()


@pytest.mark.parametrize(
    ("who", "led_to"),
    [
        ("learner", set()),
        ("trainer", set()),
        ("focal_point", {"directory:members"}),
        ("manager", {"directory:members", "directory:roles"}),
    ],
)
def test_profile_leads_to_the_people_one_looks_after(
    request: pytest.FixtureRequest, as_person: AsPerson, who: str, led_to: set[str]
) -> None:
    page = as_person(request.getfixturevalue(who)).get(reverse("people:profile")).content.decode()
    assert {name for name in ("directory:members", "directory:roles") if reverse(name) in page} == led_to
