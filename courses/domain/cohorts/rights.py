"""Who opens, runs and sees which cohorts: one right, one filter and one predicate for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort, CohortMember, Course
from elearn.people.domain import rights
from elearn.people.domain.rights import Right, grants_giving
from elearn.people.enums import Role, Scope
from elearn.people.models import RoleGrant, User

OPEN = Right(
    "cohorts.open",
    _("open cohorts: of every course, of the course, or within the Action"),
    {Role.MANAGER: (Scope.PLATFORM, Scope.ACTION), Role.TRAINER: (Scope.PLATFORM, Scope.COURSE)},
)
RUN = Right(
    "cohorts.run",
    _("run cohorts: bring people in, follow their progress, write to them, hold sessions, and report"),
    {
        Role.MANAGER: (Scope.PLATFORM, Scope.ACTION),
        Role.TRAINER: (Scope.PLATFORM, Scope.COURSE, Scope.COHORT),
    },
)
SEE = Right(
    "cohorts.see",
    _("see how far people are in cohorts; a focal point sees those of the institution, and nobody else"),
    {**RUN.held_by, Role.FOCAL_POINT: (Scope.INSTITUTION,)},
    opens="cohorts:list",
    screen=_("Cohorts"),
)


@dataclass(frozen=True)
class CohortReach:
    """How far one of the rights goes: everywhere, or to cohorts, courses, Actions and an institution's people."""

    everywhere: bool = False
    cohort_keys: frozenset[UUID] = frozenset()
    course_keys: frozenset[UUID] = frozenset()
    action_ids: frozenset[int] = frozenset()
    institution_ids: frozenset[int] = frozenset()

    @property
    def nowhere(self) -> bool:
        return not (self.everywhere or self.cohort_keys or self.course_keys or self.action_ids or self.institution_ids)

    def cohorts(self) -> QuerySet[Cohort]:
        """The cohorts that the right reaches, wholly or, for a focal point, in some of their people."""
        rows = Cohort.objects.all()
        if self.everywhere:
            return rows
        theirs = CohortMember.objects.filter(enrolment__institution__in=self.institution_ids)
        return rows.filter(self.whole | Q(pk__in=theirs.values("cohort")))

    def covers(self, cohort: Cohort) -> bool:
        """The same rule as `cohorts`, for one."""
        return self.everywhere or self.cohorts().filter(pk=cohort.pk).exists()

    def covers_all_of(self, cohort: Cohort) -> bool:
        """Whether the right reaches everybody in the cohort, and not only an institution's people."""
        return self.everywhere or Cohort.objects.filter(self.whole, pk=cohort.pk).exists()

    def members(self, cohort: Cohort) -> QuerySet[CohortMember]:
        """Those of the cohort whom the right lets one see."""
        rows = cohort.members.all()
        if self.covers_all_of(cohort):
            return rows
        return rows.filter(enrolment__institution__in=self.institution_ids)

    def covers_course(self, course: Course) -> bool:
        """Whether a cohort of the course may be opened, for an Action if the right is held for one."""
        return self.everywhere or course.key in self.course_keys or bool(self.action_ids)

    @property
    def whole(self) -> Q:
        """The cohorts that the right reaches with everybody in them; not asked where it reaches everywhere."""
        return Q(public_id__in=self.cohort_keys) | Q(course__key__in=self.course_keys) | Q(action__in=self.action_ids)


def reach(person: User, right: Right) -> CohortReach:
    """How far the person's right goes; nowhere for whoever does not have it."""
    if person.is_active and person.is_superuser:
        return CohortReach(everywhere=True)
    grants = grants_giving(person, right)
    return CohortReach(
        everywhere=any(grant.scope == Scope.PLATFORM for grant in grants),
        cohort_keys=frozenset(g.scope_key for g in grants if g.scope == Scope.COHORT and g.scope_key),
        course_keys=frozenset(g.scope_key for g in grants if g.scope == Scope.COURSE and g.scope_key),
        action_ids=frozenset(g.action_id for g in grants if g.action_id is not None),
        institution_ids=frozenset(g.institution_id for g in grants if g.institution_id is not None),
    )


def trainers_of(cohort: Cohort) -> list[User]:
    """Who trains the cohort now, by name: those who hold the role for it. One query."""
    return list(User.objects.filter(pk__in=trainer_grants(cohort).values("person")).order_by("printed_name", "pk"))


def trainer_grants(cohort: Cohort) -> QuerySet[RoleGrant]:
    """The grants in force by which people train this cohort."""
    rows = RoleGrant.objects.in_force().filter(role=Role.TRAINER, scope=Scope.COHORT, scope_key=cohort.public_id)
    return rows.filter(person__is_active=True)


def names_of_trainers(cohorts: Iterable[Cohort]) -> dict[UUID, list[str]]:
    """The names of those who train each of these cohorts, by its public id. One query."""
    rows = RoleGrant.objects.in_force().filter(role=Role.TRAINER, scope=Scope.COHORT, person__is_active=True)
    rows = rows.filter(scope_key__in=[cohort.public_id for cohort in cohorts])
    names: dict[UUID, list[str]] = {}
    for key, name in rows.order_by("person__printed_name", "pk").values_list("scope_key", "person__printed_name"):
        known = names.setdefault(key, []) if key else []
        if name not in known:
            known.append(name)
    return names


def register() -> None:
    for right in (OPEN, RUN, SEE):
        rights.register(right)
