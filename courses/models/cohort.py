import uuid

from django.db import models
from django.utils import timezone

from courses.enums import CohortBasis
from courses.models.course import Course
from courses.models.edition import Edition


class Cohort(models.Model):
    """A group that takes an edition together."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="cohorts")
    basis = models.CharField(max_length=15, choices=CohortBasis.choices, default=CohortBasis.PROGRAMME)
    title = models.CharField(max_length=200)
    institution = models.ForeignKey("people.Institution", on_delete=models.PROTECT, null=True, blank=True)
    action = models.ForeignKey("people.Action", on_delete=models.PROTECT, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="cohort_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.title
