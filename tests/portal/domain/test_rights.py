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
WRITERS = ["author", "editor", "manager"]


@pytest.fixture
def catalogue(db: None) -> CataloguePage:
    return CataloguePage.objects.get()


@pytest.mark.parametrize("who", WRITERS)
def test_writer_opens_the_page_editor(
    as_person: AsPerson, request: pytest.FixtureRequest, who: str, catalogue: CataloguePage
) -> None:
    client = as_person(request.getfixturevalue(who))
    editors = [f"/cms/pages/{catalogue.pk}/edit/", f"/cms/pages/add/courses/coursepage/{catalogue.pk}/"]
    for address in ["/cms/", *editors, *FILES]:
        assert (address, client.get(address).status_code) == (address, 200)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("author", {"add", "edit"}),
        ("reviewer", set()),
        ("editor", {"add", "edit", "publish"}),
        ("manager", {"add", "edit", "publish"}),
    ],
)
def test_rights_on_pages_below_home_follow_the_role(
    request: pytest.FixtureRequest, who: str, may: set[str], catalogue: CataloguePage
) -> None:
    def rights(page: Page) -> set[str]:
        of = page.permissions_for_user(request.getfixturevalue(who))
        held = {"add": of.can_add_subpage(), "edit": of.can_edit(), "publish": of.can_publish()}
        return {verb for verb, has in held.items() if has}

    assert rights(catalogue) == may
    assert rights(Page.get_first_root_node()) == set()


def test_reviewer_enters_and_writes_nothing(as_person: AsPerson, reviewer: User, catalogue: CataloguePage) -> None:
    client = as_person(reviewer)
    assert [client.get(address).status_code for address in ("/cms/", f"/cms/pages/{catalogue.pk}/")] == [200, 200]
    for address in [f"/cms/pages/{catalogue.pk}/edit/", f"/cms/pages/add/courses/coursepage/{catalogue.pk}/", *FILES]:
        assert (address, client.get(address).status_code) == (address, 302)


@pytest.mark.parametrize("who", ["stranger", "learner", "trainer", "focal_point"])
def test_others_are_sent_away_from_the_cms(
    as_person: AsPerson, request: pytest.FixtureRequest, who: str, catalogue: CataloguePage
) -> None:
    client = as_person(request.getfixturevalue(who))
    for address in ["/cms/", f"/cms/pages/{catalogue.pk}/edit/", *FILES]:
        response = client.get(address)
        assert (response.status_code, response.url.startswith("/accounts/login/")) == (302, True)


def test_right_that_was_taken_away_stays_away(db: None) -> None:
    editors = Group.objects.get(name="Course editors")
    editors.page_permissions.filter(permission__codename="publish_page").delete()
    editors.permissions.filter(codename="add_question").delete()
    ensure_cms_rights()
    assert not editors.page_permissions.filter(permission__codename="publish_page").exists()
    assert not editors.permissions.filter(codename="add_question").exists()


def test_new_home_page_gets_the_rights_and_the_review(db: None) -> None:
    french = Locale.objects.create(language_code="fr")
    home = HomePage(title="Accueil", slug="accueil", locale=french, headline="Apprendre", introduction="Cours")
    Page.get_first_root_node().add_child(instance=home)
    ensure_cms_rights()
    codenames = (
        Group.objects.get(name="Authors")
        .page_permissions.filter(page=home)
        .values_list("permission__codename", flat=True)
    )
    assert sorted(codenames) == ["add_page", "change_page", "lock_page"]
    assert home.get_workflow().name == "Review and publish"
