"""The second step of the login: of whom it is demanded, and who has none yet.

It is offered to everybody. It is demanded of whoever may enter the CMS or see other people's data: a password that was
guessed or shared must not open those.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from elearn.core import audit
from elearn.people.domain.roles import grants_in_force
from elearn.people.enums import Role
from elearn.people.models import User

# Recovery codes alone are no second step: they stand in for one that was lost.
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# All of them, as it stands: a role that shows its holder nobody else's data would be left out here.
ROLES_THAT_SEE_OTHERS = frozenset(Role)


def is_demanded_of(person: User | AnonymousUser) -> bool:
    """Whether this person must log in with a second step before the CMS or other people's data open."""
    if not settings.SECOND_FACTOR_DEMANDED or not isinstance(person, User) or not person.is_active:
        return False
    return (
        person.is_superuser
        or person.is_staff
        or any(grant.role in ROLES_THAT_SEE_OTHERS for grant in grants_in_force(person))
        or person.has_perm("wagtailadmin.access_admin")
    )


def count(person: User) -> int:
    """How many authenticator apps and passkeys the person has."""
    return Authenticator.objects.filter(user=person, type__in=SECOND_STEPS).count()


def is_set_up(person: User) -> bool:
    """Whether the person has an authenticator app or a passkey."""
    return count(person) > 0


def may_remove(authenticator: Authenticator) -> bool:
    """Whether this one may go. The last second step stays while it is demanded of its owner."""
    last = authenticator.type in SECOND_STEPS and count(authenticator.user) == 1
    return not (last and is_demanded_of(authenticator.user))


def end_sessions(person: User, *, but: str | None = None) -> int:
    """Log a person out everywhere, but in the session of that key. Answers how many logins were ended."""
    sessions = list(UserSession.objects.filter(user=person).exclude(session_key=but or ""))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def reset(*, person: User, by: User | None, reason: str) -> int:
    """Take away every second step of somebody who lost theirs, so that they can set up a new one.

    Effects: authenticator app, passkeys and recovery codes are gone, the person is logged out everywhere, and an audit
    event keeps who did it and why. Answers how many were removed. Who asks is to be made sure of before.
    """
    removed = count(person)
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    audit.record(action="people.second_factor_reset", actor=by, subject=person, removed=removed, reason=reason)
    return removed
