"""Reading tables of who may do what, and finding out what the site does.

A line has one mark for each of CAST, in its order and its groups, then an address (and for acts what is posted). In
braces stands what the world of the test has, such as {north.person.public_id}.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from elearn.core import shelf
from tests.factories.role_mail import mail_facts
from tests.factories.role_world import PASSWORD, World

CAST = (
    ("nobody", "stranger", "former manager", "learner"),
    ("trainer", "trainer of A", "trainer of B", "trainer of a cohort", "assessor"),
    ("focal point of North", "focal point of South"),
    ("author", "author of A", "author of B", "reviewer", "reviewer of B", "editor", "editor of A"),
    ("manager", "manager for North", "manager for South", "administrator"),
)
EVERYBODY = tuple(name for group in CAST for name in group)
# Of every role the second step is demanded alike (tests/people/test_second_factor.py); one of each kind will do here.
SOME_WITH_A_ROLE = ("trainer of a cohort", "focal point of North", "author of A", "manager", "administrator")

OPENS, TO_LOGIN, REFUSED, ELSEWHERE, SECOND_STEP = "+", ">", "-", "=", "2"
# What is written down of every visit, by whomever.
NO_RECORDS = {"django_session", "usersessions_usersession"}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    marks: dict[str, str]
    address: str
    body: dict[str, list[str]]


def read_table(table: str, world: World) -> list[Line]:
    return list(_lines(table, world))


def _lines(table: str, world: World) -> Iterator[Line]:
    for row in table.strip().splitlines():
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        *groups, address, body = [*row.split(), ""][: len(CAST) + 2]
        assert [len(group) for group in groups] == [len(group) for group in CAST], row
        facts = {**world.facts(), **mail_facts(world)}
        posted = parse_qs(body.format(**facts), keep_blank_values=True)
        yield Line(dict(zip(EVERYBODY, "".join(groups), strict=True)), address.format(**facts), posted)


def browser_of(world: World, who: str) -> Client:
    """A browser in which this person has logged in, and has just given the password again."""
    client = Client()
    if who != "nobody":
        client.post(reverse("account_login"), {"login": world.cast[who].email, "password": PASSWORD})
        # What concerns one's own data asks for the password again.
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.session["_auth_user_id"] == str(world.cast[who].pk)
    return client


def visit(browser: Client, address: str) -> HttpResponse:
    response = browser.get(address)
    if address != "/" and response.headers.get("Location", "").rstrip("/") == f"/en{address}".rstrip("/"):
        return browser.get(response.headers["Location"])  # What is not found is looked for below a language.
    return response


def verdict(response: HttpResponse, who: str) -> str:
    """What an answer means. In the CMS, to be led back to its first page is to be refused."""
    if response.status_code in (200, 202):
        return OPENS
    if response.status_code in (403, 404, 405, 410):
        return REFUSED
    if response.status_code in (301, 302):
        target = response.headers["Location"]
        if target.startswith("/accounts/2fa/"):
            return SECOND_STEP
        if target.startswith("/accounts/login/"):
            return TO_LOGIN if who == "nobody" else REFUSED
        return REFUSED if target == "/cms/" else ELSEWHERE
    return str(response.status_code)


def text_of(response: HttpResponse) -> str:
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return str(body.decode(errors="replace"))


def tables_written(client: Client, line: Line) -> set[str]:
    """Post the line, answer the tables that it wrote to, and take it all back."""
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        client.post(line.address, line.body)
        transaction.set_rollback(True)
    shelf.forget()
    found = {match[1] for query in queries if (match := WRITES.match(query["sql"]))}
    return found - NO_RECORDS


def every_route(under: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address that the site answers, as a pattern, with the module of its view."""
    for entry in (under or get_resolver()).url_patterns:
        route = before + (str(entry.pattern).removeprefix("^") if before else str(entry.pattern))
        if isinstance(entry, URLPattern):
            view = getattr(entry.callback, "view_class", entry.callback)
            yield route, view.__module__
        else:
            yield from every_route(entry, route)
