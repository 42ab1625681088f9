"""Who opens and who does what in /cms/: representative addresses of each section, for every role.

The groups and marks are those of test_role_matrix. North's course is A, South's is B. That an author of one course
meets nothing of another at any address with a number, and in no list, is tests/courses/test_authors_in_the_cms.py.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction

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
>--- ----- -- +++++++ +--+   /cms/
>--- ----- -- +++++++ +--+   /cms/account/
>--- ----- -- ------- ----   /cms/login/
==== ===== == ======= ====   /cms/password_reset/
---- ----- -- ------- ----   /cms/users/
---- ----- -- ------- ----   /cms/users/edit/{north.person.pk}/
---- ----- -- ------- ----   /cms/groups/
---- ----- -- ------- ----   /cms/groups/edit/1/
---- ----- -- ------- ----   /cms/bulk/people/user/delete/?id={north.person.pk}
---- ----- -- ------- ----   /cms/documents/authenticate_with_password/1/

# Pages
# Whoever was granted one course is led to it.
>--- ----- -- +==+=+= +--+   /cms/pages/{world.catalogue.pk}/
>--- ----- -- ++-+-++ +--+   /cms/pages/{north.module.pk}/
>--- ----- -- +-++++- +--+   /cms/pages/{south.module.pk}/
>--- ----- -- ++---++ +--+   /cms/pages/{north.lesson.pk}/edit/
>--- ----- -- +-+--+- +--+   /cms/pages/{south.lesson.pk}/edit/
>--- ----- -- ++---++ +--+   /cms/pages/add/courses/lessonpage/{north.module.pk}/
>--- ----- -- +-+--+- +--+   /cms/pages/add/courses/lessonpage/{south.module.pk}/
>--- ----- -- ++-+-++ +--+   /cms/choose-page/{north.module.pk}/
>--- ----- -- +-++++- +--+   /cms/choose-page/{south.module.pk}/

# Courses
>--- ----- -- ++---++ +--+   /cms/courses/{north.page.pk}/check/
>--- ----- -- +-+--+- +--+   /cms/courses/{south.page.pk}/check/
>--- ----- -- -----++ +--+   /cms/courses/{north.page.pk}/release/
>--- ----- -- -----+- +--+   /cms/courses/{south.page.pk}/release/
>--- ----- -- -----++ +--+   /cms/courses/{north.page.pk}/archive/
>--- ----- -- -----+- +--+   /cms/courses/{south.page.pk}/archive/
# Whose enrolments change is for the programme to say.
>--- ----- -- ------- +--+   /cms/courses/{north.newer_page.pk}/move-up/
>--- ----- -- ------- +--+   /cms/courses/{south.newer_page.pk}/move-up/

# Questions, words, pictures, files, recordings
>--- ----- -- +++++++ +--+   /cms/snippets/assessments/questionbank/
>--- ----- -- ++---++ +--+   /cms/snippets/assessments/questionbank/edit/{north.quiz.bank.pk}/
>--- ----- -- +-+--+- +--+   /cms/snippets/assessments/questionbank/edit/{south.quiz.bank.pk}/
>--- ----- -- +++++++ +--+   /cms/snippets/assessments/question/
>--- ----- -- ++-+-++ +--+   /cms/snippets/assessments/question/inspect/{north.bank_question}/
>--- ----- -- +-++++- +--+   /cms/snippets/assessments/question/inspect/{south.bank_question}/
>--- ----- -- ------- ---=   /cms/snippets/assessments/question/delete/{north.bank_question}/
>--- ----- -- +++++++ +--+   /cms/snippets/assessments/rubric/
>--- ----- -- ++---++ +--+   /cms/snippets/assessments/rubric/edit/{north.practical.rubric.pk}/
>--- ----- -- +-+--+- +--+   /cms/snippets/assessments/rubric/edit/{south.practical.rubric.pk}/
>--- ----- -- ++-+-++ +--+   /cms/snippets/assessments/question/usage/{north.bank_question}/
>--- ----- -- ++---++ +--+   /cms/snippets/assessments/question/translate/{north.bank_question}/
>--- ----- -- +-+--+- +--+   /cms/snippets/assessments/question/translate/{south.bank_question}/
>--- ----- -- +++--++ +--+   /cms/snippets/assessments/question/import/
>--- ----- -- ++---++ +--+   /cms/snippets/assessments/questionbank/categories/{north.quiz.bank.pk}/
>--- ----- -- +-+--+- +--+   /cms/snippets/assessments/questionbank/categories/{south.quiz.bank.pk}/
>--- ----- -- ++---++ +--+   /cms/bulk/assessments/question/archive/?id={north.bank_question}
>--- ----- -- ++-+-++ +--+   /cms/bulk/assessments/question/export/?id={north.bank_question}
>--- ----- -- +++++++ +--+   /cms/snippets/courses/glossaryterm/
>--- ----- -- ++---++ +--+   /cms/snippets/courses/glossaryterm/edit/{north.term.pk}/
>--- ----- -- +-+--+- +--+   /cms/snippets/courses/glossaryterm/edit/{south.term.pk}/
>--- ----- -- +++--++ +--+   /cms/images/
>--- ----- -- ++---++ +--+   /cms/images/{north.picture.pk}/
>--- ----- -- +-+--+- +--+   /cms/images/{south.picture.pk}/
>--- ----- -- +++--++ +--+   /cms/documents/
>--- ----- -- ++---++ +--+   /cms/documents/edit/{north.handout.pk}/
>--- ----- -- +-+--+- +--+   /cms/documents/edit/{south.handout.pk}/
---- ----- -- ++-+-++ +--+   /cms/documents/{north.handout.pk}/{north.handout.filename}
---- ----- -- +-++++- +--+   /cms/documents/{south.handout.pk}/{south.handout.filename}
>--- ----- -- +++--++ +--+   /cms/snippets/core/recording/
>--- ----- -- ++---++ +--+   /cms/snippets/core/recording/edit/{north.recording.pk}/
>--- ----- -- +-+--+- +--+   /cms/snippets/core/recording/edit/{south.recording.pk}/
>--- ----- -- +++++++ +--+   /cms/question-statistics/
# What there is has menus of its own.
>--- ----- -- ------- ----   /cms/snippets/

# Reports; and what an administrator alone sets
>--- ----- -- +++++++ +--+   /cms/reports/site-history/
>--- ----- -- +----+- +--+   /cms/reports/page-types-usage/
>--- ----- -- -----++ +--+   /cms/reports/locked/
>--- ----- -- ------- ---+   /cms/workflows/list/
>--- ----- -- ------- ---+   /cms/sites/
>--- ----- -- ------- ---+   /cms/locales/
>--- ----- -- ------- ---+   /cms/collections/
>--- ----- -- +++++++ +--+   /cms/api/main/pages/
>--- ----- -- ++-+-++ +--+   /cms/api/main/pages/{north.lesson.pk}/
>--- ----- -- +-++++- +--+   /cms/api/main/pages/{south.lesson.pk}/
"""

