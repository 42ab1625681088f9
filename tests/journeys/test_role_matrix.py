"""Who opens and who does what on the site: every address, every role, what is one's own and what is another's.

The tables say by hand what docs/people.md promises; nothing in them comes from the code that decides. Each line has a
mark for nobody, the stranger, a manager whose role has ended, the learner of North in course A | the trainer, those of
A, of B, of a cohort of A, the assessor | the focal points of North, of South | the author, those of A, of B, the
reviewer, that of B, the editor, that of A | the manager, those of an Action with North, with South, the administrator.

    +  opens    >  is led to the login
    -  is refused, or told that there is no such page, or led to the login although logged in
    =  is led to another page of the site, with a word or because the address only takes forms
"""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import resolve

from tests.factories.role_world import NORTH, SOUTH, World, make_world
from tests.journeys import role_pages, role_pages_of_cohorts
from tests.journeys.role_tables import (
    EVERYBODY,
    OPENS,
    SECOND_STEP,
    SOME_WITH_A_ROLE,
    browser_of,
    every_route,
    read_table,
    tables_written,
    text_of,
    verdict,
    visit,
)

pytestmark = pytest.mark.django_db

PAGES = role_pages.PAGES + role_pages_of_cohorts.PAGES
ACTS = role_pages.ACTS + role_pages_of_cohorts.ACTS

# On whose screens names, addresses, notes and the like of North's and South's people may stand.
SEEN_BY = {
    NORTH: {
        *("learner", "focal point of North", "manager", "manager for North", "administrator"),
        *("trainer", "trainer of A", "author", "author of A", "reviewer", "editor", "editor of A"),
    },
    SOUTH: {
        *("focal point of South", "manager", "manager for South", "administrator"),
        *("trainer", "trainer of B", "author", "author of B", "reviewer", "reviewer of B", "editor"),
    },
}
# Who marks what somebody has written reads their name there, and nowhere else.
WORK_SEEN_BY = {NORTH: {"trainer", "trainer of A", "assessor"}, SOUTH: {"trainer", "trainer of B", "assessor"}}
# What shows other people, and so is opened with a second step alone.
BEHIND_THE_SECOND_STEP = (
    *("/en/people/", "/en/survey-results/", "/en/marking/", "/privacy/publish/"),
    *("/en/questions/", "/en/remarks/", "/en/adjustments/", "/en/receipts/", "/en/teach/"),
)
NAMES_SOMETHING = re.compile(r"<\w+:?\w*>")
# What stands here belongs to nobody; and with a passkey of their own, the learner would not log in by password.
NOBODYS = {"privacy/<int:version>/", "accounts/institution/<slug:provider_id>/login/"}
SHADOWED_OR_OF_A_PROVIDER = {f"accounts/institution/(?P<provider_id>[^/]+)/login/{end}" for end in ("", "callback/")}
OWN_IS_TRIED_ELSEWHERE = {f"accounts/2fa/webauthn/keys/<int:pk>/{act}/" for act in ("remove", "edit")}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Made once: each test takes back what it did, and the last of them all of it."""
    (settings.BROKER_DIR / "queue").mkdir(parents=True, exist_ok=True)  # The start command makes it; /readyz asks.
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield make_world()
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", EVERYBODY)
def test_pages_open_for_those_whose_they_are_and_show_nobody_else(world: World, who: str) -> None:
    browser = browser_of(world, who)
    wrong, shown = [], set()
    for line in read_table(PAGES, world):
        response = visit(browser, line.address)
        found = verdict(response, who)
        if found != line.marks[who]:
            wrong.append(f"{line.address} should be {line.marks[who]} and is {found}")
        if found == OPENS and not line.address.startswith("/verify/"):  # Whoever has the paper reads the name.
            text = text_of(response)
            shown |= {(mark, line.address) for mark in SEEN_BY if mark in text or mark.lower() in text}
    marks_it = {(mark, address) for mark, address in shown if who in WORK_SEEN_BY[mark] and "/marking/" in address}
    wrong += [f"{address} shows {mark}" for mark, address in shown - marks_it if who not in SEEN_BY[mark]]
    assert wrong == [], "\n".join(wrong)
    assert {mark for mark, _address in shown} == {mark for mark in SEEN_BY if who in SEEN_BY[mark] | WORK_SEEN_BY[mark]}


@pytest.mark.parametrize("who", EVERYBODY)
def test_forms_do_something_for_those_who_may_and_nothing_for_others(world: World, who: str) -> None:
    browser = browser_of(world, who)
    wrong = []
    for line in read_table(ACTS, world):
        written = tables_written(browser, line)
        if bool(written) != (line.marks[who] == "+"):
            wrong.append(f"{line.address} {line.body} should be {line.marks[who]} and writes {written or 'nothing'}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("who", SOME_WITH_A_ROLE)
def test_nothing_of_other_people_opens_or_changes_without_the_second_step(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECOND_FACTOR_DEMANDED", True)
    browser = browser_of(world, who)
    wrong = []
    for line in read_table(PAGES, world):
        if line.address.startswith(BEHIND_THE_SECOND_STEP) and line.marks[who] != "=":
            found = verdict(visit(browser, line.address), who)
            wrong += [f"{line.address} is {found}"] if found != SECOND_STEP else []
    for line in read_table(ACTS, world):
        if line.address.startswith(BEHIND_THE_SECOND_STEP):
            written = tables_written(browser, line)
            wrong += [f"{line.address} {line.body} writes {written}"] if written else []
    assert wrong == [], "\n".join(wrong)


# --- Nothing is forgotten ----------------------------------------------------------------------------------------


def routes_tried(world: World, table: str) -> dict[str, set[str]]:
    """The addresses of a table by the pattern that answers them."""
    tried: dict[str, set[str]] = {}
    for line in read_table(table, world):
        route = resolve(line.address.partition("?")[0]).route
        tried.setdefault(route, set()).add(line.address)
    return tried


def test_every_address_of_the_site_is_in_the_table(world: World) -> None:
    """Whoever adds an address says here who opens it. /cms/ has a table of its own.

    allauth's are about the person themselves, but for those that name something.
    """
    site = {pair for pair in every_route() if not pair[0].startswith(("cms/", "^cms/"))}
    ours = {route for route, module in site if not module.startswith(("allauth.", "wagtail.", "django."))}
    ours |= {route for route, module in site if module.startswith("allauth.") and NAMES_SOMETHING.search(route)}
    assert ours - routes_tried(world, PAGES).keys() == SHADOWED_OR_OF_A_PROVIDER


def test_every_address_that_names_something_is_tried_with_somebody_elses(world: World) -> None:
    tried = routes_tried(world, PAGES)
    once = {route for route, addresses in tried.items() if NAMES_SOMETHING.search(route) and len(addresses) < 2}
    assert once - NOBODYS - OWN_IS_TRIED_ELSEWHERE == set()


def test_every_address_that_takes_forms_alone_is_posted_to(world: World) -> None:
    posted = routes_tried(world, ACTS)
    forms = {resolve(line.address).route for line in read_table(PAGES, world) if line.marks["administrator"] == "="}
    assert forms - posted.keys() == {""}  # The bare address leads to the home page.
