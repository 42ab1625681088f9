"""The style sheet: a file that a browser keeps, and inside the page for whoever comes from elsewhere.

On a slow line every journey to the server and back costs half a second, and nothing is painted before the style is
there. Somebody who follows a link in a mail or types the address mostly has nothing of the site yet: their first page
brings the style along, and has the file fetched meanwhile for the pages after it. It is the same for everybody, so it
needs neither a cookie nor a script.
"""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FILE = "css/site.css"
# Browsers say where a visit comes from, over HTTPS and on this computer; without that, the file alone is named.
FROM_ELSEWHERE = ("none", "cross-site", "same-site")


@dataclass(frozen=True)
class Sheet:
    """`policy` is what a Content-Security-Policy calls exactly this text (CSP Level 3, hash sources)."""

    text: str
    policy: str


@cache
def sheet() -> Sheet:
    path = finders.find(FILE)
    if not isinstance(path, str):
        raise FileNotFoundError(FILE)
    text = Path(path).read_text(encoding="utf-8")
    return Sheet(text, f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'")


def link_to_style(request: HttpRequest | None) -> SafeString:
    """What the head of a page says about its style; the request remembers where the text itself is said."""
    if request is None or request.headers.get("Sec-Fetch-Site") not in FROM_ELSEWHERE:
        return _links()[0]
    request.style_inside = True  # type: ignore[attr-defined]
    return mark_safe(f"<style>{sheet().text}</style>{_links()[1]}")


@cache
def _links() -> tuple[SafeString, SafeString]:
    """The file, and the file for no medium at all: fetched after everything else, and applied nowhere."""
    address = static(FILE)
    return (
        format_html('<link rel="stylesheet" href="{}">', address),
        format_html('<link rel="stylesheet" href="{}" media="not all">', address),
    )


def style_policy(request: HttpRequest) -> dict[str, list[str]]:
    """What the policy of this answer must allow beyond the usual: nothing, or the one text inside the page."""
    return {"style-src": ["'self'", sheet().policy]} if getattr(request, "style_inside", False) else {}