# What a valid form does: + something is written, - nothing at all.
ACTS = """
---- ----- -- -----++ +--+   /cms/courses/{north.page.pk}/release/  digest={north.digest}&note=
---- ----- -- -----+- +--+   /cms/courses/{south.page.pk}/release/  digest={south.digest}&note=
---- ----- -- -----++ +--+   /cms/courses/{north.lesson.pk}/archive/
---- ----- -- -----+- +--+   /cms/courses/{south.lesson.pk}/archive/
---- ----- -- ------- +--+   /cms/courses/{north.newer_page.pk}/move-up/  edition={north.newer.current_edition.pk}
---- ----- -- ------- +--+   /cms/courses/{south.newer_page.pk}/move-up/  edition={south.newer.current_edition.pk}
---- ----- -- ++---++ +--+   /cms/pages/{north.draft.pk}/delete/
---- ----- -- +-+--+- +--+   /cms/pages/{south.draft.pk}/delete/
---- ----- -- ++---++ +--+   /cms/bulk/wagtailcore/page/delete/?id={north.draft.pk}
---- ----- -- +-+--+- +--+   /cms/bulk/wagtailcore/page/delete/?id={south.draft.pk}
---- ----- -- -----++ +--+   /cms/bulk/wagtailcore/page/publish/?id={north.draft.pk}
---- ----- -- -----+- +--+   /cms/bulk/wagtailcore/page/publish/?id={south.draft.pk}
---- ----- -- -----++ +--+   /cms/api/main/pages/{north.draft.pk}/action/publish/
---- ----- -- -----+- +--+   /cms/api/main/pages/{south.draft.pk}/action/publish/
---- ----- -- ++---++ +--+   /cms/api/main/pages/{north.draft.pk}/action/delete/
---- ----- -- +-+--+- +--+   /cms/api/main/pages/{south.draft.pk}/action/delete/
---- ----- -- -----++ +--+   /cms/pages/{north.module.pk}/unlock/
---- ----- -- -----+- +--+   /cms/pages/{south.module.pk}/unlock/
# A reviewer may, since Wagtail shows nobody a page on which they have no right; what that locks, an editor unlocks.
---- ----- -- ++-+-++ +--+   /cms/pages/{north.lesson.pk}/lock/
---- ----- -- +-++++- +--+   /cms/pages/{south.lesson.pk}/lock/
# Who reads a lesson is decided by enrolment: pages of courses take no other rule.
---- ----- -- ------- ----   /cms/pages/{north.lesson.pk}/privacy/  restriction_type=login
---- ----- -- ++---++ +--+   /cms/snippets/assessments/questionbank/add/  {bank_of_a}
---- ----- -- +-+--+- +--+   /cms/snippets/assessments/questionbank/add/  {bank_of_b}
---- ----- -- ++---++ +--+   /cms/snippets/assessments/questionbank/edit/{north.quiz.bank.pk}/  {bank_of_a}
---- ----- -- ------- ----   /cms/snippets/assessments/question/delete/{north.bank_question}/
---- ----- -- ++-+-++ +--+   /cms/question-statistics/{north.edition}/compute/
---- ----- -- +-++++- +--+   /cms/question-statistics/{south.edition}/compute/
---- ----- -- ++---++ +--+   /cms/bulk/assessments/question/archive/?id={north.bank_question}
---- ----- -- +-+--+- +--+   /cms/bulk/assessments/question/archive/?id={south.bank_question}
---- ----- -- ++---++ +--+   /cms/snippets/courses/glossaryterm/delete/{north.term.pk}/
---- ----- -- +-+--+- +--+   /cms/snippets/courses/glossaryterm/delete/{south.term.pk}/
---- ----- -- ++---++ +--+   /cms/images/{north.picture.pk}/delete/
---- ----- -- +-+--+- +--+   /cms/images/{south.picture.pk}/delete/
---- ----- -- ++---++ +--+   /cms/bulk/core/picture/delete/?id={north.picture.pk}
---- ----- -- +-+--+- +--+   /cms/bulk/core/picture/delete/?id={south.picture.pk}
---- ----- -- ++---++ +--+   /cms/documents/multiple/{north.spare_handout.pk}/delete/
---- ----- -- +-+--+- +--+   /cms/documents/multiple/{south.spare_handout.pk}/delete/
---- ----- -- ------- ---+   /cms/collections/add/  name=New&parent={world.root_collection.pk}
---- ----- -- ------- ---+   /cms/locales/new/  language_code=fr
---- ----- -- ------- ---+   /cms/workflows/disable/{world.workflow.pk}/
---- ----- -- ------- ----   /cms/users/new/  email=new@example.org&first_name=N&last_name=N&is_active=on
---- ----- -- ------- ----   /cms/users/edit/{north.person.pk}/  email=new@example.org
---- ----- -- ------- ----   /cms/groups/new/  name=New
---- ----- -- ------- ----   /cms/bulk/people/user/delete/?id={north.person.pk}
---- ----- -- ------- ----   /cms/bulk/people/user/set_active_state/?id={north.person.pk}  mark_as_active=
"""

