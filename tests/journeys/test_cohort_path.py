"""A trainer's cohort in a browser, from an empty list to a closed one: people, progress, a session, paper, figures."""

import csv
import datetime
import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.authoring import log_in
from tests.journeys.test_first_path import serious_violations
from tests.journeys.test_people_path import mailed, sign_in_place

pytestmark = pytest.mark.browser

COHORT = "Trainers of the coast"
ROWS = 30
SCREENS = (
    *("Progress", "People", "Schedule", "Live sessions", "Talk", "Messages", "Papers", "Surveys", "Report", "Settings"),
)
NEWCOMERS = {
    "moana.k@coast.example": "Moana Kealoha",
    "yusuf.d@coast.example": "يوسف دياب",
    "elena.v@coast.example": "Елена Волкова",
}
FILES_SECONDS = 180  # longer than the lease of a worker that died half-way
TODAY = datetime.date.today()


def a_list_with_mistakes(folder: Path) -> Path:
    """Thirty rows as a clerk sends them: one without an @, one twice, one who has an account."""
    rows = [(name, address, "anglais") for address, name in NEWCOMERS.items()]
    rows += [
        ("Reviewer", "reviewer@demo.example", "français"),
        ("Paolo Ferri", "paolo.ferri(at)coast.example", "English"),
        ("MOANA Kealoha", next(iter(NEWCOMERS)).upper(), ""),
    ]
    rows += [(f"Colleague {number}", f"colleague{number}@coast.example", "") for number in range(ROWS - len(rows))]
    book = openpyxl.Workbook()
    for row in [("Nom", "Adresse e-mail", "Langue"), *rows]:
        book.active.append(row)
    book.save(folder / "people.xlsx")
    return folder / "people.xlsx"


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Screens of this cohort").get_by_role("link", name=name).click()


def check_for_everyone(page: Page) -> None:
    """No serious violation of WCAG that a program finds, and nothing wider than the screen."""
    assert serious_violations(page) == []
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert (page.url, page.evaluate(wide)) == (page.url, False)


def walk_the_screens(page: Page) -> None:
    """Every screen of the cohort on a desktop and on a phone, from left to right and from right to left."""
    for name in SCREENS:
        tab(page, name)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                check_for_everyone(page)
        page.set_viewport_size({"width": 1280, "height": 900})


def reload_until(page: Page, text: str | re.Pattern[str]) -> None:
    """What a worker makes is there after a while."""
    for _try in range(FILES_SECONDS):
        if page.locator("main").get_by_text(text).count():
            return
        page.wait_for_timeout(1000)
        page.goto(page.url)
    pytest.fail(f"{text} did not appear on {page.url}, which says: {page.locator('main').inner_text()}")


def row_of(page: Page, name: str) -> str:
    return page.locator("tbody tr", has_text=name).inner_text()


def test_trainer_runs_a_cohort_from_invitation_to_results(
    site: str, site_folder: Path, chromium: Browser, tmp_path: Path
) -> None:
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en").new_page()
    page.set_default_timeout(60_000)
    log_in(page, site, "trainer", then="/en/teach/")
    open_cohort(page)
    bring_people_in(page, tmp_path)
    learners = [come_in(chromium, site, site_folder, name, address) for address, name in NEWCOMERS.items()]
    for reader, lessons in zip(learners, (3, 2, 1), strict=True):
        read_lessons(reader, lessons)
    make_the_first_module_due_yesterday(page)
    write_to_who_is_late(page)
    hold_a_session(page, learners[0])
    print_and_type_in(page)
    compare_the_export_with_the_screen(page)
    walk_the_screens(page)
    for address in ("/en/desk/", "/en/calendar/", "/accounts/mail/"):
        learners[0].goto(f"{site}{address}")
        check_for_everyone(learners[0])
    tab(page, "Settings")
    page.get_by_role("button", name="Close the cohort").click()
    expect(page.get_by_text("This cohort is closed.").first).to_be_visible()
    learners[0].goto(f"{site}/en/desk/")
    expect(learners[0].get_by_role("heading", name="Training of Trainers")).to_be_visible()
    for reader in learners:
        reader.context.close()
    page.context.close()


def open_cohort(page: Page) -> None:
    page.get_by_role("link", name="Open a cohort").click()
    page.get_by_role("link", name=re.compile("Training of Trainers")).click()
    page.get_by_label("Title").fill(COHORT)
    page.get_by_label("Trainers").fill("trainer@demo.example")
    page.get_by_label("First day").fill((TODAY - datetime.timedelta(days=20)).isoformat())
    page.get_by_label("Last day").fill((TODAY - datetime.timedelta(days=30)).isoformat())
    page.locator("input[name=capacity]").fill(str(ROWS))
    page.get_by_role("button", name="Open the cohort").click()
    expect(page.get_by_text("The last day cannot lie before the first.").first).to_be_visible()
    page.get_by_label("Last day").fill((TODAY + datetime.timedelta(days=40)).isoformat())
    page.get_by_role("button", name="Open the cohort").click()
    expect(page.get_by_role("heading", name=COHORT)).to_be_visible()


def bring_people_in(page: Page, folder: Path) -> None:
    tab(page, "People")
    page.get_by_role("link", name=re.compile("from a list", re.I)).click()
    page.locator("input[name=file]").set_input_files(a_list_with_mistakes(folder))
    page.get_by_role("button", name="Read the list").click()
    reload_until(page, "28 people are entered when you confirm.")
    page.get_by_role("link", name="Correct them").click()
    wrong = page.locator("tbody tr", has_text="paolo")
    wrong = wrong if wrong.count() else page.locator("tbody tr").first
    wrong.get_by_label("E-mail address").fill("paolo.ferri@coast.example")
    wrong.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Confirm: enter and invite").click()
    reload_until(page, "The list is entered.")
    tab(page, "People")
    expect(page.locator("main")).to_contain_text("28")


