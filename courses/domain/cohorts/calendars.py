"""Sessions as calendars take them (RFC 5545): a feed for each person, and a file for one session."""

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from courses.domain.cohorts.schedule import schedules_of
from courses.domain.cohorts.sessions import sessions_for
from courses.domain.editions import give_editions
from courses.domain.outline import ModuleLine, build_outlines, completions_by_enrolment
from courses.models import CalendarFeed, CohortMember, Enrolment, LiveSession
from courses.models.cohort import new_token
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

# How often programs that read it should ask again. Many ask only once a day, whatever it says.
ASK_AGAIN = timedelta(hours=4)


@transaction.atomic
def new_address(*, person: User) -> CalendarFeed:
    """Make the address of a person's calendar.

    Effects: one row a person; an address that they had before ends at once.
    Refusals: PersonErased.
    """
    lock_person(person.pk)
    feed, _made = CalendarFeed.objects.update_or_create(
        person=person, defaults={"token": new_token(), "made_at": timezone.now()}
    )
    return feed


def feed_at(token: str) -> CalendarFeed | None:
    """The feed at an address; none for one that has ended, or whose person may not log in any more."""
    feeds = CalendarFeed.objects.filter(token=token, person__is_active=True, person__erased_at=None)
    return feeds.select_related("person").first()


def calendar_of(person: User) -> bytes:
    """All sessions of a person's cohorts, those cancelled too, and the days on which modules are due to them.

    In the person's language. As many queries, however many sessions and modules.
    """
    seated = CohortMember.objects.seated().filter(person=person).values_list("cohort", flat=True)
    with translation.override(person.language):
        sessions = list(sessions_for(person))
        return _calendar(sessions, set(seated), settings.SITE_NAME, _due_days(person))


def calendar_with(session: LiveSession, *, as_learner: bool) -> bytes:
    """One session as a file, in the language of this moment."""
    return _calendar([session], {session.cohort_id} if as_learner else set(), session.title)


def _calendar(sessions: Iterable[LiveSession], seated: set[int], name: str, due_days: Iterable[Event] = ()) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//Live sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    for session in sessions:
        page = "cohorts:own" if session.cohort_id in seated else "cohorts:sessions"
        calendar.add_component(_event(session, settings.SITE_URL + reverse(page, args=[session.cohort.public_id])))
    for event in due_days:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _due_days(person: User) -> list[Event]:
    """The days, where the learner is, on which modules are due that they have not completed."""
    under_way = Enrolment.objects.of(person).under_way().exclude(cohort=None)
    enrolments = list(under_way.select_related("course", "cohort", "person"))
    if not enrolments:
        return []
    give_editions(enrolments)
    schedules, done = schedules_of(enrolments), completions_by_enrolment(person)
    outlines = build_outlines([(each.edition, done[each.pk]) for each in enrolments], person.language)
    return [
        _due_day(enrolment, module, due_on)
        for enrolment, outline in zip(enrolments, outlines, strict=True)
        for module in outline.modules
        if not module.is_complete and (due_on := schedules[enrolment.pk].of(module.key).due_on)
    ]


def _due_day(enrolment: Enrolment, module: ModuleLine, due_on: date) -> Event:
    cohort = enrolment.cohort
    event = Event()
    event.add("uid", f"due-{enrolment.public_id}-{module.key}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("summary", _("Due: %(module)s") % {"module": module.title})
    event.add("description", cohort.title if cohort else "")
    event.add("transp", "TRANSPARENT")
    return event


def _event(session: LiveSession, page: str) -> Event:
    event = Event()
    event.add("uid", f"{session.public_id}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", session.sequence)
    event.add("dtstamp", session.changed_at)
    event.add("last-modified", session.changed_at)
    event.add("created", session.created_at)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    event.add("summary", session.title)
    event.add("location", session.place or session.link)
    event.add("url", page)
    event.add("status", "CONFIRMED" if session.cancelled_at is None else "CANCELLED")
    said = [session.cohort.title, session.link and _("Join: %s") % session.link, session.agenda, page]
    event.add("description", "\n\n".join(filter(None, said)))
    return event