# Sections of Wagtail's that show nothing, or only what the sections in the table are made of.
PARTS_OF_SCREENS = {
    "block-preview",
    "choose-anchor-link",
    "choose-email-link",
    "choose-external-link",
    "choose-phone-link",
    "dismissibles",
    "editing-sessions",
    "embeds",
    "failwhale",
    "jsi18n",
    "logout",
    "settings",  # There are none.
    "snippets/choose",
    "sprite",
    "tag-autocomplete",
    "test404",
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Made once: each test takes back what it did, and the last of them all of it."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield make_world()
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", EVERYBODY)
def test_screens_open_for_those_who_work_there_and_show_no_learners(world: World, who: str) -> None:
    browser = browser_of(world, who)
    wrong = []
    for line in read_table(PAGES, world):
        response = visit(browser, line.address)
        found = verdict(response, who)
        if found != line.marks[who]:
            wrong.append(f"{line.address} should be {line.marks[who]} and is {found}")
        if found == OPENS:
            text = text_of(response)
            wrong += [f"{line.address} shows {mark}" for mark in (NORTH, SOUTH) if mark in text or mark.lower() in text]
    assert wrong == [], "\n".join(wrong)


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
def test_nothing_opens_or_changes_without_the_second_step(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECOND_FACTOR_DEMANDED", True)
    browser = browser_of(world, who)
    wrong = []
    for line in read_table(PAGES, world):
        found = verdict(visit(browser, line.address), who)
        wrong += [f"{line.address} is {found}"] if found != SECOND_STEP else []
    for line in read_table(ACTS, world):
        written = tables_written(browser, line)
        wrong += [f"{line.address} {line.body} writes {written}"] if written else []
    assert wrong == [], "\n".join(wrong)


def test_every_section_of_the_cms_is_in_the_table(world: World) -> None:
    """Whoever adds a section, or a package with one, says here who opens it."""
    sections = {section_of(route) for route, _module in every_route() if route.startswith("cms/")}
    tried = {section_of(line.address.removeprefix("/")) for line in read_table(PAGES, world)}
    assert sections - tried - PARTS_OF_SCREENS == {".*"}  # What is found nowhere else.


def section_of(address: str) -> str:
    """The first step below /cms/; of snippets, which model's they are."""
    steps = address.partition("?")[0].split("/")[1:]
    return "/".join(steps[: 2 if steps[1:2] == ["choose"] else 3]) if steps[0] == "snippets" else steps[0]