def come_in(chromium: Browser, site: str, folder: Path, name: str, address: str) -> Page:
    """By the link in the mail, to an account, to the cohort."""
    page = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en").new_page()
    page.set_default_timeout(60_000)
    page.goto(mailed(folder, address, r"(https?://\S+/invitations/\S+)"))
    expect(page.get_by_role("heading", name=COHORT)).to_be_visible()
    page.get_by_role("link", name="Create an account").click()
    sign_in_place(page, folder, name, address)
    page.wait_for_url("**/invitations/**")
    page.get_by_role("button", name="Accept and take part").click()
    page.wait_for_url("**/en/cohorts/**")
    expect(page.get_by_role("heading", name=COHORT)).to_be_visible()
    return page


def read_lessons(page: Page, how_many: int) -> None:
    page.goto(f"{page.url.split('/en/')[0]}/en/desk/")
    page.get_by_role("link", name=re.compile("^Start")).click()
    for _lesson in range(how_many):
        page.get_by_role("button", name=re.compile("Mark as done")).click()


def make_the_first_module_due_yesterday(page: Page) -> None:
    tab(page, "Schedule")
    days = page.locator("fieldset.days").first
    days.get_by_label("Opens on").fill((TODAY - datetime.timedelta(days=20)).isoformat())
    days.get_by_label("Due on").fill((TODAY - datetime.timedelta(days=2)).isoformat())
    page.get_by_role("button", name="Save the dates").click()
    expect(days.get_by_label("Due on")).to_have_value((TODAY - datetime.timedelta(days=2)).isoformat())


def write_to_who_is_late(page: Page) -> None:
    tab(page, "Progress")
    assert "Late" in row_of(page, "Moana Kealoha")
    page.locator("tbody tr", has_text="Moana Kealoha").get_by_role("checkbox").check()
    page.get_by_role("button", name="Write to the selected").click()
    page.get_by_label("Subject").first.fill("The first module, {name}")
    page.locator("textarea").first.fill("Dear {name},\n\nit was due. Do you need help?\n{link}")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="The first module, Moana Kealoha")).to_be_visible()
    page.get_by_role("button", name="Send to 1 person").click()
    reload_until(page, "The first module, Moana Kealoha")


def hold_a_session(page: Page, learner: Page) -> None:
    tab(page, "Live sessions")
    page.get_by_role("link", name=re.compile("Plan a session|Add a session")).first.click()
    page.get_by_label("Title").fill("First meeting")
    now = datetime.datetime.now(datetime.UTC)
    page.get_by_label("Day").fill(now.date().isoformat())
    page.get_by_label("Begins").fill(f"{now:%H}:00")
    page.get_by_label("Ends").fill("23:59")
    page.get_by_label("Place").fill("Room 4")
    page.get_by_role("button", name=re.compile("Plan|Save")).click()
    page.get_by_role("link", name="First meeting").first.click()
    page.get_by_role("link", name="Show the code on the wall").click()
    code = page.locator("[data-code]").inner_text()
    learner.goto(f"{page.url.split('/en/')[0]}/en/desk/")
    learner.get_by_role("link", name=re.compile("First meeting")).first.click()
    learner.get_by_role("link", name="Check in").first.click()
    learner.get_by_label("Code").fill(code)
    learner.get_by_role("button", name="I am here").click()
    expect(learner.get_by_text("You are checked in")).to_be_visible()
    page.get_by_role("link", name="Back to the session").click()
    expect(page.get_by_text("Checked in with the code")).to_be_visible()


def print_and_type_in(page: Page) -> None:
    """A kit with a quiz on paper; then what somebody wrote on theirs."""
    tab(page, "Papers")
    page.get_by_label("Attendance sheet").check()
    page.get_by_label("Quiz papers").check()
    page.get_by_role("button", name="Make the kit").click()
    reload_until(page, re.compile("^Download"))
    with page.expect_download() as kept:
        page.get_by_role("link", name=re.compile("^Download")).first.click()
    kit = Path(kept.value.path())
    assert kit.read_bytes()[:2] in (b"PK", b"%P")
    page.get_by_role("link", name="Answers from paper").click()
    page.locator("table tbody tr").first.get_by_role("link").click()
    choose = page.get_by_label("Learner")
    choose.select_option(value=choose.locator("option", has_text="Елена Волкова").get_attribute("value"))
    page.get_by_label("Day of the sitting").fill(TODAY.isoformat())
    for question in page.locator("fieldset.on-sheet").all():
        question.locator("input[type=radio], input[type=checkbox]").first.check()
    page.get_by_role("button", name="Check what was typed").click()
    page.get_by_role("button", name="Enter it").click()
    expect(page.locator("table", has_text="Елена Волкова").last).to_contain_text("Tomás Quispe Rojas")


def compare_the_export_with_the_screen(page: Page) -> None:
    tab(page, "Progress")
    shown = row_of(page, "Moana Kealoha")
    with page.expect_download() as kept:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(kept.value.path()).read_text("utf-8-sig"))))
    mine = dict(zip(rows[0], next(row for row in rows if "Moana Kealoha" in row), strict=True))
    assert f"{mine['Required units done']}/{mine['Required units']}" in shown
    with page.expect_download() as kept:
        page.get_by_role("link", name="For a spreadsheet (XLSX)").click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(kept.value.path()).read_bytes())).active
    cells = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert isinstance(cells["Moana Kealoha"][list(cells[rows[0][0]]).index("Required units done")], int)
