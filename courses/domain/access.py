"""Who may read a unit, and who sees its facilitator notes."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, UUIDField

from courses.domain.editions import give_editions
from courses.domain.news import may_read_since
from courses.models import Enrolment
from elearn.core.prepared import Prepared
from elearn.people.domain.roles import holds_role
from elearn.people.enums import Role
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
        """Trainers read everything; a learner what their edition holds, and after completion what is new since."""
        if self.teaches:
            return True
        enrolment = self.enrolment
        if enrolment is None:
            return False
        return enrolment.edition.structure.unit(unit_key) is not None or may_read_since(enrolment, unit_key)


def access_to(person: User | AnonymousUser, course_key: UUID) -> Access:
    """What a person may do in a course. Two queries at most; none for somebody who is not logged in."""
    if not isinstance(person, User) or not person.is_active:
        return Access(enrolment=None, teaches=False)
    enrolment = next(iter(_enrolment(person=person.pk, course=course_key)), None)
    if enrolment is not None:
        give_editions([enrolment])
    return Access(enrolment, teaches=person.is_superuser or holds_role(person, *TEACHING_ROLES, course_key=course_key))


def enrolments_of(person: User) -> list[Enrolment]:
    """What the person may read as a learner, the latest first, each with its course. One query."""
    return _enrolments(person=person.pk)
