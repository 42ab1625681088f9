"""What this package keeps about a person: account, memberships, roles, and what was done with their data."""

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from elearn.core.models import AuditEvent
from elearn.people.domain import exports, notices
from elearn.people.domain.personal_data import Contribution, Identity, Table, in_role
from elearn.people.models import DataExport, ErasureRequest, Membership, RoleGrant, User

ACCOUNT_FIELDS = (
    *("email", "printed_name", "latin_name", "language", "country", "time_zone", "gender", "age_band"),
    *("statistics_consent_at", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"),
    *("notice_version", "public_id", "sessions_ended_at"),
)


def collect(person: User) -> list[Table]:
    return [
        Table("account", _("Your account"), [{name: getattr(person, name) for name in ACCOUNT_FIELDS}]),
        Table("memberships", _("Where you work"), _memberships(person)),
        Table("roles", _("Your roles"), _roles(person)),
        Table("groups", _("Groups you belong to"), [{"name": group.name} for group in person.groups.order_by("name")]),
        Table("notices_accepted", _("Privacy notices you accepted"), notices.history_of(person)),
        Table("exports", _("Downloads of your data"), list(_exports(person))),
        Table("erasures", _("Requests to erase your account"), _erasures(person)),
        Table("events", _("What was done with your data, and by whom"), _events(person)),
    ]


def _memberships(person: User) -> list[dict]:
    rows = Membership.objects.filter(person=person).select_related("institution", "decided_by").order_by("starts_on")
    return [
        {
            "institution": row.institution.name,
            "country": row.institution.country,
            "post": row.post,
            "state": row.state,
            "from": row.starts_on,
            "until": row.ends_on,
            "decided_at": row.decided_at,
            "decided_by": in_role(row.decided_by, person) if row.decided_at else "",
            "reason": row.reason,
        }
        for row in rows
    ]


def _roles(person: User) -> list[dict]:
    rows = RoleGrant.objects.filter(person=person).select_related("institution", "action", "granted_by")
    return [
        {
            "role": row.role,
            "scope": row.scope,
            "institution": row.institution.name if row.institution else "",
            "action": row.action.code if row.action else "",
            "scope_key": row.scope_key,
            "from": row.starts_at,
            "until": row.ends_at,
            "granted_by": in_role(row.granted_by, person),
        }
        for row in rows.order_by("starts_at")
    ]


def _exports(person: User) -> list[dict]:
    rows = DataExport.objects.filter(person=person)
    return [{"asked_at": row.asked_at, "expires_at": row.expires_at} for row in rows]


def _erasures(person: User) -> list[dict]:
    fields = ("origin", "reason", "asked_at", "withdrawn_at", "applied_at")
    return list(ErasureRequest.objects.filter(person=person).order_by("asked_at").values(*fields))


def _events(person: User) -> list[dict]:
    rows = AuditEvent.objects.filter(subject=person).select_related("actor").order_by("at", "pk")
    # What an event says beside may be about others, so of a person's own acts alone it is handed out.
    return [
        {
            "at": row.at,
            "action": row.action,
            "by": in_role(row.actor, person),
            "details": row.details if row.actor_id == person.pk else {},
        }
        for row in rows
    ]


def erase(person: User, identity: Identity) -> None:
    Membership.objects.filter(person=person).exclude(post="", reason="").update(post="", reason="")
    Membership.objects.filter(person=person, ends_on=None).update(
        ends_on=Greatest(F("starts_on"), timezone.now().date())
    )
    for event in AuditEvent.objects.filter(Q(subject=person) | Q(actor=person)):
        details = _scrubbed(event, person, identity)
        if details != event.details:
            AuditEvent.objects.filter(pk=event.pk).update(details=details)
    exports.have_removed(person)
    person.groups.clear()
    person.user_permissions.clear()


def _scrubbed(event: AuditEvent, person: User, identity: Identity) -> dict:
    """Of what was done to the person, no free text stays; of what they did to others, nothing that names them."""
    details: dict = identity.without(event.details)
    if event.subject_id != person.pk:
        return details
    return {key: value for key, value in details.items() if not isinstance(value, str) or _is_token(value)}


def _is_token(value: str) -> bool:
    """A key, a number or a state, which no sentence is."""
    return len(value) <= 64 and not any(char.isspace() or char == "@" for char in value) and value.isascii()


CONTRIBUTION = Contribution(
    name="people",
    collect=collect,
    erase=erase,
    holds=frozenset(
        {
            "core.AuditEvent.subject",
            "people.DataExport.person",
            "people.ErasureRequest.person",
            "people.Membership.person",
            "people.NoticeAcceptance.person",
            "people.RoleGrant.person",
            "people.User_groups.user",
            "people.User_user_permissions.user",
        }
    ),
    acts=frozenset(
        {
            "core.AuditEvent.actor",
            "people.Institution.proposed_by",
            "people.Membership.decided_by",
            "people.Membership.ended_by",
            "people.PrivacyNotice.published_by",
            "people.RoleGrant.ended_by",
            "people.RoleGrant.granted_by",
        }
    ),
)
