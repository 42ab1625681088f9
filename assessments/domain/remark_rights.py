"""Who sees what marking again would do, who does it, and who takes back a pass."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from assessments.domain.authors import may_work_on
from assessments.models import Question
from courses.models import Course, CoursePage
from elearn.people.domain import rights
from elearn.people.domain.roles import holds_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User

PREVIEWS = (Role.AUTHOR, Role.EDITOR, Role.MANAGER)
REMARKS = (Role.EDITOR, Role.MANAGER)

REMARK = rights.Right(
    "assessments.remark",
    _("mark a question again after a wrong key, and read by name whose mark changes"),
    {Role.EDITOR: (Scope.PLATFORM, Scope.COURSE), Role.MANAGER: (Scope.PLATFORM,)},
)
VOID_PASSES = rights.Right(
    "assessments.void",
    _("take back a pass that a corrected key would not have given"),
    {Role.MANAGER: (Scope.PLATFORM,)},
)


def may_preview(person: User, question: Question) -> bool:
    """Authors of the question's course, and who may do it. Without names, unless `may_remark`."""
    if person.is_superuser:
        return True
    keys = CoursePage.objects.filter(key=question.bank.course_code).values_list("translation_key", flat=True).distinct()
    works_there = any(holds_role(person, *PREVIEWS, course_key=key) for key in [*keys, None])
    return works_there and may_work_on(person, question)


def may_remark(person: User, courses: Iterable[Course]) -> bool:
    """Whether the person is an editor or manager of every course in which the question was asked."""
    if person.is_superuser:
        return True
    keys = [course.key for course in courses]
    return all(holds_role(person, *REMARKS, course_key=key) for key in keys) if keys else holds_role(person, *REMARKS)


def may_void(person: User, course: Course) -> bool:
    return person.is_superuser or holds_role(person, Role.MANAGER, course_key=course.key)
