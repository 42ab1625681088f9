"""The facts of a certificate in words: what the paper prints and what the verification page repeats."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from certificates.domain.issuing import Facts
from courses.enums import Award, VariantKind


@dataclass(frozen=True)
class Row:
    """A printed fact. `language` is set where the value is in the certificate's language and not in the reader's."""

    label: str
    value: str
    language: str = ""


def award_name(award: str) -> str:
    return str(Award(award).label)


def deed(award: str) -> str:
    """What the holder did, between the name and the course."""
    return {
        Award.ATTENDANCE: _("has attended"),
        Award.COMPLETION: _("has completed the online modules of"),
        Award.ACHIEVEMENT: _("has completed, and passed the assessment of,"),
        Award.TRAINER: _("has qualified as a trainer of"),
    }[Award(award)]


def limit(award: str) -> str:
    """What a certificate of this type does not say, in plain words; empty where nothing needs saying."""
    return {
        Award.ATTENDANCE: _("It certifies attendance only: what was learned was not assessed."),
        Award.COMPLETION: _(
            "It certifies completion of the online modules only. It does not authorise the holder to train others."
        ),
        Award.ACHIEVEMENT: _("It does not authorise the holder to train others."),
        Award.TRAINER: "",
    }[Award(award)]


def edition_name(facts: Facts) -> str:
    """The edition's number and its own title, where it has one."""
    if not facts.edition_title:
        return formats.number_format(facts.edition)
    return _("%(number)s – %(title)s") % {"number": facts.edition, "title": facts.edition_title}


def variant_name(facts: Facts) -> str:
    return str(VariantKind(facts.variant).label)


def hours(facts: Facts) -> str:
    """The hours of learning as a number of the reader's language."""
    return formats.number_format(Decimal(facts.hours).normalize())


def language_name(code: str) -> str:
    return str(get_language_info(code)["name_translated"])


def written_date(iso: str) -> str:
    """A date with the month in letters, in the language now active. English ones are British: 21 November 2026."""
    english = (get_language() or "en").startswith("en")
    return formats.date_format(date.fromisoformat(iso), "j F Y" if english else "DATE_FORMAT")


def rows(facts: Facts, *, serial: str, name: str, latin_name: str) -> tuple[Row, ...]:
    """Every printed fact, with labels in the language now active. The name may be empty: it was removed."""
    own = facts.language
    found = [
        Row(_("Type"), award_name(facts.award)),
        Row(_("Name"), name),
        Row(_("Name in Latin script"), latin_name),
        Row(_("Course"), facts.course, own),
        Row(_("Edition"), edition_name(facts), own),
        Row(_("Modules"), "\n".join(facts.modules), own),
        Row(_("Variant"), variant_name(facts)),
        Row(_("Hours of learning"), hours(facts)),
        Row(_("Language of the course"), language_name(facts.language)),
        Row(_("Completed on"), written_date(facts.completed_on)),
        Row(_("Issued on"), written_date(facts.issued_on)),
        Row(_("Issued by"), facts.issuer),
        Row(_("Serial"), serial),
        Row(_("Please note"), limit(facts.award)),
    ]
    return tuple(row for row in found if row.value)
