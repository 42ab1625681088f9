"""From the login to a certificate that verifies, in a browser, on the site as `make run` starts it."""

import hashlib
import re
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

WIDTHS = {"phone": 390, "desktop": 1366}
COURSE = "/en/courses/training-of-trainers/"


def right_answers(course: Path) -> dict[str, set[str]]:
    """The right options by question key, read from the package as an author wrote it."""
    answers = {}
    for bank in (course / "en" / "banks").glob("*.yaml"):
        for question in yaml.safe_load(bank.read_text(encoding="utf-8"))["questions"]:
            if question["kind"] == "true_false":
                answers[question["key"]] = {str(question["answer"]).lower()}
            else:
                answers[question["key"]] = {o["key"] for o in question["options"] if o.get("correct")}
    return answers


def lesson_count(course: Path) -> int:
    modules = yaml.safe_load((course / "course.yaml").read_text(encoding="utf-8"))["variants"][0]["modules"]
    return sum(unit["kind"] == "lesson" for module in modules for unit in module["units"])


def log_in(page: Page, site: str, person: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", f"{person}@demo.example")
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/en/desk/")


def answer_quiz(page: Page, answers: dict[str, set[str]], *, with_scripts: bool) -> None:
    page.get_by_role("button", name="Start the quiz").click()
    page.wait_for_url("**/attempts/**")
    keys = [name.removeprefix("key-") for name in _names(page, "input[type=hidden][name^=key-]")]
    assert len(keys) == 8
    for key in keys:
        for option in sorted(answers[key]):
            page.locator(f'input[name="answer-{key}"][value="{option}"]').check()
    if with_scripts:
        expect(page.get_by_text("Saved", exact=True)).to_have_count(8)
        page.reload()
        checked = page.locator("input[name^=answer-]:checked").count()
        assert checked == sum(len(answers[key]) for key in keys)
    page.locator('button[name="then"][value="submit"]').click()
    page.wait_for_url("**/submit/")
    page.get_by_role("button", name="Submit my answers").click()
    page.wait_for_url("**/result/")


def _names(page: Page, selector: str) -> list[str]:
    return [field.get_attribute("name") or "" for field in page.locator(selector).all()]


@pytest.mark.parametrize(
    ("person", "with_scripts"), [("learner", True), ("focal", False)], ids=["with JavaScript", "without JavaScript"]
)
def test_learner_goes_from_login_to_a_certificate_that_verifies(
    site: str, chromium: Browser, shipped_course: Path, tmp_path: Path, person: str, with_scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=with_scripts, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(60_000)
    log_in(page, site, person)

    page.goto(site + COURSE)
    page.get_by_role("button", name="Enrol").click()
    page.wait_for_url("**/what-a-trainer-does/")
    note = page.locator("textarea").first
    note.fill("My own thought, with marks: á é ñ ض")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Your note is saved").first).to_be_visible()
    page.reload()
    expect(page.locator("textarea").first).to_have_value("My own thought, with marks: á é ñ ض")

    answers = right_answers(shipped_course)
    lessons = quizzes = 0
    for _unit in range(40):
        if page.get_by_role("button", name="Mark as done").count():
            before = page.url
            page.get_by_role("button", name="Mark as done").click()
            page.wait_for_url(lambda url, before=before: url != before)
            lessons += 1
        elif page.get_by_role("button", name="Start the quiz").count():
            answer_quiz(page, answers, with_scripts=with_scripts)
            expect(page.get_by_text("100").first).to_be_visible()
            quizzes += 1
            if quizzes == 2:
                break
            page.locator("main").get_by_role("link", name=re.compile("^Next|Continue")).first.click()
    assert (lessons, quizzes) == (lesson_count(shipped_course), 2)

    page.goto(f"{site}/en/desk/")
    for _try in range(60):
        download_link = page.get_by_role("link", name=re.compile("Download")).first
        if download_link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as downloading:
        download_link.click()
    pdf = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(pdf)
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert pdf.name.startswith("Certificate Training of Trainers")

    page.goto(f"{site}/en/desk/")
    serial = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.content())
    assert serial is not None
    context.close()

    anybody = chromium.new_context(java_script_enabled=with_scripts)
    page = anybody.new_page()
    page.goto(f"{site}/verify/")
    page.locator("input[name=serial]").fill(serial.group().lower().replace("-", " "))
    page.press("input[name=serial]", "Enter")
    page.wait_for_url(f"**/verify/{serial.group()}/")
    text = page.locator("main").inner_text()
    assert "Training of Trainers" in text
    assert "Online modules 1 and 2" in text
    assert hashlib.sha256(pdf.read_bytes()).hexdigest() in page.content()
    anybody.close()


def serious_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {violation['id']}: {violation['nodes'][0]['html'][:200]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_page_of_the_path_has_a_serious_violation(site: str, chromium: Browser, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    found: list[str] = []
    for path in ("/en/", "/en/courses/", COURSE, "/accounts/login/", "/accounts/signup/", "/verify/", "/verify/NONE/"):
        page.goto(site + path)
        found += serious_violations(page)
    log_in(page, site, "manager" if width == 390 else "admin")
    page.goto(site + COURSE)
    page.get_by_role("button", name="Enrol").click()
    page.wait_for_url("**/what-a-trainer-does/")
    found += serious_violations(page)
    page.get_by_role("button", name="Mark as done").click()
    page.wait_for_url("**/how-adults-learn/")
    for path in ("trainer-and-adult-learning/", "trainer-and-adult-learning/module-1-quiz/"):
        page.goto(site + COURSE + path)
        found += serious_violations(page)
    page.get_by_role("button", name="Start the quiz").click()
    page.wait_for_url("**/attempts/**")
    found += serious_violations(page)
    page.locator("input[type=radio], input[type=checkbox]").first.check()
    page.locator('button[name="then"][value="submit"]').click()
    page.wait_for_url("**/submit/")
    found += serious_violations(page)
    page.get_by_role("button", name="Submit my answers").click()
    page.wait_for_url("**/result/")
    found += serious_violations(page)
    page.goto(f"{site}/en/desk/")
    found += serious_violations(page)
    overflow = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert overflow is False
    assert found == []
    context.close()
