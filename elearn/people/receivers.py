"""What this package does when allauth says that a second step, or somebody's addresses, have changed."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from elearn.people import gate
from elearn.people.domain import memberships, second_factor
from elearn.people.models import User


def second_step_set_up(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """The session that set it up has proved it. Logins from before, elsewhere, have not: the first step ends them."""
    if authenticator.type not in second_factor.SECOND_STEPS:
        return
    gate.confirm(request, user)
    if second_factor.count(user) == 1:
        second_factor.end_sessions(user, but=request.session.session_key)


def second_step_removed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Without a second step, nothing is confirmed any more, here or elsewhere."""
    if not second_factor.is_set_up(user):
        gate.forget(request)
        second_factor.end_sessions(user, but=request.session.session_key)


def address_confirmed(request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    """A new address may prove a post."""
    memberships.recheck_addresses(person=email_address.user)


def addresses_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Another primary address may prove a post; one that is gone proves nothing any more."""
    memberships.recheck_addresses(person=user)
