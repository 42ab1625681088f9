"""Roles: who holds which, and the Wagtail groups derived from them."""

from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction

from elearn.people.enums import Role, Scope
from elearn.people.models import Institution, RoleGrant, User

# Wagtail grants rights in the CMS by group; membership follows the role grants and is never edited by hand.
CMS_GROUPS = {Role.AUTHOR: "Authors", Role.MANAGER: "Programme managers"}


def holds_role(person: User, *roles: Role, course_key: UUID | None = None) -> bool:
    """Whether the person holds one of the roles now, for the whole platform or for the course named by its key."""
    if not person.is_authenticated or not person.is_active:
        return False
    for grant in grants_in_force(person):
        if grant.role in roles and (
            grant.scope == Scope.PLATFORM or (grant.scope == Scope.COURSE and grant.scope_key == course_key)
        ):
            return True
    return False


def grants_in_force(person: User) -> list[RoleGrant]:
    """The person's grants of this moment, read once per request (the person object lives as long as the request)."""
    grants: list[RoleGrant] | None = getattr(person, "_grants_in_force", None)
    if grants is None:
        grants = list(RoleGrant.objects.in_force().filter(person=person))
        person._grants_in_force = grants  # type: ignore[attr-defined]
    return grants


@transaction.atomic
def grant_role(
    *, person: User, role: Role, granted_by: User | None, institution: Institution | None = None
) -> RoleGrant:
    """Give a person a role, for the whole platform or one institution, and put them in the role's group of the CMS.

    Asking twice gives one grant. Raises ValueError when somebody grants a role to themselves.
    """
    if granted_by is not None and granted_by.pk == person.pk:
        raise ValueError("Nobody grants a role to themselves.")
    scope = Scope.PLATFORM if institution is None else Scope.INSTITUTION
    grant = RoleGrant.objects.in_force().filter(person=person, role=role, scope=scope, institution=institution).first()
    if grant is None:
        grant = RoleGrant.objects.create(
            person=person, role=role, scope=scope, institution=institution, granted_by=granted_by
        )
    if role in CMS_GROUPS:
        group, _ = Group.objects.get_or_create(name=CMS_GROUPS[role])
        person.groups.add(group)
    return grant
