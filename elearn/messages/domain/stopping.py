"""Ending mail by one click in the mail itself (RFC 8058): the address is signed, so that nobody has to log in."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from elearn.messages.enums import Category
from elearn.people.models import User

# No sign that mail programs write differently in an address.
_signer = Signer(salt="elearn.messages.stopping", sep="~")


def token_of(person: User, categories: Collection[str]) -> str:
    return _signer.sign_object([person.public_id.hex, *sorted(categories)])


def read_token(token: str) -> tuple[User, list[Category]] | None:
    """Whose mail of which categories the token ends; None when it is not one of ours, or the account is gone."""
    try:
        key, *names = _signer.unsign_object(token)
    except (BadSignature, ValueError):
        return None
    person = User.objects.filter(public_id=UUID(key), erased_at=None).first()
    categories = [category for category in Category if category.value in names]
    return (person, categories) if person is not None and categories else None


def address_of(person: User, categories: Collection[str]) -> str:
    return settings.SITE_URL + reverse("mail:stop", args=[token_of(person, categories)])


def headers_of(address: str) -> dict[str, str]:
    """What makes a mail program show a button of its own. Both must be covered by the mail server's DKIM signature."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
