"""From signing up to a confirmed post, in a browser: once by the focal point, once by the domain of the address."""

import email
import re
import time
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.authoring import log_in

pytestmark = pytest.mark.browser

INSTITUTION = "Ministry of Migration (invented)"
MAIL_SECONDS = 30


def mailed_code(folder: Path, address: str) -> str:
    """The code in the mail that the worker has sent to this address."""
    return mailed(folder, address, r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$")


def mailed(folder: Path, address: str, pattern: str) -> str:
    """What matches in the latest mail to this address that has it."""
    for _try in range(MAIL_SECONDS * 10):
        for file in sorted((folder / "mail").glob("*.log"), reverse=True):
            for part in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
                message = email.message_from_bytes(part.lstrip(), policy=policy.default)
                found = re.search(pattern, message.get_content(), re.M) if message else None
                if found and address in str(message["To"]):
                    return found.group(1)
        time.sleep(0.1)  # The mail is a worker's work, and a file is all there is to look at.
    pytest.fail(f"Nothing like {pattern} was mailed to {address}.")


def sign_up(page: Page, site: str, folder: Path, name: str, address: str) -> None:
    page.goto(f"{site}/accounts/signup/")
    sign_in_place(page, folder, name, address)
    page.wait_for_url("**/en/desk/")


def sign_in_place(page: Page, folder: Path, name: str, address: str) -> None:
    """Fill in the sign-up form that is open, up to the code that comes by mail."""
    page.locator("input[name=printed_name]").fill(name)
    page.locator("input[name=email]").fill(address)
    page.locator("input[name=password1]").fill("a long enough phrase")
    page.locator("input[name=privacy_notice]").check()
    page.get_by_role("button", name="Create the account").click()
    page.get_by_label("Code").fill(mailed_code(folder, address))
    page.get_by_role("button", name="Go on").click()


def claim_post(page: Page, site: str, post: str) -> None:
    page.goto(f"{site}/accounts/profile/")
    page.get_by_role("link", name="Add an institution").click()
    page.get_by_role("searchbox").fill("migration")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile(re.escape(INSTITUTION))).click()
    page.get_by_label("Post").fill(post)
    page.get_by_role("button", name="I work there").click()
    page.wait_for_url("**/accounts/profile/")


def new_page(chromium: Browser) -> Page:
    page = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en").new_page()
    page.set_default_timeout(60_000)
    return page


def test_newcomer_is_confirmed_by_the_focal_point(site: str, site_folder: Path, chromium: Browser) -> None:
    page = new_page(chromium)
    sign_up(page, site, site_folder, "Amal Haddad", "amal.h@post.example")
    page.goto(f"{site}/accounts/profile/")
    page.select_option("select[name=country]", label="Kenya")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    claim_post(page, site, "Case officer")
    post = page.locator("section", has=page.get_by_role("heading", name="Where you work"))
    expect(post).to_contain_text("The institution’s focal point or a manager confirms this.")

    focal = new_page(chromium)
    log_in(focal, site, "focal", then="/accounts/profile/")
    focal.get_by_role("link", name="People: members").click()
    focal.get_by_role("link", name="Amal Haddad").click()
    expect(focal.get_by_role("link", name="Open the person’s record")).to_have_count(0)
    focal.get_by_role("button", name="Confirm the membership").click()
    expect(focal.get_by_text("Amal Haddad is told by mail.")).to_be_visible()
    focal.get_by_role("link", name="Amal Haddad").click()
    expect(focal.get_by_role("link", name="Open the person’s record")).to_be_visible()
    focal.context.close()

    page.reload()
    expect(post).to_contain_text("Confirmed")
    page.goto(f"{site}/accounts/seen/")
    expect(page.locator("main")).to_contain_text(INSTITUTION)
    page.context.close()


def test_newcomer_is_confirmed_by_the_domain_of_their_address(site: str, site_folder: Path, chromium: Browser) -> None:
    manager = new_page(chromium)
    log_in(manager, site, "manager", then="/en/people/institutions/")
    manager.get_by_role("link", name=re.compile(re.escape(INSTITUTION))).click()
    manager.get_by_label("E-mail domains").fill("migration.example")
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_text("saved").first).to_be_visible()
    manager.context.close()

    page = new_page(chromium)
    sign_up(page, site, site_folder, "Dao Phan", "dao.p@north.migration.example")
    claim_post(page, site, "Translator")
    post = page.locator("section", has=page.get_by_role("heading", name="Where you work"))
    expect(post).to_contain_text("Confirmed")
    expect(post).to_contain_text("migration.example")
    page.context.close()
