import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.models.cohort import Cohort


class LocalCase(models.Model):
    """A case of their own that the trainers of a cohort put beside the course. Plain text; the course stays whole."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="local_cases")
    # The module it belongs to, by its key; empty: the course as a whole.
    module = models.UUIDField(null=True, blank=True)
    title = models.CharField(max_length=150)
    text = models.TextField(max_length=10_000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.title
