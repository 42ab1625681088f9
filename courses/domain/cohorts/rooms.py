"""Who talks where: a cohort with its trainers, or those who take a course on their own with those who teach it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.domain.access import TEACHING_ROLES, access_to
from courses.domain.cohorts import rights
from courses.models import Cohort, CohortMember, Course, Enrolment, Thread, Unit
from elearn.people.domain.rights import Right, grants_giving, register
from elearn.people.domain.roles import SCOPES_OF
from elearn.people.enums import Role, Scope
from elearn.people.models import User

# Of those who take a course on their own; in a cohort it is courses.domain.cohorts.rights.RUN.
MODERATE = Right(
    "talk.moderate",
    _("answer and moderate the questions of people who take the course on their own"),
    {Role.MANAGER: (Scope.PLATFORM,), Role.TRAINER: (Scope.PLATFORM, Scope.COURSE)},
    opens="cohorts:open_questions",
    screen=_("Questions outside cohorts"),
)
READ = Right(
    "talk.read",
    _("read and answer the questions of people who take the course on their own"),
    {role: tuple(s for s in SCOPES_OF[role] if s in (Scope.PLATFORM, Scope.COURSE)) for role in TEACHING_ROLES},
)


@dataclass(frozen=True)
class Room:
    """A place where people talk, as one person finds it. Without a cohort it is the course's."""

    course: Course
    cohort: Cohort | None
    person: User
    learns: bool
    moderates: bool

    @property
    def is_open(self) -> bool:
        """Nobody writes any more in a closed cohort, or about a course that was put away."""
        return self.cohort.is_open if self.cohort else self.course.archived_at is None

    def threads(self) -> QuerySet[Thread]:
        """What the person finds here: what a trainer has removed is gone from lists, but not for who wrote it."""
        rows = Thread.objects.filter(course=self.course, cohort=self.cohort)
        return rows if self.moderates else rows.filter(Q(hidden_at=None) | Q(author=self.person))


def room_of(person: User, course: Course, cohort: Cohort | None) -> Room | None:
    """The room as the person finds it; None for those who are not in it."""
    if cohort is not None:
        learns = CohortMember.objects.seated().filter(cohort=cohort, person=person).exists()
        moderates = rights.reach(person, rights.RUN).covers(cohort)
        return Room(course, cohort, person, learns, moderates) if learns or moderates else None
    learns = Enrolment.objects.of(person).readable().filter(course=course, cohort=None).exists()
    reads, moderates = (_reaches(person, right, course) for right in (READ, MODERATE))
    return Room(course, None, person, learns, moderates) if learns or reads or moderates else None


def room_of_thread(person: User, thread: Thread) -> Room | None:
    return room_of(person, thread.course, thread.cohort)


def room_of_unit(person: User, unit: Unit) -> Room | None:
    """The room in which the person talks about a unit: that of the cohort in which they take the course."""
    access = access_to(person, unit.course.key)
    if not access.may_read(unit.key):
        return None
    if access.enrolment is not None:
        return room_of(person, unit.course, access.enrolment.cohort)
    return room_of(person, unit.course, None) or _room_they_run(person, unit.course)


def _room_they_run(person: User, course: Course) -> Room | None:
    """The latest cohort of the course that the person runs, for a trainer of cohorts alone."""
    cohorts = rights.reach(person, rights.RUN).cohorts().filter(course=course)
    cohort = cohorts.order_by("-starts_on", "-pk").first()
    return room_of(person, course, cohort) if cohort else None


def open_rooms(person: User) -> QuerySet[Thread]:
    """What people who take courses on their own have asked, as far as the person may moderate it."""
    rows = Thread.objects.filter(cohort=None)
    keys = _course_keys(person, MODERATE)
    return rows if keys is None else rows.filter(course__key__in=keys)


def _course_keys(person: User, right: Right) -> frozenset[UUID] | None:
    """The courses that the right reaches; None for all of them."""
    if person.is_active and person.is_superuser:
        return None
    grants = grants_giving(person, right)
    if any(grant.scope == Scope.PLATFORM for grant in grants):
        return None
    return frozenset(grant.scope_key for grant in grants if grant.scope_key)


def _reaches(person: User, right: Right, course: Course) -> bool:
    keys = _course_keys(person, right)
    return keys is None or course.key in keys


def register_rights() -> None:
    for right in (READ, MODERATE):
        register(right)
