from django.db import models

from courses.models import Edition
from elearn.core.models import PendingWork


class QuestionStatistics(models.Model):
    """How a question did in an edition, as last computed (domain.statistics says how, and after whom).

    `facility` and `discrimination` are null where too few answered to say. `options` is {language-neutral id of an
    option: {"chosen", "upper", "lower"}}; `seconds` is the median time.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    translation_key = models.UUIDField()
    question_key = models.CharField(max_length=60)
    answers = models.PositiveIntegerField()
    facility = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    discrimination = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    options = models.JSONField(default=dict)
    seconds = models.PositiveIntegerField(null=True)
    flags = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "translation_key"], name="one_row_of_statistics_per_question")
        ]

    def __str__(self) -> str:
        return f"{self.question_key} ({self.edition})"


class StatisticsRun(PendingWork):
    """The statistics of an edition, to be computed anew."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="+")
    computed_at = models.DateTimeField(null=True, blank=True)
    # How many submitted attempts the last computation counted.
    attempts = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Statistics of {self.edition}"
