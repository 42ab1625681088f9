"""How long something lasts, in calendar months."""

import calendar
from datetime import datetime


def months_later(start: datetime, months: int) -> datetime:
    """The same time of day so many months later; on the last day of a month that has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
