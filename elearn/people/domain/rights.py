"""Who may see and do what with other people's data, and why: the one place that says it.

A Right names the roles, and for each the scopes, that give it. The predicates and filters below ask it, and so does
the table on the screen of roles; so what the screen says is what the code does. Upper packages register theirs in
`ready()`, with the same names of roles that their own predicates use.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from elearn.people.domain.roles import CMS_GROUPS, SCOPES_OF, grants_in_force
from elearn.people.enums import Role, Scope
from elearn.people.models import Action, Institution, Membership, RoleGrant, User
from elearn.people.models.institution import MembershipQuerySet
from elearn.people.models.role import RoleGrantQuerySet


@dataclass(frozen=True)
class Right:
    """`says` completes "This role lets you …"; `held_by` are the roles and scopes that give it.

    `opens` names the address of the screen that it is for, if the profile is to lead there, and `screen` what it is
    called there.
    """

    key: str
    says: str | Promise
    held_by: Mapping[Role, tuple[Scope, ...]]
    opens: str = ""
    screen: str | Promise = ""

    def is_given_by(self, grant: RoleGrant) -> bool:
        return grant.scope in self.held_by.get(Role(grant.role), ())


MANAGERS = {Role.MANAGER: (Scope.PLATFORM, Scope.ACTION)}
PLATFORM_MANAGERS = {Role.MANAGER: (Scope.PLATFORM,)}

SEE_PEOPLE = Right(
    "people.see",
    _("see the people of an institution: name, e-mail address, country, post and roles"),
    {**MANAGERS, Role.FOCAL_POINT: (Scope.INSTITUTION,)},
)
DECIDE_MEMBERSHIPS = Right(
    "people.decide",
    _("confirm or refuse who works in an institution, and end what is over"),
    {**MANAGERS, Role.FOCAL_POINT: (Scope.INSTITUTION,)},
)
READ_TRAIL = Right("people.trail", _("read who saw, exported or changed a person's data"), MANAGERS)
GRANT_ROLES = Right(
    "people.grant", _("give and end roles: every role, or within an Action its managers and focal points"), MANAGERS
)
CURATE_INSTITUTIONS = Right(
    "people.institutions", _("accept, merge and change institutions and their e-mail domains"), PLATFORM_MANAGERS
)
CURATE_ACTIONS = Right(
    "people.actions", _("change Actions: every one and new ones, or the one that is managed"), MANAGERS
)
CLOSE_ACCOUNTS = Right("people.close", _("close an account and open it again"), PLATFORM_MANAGERS)
WORK_IN_CMS = Right("people.cms", _("work on every course in the CMS"), dict.fromkeys(CMS_GROUPS, (Scope.PLATFORM,)))

_rights: dict[str, Right] = {}


def register(right: Right) -> None:
    _rights[right.key] = right


def all_rights() -> list[Right]:
    return list(_rights.values())


for _right in (
    SEE_PEOPLE,
    DECIDE_MEMBERSHIPS,
    READ_TRAIL,
    GRANT_ROLES,
    CURATE_INSTITUTIONS,
    CURATE_ACTIONS,
    CLOSE_ACCOUNTS,
    WORK_IN_CMS,
):
    register(_right)


# --- What a person may do ----------------------------------------------------------------------------------------


def grants_giving(person: User, right: Right) -> list[RoleGrant]:
    """The person's grants in force that give the right."""
    if not person.is_authenticated or not person.is_active:
        return []
    return [grant for grant in grants_in_force(person) if right.is_given_by(grant)]


def holds(person: User, right: Right) -> bool:
    """Whether the person has the right over anybody or anything at all."""
    return bool(person.is_active and person.is_superuser) or bool(grants_giving(person, right))


def screens_of(person: User) -> list[Right]:
    """The rights of the person that have a screen of their own to which the profile leads."""
    return [right for right in all_rights() if right.opens and holds(person, right)]


@dataclass(frozen=True)
class Reach:
    """How far a right goes: everywhere, or to the institutions named and those of the Actions named."""

    everywhere: bool
    institution_ids: frozenset[int] = frozenset()
    action_ids: frozenset[int] = frozenset()

    def institutions(self) -> QuerySet[Institution]:
        rows = Institution.objects.all()
        if self.everywhere:
            return rows
        return rows.filter(pk__in=self._ids)

    def covers(self, institution: Institution) -> bool:
        return self.everywhere or institution.pk in self._ids

    @cached_property
    def _ids(self) -> frozenset[int]:
        # An Action's people are those of its institutions; a proposal belongs to none.
        if not self.action_ids:
            return self.institution_ids
        through = Action.institutions.through.objects.filter(action_id__in=self.action_ids)
        return self.institution_ids | frozenset(through.values_list("institution_id", flat=True))

    def memberships(self) -> MembershipQuerySet:
        rows = Membership.objects.all()
        return rows if self.everywhere else rows.filter(institution__in=self._ids)

    def people(self) -> QuerySet[User]:
        """Those whose record is open to the right: confirmed people of the institutions. A mere claim opens nothing."""
        if self.everywhere:
            return User.objects.all()
        confirmed = Membership.objects.confirmed().filter(institution__in=self._ids)
        return User.objects.filter(pk__in=confirmed.values("person"))

    def covers_person(self, person: User) -> bool:
        return self.everywhere or self.people().filter(pk=person.pk).exists()


