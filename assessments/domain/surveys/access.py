"""Who sees the results of surveys: of which courses as a whole, and of which cohorts."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.domain.surveys.rules import SURVEY
from assessments.domain.surveys.small_groups import Path
from courses.models import Cohort, Unit
from elearn.people.domain import rights
from elearn.people.enums import Role, Scope
from elearn.people.models import User

SEE_RESULTS = rights.Right(
    "assessments.survey_results",
    _("see what groups answered in surveys: of a course, or of the cohorts of the Action, or of one cohort"),
    {
        Role.MANAGER: (Scope.PLATFORM, Scope.ACTION),
        Role.AUTHOR: (Scope.PLATFORM, Scope.COURSE),
        Role.EDITOR: (Scope.PLATFORM, Scope.COURSE),
        Role.TRAINER: (Scope.COHORT,),
    },
    opens="assessments:surveys",
    screen=_("Survey results"),
)


@dataclass(frozen=True)
class Reach:
    """How far the right goes: everywhere, or to the courses named, and to cohorts by key or Action."""

    everywhere: bool
    course_keys: frozenset[UUID] = frozenset()
    cohort_keys: frozenset[UUID] = frozenset()
    action_ids: frozenset[int] = frozenset()

    @cached_property
    def cohorts(self) -> dict[int, int]:
        """The courses of the cohorts in reach, by the number of the cohort. One query at most."""
        if not self.cohort_keys and not self.action_ids:
            return {}
        rows = Cohort.objects.filter(Q(public_id__in=self.cohort_keys) | Q(action__in=self.action_ids))
        return dict(rows.values_list("pk", "course_id"))

    def covers_course(self, unit: Unit) -> bool:
        return self.everywhere or unit.course.key in self.course_keys

    def covers_group(self, unit: Unit, path: Path) -> bool:
        """All groups of the courses in reach; of others the cohorts, each within its edition, and nothing above."""
        return self.covers_course(unit) or (len(path) == 2 and path[1] in self.cohorts)

    def covers(self, unit: Unit) -> bool:
        return self.covers_course(unit) or unit.course_id in self.cohorts.values()

    def surveys(self) -> QuerySet[Unit]:
        """The surveys that `covers` is true of: the same rule as a filter."""
        rows = Unit.objects.filter(kind=SURVEY)
        if self.everywhere:
            return rows
        return rows.filter(Q(course__key__in=self.course_keys) | Q(course__in=set(self.cohorts.values())))


def reach_of(person: User) -> Reach:
    if person.is_active and person.is_superuser:
        return Reach(everywhere=True)
    grants = rights.grants_giving(person, SEE_RESULTS)
    return Reach(
        everywhere=any(grant.scope == Scope.PLATFORM for grant in grants),
        course_keys=_keys(grants, Scope.COURSE),
        cohort_keys=_keys(grants, Scope.COHORT),
        action_ids=frozenset(grant.action_id for grant in grants if grant.action_id is not None),
    )


def _keys(grants: list, scope: Scope) -> frozenset[UUID]:
    return frozenset(grant.scope_key for grant in grants if grant.scope == scope and grant.scope_key is not None)
