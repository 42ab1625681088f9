"""A cohort as one who takes part sees it: who trains it, its sessions, and how they attended."""

from dataclasses import dataclass

from django.utils import translation

from courses.domain.cohorts.attendance import Standing, standing_among
from courses.domain.cohorts.rights import trainers_of
from courses.domain.cohorts.session_times import SessionLine, lines_of
from courses.domain.moving import title_and_address
from courses.models import Attendance, CohortMember
from elearn.people.models import User


@dataclass(frozen=True)
class OwnSession:
    """A session, and what was entered about the learner, if anything was."""

    line: SessionLine
    entry: Attendance | None

    @property
    def may_check_in(self) -> bool:
        return self.entry is None and self.line.takes_check_ins


@dataclass(frozen=True)
class OwnCohort:
    trainers: list[User]
    course_title: str
    course_url: str
    sessions: list[OwnSession]
    standing: Standing

    @property
    def next(self) -> OwnSession | None:
        """The session that is on, or the first to come; one just over, while people can still check in."""
        standing = [each for each in self.sessions if not each.line.is_cancelled]
        waiting = [each for each in standing if not each.line.is_over or each.may_check_in]
        return next(iter(waiting), None)

    @property
    def upcoming(self) -> list[OwnSession]:
        """Those to come after the next one."""
        return [each for each in self.sessions if not each.line.is_over and each is not self.next]

    @property
    def past(self) -> list[OwnSession]:
        return [each for each in reversed(self.sessions) if each.line.is_over]


def read_own_cohort(member: CohortMember) -> OwnCohort:
    """What the learner's page of a cohort shows. Four queries, however many sessions."""
    cohort, zone = member.cohort, member.person.time_zone if member.person else "UTC"
    rows = list(cohort.sessions.all())
    for session in rows:
        session.cohort = cohort
    entries = {entry.session_id: entry for entry in _entries(member)}
    states = {pk: entry.state for pk, entry in entries.items()}
    title, url = title_and_address(cohort.course, translation.get_language() or cohort.language)
    return OwnCohort(
        trainers=trainers_of(cohort),
        course_title=title,
        course_url=url,
        sessions=[OwnSession(line, entries.get(line.session.pk)) for line in lines_of(rows, zone)],
        standing=standing_among(cohort, rows, states),
    )


def _entries(member: CohortMember) -> list[Attendance]:
    rows = Attendance.objects.filter(enrolment=member.enrolment_id, session__cohort=member.cohort_id)
    return list(rows.select_related("entered_by"))
