"""Takes the pictures of docs/authors.md anew, by the steps of the journey, on a running demo without that course:

make reset && make run                             and in another window
python -m tests.pictures http://localhost:8000
"""

import argparse
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.journeys import authoring
from tests.reporting import CHROMIUM

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images" / "authors"
SIZE = {"width": 1100, "height": 760}
COLOURS = 160  # A screen has few; a picture then weighs a third.


def photograph(page: Page, name: str, *, settle: int = 600) -> None:
    page.evaluate("for (const box of document.querySelectorAll('*')) box.scrollLeft = 0")  # Scrolled down, not aside.
    page.wait_for_timeout(settle)  # What slides in has come to rest.
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    site = parser.parse_args().site.rstrip("/")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE)
        authoring.log_in(page, site, "author")
        authoring.author_writes(page, site, photograph)
        for person, decides in (("reviewer", authoring.expert_approves), ("editor", authoring.editor_releases)):
            page.context.clear_cookies()
            authoring.log_in(page, site, person)
            decides(page, site, photograph)
        browser.close()


if __name__ == "__main__":
    main()
