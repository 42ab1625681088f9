"""When a survey can be answered: from the beginning, or some months after the course was completed."""

from calendar import monthrange
from datetime import datetime

from assessments.domain.surveys.rules import SurveyRules
from courses.models import Enrolment


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time some months earlier; the last day of a month that is too short for it."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def opens_at(completed_at: datetime, months: int) -> datetime:
    """The first moment at which so many months have passed since then, by `months_before`."""
    year, month = divmod(completed_at.year * 12 + completed_at.month - 1 + months, 12)
    if completed_at.day <= monthrange(year, month + 1)[1]:
        return completed_at.replace(year=year, month=month + 1)
    # There is no such day: the first of the month after it.
    year, month = divmod(year * 12 + month + 1, 12)
    return completed_at.replace(year=year, month=month + 1, day=1)


def has_come(rules: SurveyRules, enrolment: Enrolment, now: datetime) -> bool:
    """Whether the survey can be answered under this enrolment by now."""
    if not rules.months_after:
        return True
    return enrolment.completed_at is not None and enrolment.completed_at <= months_before(now, rules.months_after)
