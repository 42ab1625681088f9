"""How much of a cohort's sessions somebody has attended, and whether that is enough to complete the course there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from courses.enums import ATTENDED, AttendanceState
from courses.models import Attendance, Cohort, Enrolment, LiveSession


@dataclass(frozen=True)
class Standing:
    """Of `sessions` that count and were not cancelled, those to come too, how many somebody attended.

    Those from which they were excused are not asked of them. A rule without any session that counts is not met: what
    is completed is never taken back, and a session may still be planned.
    """

    percent: int
    sessions: int
    attended: int
    excused: int

    @property
    def asked(self) -> int:
        return self.sessions - self.excused

    @property
    def needed(self) -> int:
        """How many of those asked make up the per cent, rounded up."""
        return -(-self.percent * self.asked // 100)

    @property
    def missing(self) -> int:
        return max(self.needed - self.attended, 0)

    @property
    def is_met(self) -> bool:
        return self.percent == 0 or (self.sessions > 0 and self.missing == 0)


def is_satisfied(enrolment: Enrolment) -> bool:
    """Whether the learner has attended what their cohort asks for; always, where it asks for nothing.

    No query for a learner without a cohort.
    """
    if enrolment.cohort_id is None:
        return True
    rule = Cohort.objects.values_list("attendance_percent", flat=True).get(pk=enrolment.cohort_id)
    return rule == 0 or _standing(enrolment, rule).is_met


def _standing(enrolment: Enrolment, percent: int) -> Standing:
    theirs = Q(attendances__enrolment=enrolment)
    sessions = LiveSession.objects.counting().filter(cohort=enrolment.cohort_id)
    counted = sessions.aggregate(
        sessions=Count("pk", distinct=True),
        attended=Count("attendances", filter=theirs & Q(attendances__state__in=ATTENDED)),
        excused=Count("attendances", filter=theirs & Q(attendances__state=AttendanceState.EXCUSED)),
    )
    return Standing(percent, **counted)


def standing_among(cohort: Cohort, sessions: Iterable[LiveSession], states: dict[int, str]) -> Standing:
    """The same for who reads all of their sessions anyway; `states` says by session how they were entered."""
    counting = [session.pk for session in sessions if session.counts and session.cancelled_at is None]
    found = Counter(states.get(pk, "") for pk in counting)
    attended = sum(found[state] for state in ATTENDED)
    return Standing(cohort.attendance_percent, len(counting), attended, found[AttendanceState.EXCUSED])


def standings_of(cohort: Cohort, enrolments: Iterable[int]) -> dict[int, Standing]:
    """By enrolment, the same for many. Two queries."""
    sessions = LiveSession.objects.counting().filter(cohort=cohort)
    total = sessions.count()
    rows = Attendance.objects.filter(session__in=sessions).values_list("enrolment", "state")
    counted = Counter(rows)
    return {
        pk: Standing(
            cohort.attendance_percent,
            total,
            sum(counted[pk, state] for state in ATTENDED),
            counted[pk, AttendanceState.EXCUSED],
        )
        for pk in enrolments
    }
