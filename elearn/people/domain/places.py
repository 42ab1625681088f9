"""Countries by their names in the reader's language, and time zones."""

from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.core import get_global
from django.utils import timezone
from django.utils.translation import get_language, to_locale

from elearn.people.domain.names import folded

# Babel names more than ISO 3166-1 does: groups of countries, parts of them, and codes for testing.
NOT_ISO = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(to_locale(language)).territories
    return {
        code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in NOT_ISO
    }


@cache
def _sorted_names(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_names(language).items(), key=lambda item: folded(item[1])))


def country_choices() -> tuple[tuple[str, str], ...]:
    """Code and name of every country of ISO 3166-1, by name, in the language of this moment."""
    return _sorted_names(get_language() or "en")


def country_name(code: str) -> str:
    """The country's name in the language of this moment, or the code where it has none."""
    return _names(get_language() or "en").get(code, code)


@cache
def zone_names() -> tuple[str, ...]:
    """The time zones people live in, without the aliases that the database keeps for old programs."""
    zones = {zone for zones in get_global("territory_zones").values() for zone in zones if "/" in zone}
    return tuple(sorted(zone for zone in zones if not zone.startswith("Etc/")))


def zone_of(country: str) -> str:
    """The time zone of a country, its first one where it has several; UTC where nothing is known."""
    zones = [zone for zone in get_global("territory_zones").get(country, ()) if zone in zone_names()]
    return zones[0] if zones else "UTC"


def zone_named(name: str) -> tzinfo:
    """The time zone of this name; UTC for a name that this computer does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every time zone with its offset of today, grouped by part of the world."""
    now = timezone.now()
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in zone_names():
        area, _slash, place = zone.partition("/")
        groups.setdefault(area, []).append(
            (zone, f"{place.replace('_', ' ').replace('/', ', ')} ({_offset(zone, now)})")
        )
    return [("UTC", [("UTC", "UTC")]), *groups.items()]


def _offset(zone: str, now: datetime) -> str:
    text = now.astimezone(ZoneInfo(zone)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:]}"
