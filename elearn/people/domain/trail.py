"""The audit trail, as those read it whom it protects: who saw, exported or changed a person's data, and as what.

Events about one person name them as their subject. Who reads a list of an institution's people leaves one event that
names the institution (or the Action, or everything); whoever belongs there at that moment finds it in their trail.
Upper packages register a sentence for each of their actions in `ready()`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as said_of

from elearn.core import audit
from elearn.core.models import AuditEvent
from elearn.people.enums import Role
from elearn.people.models import Action, Institution, Membership, RoleGrant, User

LIST_READ = "people.list_read"
ROLES_READ = "people.roles_read"

Sentence = str | Promise
_sentences: dict[str, Sentence] = {}


def register(action: str, sentence: Sentence) -> None:
    """Say in plain words what an action was, for the person whose data it concerned: "Opened your record"."""
    _sentences[action] = sentence


# Somebody who stood in a list: what its events name it by, since when, and until when if they left.
Standing = tuple[str, datetime, datetime | None]
_lists: dict[str, tuple[str, Callable[[User], Iterable[Standing]]]] = {}


def register_list(
    action: str, sentence: Sentence, *, names: str, standings: Callable[[User], Iterable[Standing]]
) -> None:
    """Say that an action concerns everybody in a list, which its details name under `names`; who stood in it when."""
    register(action, sentence)
    _lists[action] = (names, standings)


for _action, _sentence in {
    LIST_READ: gettext_lazy("Read a list of people in which you stand"),
    ROLES_READ: gettext_lazy("Read the list of roles, in which yours stand"),
    "people.record_opened": gettext_lazy("Opened your record"),
    "people.trail_read": gettext_lazy("Read this trail about you"),
    "people.membership_opened": gettext_lazy("Opened your claim to a post"),
    "people.membership_confirmed": gettext_lazy("Confirmed your membership"),
    "people.membership_refused": gettext_lazy("Refused your membership"),
    "people.membership_ended": gettext_lazy("Ended your membership"),
    "people.membership_confirmed_by_address": gettext_lazy("Your address confirmed your membership"),
    "people.membership_address_gone": gettext_lazy(
        "Your membership is no longer confirmed: the address that proved it is gone"
    ),
    "people.role_granted": gettext_lazy("Gave you a role"),
    "people.role_ended": gettext_lazy("Ended a role of yours"),
    "people.account_closed": gettext_lazy("Closed your account"),
    "people.account_reopened": gettext_lazy("Opened your account again"),
    "people.name_changed": gettext_lazy("You changed your printed name"),
    "people.second_factor_reset": gettext_lazy("Took away your second step, so that you can set up a new one"),
    "privacy.export_asked": gettext_lazy("You asked for your own data as a file"),
    "privacy.erasure_asked": gettext_lazy("Your account was to be erased"),
    "privacy.erasure_withdrawn": gettext_lazy("The erasure of your account was taken back"),
    "privacy.erased": gettext_lazy("The account was erased"),
}.items():
    register(_action, _sentence)


# --- Writing -----------------------------------------------------------------------------------------------------


def record(action: str, *, actor: User | None, subject: User | None, **details: object) -> None:
    """Write an event, with the roles that the actor held; nothing when people look at, or change, what is their own."""
    if actor is not None and subject is not None and actor.pk == subject.pk:
        return
    audit.record(action=action, actor=actor, subject=subject, **{"as": _roles_of(actor), **details})


def _roles_of(actor: User | None) -> list[str]:
    # Imported here: roles writes events itself.
    from elearn.people.domain.roles import grants_in_force

    if actor is None:
        return []
    held = sorted({str(grant.role) for grant in grants_in_force(actor)})
    return ["admin", *held] if actor.is_superuser else held


# --- Reading -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrailLine:
    at: datetime
    who: str
    roles: str
    what: str
    detail: str


def events_about(person: User) -> QuerySet[AuditEvent]:
    """Every event that concerns the person: about them, or a list read while they stood in it."""
    condition = Q(subject=person)
    for membership in Membership.objects.filter(person=person).prefetch_related("institution__actions"):
        during = Q(action=LIST_READ, at__gte=membership.created_at)
        if membership.ends_on is not None:
            during &= Q(at__date__lte=membership.ends_on + timedelta(days=1))
        actions = [action.pk for action in membership.institution.actions.all()]
        listed = Q(details__institution=membership.institution_id) | Q(details__everywhere=True)
        listed |= Q(details__of_action__in=actions) if actions else Q()
        condition |= during & listed & ~Q(actor=person)
    roles = RoleGrant.objects.filter(person=person).aggregate(first=Min("starts_at"))
    if roles["first"] is not None:
        condition |= Q(action=ROLES_READ, details__everywhere=True, at__gte=roles["first"]) & ~Q(actor=person)
    for standings in {standings for _names, standings in _lists.values()}:
        own = {action: names for action, (names, each) in _lists.items() if each == standings}
        for name, since, until in standings(person):
            during = Q(at__gte=since) if until is None else Q(at__gte=since, at__lte=until)
            for action, names in own.items():
                condition |= Q(action=action, **{f"details__{names}": name}) & during & ~Q(actor=person)
    return AuditEvent.objects.filter(condition).select_related("actor").order_by("-at", "-pk")


def in_words(events: Iterable[AuditEvent]) -> list[TrailLine]:
    """The events as the protected person reads them. Two queries at most, however many events."""
    events = list(events)
    institutions = _titles(Institution, {event.details.get("institution") for event in events})
    actions = _titles(Action, {event.details.get("of_action") for event in events})
    labels: dict[str, Sentence] = {**dict(Role.choices), "admin": said_of("role", "Administrator")}
    lines = []
    for event in events:
        place = institutions.get(event.details.get("institution")) or actions.get(event.details.get("of_action"))
        role = dict(Role.choices).get(event.details.get("role", ""))
        parts = [role, place, event.details.get("reason")]
        lines.append(
            TrailLine(
                at=event.at,
                who=str(event.actor or _("The site itself")),
                roles=", ".join(str(labels.get(name, name)) for name in event.details.get("as", [])),
                what=str(_sentences.get(event.action) or _("Did something with your data (%s)") % event.action),
                detail=" · ".join(str(part) for part in parts if part),
            )
        )
    return lines


def _titles(model: type[Institution] | type[Action], keys: set[object]) -> dict[object, str]:
    wanted = [key for key in keys if isinstance(key, int)]
    if not wanted:
        return {}
    return {pk: str(row) for pk, row in model._default_manager.in_bulk(wanted).items()}
