"""The style inside the first page of a visit, and the policy that allows this text and no other."""

import hashlib
import re
from base64 import b64encode
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from elearn.core.stylesheet import sheet

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
LINK = '<link rel="stylesheet" href="/static/css/site.css">'
LATER = '<link rel="stylesheet" href="/static/css/site.css" media="not all">'


def visit(client: Client, **headers: str) -> tuple[str, str]:
    """The page, and what its policy says about styles."""
    answer = client.get(reverse("account_login"), headers=headers)
    directives = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    return answer.content.decode(), directives.get("style-src", "")


@pytest.mark.parametrize("origin", ["none", "cross-site", "same-site"])
def test_first_page_of_a_visit_brings_its_style(client: Client, db: None, origin: str) -> None:
    page, policy = visit(client, **{"Sec-Fetch-Site": origin})
    [style] = STYLE.findall(page)
    assert style == (Path(settings.BASE_DIR) / "elearn/static/css/site.css").read_text()
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"'self' 'sha256-{digest}'"
    assert LATER in page and LINK not in page


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {}, {"Sec-Fetch-Site": "nonsense"}])
def test_page_within_a_visit_names_the_file_alone(client: Client, db: None, headers: dict[str, str]) -> None:
    """Also where the browser does not say where the visit comes from."""
    page, policy = visit(client, **headers)
    assert (STYLE.findall(page), LINK in page, LATER in page, policy) == ([], True, False, "")


def test_style_does_not_end_its_element_early() -> None:
    """In an element of HTML, `</style` ends it, wherever it stands."""
    assert "</style" not in sheet().text.lower()
