import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.enums import OPEN_STATES, READING_STATES, EnrolmentSource, EnrolmentState
from courses.models.cohort import Cohort
from courses.models.course import Course
from courses.models.edition import Edition

if TYPE_CHECKING:
    from elearn.people.models import User


# What pages read of an enrolment; building a row of all columns costs more than asking for it.
COURSE_FACTS = ("key", "code", "current_edition", "archived_at", "wording")
OWN_FACTS = ("public_id", "person", "cycle", "edition", "state", "completed_at", "cohort")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of(self, person: "User") -> "EnrolmentQuerySet":
        return self.filter(person=person)

    def open(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def readable(self) -> "EnrolmentQuerySet":
        """The same rule as `Enrolment.may_read`."""
        return self.filter(state__in=READING_STATES)

    def under_way(self) -> "EnrolmentQuerySet":
        return self.filter(state=EnrolmentState.ACTIVE)

    def completed(self) -> "EnrolmentQuerySet":
        return self.filter(completed_at__isnull=False)

    def behind(self) -> "EnrolmentQuerySet":
        """The same rule as `Enrolment.is_behind`."""
        return self.filter(course__current_edition__isnull=False).exclude(course__current_edition=models.F("edition"))

    def movable(self) -> "EnrolmentQuerySet":
        """The same rule as `Enrolment.may_move_up`."""
        return self.behind().filter(state=EnrolmentState.ACTIVE)

    def for_reading(self) -> "EnrolmentQuerySet":
        """With the course, and only the columns that pages read; the edition comes from courses.domain.editions."""
        return self.select_related("course").only(*(f"course__{name}" for name in COURSE_FACTS), *OWN_FACTS)

    def latest_first(self) -> "EnrolmentQuerySet":
        return self.order_by("-cycle")


class Enrolment(models.Model):
    """A person taking a course, once per recertification cycle. It pins the edition the person is judged by."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    cycle = models.PositiveSmallIntegerField(default=1)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=12, choices=EnrolmentState.choices, default=EnrolmentState.ACTIVE)
    source = models.CharField(max_length=10, choices=EnrolmentSource.choices, default=EnrolmentSource.SELF)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments")
    # Where the person belonged when enrolling; later moves do not rewrite it.
    institution = models.ForeignKey("people.Institution", on_delete=models.PROTECT, null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    action = models.ForeignKey("people.Action", on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "course", "cycle"], name="one_enrolment_per_cycle"),
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=models.Q(state__in=sorted(OPEN_STATES)),
                name="one_open_enrolment_per_course",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EnrolmentState.COMPLETED) | models.Q(completed_at__isnull=False),
                name="completed_enrolment_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EnrolmentState.ACTIVE) | models.Q(completed_at__isnull=True),
                name="active_enrolment_is_not_completed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course.code} ({self.get_state_display()})"

    @property
    def may_read(self) -> bool:
        return self.state in READING_STATES

    @property
    def is_behind(self) -> bool:
        """Whether the course has a newer edition than the one this enrolment pins. No query where course is loaded."""
        return self.course.current_edition_id not in (None, self.edition_id)

    @property
    def may_move_up(self) -> bool:
        """A completed enrolment never moves: its certificate stands on its edition."""
        return self.state == EnrolmentState.ACTIVE and self.is_behind


class EnrolmentMove(models.Model):
    """An enrolment moved up to a newer edition. Rows are only ever added (courses.domain.moving)."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="moves")
    from_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    to_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)
    # The learner, or who moved several at once; empty when an operator did.
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["moved_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "to_edition"], name="one_move_to_an_edition"),
            models.CheckConstraint(
                condition=~models.Q(from_edition=models.F("to_edition")), name="move_leads_to_another_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.from_edition.number} → {self.to_edition.number}"
