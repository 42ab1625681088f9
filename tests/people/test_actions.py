"""Actions, and institutions that are part of others."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from elearn.core.models import AuditEvent
from elearn.people.domain.actions import ActionFacts, ActionRefused, add_action, change_action, search
from elearn.people.domain.institutions import ParentRefused, change_institution
from elearn.people.domain.roles import grant_role
from elearn.people.enums import InstitutionKind, InstitutionState, Role, Theme
from elearn.people.models import Action, Institution, User
from tests.factories.people import ActionFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]
LIST, ADD = "/en/people/actions/", "/en/people/actions/add/"


def manager_of(action: Action) -> User:
    person = UserFactory()
    grant_role(person=person, role=Role.MANAGER, granted_by=None, action=action)
    return person


def test_action_is_added_and_changed_with_a_trail(manager: User) -> None:
    first, second = InstitutionFactory(), InstitutionFactory()
    facts = ActionFacts("MPF-1", " Return  and you ", ("migration", "borders"), ("KE", "CV"), (first,))
    action = add_action(facts=facts, by=manager)
    assert (action.code, action.title) == ("MPF-1", "Return and you")
    assert (action.themes, action.countries) == (["borders", "migration"], ["CV", "KE"])
    for _twice in range(2):
        change_action(action=action, facts=ActionFacts("MPF-1", "Other", institutions=(first, second)), by=manager)
    assert (action.title, action.themes, set(action.institutions.all())) == ("Other", [], {first, second})
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "people.action_added",
        "people.action_changed",
    ]


@pytest.mark.parametrize(
    ("facts", "words", "field"),
    [
        (ActionFacts(" ", "T"), "Give the Action a code", "code"),
        (ActionFacts("C" * 31, "T"), "Give the Action a code", "code"),
        (ActionFacts("C", " "), "Give the Action a title", "title"),
        (ActionFacts("known-1", "T"), "Another Action has this code", "code"),
        (ActionFacts("C", "T", themes=("fishing",)), "This theme is not known", "themes"),
        (ActionFacts("C", "T", countries=("ZZ",)), "This country is not known", "countries"),
        (ActionFacts("C", "T", ends_on=datetime.date(2027, 1, 1)), "Say also when", "starts_on"),
        (
            ActionFacts("C", "T", starts_on=datetime.date(2027, 1, 2), ends_on=datetime.date(2027, 1, 1)),
            "The last day cannot lie before",
            "ends_on",
        ),
    ],
)
def test_wrong_facts_are_refused(manager: User, facts: ActionFacts, words: str, field: str) -> None:
    ActionFactory(code="KNOWN-1")
    with pytest.raises(ActionRefused, match=words) as refused:
        add_action(facts=facts, by=manager)
    assert (refused.value.field, Action.objects.count()) == (field, 1)


def test_action_names_known_institutions_alone(manager: User) -> None:
    proposed = InstitutionFactory(state=InstitutionState.PROPOSED)
    with pytest.raises(ActionRefused, match="Only known institutions"):
        add_action(facts=ActionFacts("C", "T", institutions=(proposed,)), by=manager)


def test_manager_of_an_action_cannot_widen_whose_people_they_see() -> None:
    action, own, other = ActionFactory(), InstitutionFactory(), InstitutionFactory()
    action.institutions.add(own)
    manager = manager_of(action)
    with pytest.raises(ActionRefused, match=r"the programme.s managers add them") as refused:
        change_action(action=action, facts=ActionFacts("C", "T", institutions=(own, other)), by=manager)
    assert refused.value.field == "institutions"
    change_action(action=action, facts=ActionFacts("C", "New", institutions=(own,)), by=manager)
    assert (action.title, list(action.institutions.all())) == ("New", [own])


def test_search_takes_words_of_code_and_title_in_any_order() -> None:
    wanted = ActionFactory(code="MPF-7", title="Integração e regresso")
    ActionFactory(code="MPF-8", title="Regresso")
    assert list(search(Action.objects.all(), "integracao mpf")) == [wanted]


# --- Screens -----------------------------------------------------------------------------------------------------


def posted(**other: Any) -> dict[str, Any]:
    return {"code": "MPF-1", "title": "Return", "themes": ["migration"], "countries": "Kenya\ncv"} | other


def test_manager_adds_finds_and_changes_an_action(manager: User, as_person: AsPerson) -> None:
    academy = InstitutionFactory(name="Border Academy")
    client = as_person(manager)
    assert "No Action here." in client.get(LIST).content.decode()
    answer = client.post(ADD, posted(institutions="border academy"))
    action = Action.objects.get()
    url = reverse("directory:action", args=[action.public_id])
    assert answer.headers["Location"] == url
    assert (action.countries, list(action.institutions.all())) == (["CV", "KE"], [academy])
    page = client.get(url).content.decode()
    assert "Border Academy (Portugal)" in page
    assert "Cape Verde\nKenya" in page
    assert client.post(url, posted(title="Other")).status_code == 302
    assert client.post(ADD, posted(code="mpf-1")).status_code == 422
    wrong = client.post(ADD, posted(code="MPF-2", countries="Atlantis", institutions="nobody"))
    text = wrong.content.decode()
    assert (wrong.status_code, "No country is called “Atlantis”." in text) == (422, True)
    assert "No known institution is called “nobody”." in text
    for query, found in (("theme=migration", True), ("theme=health", False), ("q=other", True), ("q=nothing", False)):
        assert ("MPF-1" in client.get(f"{LIST}?{query}").content.decode()) is found


def test_manager_of_an_action_changes_theirs_alone(as_person: AsPerson) -> None:
    own, other = ActionFactory(title="Own one"), ActionFactory(title="Other one")
    client = as_person(manager_of(own))
    text = client.get(LIST).content.decode()
    assert ("Own one" in text, "Other one" in text, ADD in text) == (True, False, False)
    assert client.get(ADD).status_code == 403
    assert client.get(reverse("directory:action", args=[other.public_id])).status_code == 404
    assert client.post(reverse("directory:action", args=[own.public_id]), posted()).status_code == 302
    assert Action.objects.get(pk=own.pk).title == "Return"


def test_stranger_finds_no_action(stranger: User, as_person: AsPerson) -> None:
    action, client = ActionFactory(), as_person(stranger)
    addresses = (LIST, ADD, reverse("directory:action", args=[action.public_id]))
    assert [client.get(url).status_code for url in addresses] == [403, 403, 404]


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_takes_as_many_queries_however_many(
    manager: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    for _number in range(how_many):
        ActionFactory(themes=[Theme.BORDERS], countries=["KE"])
    client = as_person(manager)
    client.get(LIST)
    with django_assert_num_queries(5):
        assert client.get(LIST).content.decode().count("Borders · Kenya") == how_many


# --- Parents -----------------------------------------------------------------------------------------------------


def put_under(row: Institution, parent: Institution | None, by: User) -> None:
    change_institution(
        institution=row, name=row.name, kind=InstitutionKind.MINISTRY, country="PT", domains=[], parent=parent, by=by
    )


def test_institution_is_part_of_another_and_never_of_itself(manager: User) -> None:
    ministry, service, post = InstitutionFactory(), InstitutionFactory(), InstitutionFactory()
    put_under(service, ministry, manager)
    put_under(post, service, manager)
    for row in (ministry, service, post):
        with pytest.raises(ParentRefused, match="cannot be part of itself"):
            put_under(ministry, row, manager)
    with pytest.raises(ParentRefused, match="is part of a known one"):
        put_under(post, InstitutionFactory(state=InstitutionState.PROPOSED), manager)
    put_under(service, None, manager)
    put_under(ministry, post, manager)
    assert list(Institution.objects.values_list("name", "parent__name").order_by("name"))[:3] == [
        (ministry.name, post.name),
        (service.name, None),
        (post.name, service.name),
    ]


def test_screen_shows_what_an_institution_is_part_of_and_its_parts(manager: User, as_person: AsPerson) -> None:
    ministry, service = InstitutionFactory(name="Ministry"), InstitutionFactory(name="Service")
    client = as_person(manager)
    facts = {"name": "Service", "kind": "other", "country": "PT", "domains": "", "parent": "ministry"}
    url = reverse("directory:institution", args=[service.public_id])
    assert client.post(url, facts).status_code == 302
    assert "Part of: <bdi>Ministry</bdi>" in client.get(url).content.decode()
    above = client.get(reverse("directory:institution", args=[ministry.public_id])).content.decode()
    assert f'<a href="{url}"><bdi>Service</bdi></a>' in above
    wrong = client.post(
        reverse("directory:institution", args=[ministry.public_id]), facts | {"name": "Ministry", "parent": "service"}
    )
    assert (wrong.status_code, "cannot be part of itself" in wrong.content.decode()) == (422, True)
