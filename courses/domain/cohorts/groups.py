"""Groups that one can join: the cohorts of a course that take requests, as its page shows them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from courses.domain.access import Access
from courses.domain.cohorts.rights import names_of_trainers
from courses.enums import MemberState
from courses.models import Cohort, CohortMember
from elearn.core.shelf import Shelf, this_minute
from elearn.people.models import User

SHOWN = 20


@dataclass(frozen=True)
class Group:
    """A cohort as somebody sees it who may ask for a place. `places` is None where there is no limit."""

    cohort: Cohort
    trainers: tuple[str, ...]
    places: int | None
    state: str  # Where the reader stands in it, or nothing.

    @property
    def stands(self) -> bool:
        """Whether there is nothing to ask for: the reader waits for an answer, or for a place."""
        return self.state in (MemberState.REQUESTED, MemberState.WAITLISTED, MemberState.SEATED)


# Most courses have none, and their pages are read by everybody: asked for once a minute.
_taking_requests: Shelf[tuple[UUID, int], list[Cohort]] = Shelf(room=500)


def _look_up(course_key: UUID) -> list[Cohort]:
    running = Cohort.objects.running().filter(course__key=course_key, takes_requests=True)
    not_over = running.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
    return list(not_over.order_by("starts_on", "pk")[:SHOWN])


def groups_to_join(course_key: UUID, person: object, access: Access) -> list[Group]:
    """The groups of a course that this reader may ask to join. Two or three queries, and none where there are none.

    Whoever takes part in one, or has completed the course, has nothing to join; `access` knows.
    """
    enrolment = access.enrolment
    if enrolment is not None and enrolment.completed_at is not None:
        return []
    cohorts = _taking_requests.take_one((course_key, this_minute()), lambda: _look_up(course_key))
    if not cohorts:
        return []
    if enrolment is not None and Cohort.objects.running().filter(enrolments=enrolment).exists():
        return []
    mine: dict[int, str] = {}
    if isinstance(person, User):
        rows = CohortMember.objects.filter(person=person, cohort__course__key=course_key, cohort__closed_at=None)
        mine = dict(rows.values_list("cohort", "state"))
    return groups_of(cohorts, mine)


def groups_of(cohorts: list[Cohort], mine: dict[int, str] | None = None) -> list[Group]:
    """The cohorts with trainers and free places. Two queries."""
    trainers = names_of_trainers(cohorts)
    held = CohortMember.objects.filter(cohort__in=cohorts).taking_places().values_list("cohort").annotate(Count("pk"))
    taken = dict(held.order_by())
    return [
        Group(
            cohort=cohort,
            trainers=tuple(trainers.get(cohort.public_id, ())),
            places=None if cohort.capacity is None else max(cohort.capacity - taken.get(cohort.pk, 0), 0),
            state=(mine or {}).get(cohort.pk, ""),
        )
        for cohort in cohorts
    ]
