import uuid

from django.conf import settings
from django.db import models

from assessments.enums import MarkReason
from assessments.models.attempt import Attempt
from elearn.core.models import PendingWork


class MarkChange(models.Model):
    """A mark given to one answer, from 0 to 1 of its points. Rows are only added: the last one per question counts."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="mark_changes")
    question_key = models.CharField(max_length=60)
    fraction = models.DecimalField(max_digits=6, decimal_places=5)
    reason = models.CharField(max_length=12, choices=MarkReason.choices, default=MarkReason.AUTOMATIC)
    comment = models.TextField(blank=True)
    remark = models.ForeignKey(
        "assessments.Remark", on_delete=models.PROTECT, null=True, blank=True, related_name="mark_changes"
    )
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
            models.UniqueConstraint(
                fields=["remark", "attempt", "question_key"],
                condition=models.Q(remark__isnull=False),
                name="one_mark_per_remark",
            ),
            models.CheckConstraint(
                condition=models.Q(fraction__gte=0, fraction__lte=1), name="mark_is_a_fraction_of_the_point"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.question_key}: {self.fraction}"


class Remark(PendingWork):
    """One act of marking a question again, because its key was wrong. What it changed are its mark changes.

    As pending work it is outstanding while attempts are left; `reached` is the last one that was looked at. There is
    one outstanding at a time for a question.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    translation_key = models.UUIDField()
    question_key = models.CharField(max_length=60)
    # What the question's options and rules were marked by from then on, by language, as in Attempt.snapshot.
    contents = models.JSONField()
    # Everybody who was asked gets the whole point: the question itself was broken.
    everybody = models.BooleanField(default=False)
    # Without it a mark that the new key would lower stays as it is.
    marks_may_fall = models.BooleanField(default=False)
    reached = models.PositiveBigIntegerField(default=0, editable=False)
    reason = models.TextField(max_length=2000)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-done_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation_key"],
                condition=models.Q(work_done_at=None),
                name="one_remark_of_a_question_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_key} ({self.done_at:%Y-%m-%d})"
