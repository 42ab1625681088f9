"""From an empty course to a learner's certificate, in a browser: the author, the reviewer, the editor, the learner."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import authoring

pytestmark = pytest.mark.browser


def new_page(chromium: Browser, width: int) -> Page:
    page = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    return page


def test_author_builds_a_course_that_a_learner_takes_to_the_certificate(site: str, chromium: Browser) -> None:
    page = new_page(chromium, 1366)
    authoring.log_in(page, site, "author")
    authoring.author_writes(page, site)
    authoring.open_course(page, site)
    page.get_by_role("button", name="Actions").first.click()
    expect(page.get_by_role("link", name="Course check").locator("visible=true")).to_have_count(1)
    expect(page.get_by_role("link", name="Release…")).to_have_count(0)
    for person, decides in (("reviewer", authoring.expert_approves), ("editor", authoring.editor_releases)):
        page.context.clear_cookies()
        authoring.log_in(page, site, person)
        decides(page, site)
    page.context.close()
    learner_takes(site, new_page(chromium, 390))


def learner_takes(site: str, page: Page) -> None:
    authoring.log_in(page, site, "trainer", then="/en/courses/")
    page.get_by_role("link", name=authoring.COURSE).click()
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_role("heading", level=1, name=authoring.LESSON)).to_be_visible()
    expect(page.get_by_text("Greet first, then ask, then look at the papers.")).to_be_visible()
    page.get_by_role("button", name="Mark as done").click()
    page.get_by_role("button", name="Start the quiz").click()
    for _kind, _prompt, options in authoring.QUESTIONS:
        page.get_by_label(options[0][0], exact=True).check()
    page.locator('button[name="then"][value="submit"]').click()
    page.get_by_role("button", name="Submit my answers").click()
    page.wait_for_url("**/result/")
    page.goto(f"{site}/en/desk/")
    for _try in range(60):
        if page.get_by_role("link", name=re.compile("Download")).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    serial = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator("main").inner_text())
    assert serial is not None
    page.goto(f"{site}/verify/{serial.group()}/")
    expect(page.locator("main")).to_contain_text(authoring.COURSE)
    page.context.close()
