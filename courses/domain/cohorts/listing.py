"""The cohorts that somebody runs or sees, as a list with what is going on in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from courses.domain.cohorts import rights
from courses.domain.cohorts.rights import CohortReach
from courses.domain.role_scopes import course_titles
from courses.enums import MemberState
from courses.models import Cohort, Course
from elearn.people.enums import Role, Scope
from elearn.people.models import RoleGrant, User


@dataclass(frozen=True)
class CohortLine:
    """`whole` says that everybody in it is counted, and not only the people of an institution."""

    cohort: Cohort
    course: str
    trainers: tuple[str, ...]
    seated: int
    waiting: int
    asking: int
    whole: bool
    runs: bool


def search(reach: CohortReach, *, state: str = "", course: str = "", text: str = "") -> QuerySet[Cohort]:
    """The cohorts within reach, the latest first. `state` is one of those that the screen offers."""
    rows = reach.cohorts()
    if course:
        rows = rows.filter(course__key=course)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(institution__name__icontains=text))
    if state == "closed":
        return rows.exclude(closed_at=None).order_by("-closed_at", "-pk")
    rows = rows.filter(closed_at=None)
    if state == "to_come":
        rows = rows.filter(starts_on__gt=timezone.localdate())
    if state == "alone":
        rows = rows.exclude(public_id__in=_trained())
    return rows.order_by("-starts_on", "-pk")


def courses_of(reach: CohortReach) -> list[tuple[str, str]]:
    """The courses of the cohorts within reach, key and title, by title."""
    keys = {str(key) for key in reach.cohorts().values_list("course__key", flat=True).order_by().distinct()}
    return sorted(course_titles(keys).items(), key=lambda pair: pair[1].casefold())


def lines(rows: Iterable[Cohort], reach: CohortReach, runs: CohortReach) -> list[CohortLine]:
    """The cohorts of a page with their trainers and counts, in as many queries however many they are."""
    found = list(rows)
    counted = {row.pk: row for row in _counts(found, reach)}
    titles = course_titles({str(row.course.key) for row in found})
    trainers = _trainers(row.public_id for row in found)
    return [
        CohortLine(
            cohort=row,
            course=titles.get(str(row.course.key), row.course.code),
            trainers=trainers.get(row.public_id, ()),
            seated=counted[row.pk].seated,
            waiting=counted[row.pk].waiting,
            asking=counted[row.pk].asking,
            whole=_reaches(reach, row),
            runs=_reaches(runs, row),
        )
        for row in found
    ]


def _counts(rows: list[Cohort], reach: CohortReach) -> QuerySet:
    theirs = Q() if reach.everywhere else reach.whole | Q(members__enrolment__institution__in=reach.institution_ids)

    def count(state: MemberState) -> Count:
        return Count("members", filter=Q(members__state=state) & theirs, distinct=True)

    return Cohort.objects.filter(pk__in=[row.pk for row in rows]).annotate(
        seated=count(MemberState.SEATED), waiting=count(MemberState.WAITLISTED), asking=count(MemberState.REQUESTED)
    )


def _reaches(reach: CohortReach, cohort: Cohort) -> bool:
    """Whether the right reaches all of a cohort whose course is loaded: `covers_all_of`, without a query."""
    return (
        reach.everywhere
        or cohort.public_id in reach.cohort_keys
        or cohort.course.key in reach.course_keys
        or cohort.action_id in reach.action_ids
    )


def _trained() -> QuerySet:
    rows = RoleGrant.objects.in_force().filter(role=Role.TRAINER, scope=Scope.COHORT, person__is_active=True)
    return rows.values("scope_key")


def _trainers(keys: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    rows = RoleGrant.objects.in_force().filter(role=Role.TRAINER, scope=Scope.COHORT, scope_key__in=list(keys))
    named = rows.filter(person__is_active=True).order_by("person__printed_name", "person")
    for key, name in named.values_list("scope_key", "person__printed_name"):
        if key is not None:
            found[key] = (*found.get(key, ()), name)
    return found


def courses_to_open(person: User, text: str) -> list[tuple[str, str]]:
    """The courses of which the person may open a cohort, key and title, by title: released and not archived."""
    reach = rights.reach(person, rights.OPEN)
    rows = Course.objects.filter(archived_at=None, current_edition__isnull=False)
    if not (reach.everywhere or reach.action_ids):
        rows = rows.filter(key__in=reach.course_keys)
    titles = course_titles({str(key) for key in rows.values_list("key", flat=True)})
    found = [pair for pair in titles.items() if text.casefold() in pair[1].casefold()]
    return sorted(found, key=lambda pair: pair[1].casefold())
