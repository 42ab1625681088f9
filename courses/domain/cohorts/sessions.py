"""Planning the live sessions of a cohort, changing them and cancelling them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.domain.cohorts import session_mail
from courses.domain.cohorts.attending import complete_whoever_may
from courses.domain.cohorts.session_times import NoSuchTime, SessionLine, clock_at, lines_of, moment
from courses.enums import ATTENDED, MemberState
from courses.models import Cohort, CohortMember, LiveSession
from elearn.people.enums import Role, Scope
from elearn.people.models import RoleGrant, User

MOST_WEEKS = 30
# Further away than this, a day is a slip in the year.
FURTHEST = timedelta(days=730)


class SessionRefused(Exception):
    """Nothing was saved; the message says why, in words for the person."""


@dataclass(frozen=True)
class SessionPlan:
    """A session as it is entered: day and times as the clocks of the cohort's time zone show them."""

    title: str
    day: date
    starts: time
    ends: time
    place: str = ""
    link: str = ""
    agenda: str = ""
    module: UUID | None = None
    counts: bool = True
    opens_before: int = 15
    closes_after: int = 15


@dataclass(frozen=True)
class Saved:
    """The sessions that were written, and what whoever entered them had better know."""

    sessions: list[LiveSession]
    warnings: list[str]


@transaction.atomic
def create_sessions(*, cohort: Cohort, by: User, plan: SessionPlan, key: UUID, weeks: int = 1) -> Saved:
    """Plan a session, or the same one every week for so many weeks.

    `key` names what is asked for: sent twice, it is planned once.
    Effects: one row a week, at the same time of day there although the clocks are changed between; one mail to those
    who take part and to the trainers.
    Refusals: SessionRefused for times that cannot be, without a place or a link, or when the cohort is closed.
    """
    cohort = _lock_open(cohort)
    found = list(_series(cohort, key, MOST_WEEKS))
    if found:
        return Saved(found, [])
    if LiveSession.objects.filter(public_id=key).exists():
        raise SessionRefused(_("This form was used for another cohort. Open it again."))
    if not 1 <= weeks <= MOST_WEEKS:
        raise SessionRefused(_("Choose between 1 and %d weeks.") % MOST_WEEKS)
    warnings, sessions = [], []
    for week in range(weeks):
        day = plan.day + timedelta(weeks=week)
        fields, said = _fields(cohort, plan, day)
        warnings += said
        sessions.append(LiveSession(public_id=_name_of(key, week), cohort=cohort, created_by=by, **fields))
    for session in sessions:
        session.save(force_insert=True)
    session_mail.tell_of_new(sessions)
    return Saved(sessions, warnings)


def _name_of(key: UUID, week: int) -> UUID:
    return uuid5(key, str(week)) if week else key


def _series(cohort: Cohort, key: UUID, weeks: int) -> QuerySet[LiveSession]:
    return LiveSession.objects.filter(cohort=cohort, public_id__in=[_name_of(key, week) for week in range(weeks)])


@transaction.atomic
def change_session(*, session: LiveSession, by: User, plan: SessionPlan, seen: int) -> Saved:
    """Change a session that was not cancelled. `seen` is its sequence as it was shown.

    Effects: the sequence moves on and calendars take the session over; when what people see of it has changed and it is
    not over, a mail to those who take part and to the trainers; whoever completes the course by it is completed. The
    same again changes nothing.
    Refusals: SessionRefused for times that cannot be, without a place or a link, when somebody else has changed it
    meanwhile, when it was cancelled, or when the cohort is closed.
    """
    cohort = _lock_open(session.cohort)
    session = _lock(session, cohort)
    if session.cancelled_at is not None:
        raise SessionRefused(_("This session was cancelled. Plan a new one instead."))
    fields, warnings = _fields(cohort, plan, plan.day)
    before = {name: getattr(session, name) for name in fields}
    if before == fields:
        return Saved([session], warnings)
    if session.sequence != seen:
        raise SessionRefused(_("Somebody else has changed this session in the meantime. Look at it, then change it."))
    for name, value in fields.items():
        setattr(session, name, value)
    _move_on(session)
    if any(before[name] != fields[name] for name in SHOWN):
        session_mail.tell_of_change(session, was=before["starts_at"])
    complete_whoever_may(cohort)
    return Saved([session], warnings)


# What people see of a session; about a change of anything else nobody is written to.
SHOWN = ("title", "starts_at", "ends_at", "place", "link", "agenda")


@transaction.atomic
def cancel_session(*, session: LiveSession, by: User) -> LiveSession:
    """Cancel a session for good.

    Effects: it stays as a row, with what was entered about it, and counts no more; calendars show it as cancelled; a
    mail unless it is over; whoever completes the course by it is completed. Doing it again changes nothing.
    Refusals: SessionRefused when the cohort is closed.
    """
    cohort = _lock_open(session.cohort)
    session = _lock(session, cohort)
    if session.cancelled_at is None:
        session.cancelled_at = timezone.now()
        _move_on(session)
        session_mail.tell_of_end(session)
        complete_whoever_may(cohort)
    return session


