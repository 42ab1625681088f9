"""Serials: random ones, and reading them as people type them."""

import re
import secrets
import unicodedata

from django.utils.translation import gettext as _

# Letters and digits that nobody confuses when reading a serial aloud or typing it from paper (no 0 O 1 I L U).
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4
ABSENT = frozenset("0O1IL")
# What a keyboard in another script gives for a letter that looks the same, and the one letter with a single neighbour.
LOOKALIKES = str.maketrans("АВЕКМНРСТУХΑΒΕΖΗΚΜΝΡΤΥΧU", "ABEKMHPCTYXABEZHKMNPTYXV")


class SerialUnreadable(ValueError):
    """What was typed cannot be a serial; the message says why, in words for the person."""


def new_serial() -> str:
    """A random serial in three groups of four: 59 bits, so that it cannot be guessed."""
    return _grouped("".join(secrets.choice(ALPHABET) for _index in range(LENGTH)))


def read_serial(typed: str) -> str:
    """The serial that somebody typed or pasted: in any case, with or without hyphens, or the whole address.

    Refusals: SerialUnreadable when it holds a character that no serial has, or too few or too many.
    """
    address = re.search(r"/verify/([^/?#]+)", typed)
    text = unicodedata.normalize("NFKC", address[1] if address else typed).upper()
    letters = "".join(_plain(character) for character in text if not _is_separator(character))
    absent = sorted(set(letters) & ABSENT)
    if absent:
        raise SerialUnreadable(
            _("A serial never holds %(characters)s. Look again: it may be D or Q, 7 or J.")
            % {"characters": ", ".join(absent)}
        )
    strange = sorted(set(letters) - set(ALPHABET))
    if strange:
        raise SerialUnreadable(
            _("A serial has only letters and digits, and hyphens between them; this holds %(characters)s.")
            % {"characters": " ".join(strange[:5])}
        )
    if len(letters) != LENGTH:
        raise SerialUnreadable(
            _("A serial has %(expected)d letters and digits; this has %(typed)d.")
            % {"expected": LENGTH, "typed": len(letters)}
        )
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _is_separator(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Pd", "Cf") or character in "._·−"


def _plain(character: str) -> str:
    digit = unicodedata.digit(character, None)
    return str(digit) if digit is not None else character.translate(LOOKALIKES)
