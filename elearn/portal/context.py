from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses.domain.tree import catalogue_addresses
from elearn.core.shelf import Shelf, this_minute


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True)
class Frame:
    """What stands around every page and is the same for everybody who is, or is not, logged in."""

    header: SafeString
    footer: SafeString
    courses_url: str
    logged_in: bool


_sections: Shelf[tuple[str | None, int], dict[str, str]] = Shelf(room=20)
_frames: Shelf[tuple[str, str, str, bool, int], Frame] = Shelf(room=500)


def site(request: HttpRequest) -> dict[str, object]:
    """What base.html needs on every page; looked up only when it is shown."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "DEMO": settings.DEMO,
        "FRAME": SimpleLazyObject(lambda: _frame(request)),
        "LANGUAGE_LINKS": SimpleLazyObject(lambda: _language_links(request)),
        # Wagtail says so on the request while an author edits.
        "IN_PREVIEW_PANEL": getattr(request, "in_preview_panel", False),
    }


def _courses_url() -> str:
    addresses = catalogue_addresses()
    return addresses.get(get_language(), addresses.get(settings.LANGUAGE_CODE, "/"))


def _frame(request: HttpRequest) -> Frame:
    sections = _sections.take_one((get_language(), this_minute()), _addresses_of_sections)
    here = next((name for name, url in sections.items() if request.path == url), "")
    within = next((name for name, url in sections.items() if request.path.startswith(url)), "")
    # A page without a session, an error page for instance, has nobody who could be logged in.
    logged_in = hasattr(request, "user") and request.user.is_authenticated
    key = (get_language(), here, within, logged_in, this_minute())
    return _frames.take_one(key, lambda: _make_frame(sections["courses"], here, within, logged_in))


def _addresses_of_sections() -> dict[str, str]:
    return {"courses": _courses_url(), "desk": reverse("desk"), "verify": reverse("verify:form")}


def _make_frame(courses_url: str, here: str, within: str, logged_in: bool) -> Frame:
    about = {
        "courses_url": courses_url,
        "here": here,
        "within": within,
        "logged_in": logged_in,
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
    }
    return Frame(
        header=render_to_string("components/header_start.html", about),
        footer=render_to_string("components/footer.html", about),
        courses_url=courses_url,
        logged_in=logged_in,
    )


def _language_links(request: HttpRequest) -> list[LanguageLink]:
    """The languages that this page may be in; empty where there is no choice."""
    current = get_language()
    offered = catalogue_addresses()
    if len(offered) < 2:
        return []
    prefix, path = f"/{current}/", request.get_full_path()
    # Every address of the site has the language in front; what stands without one leads to the home page.
    rest = path.removeprefix(prefix) if path.startswith(prefix) else ""
    return [
        LanguageLink(code, name, f"/{code}/{rest}", code == current)
        for code, name in settings.LANGUAGES
        if code in offered
    ]
