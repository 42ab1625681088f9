"""What managers and focal points see of people, and what people see of them: read-side objects for the screens."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from elearn.people.domain import rights, scopes, trail
from elearn.people.domain.places import country_name
from elearn.people.enums import GrantState, MembershipState, Role
from elearn.people.models import Institution, Membership, RoleGrant, User

# --- Members -----------------------------------------------------------------------------------------------------


def members(by: User, *, state: str, text: str, institution: Institution | None) -> QuerySet[Membership]:
    """The memberships in the person's reach: `state` is one of MembershipState, "ended" or "" for all that run."""
    rows = rights.reach(by, rights.SEE_PEOPLE).memberships()
    if institution is not None:
        rows = rows.filter(institution=institution)
    if state == "ended":
        rows = rows.exclude(ends_on=None)
    else:
        rows = rows.running()
        rows = rows.filter(state=state) if state in MembershipState.values else rows
    for word in text.split():
        rows = rows.filter(
            Q(person__printed_name__icontains=word)
            | Q(person__latin_name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(institution__name__icontains=word)
            | Q(post__icontains=word)
        )
    return rows.select_related("person", "institution", "decided_by").order_by("-created_at", "-pk")


def record_list_read(by: User, institution: Institution | None) -> None:
    """Write that a list of people was read: of one institution, or of everything in the person's reach."""
    reach = rights.reach(by, rights.SEE_PEOPLE)
    if institution is not None:
        places: list[dict[str, object]] = [{"institution": institution.pk}]
    elif reach.everywhere:
        places = [{"everywhere": True}]
    else:
        places = [{"institution": pk} for pk in sorted(reach.institution_ids)]
        places += [{"of_action": pk} for pk in sorted(reach.action_ids)]
    for place in places:
        trail.record(trail.LIST_READ, actor=by, subject=None, **place)


# --- Roles -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GrantLine:
    grant: RoleGrant
    role: str
    scope: str
    covers: str
    state: GrantState
    says: tuple[str, ...]
    by: User | None
    can_end: bool

    @property
    def runs(self) -> bool:
        return self.state == GrantState.IN_FORCE


def grant_lines(grants: QuerySet[RoleGrant] | list[RoleGrant], by: User | None = None) -> list[GrantLine]:
    """The grants in words. One query more for each kind of scope that upper packages know, however many grants.

    `by` is who may end them, if anybody: the grants come from `manageable_grants`, and nobody ends their own.
    """
    rows = list(grants)
    covers = scopes.titles_of(rows)
    return [
        GrantLine(
            grant=grant,
            role=grant.get_role_display(),
            scope=grant.get_scope_display(),
            covers=covers[grant.pk],
            state=grant.state,
            says=tuple(str(right.says) for right in rights.rights_given_by(grant)),
            by=grant.granted_by,
            can_end=by is not None and by.pk != grant.person_id and grant.state != GrantState.ENDED,
        )
        for grant in rows
    ]


def grants(by: User, *, state: str, role: str, text: str) -> QuerySet[RoleGrant]:
    """The grants that this person may see and end; `state` is one of GrantState or "" for all."""
    rows = rights.manageable_grants(by)
    if state in GrantState.values:
        rows = rows.in_state(state)
    if role in Role.values:
        rows = rows.filter(role=role)
    for word in text.split():
        rows = rows.filter(
            Q(person__printed_name__icontains=word)
            | Q(person__latin_name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(institution__name__icontains=word)
            | Q(action__title__icontains=word)
            | Q(action__code__icontains=word)
        )
    return _complete(rows).order_by("-starts_at", "-pk")


def grants_of(person: User) -> QuerySet[RoleGrant]:
    return _complete(RoleGrant.objects.filter(person=person)).order_by("-starts_at", "-pk")


def _complete(rows: QuerySet[RoleGrant]) -> QuerySet[RoleGrant]:
    return rows.select_related("person", "institution", "action", "granted_by", "ended_by")


def record_roles_read(by: User) -> None:
    """Write that the list of roles was read, of everything or of the Actions this person manages."""
    reach = rights.reach(by, rights.GRANT_ROLES)
    places: list[dict[str, object]] = [{"everywhere": True}] if reach.everywhere else []
    for place in places or [{"of_action": pk} for pk in sorted(reach.action_ids)]:
        trail.record(trail.ROLES_READ, actor=by, subject=None, **place)


# --- One person --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonRecord:
    person: User
    memberships: list[Membership]
    grants: list[GrantLine]
    is_administrator: bool

    @property
    def in_force(self) -> list[GrantLine]:
        """What the person can see, and why: each grant in force with what it gives."""
        return [line for line in self.grants if line.runs] if self.person.is_active else []

    @property
    def others(self) -> list[GrantLine]:
        return [line for line in self.grants if not line.runs]

    @property
    def country(self) -> str:
        return country_name(self.person.country)


def read_person(by: User, person: User) -> PersonRecord:
    """The record of a person as somebody sees it in whose reach they are: posts there, and roles.

    Posts in institutions that are none of the reader's business are left out.
    """
    rows = Membership.objects.filter(person=person).select_related("institution", "decided_by")
    reach = rights.reach(by, rights.SEE_PEOPLE)
    memberships = [row for row in rows.order_by("-starts_on", "-pk") if reach.covers(row.institution)]
    return PersonRecord(
        person=person,
        memberships=memberships,
        grants=grant_lines(grants_of(person)),
        is_administrator=person.is_superuser,
    )


# --- Who sees whom -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Watcher:
    """Somebody who can see the people of an institution, and the ground for it."""

    name: str
    role: str
    scope: str
    covers: str
    since: datetime
    until: date | None
    by: str


def watchers_of(person: User) -> list[Watcher]:
    """Who can see this person's record now, and why."""
    return _watchers(rights.grants_that_reach(rights.SEE_PEOPLE, Membership.objects.confirmed().filter(person=person)))


def watchers_of_institution(institution: Institution) -> list[Watcher]:
    """Who can see the people of an institution now, and why."""
    return _watchers(rights.grants_that_reach_institution(rights.SEE_PEOPLE, institution))


def _watchers(rows: QuerySet[RoleGrant]) -> list[Watcher]:
    return [
        Watcher(
            name=str(line.grant.person),
            role=line.role,
            scope=line.scope,
            covers=line.covers,
            since=line.grant.starts_at,
            until=line.grant.last_day,
            by=str(line.by or ""),
        )
        for line in grant_lines(rows)
    ]
