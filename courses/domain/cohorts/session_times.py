"""Times of sessions: entered as a clock in the cohort's room shows them, read as the reader's own clock does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from courses.models import LiveSession
from elearn.people.domain.places import zone_named


class NoSuchTime(Exception):
    """The clocks jump over this time; the message says so, in words for the person."""


@dataclass(frozen=True)
class Moment:
    """A time of day at a place. `note` says which one is meant where the clocks show it twice."""

    at: datetime
    note: str = ""


def moment(day: date, clock: time, zone_name: str) -> Moment:
    """The moment at which the clocks of a time zone show this.

    Refusals: NoSuchTime where they are put forward over it. Where they are put back, the first of the two is meant.
    """
    zone = zone_named(zone_name)
    earlier = datetime.combine(day, clock, tzinfo=zone)
    later = earlier.replace(fold=1)
    said = {"day": date_format(day, "j F Y"), "time": time_format(clock, "H:i"), "zone": zone_name}
    if earlier.utcoffset() == later.utcoffset():
        return Moment(earlier.astimezone(UTC))
    if earlier.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != earlier.replace(tzinfo=None):
        raise NoSuchTime(
            _("On %(day)s the clocks in %(zone)s are put forward over %(time)s. Choose another time.") % said
        )
    note = _("On %(day)s the clocks in %(zone)s are put back and show %(time)s twice. The first of the two was taken.")
    return Moment(earlier.astimezone(UTC), note % said)


def clock_at(at: datetime, zone_name: str) -> datetime:
    """What the clocks of a time zone show at a moment."""
    return at.astimezone(zone_named(zone_name))


def differ(zone: str, other: str, at: datetime) -> bool:
    """Whether the clocks of two time zones show different times at this moment."""
    return clock_at(at, zone).utcoffset() != clock_at(at, other).utcoffset()


# How long before the start and after the end people may check in is the session's own; when one is late is not.
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class SessionLine:
    """A session as a reader sees it: in their own time, and in the cohort's where that is another."""

    session: LiveSession
    zone: str
    now: datetime

    @property
    def room_zone(self) -> str:
        return self.session.cohort.time_zone

    @cached_property
    def differs(self) -> bool:
        return differ(self.zone, self.room_zone, self.session.starts_at)

    @property
    def is_over(self) -> bool:
        return self.session.ends_at <= self.now

    @property
    def is_on(self) -> bool:
        return self.session.starts_at <= self.now < self.session.ends_at

    @property
    def is_cancelled(self) -> bool:
        return self.session.cancelled_at is not None

    @property
    def opens_at(self) -> datetime:
        return opens_at(self.session)

    @property
    def closes_at(self) -> datetime:
        return closes_at(self.session)

    @property
    def late_from(self) -> datetime:
        return self.session.starts_at + LATE_AFTER

    @property
    def takes_check_ins(self) -> bool:
        return takes_check_ins(self.session, self.now)


def lines_of(sessions: Iterable[LiveSession], zone: str) -> list[SessionLine]:
    """Sessions, whose cohort is loaded, for a reader in this time zone."""
    now = timezone.now()
    return [SessionLine(session, zone, now) for session in sessions]


def opens_at(session: LiveSession) -> datetime:
    return session.starts_at - timedelta(minutes=session.opens_before)


def closes_at(session: LiveSession) -> datetime:
    return session.ends_at + timedelta(minutes=session.closes_after)


def takes_check_ins(session: LiveSession, now: datetime) -> bool:
    """Whether people can check in at this moment, by the server's clock."""
    return session.cancelled_at is None and opens_at(session) <= now < closes_at(session)
