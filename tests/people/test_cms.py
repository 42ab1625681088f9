"""/cms/ is for courses: no screen of it adds, changes, groups or switches off people."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from elearn.people.models import User

AsPerson = Callable[[User | None], Client]
CLOSED = ["users/", "users/new/", "users/results/", "groups/", "groups/new/", "groups/1/", "groups/edit/1/"]


@pytest.mark.parametrize("path", CLOSED)
def test_screens_of_people_and_groups_are_closed(admin: User, as_person: AsPerson, path: str) -> None:
    client = as_person(admin)
    for response in (client.get(f"/cms/{path}", follow=True), client.post(f"/cms/{path}", {}, follow=True)):
        assert response.redirect_chain == [("/cms/", 302)]
        assert "Accounts are not managed here" in response.content.decode()


@pytest.mark.parametrize("act", ["delete", "assign_role", "set_active_state"])
def test_no_act_on_many_people_is_done_in_the_cms(admin: User, learner: User, as_person: AsPerson, act: str) -> None:
    client = as_person(admin)
    group = Group.objects.get_or_create(name="Authors")[0]
    address = f"{reverse('wagtail_bulk_action', args=['people', 'user', act])}?id={learner.pk}"
    assert client.get(address).status_code == 302
    client.post(address, {"role": group.pk, "mark_as_active": ""})
    learner.refresh_from_db()
    assert (learner.is_active, learner.groups.count()) == (True, 0)


def test_settings_of_the_cms_name_neither_users_nor_groups(admin: User, as_person: AsPerson) -> None:
    page = as_person(admin).get("/cms/").content.decode()
    assert "/cms/users/" not in page
    assert "/cms/groups/" not in page
