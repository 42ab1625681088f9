"""What people are told by mail about their sessions, each in their own language and their own time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.domain.cohorts.rights import trainer_grants
from courses.domain.cohorts.session_times import clock_at, differ
from courses.models import Cohort, CohortMember, LiveSession
from elearn.messages.domain import sending
from elearn.messages.enums import Category
from elearn.messages.models import Message
from elearn.people.models import User

SHOWN = "D, j M Y, H:i"
# Whoever would read it only after the session is told also in the evening.
SOON = timedelta(hours=12)


def tell_of_new(sessions: Sequence[LiveSession]) -> None:
    """Tell everybody of new sessions, in one mail."""
    to_come = [session for session in sessions if session.ends_at > timezone.now()]
    if not to_come:
        return
    cohort = to_come[0].cohort
    for person, place in _people_of(cohort):
        with translation.override(person.language):
            intro = _("%(cohort)s: these live sessions were planned.") % {"cohort": cohort.title}
            subject = _("%(cohort)s: new live sessions") % {"cohort": cohort.title}
            _write(
                person,
                place,
                to_come[0],
                f"session-new-{to_come[0].public_id}",
                subject,
                [intro, *_facts(to_come, person)],
            )


def tell_of_change(session: LiveSession, *, was: datetime) -> None:
    """Tell everybody where and when a session now takes place, which was to begin at `was`; nothing once it is over."""
    _end_reminders(session)
    if session.ends_at <= timezone.now():
        return
    for person, place in _people_of(session.cohort):
        with translation.override(person.language):
            subject = _("Changed: %(session)s") % {"session": session.title}
            intro = _("%(cohort)s: a live session was changed. It now takes place so:") % {
                "cohort": session.cohort.title
            }
            reason = f"session-{session.public_id}-{session.sequence}"
            _write(person, place, session, reason, subject, [intro, *_facts([session], person)], was=was)


def tell_of_end(session: LiveSession) -> None:
    """Tell everybody that a session does not take place; nothing once it is over."""
    _end_reminders(session)
    if session.ends_at <= timezone.now():
        return
    for person, place in _people_of(session.cohort):
        with translation.override(person.language):
            subject = _("Cancelled: %(session)s") % {"session": session.title}
            intro = _("%(cohort)s: this live session does not take place.") % {"cohort": session.cohort.title}
            lines = [intro, f"{session.title}\n{_times(session, person)}"]
            _write(person, place, session, f"session-{session.public_id}-{session.sequence}", subject, lines)


def _end_reminders(session: LiveSession) -> None:
    """What says when and where the session was to be is not sent any more."""
    reminders = Message.objects.filter(reason__startswith=f"session-soon-{session.public_id}-", work_done_at=None)
    reminders.update(useless_after=timezone.now())


def _people_of(cohort: Cohort) -> list[tuple[User, str]]:
    """Those who take part and those who train them, with the name of the page where each finds the sessions."""
    learners = set(CohortMember.objects.seated().filter(cohort=cohort).values_list("person", flat=True))
    trainers = set(trainer_grants(cohort).values_list("person", flat=True))
    people = User.objects.filter(is_active=True, pk__in=learners | trainers).order_by("pk")
    return [(person, "cohorts:own" if person.pk in learners else "cohorts:sessions") for person in people]


def _facts(sessions: Sequence[LiveSession], person: User) -> list[str]:
    return ["\n".join([s.title, _times(s, person), *filter(None, (s.place, s.link))]) for s in sessions]


def _times(session: LiveSession, person: User) -> str:
    zone, room = person.time_zone, session.cohort.time_zone
    text = _span(session, zone)
    if differ(zone, room, session.starts_at):
        text += "\n" + _("There: %(time)s") % {"time": _span(session, room)}
    return text


def _span(session: LiveSession, zone: str) -> str:
    starts, ends = clock_at(session.starts_at, zone), clock_at(session.ends_at, zone)
    last = date_format(ends, "H:i" if ends.date() == starts.date() else SHOWN)
    return f"{date_format(starts, SHOWN)} – {last} ({zone})"


def _write(
    person: User,
    place: str,
    session: LiveSession,
    reason: str,
    subject: str,
    paragraphs: list[str],
    *,
    was: datetime | None = None,
) -> None:
    cohort = session.cohort
    address = settings.SITE_URL + reverse(place, args=[cohort.public_id])
    hello = _("Hello %(name)s,") % {"name": person.printed_name}
    more = _("All sessions, and your calendar: %(url)s") % {"url": address}
    soon = min(session.starts_at, was or session.starts_at) - timezone.now() < SOON
    sending.write(
        person=person,
        reason=reason,
        subject=subject,
        body="\n\n".join([hello, *paragraphs, more]) + "\n",
        category=Category.SESSION,
        about=cohort.public_id,
        urgent=soon,
        useless_after=max(session.ends_at, was or session.ends_at),
    )
