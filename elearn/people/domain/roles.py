"""Roles: who holds which, where and for how long, and the groups of the CMS derived from them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from elearn.core.prepared import Prepared
from elearn.people.domain import trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.enums import SCOPES_WITH_KEY, Role, Scope
from elearn.people.models import Action, Institution, RoleGrant, User

# Wagtail grants rights in the CMS by group; membership follows the role grants and is never edited by hand.
# ("Editors" is the name of a group that Wagtail's own migrations make.)
CMS_GROUPS = {
    Role.AUTHOR: "Authors",
    Role.REVIEWER: "Expert reviewers",
    Role.EDITOR: "Course editors",
    Role.MANAGER: "Programme managers",
}

# What a role can be given for. Screens offer nothing else and grant_role refuses it.
SCOPES_OF: dict[Role, tuple[Scope, ...]] = {
    Role.MANAGER: (Scope.PLATFORM, Scope.ACTION),
    Role.FOCAL_POINT: (Scope.INSTITUTION,),
    Role.AUTHOR: (Scope.PLATFORM, Scope.COURSE),
    Role.REVIEWER: (Scope.PLATFORM, Scope.COURSE),
    Role.EDITOR: (Scope.PLATFORM, Scope.COURSE),
    Role.TRAINER: (Scope.PLATFORM, Scope.COURSE, Scope.COHORT),
    Role.ASSESSOR: (Scope.PLATFORM, Scope.COURSE, Scope.COHORT),
}

# The roles that never open the CMS: the sweep need not look at every trainer's grants.
ROLES_WITHOUT_CMS = frozenset({Role.TRAINER, Role.ASSESSOR, Role.FOCAL_POINT})

GroupProvider = Callable[[RoleGrant], list[str]]
_group_providers: list[GroupProvider] = []


class RoleRefused(ValueError):
    """The role cannot be given or ended like this; the message says why, in words."""


# --- Who holds what ----------------------------------------------------------------------------------------------


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


def course_keys_of(person: User, *roles: Role) -> frozenset[UUID] | None:
    """The keys of the courses for which `holds_role` is true; None where a role is held for the whole platform."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    grants = [grant for grant in grants_in_force(person) if grant.role in roles]
    if any(grant.scope == Scope.PLATFORM for grant in grants):
        return None
    return frozenset(grant.scope_key for grant in grants if grant.scope == Scope.COURSE and grant.scope_key is not None)


_in_force = Prepared(
    lambda person, now: RoleGrant.objects.in_force(now).filter(person=person),
    person=BigIntegerField(),
    now=DateTimeField(),
)


def grants_in_force(person: User) -> list[RoleGrant]:
    """The person's grants of this moment, read once per request (the person object lives as long as the request)."""
    grants: list[RoleGrant] | None = getattr(person, "_grants_in_force", None)
    if grants is None:
        grants = _in_force(person=person.pk, now=timezone.now())
        person._grants_in_force = grants  # type: ignore[attr-defined]
    return grants


def forget_grants(person: User) -> None:
    """Have the person's grants read again: they have just changed."""
    person.__dict__.pop("_grants_in_force", None)


# --- Giving and ending -------------------------------------------------------------------------------------------


