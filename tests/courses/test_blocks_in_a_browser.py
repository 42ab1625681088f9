"""All blocks of a lesson on one page, in the style of the site: narrow, in both directions, by keyboard, on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from courses.models import LessonPage
from tests.reporting import CHROMIUM

pytestmark = pytest.mark.browser

STYLE = (Path(settings.BASE_DIR) / "elearn/static/css/site.css").read_text()
WIDE = {
    "caption": "Five things compared",
    "columns": [f"Responsibility number {place}" for place in range(5)],
    "rows": [{"heading": "Internationalisation", "cells": ["<p>Non-refoulement obligations</p>"] * 5}],
}


def lesson() -> str:
    """The previews of all blocks, and the widest table that an author can make."""
    blocks = LessonPage._meta.get_field("body").stream_block.child_blocks
    parts = [block.render(block.get_preview_value(), {"block_id": name}) for name, block in blocks.items()]
    parts.append(blocks["comparison"].render(blocks["comparison"].to_python(WIDE), {"block_id": "wide"}))
    return "\n".join(parts)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    html = lesson()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content(
            f'<!doctype html><html lang="en"><title>Blocks</title><meta name="viewport" content="width=device-width">'
            f'<style>{STYLE}</style><main class="wrap"><article class="text"><h1>Blocks</h1>{html}</article></main>'
        )
        yield page
        browser.close()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 390, 683, 1366])
def test_blocks_never_make_the_page_scroll_sideways(page: Page, width: int, direction: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize("width", [390, 1366])
def test_blocks_are_accessible(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found if one["impact"] != "minor"] == []


def test_table_stays_a_table_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    tree = page.get_by_role("table", name="Five things compared").aria_snapshot()
    assert tree.count("- columnheader") == 5
    assert tree.count("- rowheader") == 1
    # The name of the column over each cell is for the eye; a screen reader says it by itself.
    assert tree.count('- cell "Non-refoulement obligations"') == 5


def test_quick_check_is_answered_by_keyboard_alone(page: Page) -> None:
    answers = page.locator(".check-up details")
    page.evaluate("document.querySelectorAll('.check-up details').forEach(one => { one.open = false })")
    assert not page.get_by_text("Not this one.").is_visible()
    answers.nth(0).locator("summary").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_text("Not this one.").is_visible()
    assert not page.get_by_text("Right.").is_visible()


def test_what_is_closed_is_printed_open(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false })")
    hidden = page.get_by_text("Ask what the person expects to happen now.")
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    assert hidden.is_visible()
    page.emulate_media(media="screen")
