import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from elearn.core.models import PendingWork
from elearn.core.models.media import private_storage
from elearn.programme.enums import ReportPeriod


class ReportSchedule(models.Model):
    """A donor's report that is made by itself after every month, quarter or year, and announced to who ordered it.

    `filters` are those of the impact desk (elearn.programme.domain.impact.Filters as data).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    period = models.CharField(max_length=10, choices=ReportPeriod.choices)
    filters = models.JSONField(default=dict)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="report_schedules")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class DonorReport(PendingWork):
    """A donor's report as PDF and XLSX, with the numbers as they were. The work left to do is to make the files."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schedule = models.ForeignKey(
        ReportSchedule, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    title = models.CharField(max_length=200)
    from_day = models.DateField()
    to_day = models.DateField()
    filters = models.JSONField(default=dict)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="donor_reports")
    asked_at = models.DateTimeField(default=timezone.now)
    figures = models.JSONField(default=dict)
    pdf = models.FileField(storage=private_storage, upload_to="reports", blank=True, max_length=200)
    xlsx = models.FileField(storage=private_storage, upload_to="reports", blank=True, max_length=200)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "from_day", "to_day"], name="one_report_per_schedule_and_period"
            ),
            models.CheckConstraint(condition=models.Q(to_day__gte=models.F("from_day")), name="report_covers_a_day"),
        ]
        indexes = [models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="report_due")]

    def __str__(self) -> str:
        return self.title