def reach(person: User, right: Right) -> Reach:
    """How far the person's right goes; nowhere for whoever does not have it."""
    if person.is_active and person.is_superuser:
        return Reach(everywhere=True)
    grants = grants_giving(person, right)
    return Reach(
        everywhere=any(grant.scope == Scope.PLATFORM for grant in grants),
        institution_ids=frozenset(g.institution_id for g in grants if g.institution_id is not None),
        action_ids=frozenset(g.action_id for g in grants if g.action_id is not None),
    )


# --- Roles that a person may give --------------------------------------------------------------------------------

# What somebody may give who manages one Action: roles within it, and none above their own.
WITHIN_ACTION = frozenset({(Role.MANAGER, Scope.ACTION), (Role.FOCAL_POINT, Scope.INSTITUTION)})


def givable(by: User) -> list[tuple[Role, Scope]]:
    """The roles, each with a kind of scope, that this person may give to somebody else."""
    limit = reach(by, GRANT_ROLES)
    if not limit.everywhere and not limit.action_ids:
        return []
    every = [(role, scope) for role, scopes in SCOPES_OF.items() for scope in scopes]
    return every if limit.everywhere else [pair for pair in every if pair in WITHIN_ACTION]


def may_give(
    by: User, role: Role, scope: Scope, institution: Institution | None = None, action: Action | None = None
) -> bool:
    """Whether this person may give, or end, the role for exactly that scope."""
    limit = reach(by, GRANT_ROLES)
    if limit.everywhere:
        return True
    if (role, scope) not in WITHIN_ACTION:
        return False
    if scope == Scope.ACTION:
        return action is not None and action.pk in limit.action_ids
    return institution is not None and limit.covers(institution)


def manageable_grants(by: User) -> RoleGrantQuerySet:
    """The grants that `may_give` answers for: the same rule as a filter."""
    limit = reach(by, GRANT_ROLES)
    rows = RoleGrant.objects.all()
    if limit.everywhere:
        return rows
    in_action = Q(role=Role.MANAGER, scope=Scope.ACTION, action__in=limit.action_ids)
    at_institution = Q(role=Role.FOCAL_POINT, scope=Scope.INSTITUTION, institution__in=limit.institutions())
    return rows.filter(in_action | at_institution) if limit.action_ids else rows.none()


# --- In words ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoleLine:
    """One row of the table that says what a role lets one see and do."""

    role: str
    scope: str
    says: tuple[str, ...]


def table_of_roles() -> list[RoleLine]:
    """What each role, for each kind of scope, lets its holder see and do; from the rights themselves."""
    return [
        RoleLine(
            str(role.label),
            str(scope.label),
            tuple(str(r.says) for r in all_rights() if scope in r.held_by.get(role, ())),
        )
        for role, scopes in SCOPES_OF.items()
        for scope in scopes
    ]


def rights_given_by(grant: RoleGrant) -> list[Right]:
    return [right for right in all_rights() if right.is_given_by(grant)]


def grants_that_reach(right: Right, memberships: Iterable[Membership]) -> QuerySet[RoleGrant]:
    """The grants in force that give the right over the people of these memberships."""
    institution_ids = {membership.institution_id for membership in memberships}
    return _reaching(right, institution_ids)


def grants_that_reach_institution(right: Right, institution: Institution) -> QuerySet[RoleGrant]:
    return _reaching(right, {institution.pk})


def _reaching(right: Right, institution_ids: set[int]) -> QuerySet[RoleGrant]:
    over: dict[Scope, Callable[[], dict[str, Any]]] = {
        Scope.PLATFORM: dict,
        Scope.ACTION: lambda: {"action__institutions__in": institution_ids},
        Scope.INSTITUTION: lambda: {"institution__in": institution_ids},
    }
    condition = Q(pk__in=[])
    for role, scopes in right.held_by.items():
        for scope in scopes:
            if scope in over:
                condition |= Q(role=role, scope=scope, **over[scope]())
    rows = RoleGrant.objects.in_force().filter(condition, person__is_active=True)
    return rows.select_related("person", "institution", "action", "granted_by").distinct().order_by("role", "pk")
