from django.conf import settings
from django.db import models

from assessments.enums import MarkReason
from assessments.models.attempt import Attempt


class MarkChange(models.Model):
    """A mark given to one answer, from 0 to 1 of its points. Rows are only added: the last one per question counts."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="mark_changes")
    question_key = models.CharField(max_length=60)
    fraction = models.DecimalField(max_digits=6, decimal_places=5)
    reason = models.CharField(max_length=12, choices=MarkReason.choices, default=MarkReason.AUTOMATIC)
    comment = models.TextField(blank=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["attempt", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question_key"],
                condition=models.Q(reason=MarkReason.AUTOMATIC),
                name="marked_automatically_once",
            ),
            models.CheckConstraint(
                condition=models.Q(fraction__gte=0, fraction__lte=1), name="mark_is_a_fraction_of_the_point"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.question_key}: {self.fraction}"
