"""Checking in: a code that changes every minute shows that somebody is in the room, or sees the trainer's screen."""

import hashlib
import hmac
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.domain.cohorts.attending import AttendanceRefused, complete_locked, lock_enrolments, lock_session
from courses.domain.cohorts.session_times import LATE_AFTER, closes_at, opens_at
from courses.enums import AttendanceSource, AttendanceState
from courses.models import Attendance, CohortMember, LiveSession
from elearn.people.models import User

STEP = 60  # seconds
DIGITS = 6


class CheckInRefused(Exception):
    """Nobody was checked in; the message says why, in words for the person."""


def code_of(session: LiveSession, at: datetime) -> str:
    """The code that is shown at a moment."""
    return _code(session, _step(at))


def seconds_left(at: datetime) -> int:
    """For how long the code of a moment is still shown."""
    return STEP - int(at.timestamp()) % STEP


def is_right(session: LiveSession, code: str, at: datetime) -> bool:
    """Whether a code is the one shown now, or the one before, which somebody may just have read."""
    given, step = code.encode(), _step(at)
    # Both are always compared, each in constant time.
    found = [hmac.compare_digest(_code(session, each).encode(), given) for each in (step, step - 1)]
    return any(found)


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def _code(session: LiveSession, step: int) -> str:
    digest = hmac.new(session.secret.encode(), f"check-in:{session.public_id}:{step}".encode(), hashlib.sha256)
    return f"{int.from_bytes(digest.digest()[:8]) % 10**DIGITS:0{DIGITS}}"


@transaction.atomic
def check_in(*, session: LiveSession, person: User, code: str) -> Attendance:
    """Write that a learner is at a session, because they know its code of this minute.

    Effects: one entry, present, or late from a quarter of an hour after the start; whoever has now completed the course
    is completed. Checking in again changes nothing, and what a trainer has entered stays as it is.
    Refusals: CheckInRefused for whoever does not take part, outside the session's window by the server's clock, with a
    wrong code, and when the session was cancelled or the cohort is closed.
    """
    try:
        session = lock_session(session)
    except AttendanceRefused as refusal:
        raise CheckInRefused(str(refusal)) from refusal
    now = timezone.now()
    _refuse(session, now)
    seated = CohortMember.objects.seated().filter(cohort=session.cohort_id, person=person)
    locked = lock_enrolments(session, list(seated.values_list("enrolment", flat=True)))
    if not locked:
        raise CheckInRefused(_("You do not take part in this cohort, so you cannot check in."))
    entered = session.attendances.filter(enrolment=locked[0]).first()
    if entered is not None:
        return entered
    if not is_right(session, code, now):
        raise CheckInRefused(_("This is not the code that is shown now. It changes every minute: type the new one."))
    state = AttendanceState.LATE if now >= session.starts_at + LATE_AFTER else AttendanceState.PRESENT
    entry = Attendance.objects.create(
        session=session, enrolment_id=locked[0], state=state, source=AttendanceSource.CODE, entered_by=person
    )
    complete_locked(session.cohort_id, locked)
    return entry


def _refuse(session: LiveSession, now: datetime) -> None:
    if now < opens_at(session):
        raise CheckInRefused(_("It is too early to check in."))
    if now >= closes_at(session):
        raise CheckInRefused(_("It is too late to check in. Your trainer can still enter that you were there."))
