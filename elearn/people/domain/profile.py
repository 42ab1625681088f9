"""What people say about themselves."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from elearn.core import audit
from elearn.people.domain.names import clean_latin_name, clean_name
from elearn.people.domain.personal_data import lock_person
from elearn.people.domain.places import zone_of
from elearn.people.models import User


@dataclass(frozen=True)
class ProfileChange:
    name_changed: bool
    statistics_withdrawn: bool


@transaction.atomic
def save_profile(
    *,
    person: User,
    printed_name: str,
    latin_name: str,
    country: str,
    language: str,
    time_zone: str,
    gender: str,
    age_band: str,
    consent: bool,
) -> ProfileChange:
    """Keep what a person says about themselves. The same twice changes nothing the second time.

    Effects: an empty time zone becomes that of the country. Gender and age band are kept only with consent, whose
    moment is kept; without it both are emptied. A changed printed name leaves an audit event, without the names:
    certificates that were issued keep the name they were issued with.
    Refusals: NameRefused for a name that cannot be printed; PersonErased.
    """
    row = lock_person(person.pk)
    before = row.printed_name, row.latin_name
    had_statistics = bool(row.gender or row.age_band)
    row.printed_name, row.latin_name = clean_name(printed_name), clean_latin_name(latin_name)
    row.country, row.language, row.time_zone = country, language, time_zone or zone_of(country)
    row.gender, row.age_band = (gender, age_band) if consent else ("", "")
    if row.gender or row.age_band:
        row.statistics_consent_at = row.statistics_consent_at or timezone.now()
    else:
        row.statistics_consent_at = None
    fields = ["printed_name", "latin_name", "country", "language", "time_zone"]
    fields += ["gender", "age_band", "statistics_consent_at"]
    row.save(update_fields=fields)
    for field in fields:
        setattr(person, field, getattr(row, field))
    changed = (row.printed_name, row.latin_name) != before
    if changed:
        audit.record(action="people.name_changed", actor=person, subject=person)
    return ProfileChange(changed, had_statistics and not consent)