def _lock_open(cohort: Cohort) -> Cohort:
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if not cohort.is_open:
        raise SessionRefused(_("This cohort is closed. What it recorded stays as it is."))
    return cohort


def _lock(session: LiveSession, cohort: Cohort) -> LiveSession:
    session = LiveSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    session.cohort = cohort
    return session


def _move_on(session: LiveSession) -> None:
    session.sequence += 1
    session.changed_at = timezone.now()
    session.save()


def _fields(cohort: Cohort, plan: SessionPlan, day: date) -> tuple[dict[str, object], list[str]]:
    """The columns of a session on this day, and what to say about them."""
    if not (plan.place.strip() or plan.link.strip()):
        raise SessionRefused(_("Say where the session takes place, or give the link by which people join."))
    if plan.link and not plan.link.startswith("https://"):
        raise SessionRefused(_("The link must begin with https://."))
    if plan.ends <= plan.starts:
        raise SessionRefused(_("The session must end after it starts, on the same day. Enter another day by itself."))
    if abs(day - timezone.localdate()) > FURTHEST:
        raise SessionRefused(_("%s is more than two years away. Look at the year.") % date_format(day, "j F Y"))
    try:
        starts, ends = (moment(day, clock, cohort.time_zone) for clock in (plan.starts, plan.ends))
    except NoSuchTime as problem:
        raise SessionRefused(str(problem)) from problem
    if ends.at <= starts.at:
        raise SessionRefused(_("The clocks are changed on that day, and the session would end before it starts."))
    fields: dict[str, object] = {
        "title": plan.title.strip(),
        "starts_at": starts.at,
        "ends_at": ends.at,
        "place": plan.place.strip(),
        "link": plan.link.strip(),
        "agenda": plan.agenda.replace("\r\n", "\n").strip(),
        "module": plan.module,
        "counts": plan.counts,
        "opens_before": plan.opens_before,
        "closes_after": plan.closes_after,
    }
    notes = [note for note in (starts.note, ends.note) if note]
    return fields, notes + _warnings(cohort, day, ends.at)


def _warnings(cohort: Cohort, day: date, ends_at: datetime) -> list[str]:
    said = {"day": date_format(day, "j F Y")}
    found = []
    if day < cohort.starts_on:
        found.append(_("%(day)s is before the cohort starts. The session was saved all the same.") % said)
    if cohort.ends_on is not None and day > cohort.ends_on:
        found.append(_("%(day)s is after the cohort ends. The session was saved all the same.") % said)
    if ends_at <= timezone.now():
        found.append(_("%(day)s is over already. You can enter who was there; nobody is written to.") % said)
    return found


# --- Reading -----------------------------------------------------------------------------------------------------


def plan_of(session: LiveSession) -> SessionPlan:
    """A session as it would be entered, in the time of its cohort."""
    starts, ends = (clock_at(at, session.cohort.time_zone) for at in (session.starts_at, session.ends_at))
    return SessionPlan(
        title=session.title,
        day=starts.date(),
        starts=starts.time(),
        ends=ends.time(),
        place=session.place,
        link=session.link,
        agenda=session.agenda,
        module=session.module,
        counts=session.counts,
        opens_before=session.opens_before,
        closes_after=session.closes_after,
    )


def sessions_of(cohort: Cohort) -> list[LiveSession]:
    """All sessions of a cohort, with how many of those who take part were there. One query."""
    seated = Q(attendances__enrolment__cohort_members__cohort=cohort)
    seated &= Q(attendances__enrolment__cohort_members__state=MemberState.SEATED)
    rows = LiveSession.objects.filter(cohort=cohort).annotate(
        there=Count("attendances", filter=seated & Q(attendances__state__in=ATTENDED)),
        entered=Count("attendances", filter=seated),
    )
    found: list[LiveSession] = list(rows)
    for session in found:
        session.cohort = cohort
    return found


def sessions_for(person: User) -> QuerySet[LiveSession]:
    """The sessions of all cohorts in which somebody takes part or which they train."""
    seated = CohortMember.objects.seated().filter(person=person)
    grants = RoleGrant.objects.in_force().filter(person=person, role=Role.TRAINER, scope=Scope.COHORT)
    mine = Q(cohort__in=seated.values("cohort")) | Q(cohort__public_id__in=grants.values("scope_key"))
    return LiveSession.objects.filter(mine).select_related("cohort")


def next_sessions(person: User, most: int = 3) -> list[SessionLine]:
    """What comes next for somebody, as learner or as trainer: for the desk. One query, however many cohorts."""
    rows = sessions_for(person).standing().filter(ends_at__gt=timezone.now(), cohort__closed_at=None)  # type: ignore[attr-defined]
    return lines_of(rows.order_by("starts_at", "pk")[:most], person.time_zone)
