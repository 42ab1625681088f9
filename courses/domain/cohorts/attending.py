"""Entering who attended a session, and completing the courses that waited for it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.cohorts.attendance import standings_of
from courses.domain.cohorts.numbers import number_all
from courses.domain.editions import give_editions
from courses.domain.progress import complete_edition_if_done
from courses.enums import AttendanceSource, AttendanceState, EnrolmentState
from courses.models import Attendance, Cohort, CohortMember, Enrolment, LiveSession, UnitCompletion
from elearn.people.domain import trail
from elearn.people.models import User

CHANGED = "cohorts.attendance_changed"


class AttendanceRefused(Exception):
    """Nothing was entered; the message says why, in words for the person."""


@dataclass(frozen=True)
class Entered:
    """What became of a list: how many entries were written, and whose had been changed by somebody else meanwhile."""

    written: int = 0
    elsewhere: list[Attendance] = field(default_factory=list)


def lock_session(session: LiveSession) -> LiveSession:
    """Lock a session before anything of its attendance is written; enrolments are locked after it.

    Refusals: AttendanceRefused when it was cancelled or its cohort is closed.
    """
    locked = LiveSession.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort")
    session = locked.get(pk=session.pk)
    if session.cancelled_at is not None:
        raise AttendanceRefused(_("This session was cancelled, so nothing is entered for it."))
    if not session.cohort.is_open:
        raise AttendanceRefused(_("This cohort is closed. What it recorded stays as it is."))
    return session


@transaction.atomic
def enter_attendance(
    *, session: LiveSession, by: User, wanted: Mapping[int, str], seen: Mapping[int, str], source: AttendanceSource
) -> Entered:
    """Enter a list of who attended.

    `wanted` and `seen` say by enrolment what the list was sent with and what it showed when it was opened; an empty
    text means: not entered. Only what differs between the two is a change.
    Effects: rows added, changed or taken out, each with who and when; a change or removal of an entry leaves an audit
    event; whoever has now completed the course is completed. An entry that somebody else changed since the list was
    opened stays, and is answered. Sending the same list again changes nothing.
    Refusals: AttendanceRefused before the session begins (but for excuses), when it was cancelled, or when the cohort
    is closed.
    """
    session = lock_session(session)
    changed = lock_enrolments(session, {pk for pk in wanted if wanted[pk] != seen.get(pk, "")})
    _refuse_too_early(session, {wanted[pk] for pk in changed})
    theirs = session.attendances.filter(enrolment__in=changed).select_related("entered_by", "enrolment__person")
    rows = {row.enrolment_id: row for row in theirs}
    new, written, elsewhere = [], 0, []
    for pk in changed:
        row, state = rows.get(pk), wanted[pk]
        if row is None:
            if state:
                new.append(Attendance(session=session, enrolment_id=pk, state=state, source=source, entered_by=by))
        elif row.state != state and row.state != seen.get(pk, ""):
            elsewhere.append(row)
        elif row.state != state:
            _change(row, state, by, source)
            written += 1
    Attendance.objects.bulk_create(new)
    if new or written:
        complete_locked(session.cohort_id, changed)
    return Entered(written + len(new), elsewhere)


def lock_enrolments(session: LiveSession, pks: Collection[int]) -> list[int]:
    """Lock those of these enrolments that take part in the session's cohort; answers them.

    Before anything points at them: two lists of two sessions would otherwise wait for each other.
    """
    seated = CohortMember.objects.seated().filter(cohort=session.cohort_id, enrolment__in=pks)
    rows = Enrolment.objects.select_for_update().filter(pk__in=seated.values("enrolment")).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _refuse_too_early(session: LiveSession, states: set[str]) -> None:
    # Who sets up the room early may tick those who are there already.
    early = max(timedelta(minutes=session.opens_before), timedelta(hours=1))
    if timezone.now() < session.starts_at - early and states - {AttendanceState.EXCUSED, ""}:
        raise AttendanceRefused(
            _("This session has not begun, so nobody has attended or missed it yet. You can excuse people beforehand.")
        )


def _change(row: Attendance, state: str, by: User, source: AttendanceSource) -> None:
    session, person = row.session, row.enrolment.person
    words = _said(session, row.state, state)
    trail.record(CHANGED, actor=by, subject=person, session=session.pk, before=row.state, after=state, reason=words)
    if not state:
        row.delete()
        return
    row.state, row.source, row.entered_by, row.entered_at = state, source, by, timezone.now()
    row.save(update_fields=["state", "source", "entered_by", "entered_at"])


def _said(session: LiveSession, before: str, after: str) -> str:
    labels = dict(AttendanceState.choices)
    return f"{session.title}: {labels[AttendanceState(before)]} → {labels[AttendanceState(after)] if after else '–'}"


@transaction.atomic
def complete_whoever_may(cohort: Cohort) -> int:
    """Complete the enrolments of a cohort that only its minimum attendance had kept open.

    Call it, inside the transaction, after a session was changed or cancelled, or the rule was changed. Answers how
    many.
    Effects: each of them is completed and `course_completed` is sent after the commit. Those already completed stay so.

    All that are open are locked before anything is read: a last unit that is finished at the same moment either sees
    what was entered here, or is seen here.
    """
    open_ones = Enrolment.objects.filter(cohort=cohort, state=EnrolmentState.ACTIVE)
    locked = list(open_ones.select_for_update().order_by("pk").values_list("pk", flat=True))
    return complete_locked(cohort.pk, locked)


def complete_locked(cohort_pk: int, pks: Collection[int]) -> int:
    """The same for enrolments that the caller has locked. The rule is read here: it may have changed meanwhile."""
    cohort = Cohort.objects.get(pk=cohort_pk)
    standings = standings_of(cohort, pks)
    met = Enrolment.objects.filter(pk__in=[pk for pk in pks if standings[pk].is_met], state=EnrolmentState.ACTIVE)
    enrolments = list(met.select_related("course", "person").order_by("pk"))
    if not enrolments:
        return 0
    give_editions(enrolments)
    done: dict[int, set[UUID]] = defaultdict(set)
    rows = UnitCompletion.objects.standing().filter(enrolment__in=enrolments)
    for enrolment_pk, key in rows.values_list("enrolment", "unit__key"):
        done[enrolment_pk].add(key)
    for enrolment in enrolments:
        if enrolment.edition.structure.complete_in(done[enrolment.pk]) is not None:
            complete_edition_if_done(enrolment)
    return sum(enrolment.completed_at is not None for enrolment in enrolments)


# --- Reading -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One line of a session's list. `number` is theirs on the sheets on paper; 0 is somebody who has left."""

    number: int
    enrolment: int
    person: User
    entry: Attendance | None

    @property
    def is_seated(self) -> bool:
        return self.number > 0

    @property
    def state(self) -> str:
        return self.entry.state if self.entry else ""


def list_of(session: LiveSession) -> list[Line]:
    """Everybody who takes part, in the order of their numbers, and those with an entry who have left since.

    The numbers are those of the sheets on paper. Three queries.
    """
    rows = session.attendances.select_related("entered_by", "enrolment__person").order_by(
        "enrolment__person__printed_name", "pk"
    )
    entries = {entry.enrolment_id: entry for entry in rows}
    rows_of_people = CohortMember.objects.seated().filter(cohort=session.cohort_id).select_related("person")
    seated = list(rows_of_people.order_by("person__printed_name", "pk"))
    numbers = number_all(session.cohort, seated)
    lines = [
        Line(numbers[str(member.public_id)], member.enrolment_id, member.person, entries.pop(member.enrolment_id, None))
        for member in seated
        if member.enrolment_id is not None and member.person is not None
    ]
    lines.sort(key=lambda line: line.number)
    return lines + [Line(0, pk, entry.enrolment.person, entry) for pk, entry in entries.items()]


def register() -> None:
    trail.register(CHANGED, gettext_lazy("Changed what was entered about your attendance"))
