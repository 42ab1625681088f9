from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Locale, Page

from courses.models import CataloguePage
from elearn.people.models import User
from elearn.portal.domain.rights import ensure_cms_rights
from elearn.portal.models import HomePage

AsPerson = Callable[[User | None], Client]
FILES = ["/cms/images/", "/cms/images/add/", "/cms/documents/", "/cms/documents/add/"]
EDITORS = ["author", "manager"]


@pytest.fixture
def catalogue(db: None) -> CataloguePage:
    return CataloguePage.objects.get()


@pytest.mark.parametrize("who", EDITORS)
def test_editor_opens_the_page_editor(
    as_person: AsPerson, request: pytest.FixtureRequest, who: str, catalogue: CataloguePage
) -> None:
    client = as_person(request.getfixturevalue(who))
    editors = [f"/cms/pages/{catalogue.pk}/edit/", f"/cms/pages/add/courses/coursepage/{catalogue.pk}/"]
    for address in ["/cms/", *editors, *FILES]:
        assert (address, client.get(address).status_code) == (address, 200)


@pytest.mark.parametrize("who", EDITORS)
def test_editor_may_add_change_and_publish_below_home(
    request: pytest.FixtureRequest, who: str, catalogue: CataloguePage
) -> None:
    rights = catalogue.permissions_for_user(request.getfixturevalue(who))
    assert (rights.can_add_subpage(), rights.can_edit(), rights.can_publish()) == (True, True, True)
    root = Page.get_first_root_node().permissions_for_user(request.getfixturevalue(who))
    assert (root.can_add_subpage(), root.can_edit()) == (False, False)


@pytest.mark.parametrize("who", ["stranger", "learner", "trainer", "focal_point"])
def test_others_are_sent_away_from_the_cms(
    as_person: AsPerson, request: pytest.FixtureRequest, who: str, catalogue: CataloguePage
) -> None:
    client = as_person(request.getfixturevalue(who))
    for address in ["/cms/", f"/cms/pages/{catalogue.pk}/edit/", *FILES]:
        response = client.get(address)
        assert (response.status_code, response.url.startswith("/accounts/login/")) == (302, True)


def test_right_that_was_taken_away_stays_away(db: None) -> None:
    authors = Group.objects.get(name="Authors")
    authors.page_permissions.filter(permission__codename="publish_page").delete()
    authors.permissions.filter(codename="add_question").delete()
    ensure_cms_rights()
    assert not authors.page_permissions.filter(permission__codename="publish_page").exists()


def test_new_home_page_gets_the_rights(db: None) -> None:
    french = Locale.objects.create(language_code="fr")
    home = HomePage(title="Accueil", slug="accueil", locale=french, headline="Apprendre", introduction="Cours")
    Page.get_first_root_node().add_child(instance=home)
    ensure_cms_rights()
    codenames = (
        Group.objects.get(name="Authors")
        .page_permissions.filter(page=home)
        .values_list("permission__codename", flat=True)
    )
    assert sorted(codenames) == ["add_page", "change_page", "lock_page", "publish_page", "unlock_page"]
