"""Whose an e-mail address is: only one that its owner has confirmed says so."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from elearn.people.models import User


def addresses_of(person: User) -> list[str]:
    """The person's confirmed addresses, in small letters. An account made by an operator has its own."""
    known = list(EmailAddress.objects.filter(user=person).values_list("email", "verified"))
    if not known:
        return [person.email.lower()]
    return sorted({email.lower() for email, verified in known if verified})


def people_at(addresses: Iterable[str]) -> dict[str, User]:
    """The accounts by confirmed address, for as many addresses as one likes. Two queries."""
    wanted = {address.lower() for address in addresses}
    confirmed = EmailAddress.objects.filter(email__in=wanted, verified=True).select_related("user")
    without = User.objects.annotate(address=Lower("email")).filter(address__in=wanted, emailaddress=None)
    found = {person.email.lower(): person for person in without}
    return found | {row.email.lower(): row.user for row in confirmed}
