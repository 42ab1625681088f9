from datetime import datetime

from django.db import models
from django.utils import timezone


class PendingWork(models.Model):
    """A row with work left to do: the row is the queue, elearn.core.pending claims it.

    `work_done_at` empty means outstanding. A worker that has claimed the row holds it until `leased_until`; after a
    failure the row is due again at `work_due_at`, later each time.
    """

    work_due_at = models.DateTimeField(default=timezone.now, editable=False)
    work_done_at = models.DateTimeField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    work_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    work_error = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def due(cls, now: datetime) -> models.Q:
        """The condition on rows that a worker may claim at this moment."""
        free = models.Q(leased_until=None) | models.Q(leased_until__lt=now)
        return models.Q(work_done_at=None, work_due_at__lte=now) & free
