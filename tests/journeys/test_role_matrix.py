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

PAGES = """
# For everybody
==== ===== == ======= ====   /
++++ +++++ ++ +++++++ ++++   /healthz
++++ +++++ ++ +++++++ ++++   /readyz
---- ----- -- ------- ----   /metrics
++++ +++++ ++ +++++++ ++++   /verify/
++++ +++++ ++ +++++++ ++++   /verify/{north.certificate.serial}/
++++ +++++ ++ +++++++ ++++   /verify/{south.certificate.serial}/
++++ +++++ ++ +++++++ ++++   /privacy/
++++ +++++ ++ +++++++ ++++   /privacy/1/
++++ +++++ ++ +++++++ ++++   {north.picture.file.url}
---- ----- -- ------- ----   /media/{north.handout.file.name}
++++ +++++ ++ +++++++ ++++   /en/
++++ +++++ ++ +++++++ ++++   /en/courses/
++++ +++++ ++ +++++++ ++++   {north.page.url}
++++ +++++ ++ +++++++ ++++   {north.module.url}
>--- ----- -- ------- ----   /_util/login/
>--- ----- -- ------- ----   /en/_util/login/
---- ----- -- ------- ----   /en/_util/authenticate_with_password/1/{north.page.pk}/
---- ----- -- ------- ----   /en/_util/authenticate_with_password/2/{south.page.pk}/

# One's own account
>=== ===== == ======= ====   /privacy/accept/
>+++ +++++ ++ +++++++ ++++   /accounts/profile/
>+++ +++++ ++ +++++++ ++++   /accounts/profile/posts/add/
>+++ +++++ ++ +++++++ ++++   /accounts/profile/posts/add/{north.institution.public_id}/
>--- ----- -- ------- ----   /accounts/profile/posts/add/{world.proposal.public_id}/
>+++ +++++ ++ +++++++ ++++   /accounts/profile/posts/propose/
>--+ ----- -- ------- ----   /accounts/profile/posts/{north.membership.public_id}/end/
>--- ----- -- ------- ----   /accounts/profile/posts/{south.membership.public_id}/end/
>+++ +++++ ++ +++++++ ++++   /accounts/seen/
>+++ +++++ ++ +++++++ ++++   /accounts/privacy/
==== ===== == ======= ====   /accounts/privacy/export/
>--+ ----- -- ------- ----   /accounts/privacy/export/{north.export.public_id}/
>--- ----- -- ------- ----   /accounts/privacy/export/{south.export.public_id}/
==== ===== == ======= ====   /accounts/privacy/erase/
==== ===== == ======= ====   /accounts/privacy/keep/
>+++ +++++ ++ +++++++ ++++   /accounts/email/
>+++ +++++ ++ +++++++ ++++   /accounts/2fa/
>+++ +++++ ++ +++++++ ++++   /accounts/sessions/
---- ----- -- ------- ----   /accounts/institution/unknown/login/
>--- ----- -- ------- ----   /accounts/2fa/webauthn/keys/{south.passkey.pk}/remove/
>--- ----- -- ------- ----   /accounts/2fa/webauthn/keys/{south.passkey.pk}/edit/

# Other people
>--- ----- ++ ------- ++++   /en/people/members/
>--- ----- ++ ------- ++++   /en/people/members/?q=clara
>--- ----- ++ ------- ++++   /en/people/members/?institution={north.institution.public_id}
>--- ----- ++ ------- ++++   /en/people/members/?institution={south.institution.public_id}
>--- ----- +- ------- ++-+   /en/people/members/{north.membership.public_id}/
>--- ----- -+ ------- +-++   /en/people/members/{south.membership.public_id}/
>--- ----- +- ------- ++-+   /en/people/members/{north.claim.public_id}/
>--- ----- -+ ------- +-++   /en/people/members/{south.claim.public_id}/
>--- ----- +- ------- ++-+   /en/people/{north.person.public_id}/
>--- ----- -+ ------- +-++   /en/people/{south.person.public_id}/
# A claim opens no record.
>--- ----- -- ------- +--+   /en/people/{north.claim.person.public_id}/
>--- ----- -- ------- +--+   /en/people/{south.claim.person.public_id}/
>--- ----- -- ------- ++-+   /en/people/{north.person.public_id}/trail/
>--- ----- -- ------- +-++   /en/people/{south.person.public_id}/trail/
==== ===== == ======= ====   /en/people/{north.person.public_id}/account/
==== ===== == ======= ====   /en/people/{south.person.public_id}/account/
>--- ----- -- ------- ++++   /en/people/roles/
>--- ----- -- ------- ++++   /en/people/roles/?q=fay
>--- ----- -- ------- ++++   /en/people/roles/grant/
==== ===== == ======= ====   /en/people/roles/{north.focal_grant.public_id}/end/
==== ===== == ======= ====   /en/people/roles/{south.focal_grant.public_id}/end/
>--- ----- -- ------- +--+   /en/people/institutions/
>--- ----- -- ------- +--+   /en/people/institutions/add/
>--- ----- +- ------- ++-+   /en/people/institutions/{north.institution.public_id}/
>--- ----- -+ ------- +-++   /en/people/institutions/{south.institution.public_id}/
>--- ----- -- ------- +--+   /en/people/institutions/{world.proposal.public_id}/
==== ===== == ======= ====   /en/people/institutions/{world.proposal.public_id}/decide/
==== ===== == ======= ====   /en/people/institutions/{north.institution.public_id}/decide/
>--- ----- -- ------- +--+   /privacy/publish/

# Learning
>+++ +++++ ++ +++++++ ++++   /en/desk/
>+++ +++++ ++ +++++++ ++++   /en/notes/
==== ===== == ======= ====   /en/learn/{north.course.key}/enrol/
==== ===== == ======= ====   /en/learn/{south.course.key}/enrol/
>--+ ----- -- ------- ----   /en/learn/{north.newer.key}/move-up/
>--- ----- -- ------- ----   /en/learn/{south.newer.key}/move-up/
>--+ ----- -- ------- ----   /en/learn/{north.course.key}/notes/
>--- ----- -- ------- ----   /en/learn/{south.course.key}/notes/
>--+ ----- -- ------- ----   /en/learn/{north.course.key}/notes/download/
>--- ----- -- ------- ----   /en/learn/{south.course.key}/notes/download/
>==+ ++=== == ++=+=++ +==+   /en/learn/{north.course.key}/glossary/
>=== +=+== == +=++++= +==+   /en/learn/{south.course.key}/glossary/
>==+ ++=== == ++=+=++ +==+   {north.lesson.url}
>=== +=+== == +=++++= +==+   {south.lesson.url}
>==+ ++=== == ++=+=++ +==+   {north.quiz.url}
>=== +=+== == +=++++= +==+   {south.quiz.url}
---- ----- -- ------- ----   {north.module.url}draft/
>--+ ++--- -- ++-+-++ +--+   /en/learn/units/{north.lesson.translation_key}/files/{north.handout.pk}/
>--- +-+-- -- +-++++- +--+   /en/learn/units/{south.lesson.translation_key}/files/{south.handout.pk}/
>--- ----- -- ------- ----   /en/learn/units/{north.lesson.translation_key}/files/{south.handout.pk}/
==== ===== == ======= ====   /en/learn/units/{north.lesson.translation_key}/complete/
==== ===== == ======= ====   /en/learn/units/{south.lesson.translation_key}/complete/
==== ===== == ======= ====   /en/learn/units/{north.lesson.translation_key}/notes/r1/
==== ===== == ======= ====   /en/learn/units/{south.lesson.translation_key}/notes/r1/

# Quizzes and certificates: the learner's own, and nobody else's whatever their role
==== ===== == ======= ====   /en/quizzes/{north.second_quiz.translation_key}/start/
==== ===== == ======= ====   /en/quizzes/{south.second_quiz.translation_key}/start/
>--+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/
>--- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/
==== ===== == ======= ====   /en/attempts/{north.attempt.public_id}/answers/{north.question[key]}/
==== ===== == ======= ====   /en/attempts/{south.attempt.public_id}/answers/{south.question[key]}/
>--+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/submit/
>--- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/submit/
>--+ ----- -- ------- ----   /en/attempts/{north.submitted.public_id}/result/
>--- ----- -- ------- ----   /en/attempts/{south.submitted.public_id}/result/
>--+ ----- -- ------- ----   /en/certificates/{north.certificate.serial}/
>--- ----- -- ------- ----   /en/certificates/{south.certificate.serial}/
>--+ ----- -- ------- ----   /en/certificates/{north.certificate.serial}/download/
>--- ----- -- ------- ----   /en/certificates/{south.certificate.serial}/download/
"""

