from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from courses.domain.outline import page_address
from courses.models import CataloguePage

REMEMBERED_SECONDS = 60


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    current: bool


def catalogue_addresses() -> dict[str, str]:
    """The address of the catalogue by language: the languages in which the site can be read. Remembered a minute."""
    found: dict[str, str] | None = caches["local"].get("catalogue_addresses")
    if found is None:
        rows = CataloguePage.objects.live().values_list("locale__language_code", "url_path")
        found = {code: page_address(code, path) for code, path in rows}
        caches["local"].set("catalogue_addresses", found, REMEMBERED_SECONDS)
    return found


def site(request: HttpRequest) -> dict[str, object]:
    """What base.html needs on every page; looked up only when it is shown."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "DEMO": settings.DEMO,
        "COURSES_URL": SimpleLazyObject(_courses_url),
        "LANGUAGE_LINKS": SimpleLazyObject(lambda: _language_links(request)),
    }


def _courses_url() -> str:
    addresses = catalogue_addresses()
    return addresses.get(get_language(), addresses.get(settings.LANGUAGE_CODE, "/"))


def _language_links(request: HttpRequest) -> list[LanguageLink]:
    current = get_language()
    offered = catalogue_addresses()
    return [
        LanguageLink(code, name, translate_url(request.get_full_path(), code), code == current)
        for code, name in settings.LANGUAGES
        if code in offered
    ]
