"""Who may read a unit, and who sees its facilitator notes."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from courses.models import Enrolment
from elearn.people.domain.roles import holds_role
from elearn.people.enums import Role
from elearn.people.models import User

# Roles that read every course without being enrolled, and see what is written for trainers.
TEACHING_ROLES = (Role.TRAINER, Role.AUTHOR, Role.MANAGER)


@dataclass(frozen=True)
class Access:
    enrolment: Enrolment | None
    teaches: bool

    def may_read(self, unit_key: UUID) -> bool:
        """Trainers read everything; a learner reads what the edition of their enrolment holds."""
        if self.teaches:
            return True
        enrolment = self.enrolment
        return enrolment is not None and enrolment.edition.structure.unit(unit_key) is not None


def access_to(person: User | AnonymousUser, course_key: UUID) -> Access:
    """What a person may do in a course. Two queries at most; none for somebody who is not logged in."""
    if not isinstance(person, User) or not person.is_active:
        return Access(enrolment=None, teaches=False)
    enrolment = (
        Enrolment.objects.of(person)
        .filter(course__key=course_key)
        .readable()
        .latest_first()
        .select_related("edition", "course")
        .first()
    )
    return Access(enrolment, teaches=person.is_superuser or holds_role(person, *TEACHING_ROLES, course_key=course_key))
