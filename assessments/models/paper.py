import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.models.attempt import Attempt
from courses.models import Cohort, Enrolment, PrintKit, Unit


class PaperForm(models.Model):
    """A quiz as it was printed for a cohort: one draw, under a code that stands on every page.

    `snapshot` is what Attempt.snapshot is, and each attempt that is typed in gets a copy. `rules` and `pass_mark` are
    those of the cohort's edition when it was drawn. Variants of one kit are different draws for neighbours.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Six letters and a check letter (domain.papers.codes), without the hyphen that is printed.
    code = models.CharField(max_length=7, unique=True)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="paper_forms")
    kit = models.ForeignKey(PrintKit, on_delete=models.PROTECT, related_name="paper_forms")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="paper_forms")
    variant = models.CharField(max_length=1)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(max_length=255)
    pass_mark = models.PositiveSmallIntegerField()
    rules = models.JSONField(default=dict)
    snapshot = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kit", "unit", "variant"], name="one_form_per_kit_quiz_and_variant"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.variant} ({self.code})"


class PaperEntry(models.Model):
    """What one learner wrote on one form, typed in by somebody. The answers are those of the attempt."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="paper_entry")
    form = models.ForeignKey(PaperForm, on_delete=models.PROTECT, related_name="entries")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="paper_entries")
    sat_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["form", "enrolment"], name="one_entry_per_form_and_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.form} – {self.enrolment}"