@transaction.atomic
def grant_role(
    *,
    person: User,
    role: Role,
    granted_by: User | None,
    institution: Institution | None = None,
    action: Action | None = None,
    scope: Scope | None = None,
    scope_key: UUID | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """Give a person a role: for the platform, or for the institution, Action, course or cohort that is named.

    `scope_key` is the key of a course, or with `scope=Scope.COHORT` of a cohort. `granted_by=None` is the installation
    itself (a command, the demo).

    Effects: one grant, in force from `starts_at` (now) until `ends_at` (open); the person's groups in the CMS follow
    it; an audit event. Asking for what the person holds already answers the grant they have.
    Refusals: RoleRefused when somebody gives a role to themselves, when the role is not given for such a scope, when
    the end is not after the start, and when the same role runs there already with other dates.
    PersonErased.
    """
    scope = scope or _scope_of(action, institution, scope_key)
    if granted_by is not None and granted_by.pk == person.pk:
        raise RoleRefused(_("Nobody grants a role to themselves."))
    # Two managers at once must not give the same role twice. "Now" is read after the wait: whoever waited starts later.
    person = lock_person(person.pk)
    starts_at = starts_at or timezone.now()
    _refuse_nonsense(Role(role), scope, starts_at, ends_at)
    where = {"scope": scope, "institution": institution, "action": action, "scope_key": scope_key}
    standing = RoleGrant.objects.not_ended().overlapping(starts_at, ends_at).filter(person=person, role=role, **where)
    existing = standing.first()
    if existing is not None:
        if existing.starts_at <= starts_at and existing.ends_at == ends_at:
            return existing
        raise RoleRefused(
            _("The person holds this role there already, with other dates. End it first, or change the dates.")
        )
    grant = RoleGrant.objects.create(
        person=person, role=role, granted_by=granted_by, starts_at=starts_at, ends_at=ends_at, **where
    )
    forget_grants(person)
    align_groups(person)
    if granted_by is not None:
        trail.record("people.role_granted", actor=granted_by, subject=person, **_as_details(grant))
    return grant


def _refuse_nonsense(role: Role, scope: Scope, starts_at: datetime, ends_at: datetime | None) -> None:
    if scope not in SCOPES_OF[role]:
        raise RoleRefused(_("This role is not given for that: choose another role or another scope."))
    if ends_at is not None and ends_at <= starts_at:
        raise RoleRefused(_("The role must end after it starts."))


def _scope_of(action: Action | None, institution: Institution | None, scope_key: UUID | None) -> Scope:
    if institution is not None:
        return Scope.INSTITUTION
    if action is not None:
        return Scope.ACTION
    return Scope.PLATFORM if scope_key is None else Scope.COURSE


@transaction.atomic
def end_role(*, grant: RoleGrant, ended_by: User | None) -> RoleGrant:
    """End a grant now; one that has not started yet never will.

    Effects: `ends_at` and `ended_by` are set, the row stays; the person's groups in the CMS follow; an audit event.
    Ending what has ended changes nothing.
    """
    now = timezone.now()
    running = RoleGrant.objects.select_for_update().not_ended(now).filter(pk=grant.pk).first()
    if running is not None:
        running.ends_at = max(now, running.starts_at)
        running.ended_by = ended_by
        running.save(update_fields=["ends_at", "ended_by"])
        forget_grants(running.person)
        align_groups(running.person)
        trail.record("people.role_ended", actor=ended_by, subject=running.person, **_as_details(running))
    grant.refresh_from_db()
    forget_grants(grant.person)
    return grant


def _as_details(grant: RoleGrant) -> dict[str, object]:
    return {
        "grant": grant.pk,
        "role": grant.role,
        "scope": grant.scope,
        "institution": grant.institution_id,
        "of_action": grant.action_id,
        "scope_key": str(grant.scope_key) if grant.scope in SCOPES_WITH_KEY else None,
    }


# --- The groups of the CMS ---------------------------------------------------------------------------------------


def register_group_provider(provider: GroupProvider) -> None:
    """Have an upper package say which groups of the CMS a grant of its scopes puts the person in.

    `provider(grant)` answers names of groups, an empty list where the grant is none of its business. A group that does
    not exist yet is made, without any right.
    """
    if provider not in _group_providers:
        _group_providers.append(provider)


def cms_groups_for(grant: RoleGrant) -> list[str]:
    """The groups of the CMS that rest on a grant: ours for the whole platform, the providers' for narrower scopes."""
    own = [CMS_GROUPS[Role(grant.role)]] if grant.scope == Scope.PLATFORM and grant.role in CMS_GROUPS else []
    return own + [name for provider in _group_providers for name in provider(grant)]


@transaction.atomic
def align_groups(person: User) -> bool:
    """Put the person in exactly the groups that rest on their grants of this moment. Answers whether that changed any.

    Nobody edits groups by hand, so whatever rests on no grant is taken away; a deactivated person is in none.
    """
    wanted = {name for grant in _grants_with_groups(person=person) for name in cms_groups_for(grant)}
    present = set(person.groups.values_list("name", flat=True))
    if wanted == present:
        return False
    person.groups.remove(*Group.objects.filter(name__in=present - wanted))
    person.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in wanted - present))
    return True


def _grants_with_groups(**whose: object) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.in_force().filter(person__is_active=True, **whose).exclude(role__in=ROLES_WITHOUT_CMS)


def align_all_groups() -> int:
    """Let grants that began or ended by their date take effect in the CMS; run by every sweep.

    Answers how many people changed groups. The sites' own predicates ask for the dates themselves and need no sweep.
    """
    wanted: dict[int, set[str]] = {}
    for grant in _grants_with_groups():
        wanted.setdefault(grant.person_id, set()).update(cms_groups_for(grant))
    present: dict[int, set[str]] = {}
    for person_id, name in User.groups.through.objects.values_list("user_id", "group__name"):
        present.setdefault(person_id, set()).add(name)
    differing = [pk for pk in wanted.keys() | present.keys() if wanted.get(pk, set()) != present.get(pk, set())]
    return sum(align_groups(person) for person in User.objects.filter(pk__in=differing))
