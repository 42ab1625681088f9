"""What an institution's own login (OpenID Connect) is believed about a person."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def claims(extra_data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the provider says about the person: from its userinfo, or else from the token."""
    return extra_data.get("userinfo") or extra_data.get("id_token") or {}


def proven_address(extra_data: Mapping[str, Any], domains: Collection[str]) -> str | None:
    """The address that the provider says it verified, in lower case, if it lies in one of the provider's own domains.

    Otherwise whoever runs one institution's directory could name a stranger's address there and log in as them.
    """
    said = claims(extra_data)
    email = said.get("email")
    if said.get("email_verified") not in (True, "true") or not isinstance(email, str):
        return None
    try:
        validate_email(email)
    except ValidationError:
        return None
    email = email.lower()
    return email if email.rpartition("@")[2] in domains else None
