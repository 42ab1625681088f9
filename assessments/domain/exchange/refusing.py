"""Limits of what a question can hold here."""

from decimal import Decimal

from django.utils.translation import gettext as _


class NotHeld(Exception):
    """The question cannot be kept here as it is; the message says why, in words for an author."""


def within(text: str, longest: int, what: str) -> str:
    """The text. Raises NotHeld where there is no room for it."""
    if len(text) > longest:
        raise NotHeld(_("%(what)s is longer than %(count)d signs.") % {"what": what, "count": longest})
    return text


def share(fraction: Decimal) -> Decimal:
    """A fraction in per cent as options hold it. Raises NotHeld where it is none."""
    if not fraction.is_finite() or abs(fraction) > 100:
        raise NotHeld(_("An answer is worth more than 100 per cent, or costs more."))
    return fraction.quantize(Decimal("0.00001")).normalize() + 0