# What a valid form does: + something is written, - nothing at all.
ACTS = """
# There is none to accept that they have not.
---- ----- -- ------- ----   /privacy/accept/  version=1
---- ----- -- ------- +--+   /privacy/publish/  publish=1&text_en=New&changes_en=All
-+++ +++++ ++ +++++++ ++++   /accounts/profile/  printed_name=Another&language=en
# The focal point of South works there already.
-+++ +++++ +- +++++++ ++++   /accounts/profile/posts/add/{south.institution.public_id}/  post=X&starts_on={today}
---- ----- -- ------- ----   /accounts/profile/posts/add/{world.proposal.public_id}/  post=X&starts_on={today}
-+++ +++++ ++ +++++++ ++++   /accounts/profile/posts/propose/  name=New&kind=other&country=PT&starts_on={today}
---+ ----- -- ------- ----   /accounts/profile/posts/{north.membership.public_id}/end/  on={today}
---- ----- -- ------- ----   /accounts/profile/posts/{south.membership.public_id}/end/  on={today}
-+++ +++++ ++ +++++++ ++++   /accounts/privacy/export/
# Whoever holds a role is not erased.
-+++ ----- -- ------- ----   /accounts/privacy/erase/  understood=on
# Only the learner of South has asked for it, who is not here.
---- ----- -- ------- ----   /accounts/privacy/keep/

---- ----- +- ------- ++-+   /en/people/members/{north.claim.public_id}/  decision=confirm&seen=claimed
---- ----- -+ ------- +-++   /en/people/members/{south.claim.public_id}/  decision=confirm&seen=claimed
---- ----- +- ------- ++-+   /en/people/members/{north.claim.public_id}/  decision=refuse&seen=claimed&reason=No
---- ----- +- ------- ++-+   /en/people/members/{north.membership.public_id}/  decision=end&seen=confirmed&on={today}
---- ----- -+ ------- +-++   /en/people/members/{south.membership.public_id}/  decision=end&seen=confirmed&on={today}
---- ----- -- ------- +--+   /en/people/{north.person.public_id}/account/  reason=Out
---- ----- -- ------- +--+   /en/people/{south.person.public_id}/account/  reason=Out
# Neither one's own account nor, by anybody else, an administrator's.
---- ----- -- ------- ---+   /en/people/{world.cast[manager].public_id}/account/  reason=Out
---- ----- -- ------- ----   /en/people/{world.cast[administrator].public_id}/account/  reason=Out
---- ----- -- ------- +--+   /en/people/roles/grant/?role=trainer:platform  {to_north}
---- ----- -- ------- +--+   /en/people/roles/grant/?role=manager:platform  {to_north}
---- ----- -- ------- +--+   /en/people/roles/grant/?role=author:course  key={north.course.key}&{to_north}
---- ----- -- ------- ++-+   /en/people/roles/grant/?role=manager:action  key={north.action.pk}&{to_north}
---- ----- -- ------- +-++   /en/people/roles/grant/?role=manager:action  key={south.action.pk}&{to_south}
---- ----- -- ------- ++-+   /en/people/roles/grant/?role=focal_point:institution  {at_north}&{to_north}
---- ----- -- ------- +-++   /en/people/roles/grant/?role=focal_point:institution  {at_south}&{to_south}
# A manager of one Action gives roles within it, and to its people alone.
---- ----- -- ------- +--+   /en/people/roles/grant/?role=focal_point:institution  {at_south}&{to_north}
---- ----- -- ------- ++-+   /en/people/roles/{north.focal_grant.public_id}/end/
---- ----- -- ------- +-++   /en/people/roles/{south.focal_grant.public_id}/end/
---- ----- -- ------- +--+   /en/people/roles/{world.trainer_grant.public_id}/end/
---- ----- -- ------- +--+   /en/people/institutions/add/  name=New&kind=other&country=PT
---- ----- -- ------- +--+   /en/people/institutions/{north.institution.public_id}/  name=New&kind=other&country=PT
---- ----- -- ------- +--+   /en/people/institutions/{south.institution.public_id}/  name=New&kind=other&country=PT
---- ----- -- ------- +--+   /en/people/institutions/{world.proposal.public_id}/decide/  decision=accept
---- ----- -- ------- +--+   /en/people/institutions/{world.proposal.public_id}/decide/  decision=decline

# Everybody may enrol; the learner of North has.
-++- +++++ ++ +++++++ ++++   /en/learn/{north.course.key}/enrol/
-+++ +++++ ++ +++++++ ++++   /en/learn/{south.course.key}/enrol/
---+ ----- -- ------- ----   /en/learn/{north.newer.key}/move-up/  edition={north.newer.current_edition.pk}
---- ----- -- ------- ----   /en/learn/{south.newer.key}/move-up/  edition={south.newer.current_edition.pk}
---+ ----- -- ------- ----   /en/learn/units/{north.lesson.translation_key}/complete/
---- ----- -- ------- ----   /en/learn/units/{south.lesson.translation_key}/complete/
---+ ----- -- ------- ----   /en/learn/units/{north.lesson.translation_key}/notes/r1/  text=Changed
---- ----- -- ------- ----   /en/learn/units/{south.lesson.translation_key}/notes/r1/  text=Changed
---+ ----- -- ------- ----   /en/quizzes/{north.second_quiz.translation_key}/start/
---- ----- -- ------- ----   /en/quizzes/{south.second_quiz.translation_key}/start/
---+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/  {answer_north}
---- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/  {answer_south}
---+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/answers/{north.question[key]}/  {answer_north}
---- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/answers/{south.question[key]}/  {answer_south}
---+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/submit/
---- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/submit/
"""

# On whose screens names, addresses, notes and the like of North's and South's people may stand.
SEEN_BY = {
    NORTH: {"learner", "focal point of North", "manager", "manager for North", "administrator"},
    SOUTH: {"focal point of South", "manager", "manager for South", "administrator"},
}
# What shows other people, and so is opened with a second step alone.
BEHIND_THE_SECOND_STEP = ("/en/people/", "/privacy/publish/")
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
    wrong += [f"{address} shows {mark}" for mark, address in shown if who not in SEEN_BY[mark]]
    assert wrong == [], "\n".join(wrong)
    assert {mark for mark, _address in shown} == {mark for mark, people in SEEN_BY.items() if who in people}


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
