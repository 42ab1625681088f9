"""/cms/ shows who there is; it makes no accounts, deletes none and takes no password."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Enrolment
from elearn.people.models import User

AsPerson = Callable[[User | None], Client]


def test_person_with_records_is_not_deleted_in_the_cms(enrolment: Enrolment, admin: User, as_person: AsPerson) -> None:
    client = as_person(admin)
    person = enrolment.person
    bulk = reverse("wagtail_bulk_action", args=["people", "user", "delete"])
    for url in (reverse("wagtailusers_users:delete", args=[person.pk]), f"{bulk}?id={person.pk}"):
        response = client.post(url, follow=True)
        assert response.status_code == 200
        assert "Nothing was changed. Accounts are not managed here" in response.content.decode()
    assert User.objects.filter(pk=person.pk).exists()


def test_nobody_is_added_in_the_cms(admin: User, as_person: AsPerson) -> None:
    client = as_person(admin)
    form = {"email": "new@example.org", "first_name": "N", "last_name": "N"}
    form |= {"password1": "correct horse battery", "password2": "correct horse battery"}
    for response in (
        client.get(reverse("wagtailusers_users:add"), follow=True),
        client.post(reverse("wagtailusers_users:add"), form, follow=True),
    ):
        assert response.status_code == 200
        assert "Accounts are not managed here" in response.content.decode()
    assert list(User.objects.all()) == [admin]


def test_password_is_not_set_in_the_cms(admin: User, learner: User, as_person: AsPerson) -> None:
    client = as_person(admin)
    before = learner.password
    form = {"email": learner.email, "first_name": "L", "last_name": "L", "is_active": "on"}
    form |= {"password1": "another horse battery", "password2": "another horse battery"}
    url = reverse("wagtailusers_users:edit", args=[learner.pk])
    assert 'type="password"' not in client.get(url, follow=True).content.decode()
    client.post(url, form)
    learner.refresh_from_db()
    assert learner.password == before


@pytest.mark.parametrize(
    "path", ["login/", "password_reset/", "password_reset/confirm/MQ/set-password/", "account/", "users/", "users/new/"]
)
def test_no_page_of_the_cms_takes_a_password(admin: User, as_person: AsPerson, path: str) -> None:
    response = as_person(admin).get(f"/cms/{path}")
    assert response.status_code in (200, 302, 404)
    assert 'type="password"' not in response.content.decode()
