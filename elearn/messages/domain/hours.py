"""When mail that can wait is sent: by day, where the reader is."""

from datetime import datetime, time, timedelta, tzinfo

from elearn.messages.enums import HowOften
from elearn.people.domain.places import zone_named
from elearn.people.models import User

MORNING, EVENING = time(7), time(20)
MONDAY = 0


def zone_of(person: User) -> tzinfo:
    """Where the person is; UTC where their profile names no place that is known here."""
    return zone_named(person.time_zone)


def is_quiet(moment: datetime, zone: tzinfo) -> bool:
    """Whether it is evening or night there."""
    return not MORNING <= moment.astimezone(zone).time() < EVENING


def next_morning(moment: datetime, zone: tzinfo) -> datetime:
    """The first seven o'clock there after this moment."""
    local = moment.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= MORNING)
    return datetime.combine(day, MORNING, tzinfo=zone)


def by_day(moment: datetime, zone: tzinfo) -> datetime:
    """This moment, or the next morning if it is evening or night there."""
    return next_morning(moment, zone) if is_quiet(moment, zone) else moment


def digest_time(how: str, moment: datetime, zone: tzinfo) -> datetime:
    """When the next daily or weekly mail goes out: in the morning, weekly ones on Monday."""
    morning = next_morning(moment, zone)
    if how == HowOften.WEEKLY:
        day = morning.date() + timedelta(days=(MONDAY - morning.weekday()) % 7)
        return datetime.combine(day, MORNING, tzinfo=zone)
    return morning
