"""Giving and ending roles as managers do it: within what they manage, and never for themselves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from elearn.people import signals
from elearn.people.domain import rights, roles, scopes
from elearn.people.domain.roles import RoleRefused
from elearn.people.enums import Role, Scope
from elearn.people.models import Action, Institution, RoleGrant, User


def targets(*, by: User, scope: Scope, text: str, also: str = "") -> list[tuple[str, str]]:
    """What a role can be given for that matches the text, as key and title, within what this person manages.

    `also` is a key that was chosen already: it stays on offer whatever is searched for now.
    """
    kind = scopes.get(scope)
    if kind is None:
        return []
    limit = rights.reach(by, rights.GRANT_ROLES)
    if limit.everywhere:
        found = kind.search(text)
    elif scope == Scope.ACTION:
        found = [(str(row.pk), str(row)) for row in Action.objects.filter(pk__in=limit.action_ids)]
    elif scope == Scope.INSTITUTION:
        found = scopes.search_institutions(text, among=limit.institutions())
    else:
        found = []
    chosen = kind.titles([also]) if also and also not in dict(found) else {}
    return [*found, *chosen.items()]


@transaction.atomic
def give(
    *,
    by: User,
    email: str,
    role: Role,
    scope: Scope,
    key: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """Give the person with this address a role.

    Effects: as `roles.grant_role`; `role_changed`. Refusals: RoleRefused as there; when the giver does not manage that
    role for that scope; when there is no such scope; and when no account that the giver may know of has the address.
    """
    try:
        covers = scopes.arguments(scope, key)
    except KeyError:
        raise RoleRefused(_("What the role is for cannot be found any more. Search for it again.")) from None
    institution: Institution | None = covers.get("institution")
    action: Action | None = covers.get("action")
    if not rights.may_give(by, role, scope, institution, action):
        raise RoleRefused(_("You cannot give this role for that: it lies outside what you manage."))
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    # Somebody who manages one Action must not learn who else has an account.
    known = person is not None and (person.pk == by.pk or rights.reach(by, rights.GRANT_ROLES).covers_person(person))
    if person is None or not known:
        raise RoleRefused(_("No account with this address is among the people you manage. Ask the person to sign up."))
    grant = roles.grant_role(person=person, role=role, granted_by=by, starts_at=starts_at, ends_at=ends_at, **covers)
    signals.role_changed.send(sender=RoleGrant, grant=grant, given=True)
    return grant


@transaction.atomic
def end(*, grant: RoleGrant, by: User) -> RoleGrant:
    """End somebody else's role.

    Effects: as `roles.end_role`; `role_changed`. Refusals: RoleRefused for one's own and out of reach.
    """
    if grant.person_id == by.pk:
        raise RoleRefused(_("Nobody changes their own roles. Ask another manager."))
    if not rights.manageable_grants(by).filter(pk=grant.pk).exists():
        raise RoleRefused(_("You cannot end this role: it lies outside what you manage."))
    ended = roles.end_role(grant=grant, ended_by=by)
    signals.role_changed.send(sender=RoleGrant, grant=ended, given=False)
    return ended
