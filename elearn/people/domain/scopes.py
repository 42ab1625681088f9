"""What a role can cover: the registry of kinds of scope. Upper packages add theirs (a course, a cohort) in `ready()`.

This package knows institutions and Actions. Every kind answers the same two questions: which are there that match a
text, and what are these called. Keys are texts, so that a form can carry them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from elearn.people.domain import institutions
from elearn.people.enums import SCOPES_WITH_KEY, InstitutionState, Scope
from elearn.people.models import Action, Institution, RoleGrant

AT_MOST = 30


@dataclass(frozen=True)
class ScopeKind:
    """`search(text)` answers up to AT_MOST pairs of key and title, the first ones for an empty text; `titles(keys)`
    the titles of those keys that exist, in one query or two however many they are."""

    scope: Scope
    search: Callable[[str], list[tuple[str, str]]]
    titles: Callable[[Iterable[str]], dict[str, str]]


_kinds: dict[Scope, ScopeKind] = {}


def register(kind: ScopeKind) -> None:
    _kinds[kind.scope] = kind


def get(scope: Scope) -> ScopeKind | None:
    return _kinds.get(scope)


def is_offered(scope: Scope) -> bool:
    """Whether a screen can offer this scope: the platform needs no registry, the others somebody who knows them."""
    return scope == Scope.PLATFORM or scope in _kinds


def arguments(scope: Scope, key: str) -> dict[str, Any]:
    """What grant_role takes for the scope with this key. Raises KeyError when there is none of that key."""
    if scope == Scope.PLATFORM:
        return {"scope": scope}
    if key not in _kinds[scope].titles([key]):
        raise KeyError(key)
    if scope == Scope.INSTITUTION:
        return {"scope": scope, "institution": Institution.objects.get(public_id=key)}
    if scope == Scope.ACTION:
        return {"scope": scope, "action": Action.objects.get(pk=key)}
    return {"scope": scope, "scope_key": UUID(key)}


def titles_of(grants: Iterable[RoleGrant]) -> dict[int, str]:
    """What each grant covers, by its primary key; "" for the whole platform. The grants come with their institution
    and Action; courses and cohorts are looked up together."""
    found: dict[int, str] = {}
    keyed: dict[Scope, dict[int, str]] = {}
    for grant in grants:
        if grant.scope in SCOPES_WITH_KEY:
            keyed.setdefault(Scope(grant.scope), {})[grant.pk] = str(grant.scope_key)
        else:
            found[grant.pk] = str(grant.institution or grant.action or "")
    for scope, keys in keyed.items():
        titles = _kinds[scope].titles(set(keys.values())) if scope in _kinds else {}
        found.update({pk: titles.get(key, key) for pk, key in keys.items()})
    return found


def search_institutions(text: str, among: QuerySet[Institution] | None = None) -> list[tuple[str, str]]:
    """Known institutions, of those named or of all."""
    known = Institution.objects.known() if among is None else among.filter(state=InstitutionState.KNOWN)
    rows = institutions.search(known, text)[:AT_MOST]
    return [(str(row.public_id), institutions.described(row)) for row in rows]


def _institution_titles(keys: Iterable[str]) -> dict[str, str]:
    rows = Institution.objects.known().filter(public_id__in=[key for key in keys if _is_uuid(key)])
    return {str(row.public_id): row.name for row in rows}


def _search_actions(text: str) -> list[tuple[str, str]]:
    rows = Action.objects.filter(Q(code__icontains=text) | Q(title__icontains=text))[:AT_MOST]
    return [(str(row.pk), str(row)) for row in rows]


def _action_titles(keys: Iterable[str]) -> dict[str, str]:
    rows = Action.objects.filter(pk__in=[key for key in keys if key.isdecimal() and len(key) < 16])
    return {str(row.pk): str(row) for row in rows}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


register(ScopeKind(Scope.INSTITUTION, search_institutions, _institution_titles))
register(ScopeKind(Scope.ACTION, _search_actions, _action_titles))
