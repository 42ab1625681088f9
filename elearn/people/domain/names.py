"""Names of people and institutions: kept as typed, without what no printer and no search can cope with."""

import unicodedata

from django.utils.translation import gettext as _

# Marks of direction and of width that come along when a name is pasted; they are seen by nobody and compare unequal.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\ufeff\u00ad"))
# Joiners are part of how some scripts are written; every other control or override could turn a certificate's line.
_JOINERS = "\u200c\u200d"


class NameRefused(ValueError):
    """The name cannot be kept like this; the message says why, in words."""


def clean_name(text: str) -> str:
    """The name in Unicode's composed form, with single blanks. Marks of Arabic and other scripts survive.

    Refusals: NameRefused for line ends, control characters and overrides of direction, and for a name without letters.
    """
    text = unicodedata.normalize("NFC", text).translate(_UNSEEN)
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for char in text if char not in _JOINERS):
        raise NameRefused(_("Write the name in one line, without tabs or other invisible signs."))
    text = " ".join(text.split())
    if text and not any(char.isalpha() for char in text):
        raise NameRefused(_("A name has letters."))
    return text


def clean_latin_name(text: str) -> str:
    """As `clean_name`, and refused unless every letter is a Latin one."""
    text = clean_name(text)
    if any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in text):
        raise NameRefused(_("Write this form of the name in Latin letters."))
    return text


def folded(text: str) -> str:
    """The text as searches compare it: without accents, vowel marks and case."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))
