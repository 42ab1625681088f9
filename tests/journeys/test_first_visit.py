"""The first page of a visit is painted in the style of the site before any file of it has come."""

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDEST = "getComputedStyle(document.querySelector('header.top .wrap')).maxWidth"


def new_page(chromium: Browser, problems: list[str]) -> Page:
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    return page


def test_page_has_its_style_without_the_file_and_the_next_page_by_the_file(site: str, chromium: Browser) -> None:
    problems: list[str] = []
    page = new_page(chromium, problems)
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(f"{site}/en/", wait_until="load")
    assert page.evaluate("document.querySelectorAll('style').length") == 1
    inside = page.evaluate(WIDEST)
    assert inside != "none"
    assert any(url.endswith(".css") for url in asked)
    page.locator("header a.brand").click()
    page.wait_for_load_state("load")
    assert page.evaluate("document.querySelectorAll('style').length") == 0
    assert page.evaluate(WIDEST) == inside
    assert problems == []


def test_page_is_styled_though_the_file_never_comes(site: str, chromium: Browser) -> None:
    problems: list[str] = []
    page = new_page(chromium, problems)
    page.route("**/*.css", lambda route: route.abort())
    page.goto(f"{site}/en/", wait_until="load")
    assert page.evaluate(WIDEST) != "none"
    assert [text for text in problems if "Content Security Policy" in text] == []
