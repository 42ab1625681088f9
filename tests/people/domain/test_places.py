from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from elearn.people.domain.places import country_choices, country_name, zone_choices, zone_named, zone_names, zone_of


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_country_of_iso_3166_has_a_name_in_every_language(language: str) -> None:
    with translation.override(language):
        choices = dict(country_choices())
    assert len(choices) == 249
    assert all(choices.values())


def test_country_is_named_in_the_language_of_the_reader() -> None:
    with translation.override("fr"):
        assert country_name("DE") == "Allemagne"
    with translation.override("ar"):
        assert country_name("EG") == "مصر"
    assert country_name("XX") == "XX"


def test_zones_are_known_to_the_system() -> None:
    assert len(zone_names()) > 350
    for zone in zone_names():
        ZoneInfo(zone)
    offered = [zone for _group, zones in zone_choices() for zone, _label in zones]
    assert offered[0] == "UTC"
    assert len(offered) == len(set(offered)) == len(zone_names()) + 1


def test_country_gives_its_time_zone() -> None:
    assert (zone_of("KE"), zone_of("TN"), zone_of("XX"), zone_of("")) == (
        "Africa/Nairobi",
        "Africa/Tunis",
        "UTC",
        "UTC",
    )


def test_zone_that_nobody_knows_counts_as_utc() -> None:
    assert zone_named("Nowhere/At all") == UTC
    assert zone_named("../etc/passwd") == UTC
    assert zone_named("Africa/Tunis") == ZoneInfo("Africa/Tunis")
