"""What cohorts put on somebody's desk: their groups and invitations, what is due, sessions, and mail from trainers."""

from dataclasses import dataclass, field
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db.models import BigIntegerField, DateTimeField, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.cohorts.session_times import SessionLine
from courses.domain.cohorts.sessions import next_sessions
from courses.domain.outline import ModuleLine, Outline
from courses.enums import MemberState
from courses.models import CohortMember
from elearn.core.prepared import Prepared
from elearn.messages.enums import Category
from elearn.messages.models import Message
from elearn.people.domain.roles import grants_in_force
from elearn.people.enums import Role, Scope
from elearn.people.models import User

MESSAGES_SHOWN = 3
DUE_SHOWN = 4
WAITING = (MemberState.INVITED, MemberState.REQUESTED, MemberState.WAITLISTED)


@dataclass(frozen=True)
class Group:
    """A cohort in which somebody takes part, or wants to."""

    title: str
    state: MemberState
    url: str

    @property
    def is_invitation(self) -> bool:
        return self.state == MemberState.INVITED

    @property
    def says(self) -> str:
        if self.state == MemberState.WAITLISTED:
            return _(
                "You are on the waiting list. A place that becomes free goes to the first in line; you get a mail."
            )
        if self.state == MemberState.REQUESTED:
            return _("You have asked for a place. You get a mail when somebody has decided.")
        return _("You are invited. Look at what it is, and decide.")


@dataclass(frozen=True)
class Due:
    """A module that somebody has to complete by a day."""

    course: str
    module: ModuleLine

    @property
    def day(self) -> date | None:
        return self.module.due_on


@dataclass(frozen=True)
class Groups:
    taking_part: list[Group] = field(default_factory=list)
    waiting: list[Group] = field(default_factory=list)
    sessions: list[SessionLine] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @property
    def are_any(self) -> bool:
        return bool(self.taking_part or self.waiting or self.sessions or self.messages)


def _standing(person: object, now: object) -> QuerySet:
    """Where the person stands; also what was sent to an address before it was theirs, if they have confirmed it."""
    confirmed = EmailAddress.objects.filter(user=person, verified=True)
    invited = Q(person=None, state=MemberState.INVITED, address__in=confirmed.values(lowered=Lower("email")))
    own = Q(person=person, state__in=[MemberState.SEATED, *WAITING])
    rows = CohortMember.objects.alias(address=Lower("email")).filter(own | invited, cohort__closed_at=None)
    rows = rows.exclude(state=MemberState.INVITED, expires_at__lte=now)
    return rows.order_by("asked_at", "pk").values_list("state", "token", "cohort__title", "cohort__public_id")


_standings = Prepared(_standing, person=BigIntegerField(), now=DateTimeField())


def read_groups(person: User, now: datetime | None = None) -> Groups:
    """What cohorts put on the desk. One query; two more for who takes part in one, one more for who trains one."""
    found: dict[bool, list[Group]] = {True: [], False: []}
    for state, token, title, public_id in _standings(person=person.pk, now=now or timezone.now()):
        if state == MemberState.INVITED:
            url = reverse("cohorts:invitation", args=[token])
        else:
            url = reverse("cohorts:own", args=[public_id]) if state == MemberState.SEATED else ""
        found[state == MemberState.SEATED].append(Group(title, MemberState(state), url))
    taking_part, waiting = found[True], found[False]
    trains = any(grant.role == Role.TRAINER and grant.scope == Scope.COHORT for grant in grants_in_force(person))
    return Groups(
        taking_part=taking_part,
        waiting=waiting,
        sessions=next_sessions(person) if taking_part or trains else [],
        messages=_messages(person) if taking_part else [],
    )


def _messages(person: User) -> list[Message]:
    """The latest that trainers have written; what was blanked since says nothing any more."""
    written = Message.objects.filter(person=person, category__in=[Category.ANNOUNCEMENT, Category.TRAINER])
    return list(written.exclude(body="").order_by("-created_at", "-pk")[:MESSAGES_SHOWN])


def due_soon(courses: list[tuple[str, Outline]]) -> list[Due]:
    """The modules of these courses that have a day by which to complete them, the earliest first. No query."""
    due = [Due(title, module) for title, outline in courses for module in outline.modules if module.due_on]
    return sorted(due, key=lambda each: each.day or date.max)[:DUE_SHOWN]
