from django.conf import settings
from django.db import models

from elearn.core.models import PendingWork


class Message(PendingWork):
    """One mail to one person. `reason` names its cause, so that the same cause never writes it twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mail")
    reason = models.CharField(max_length=120)
    subject = models.CharField(max_length=400)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["person", "reason"], name="one_message_per_person_and_reason")]
        indexes = [
            models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="message_outstanding")
        ]

    def __str__(self) -> str:
        return self.subject
