"""Who may read a unit, and who sees its facilitator notes."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, UUIDField

from courses.domain.cohorts.schedule import ModuleTimes, Schedule, closed_in, schedule_of
from courses.domain.editions import give_editions
from courses.domain.news import may_read_since
from courses.models import Cohort, Enrolment
from elearn.core.prepared import Prepared
from elearn.people.domain.roles import grants_in_force, holds_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User

# Roles that read every course without being enrolled, and see what is written for trainers.
TEACHING_ROLES = (Role.TRAINER, Role.AUTHOR, Role.REVIEWER, Role.EDITOR, Role.MANAGER)


_enrolment = Prepared(
    lambda person, course: (
        Enrolment.objects.filter(person=person, course__key=course).readable().latest_first().for_reading()[:1]
    ),
    person=BigIntegerField(),
    course=UUIDField(),
)


_enrolments = Prepared(
    lambda person: Enrolment.objects.filter(person=person).readable().for_reading().order_by("-pk"),
    person=BigIntegerField(),
)


@dataclass(frozen=True)
class Access:
    enrolment: Enrolment | None
    teaches: bool

    def may_read(self, unit_key: UUID) -> bool:
        """Trainers read everything; a learner what their edition holds, and after completion what is new since.

        In a cohort, what is open by its schedule, and what they have done.
        """
        if self.teaches:
            return True
        enrolment = self.enrolment
        if enrolment is None:
            return False
        if enrolment.edition.structure.unit(unit_key) is not None:
            return self.opens_later(unit_key) is None
        return may_read_since(enrolment, unit_key)

    def opens_later(self, unit_key: UUID) -> ModuleTimes | None:
        """The times of the unit's module where the learner's cohort has not opened it yet; None for all others."""
        if self.enrolment is None or not self.schedule.modules:
            return None
        return closed_in(self.schedule, self.enrolment, unit_key)

    @cached_property
    def schedule(self) -> Schedule:
        """What the learner's cohort opens when; nothing for those who teach, are in none, or have finished.

        One query for a learner of a cohort, and none for anybody else.
        """
        if self.teaches or self.enrolment is None or self.enrolment.completed_at is not None:
            return Schedule()
        return schedule_of(self.enrolment)


def access_to(person: User | AnonymousUser, course_key: UUID) -> Access:
    """What a person may do in a course. Two queries at most; none for somebody who is not logged in.

    A third for those who train cohorts and nothing else.
    """
    if not isinstance(person, User) or not person.is_active:
        return Access(enrolment=None, teaches=False)
    enrolment = next(iter(_enrolment(person=person.pk, course=course_key)), None)
    if enrolment is not None:
        give_editions([enrolment])
        enrolment.person = person  # Where they live says when a module opens; it must not be asked for again.
    teaches = person.is_superuser or holds_role(person, *TEACHING_ROLES, course_key=course_key)
    return Access(enrolment, teaches=teaches or _trains_a_cohort(person, course_key))


def _trains_a_cohort(person: User, course_key: UUID) -> bool:
    grants = [grant for grant in grants_in_force(person) if grant.role == Role.TRAINER and grant.scope == Scope.COHORT]
    keys = [grant.scope_key for grant in grants if grant.scope_key is not None]
    return bool(keys) and Cohort.objects.filter(public_id__in=keys, course__key=course_key).exists()


def enrolments_of(person: User) -> list[Enrolment]:
    """What the person may read as a learner, the latest first, each with its course. One query."""
    return _enrolments(person=person.pk)
