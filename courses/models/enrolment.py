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


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of(self, person: "User") -> "EnrolmentQuerySet":
        return self.filter(person=person)

    def open(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def readable(self) -> "EnrolmentQuerySet":
        """The same rule as `Enrolment.may_read`."""
        return self.filter(state__in=READING_STATES)

    def completed(self) -> "EnrolmentQuerySet":
        return self.filter(completed_at__isnull=False)

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
