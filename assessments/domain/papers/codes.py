"""The codes of printed forms: short, without letters that look alike, and with one that tells of a slip."""

import secrets

from django.utils.translation import gettext as _

# Without 0 and O, 1, I and L. 31 signs: with a prime number of them the last one finds every wrong sign and every two
# that changed places.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


class CodeRefused(ValueError):
    """What was typed is no code; the message says why."""


def new_code() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
    return signs + _check_sign(signs)


def _check_sign(signs: str) -> str:
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1))
    return ALPHABET[total % len(ALPHABET)]


def printed(code: str) -> str:
    """As it stands on paper: ABCD-EFG."""
    return f"{code[:4]}-{code[4:]}"


def read(typed: str) -> str:
    """The code that somebody typed, however they wrote it. Raises CodeRefused."""
    signs = "".join(sign for sign in typed.upper() if sign not in " -–_\u00a0\t")
    if len(signs) != LENGTH + 1:
        raise CodeRefused(_("A form code has seven letters and digits, such as ABCD-EFG. Compare it with the paper."))
    if set(signs) - set(ALPHABET):
        raise CodeRefused(_("A form code has no 0, O, 1, I or L, and no other signs. Compare it with the paper."))
    if _check_sign(signs[:LENGTH]) != signs[LENGTH]:
        raise CodeRefused(_("One letter or digit of this form code is wrong. Compare it with the paper."))
    return signs
