from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.models.cohort import Cohort
from courses.models.course import Unit
from courses.models.enrolment import Enrolment


class UnitCompletionQuerySet(models.QuerySet["UnitCompletion"]):
    def standing(self) -> "UnitCompletionQuerySet":
        return self.filter(voided_at=None)


class UnitCompletion(models.Model):
    """A learner completed a unit. No calculation ever removes one; a person may void it, with a reason."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="completions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="completions")
    completed_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=10)
    # The page revision that was read; a number and not a key, since revisions may be purged.
    revision = models.PositiveBigIntegerField(null=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    void_reason = models.TextField(blank=True)

    objects = UnitCompletionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "unit"], condition=models.Q(voided_at=None), name="one_standing_completion"
            ),
            models.CheckConstraint(
                condition=models.Q(voided_at=None, voided_by=None, void_reason="")
                | (models.Q(voided_at__isnull=False, voided_by__isnull=False) & ~models.Q(void_reason="")),
                name="voiding_names_person_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.unit}"


class Reflection(models.Model):
    """A learner's private note on a reflection block. `block_id` is the block's id, equal in every language.

    Only the learner reads it, unless they share it with the trainers of the cohort they are in (`shared_with`). Those
    of another one, which the learner joins later, do not see it.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="reflections")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reflections")
    block_id = models.CharField(max_length=60)
    text = models.TextField(max_length=10_000)
    updated_at = models.DateTimeField(auto_now=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_with = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "unit", "block_id"], name="one_note_per_reflection"),
            models.CheckConstraint(
                condition=models.Q(shared_at=None, shared_with=None)
                | models.Q(shared_at__isnull=False, shared_with__isnull=False),
                name="shared_note_says_with_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.unit} – {self.block_id}"
