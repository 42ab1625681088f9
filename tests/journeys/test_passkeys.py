"""Passkeys in a browser, on the site as it runs: its policy, its scripts, its cookies."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

# What a phone's own authenticator does: it recognises its owner and stores the key.
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


OWNER = "trainer@demo.example"


@pytest.fixture
def owner(site: str, site_variables: dict[str, str]) -> Iterator[str]:
    """Somebody who will have a passkey, and who must log in without one in other tests on the same site."""
    yield OWNER
    command = [sys.executable, "manage.py", "reset_second_factor", OWNER, "--reason", "The test is over."]
    subprocess.run(command, cwd=settings.BASE_DIR, env=site_variables, check=True)


def log_in(page: Page, site: str, owner: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", owner)
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")


def test_passkey_is_added_used_as_second_step_and_alone(chromium: Browser, site: str, owner: str) -> None:
    page = chromium.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    phone = page.context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    log_in(page, site, owner)
    page.wait_for_url("**/en/desk/")
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", "demo")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Log in with it alone").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()

    page.context.clear_cookies()
    log_in(page, site, owner)
    page.wait_for_url("**/2fa/authenticate/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/en/desk/")

    page.context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/en/desk/")
    assert complaints == []  # Nothing that the Content-Security-Policy forbids.

    # A device without the key says so in words.
    page.context.clear_cookies()
    phone.send("WebAuthn.disable")
    phone.send("WebAuthn.enable")
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": {**PHONE, "transport": "usb"}})
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")


def test_without_scripts_passkeys_are_not_offered_and_say_why(chromium: Browser, site: str) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/accounts/login/")
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    expect(page.locator("noscript p")).to_contain_text("Passkeys need JavaScript")  # Text searches skip noscript.
    expect(page.get_by_role("link", name="Send me a code by e-mail")).to_be_visible()
