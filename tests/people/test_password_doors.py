"""Every address that takes a password belongs to allauth: it counts attempts and knows the second step."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from elearn.people.models import User

PASSWORD_FIELD = re.compile(r"<input[^>]*type=[\"']?password", re.IGNORECASE)
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)
ACTION = re.compile(r"\baction=[\"']([^\"']*)", re.IGNORECASE)
# A value for each kind of argument in an address; what it finds or not does not matter, only what the page asks.
VALUES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000001"}


def addresses(patterns: list | None = None, before: str = "/") -> Iterator[tuple[str, object]]:
    """Every address of the project with something put in for its arguments, and the view behind it."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        address = before + made_up(pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def made_up(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if hasattr(pattern.pattern, "_route"):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES.get(found[1] or "str", "x"), text)
    text = re.sub(r"\(\?P<\w+>", "(", text.strip("^$").replace(r"\Z", ""))
    while (shorter := re.sub(r"\([^()]*\)[*+?]?", "1", text)) != text:
        text = shorter
    return re.sub(r"\\(.)", r"\1", text).replace("?", "")


def asks_for_password_outside_allauth(address: str, page: str) -> bool:
    """Whether a password field stands outside a form, or in a form that is sent elsewhere than to allauth."""
    for attributes, inside in FORM.findall(page):
        if PASSWORD_FIELD.search(inside):
            action = ACTION.search(attributes)
            view = resolve((action[1] if action and action[1] else address).split("?")[0]).func
            if not view.__module__.startswith("allauth."):
                return True
    return bool(PASSWORD_FIELD.search(FORM.sub("", page)))


def found_at(browser: Client, addresses_found: list[str]) -> list[str]:
    wrong = []
    for address in addresses_found:
        response = browser.get(address)
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if asks_for_password_outside_allauth(address, response.content.decode()):
            wrong.append(address)
    return wrong


@pytest.mark.parametrize("who", ["nobody", "stranger", "admin"])
def test_no_page_takes_a_password_but_those_of_allauth(who: str, stranger: User, admin: User, client: Client) -> None:
    client.raise_request_exception = False  # Made-up arguments may be nonsense to a view; the page is what matters.
    if who != "nobody":
        client.force_login({"stranger": stranger, "admin": admin}[who])
    paths = sorted({address for address, _view in addresses() if "logout" not in address})
    assert len(paths) > 250  # The whole of the CMS is among them.
    assert {"/accounts/login/", "/cms/login/", "/cms/account/", "/cms/users/edit/1/"} <= set(paths)
    assert found_at(client, [*paths, f"/cms/users/edit/{stranger.pk}/"]) == []


def test_the_walk_would_find_a_page_with_a_password_of_its_own() -> None:
    form = '<form method="post"><input name="p" type="password"></form>'
    assert asks_for_password_outside_allauth("/verify/", form)
    assert asks_for_password_outside_allauth("/accounts/login/", '<input type="password">')
    assert not asks_for_password_outside_allauth("/accounts/login/", form)


def test_no_view_of_django_or_wagtail_checks_a_password_behind_an_address(client: Client, db: None) -> None:
    """By its view: what takes a password is a view of allauth, or stands behind one that leads to allauth."""
    doors = [
        address
        for address, view in addresses()
        if re.search(r"login|password", address) and not address.startswith("/accounts/")
    ]
    assert doors
    for address in doors:
        for ask in (client.get, client.post):
            response = ask(address, {"username": "x", "password": "x"}, follow=True)
            if response.status_code in (404, 410):
                continue
            assert response.redirect_chain[-1][0].split("?")[0] in (
                reverse("account_login"),
                reverse("account_reset_password"),
            ), address
