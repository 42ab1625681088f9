from datetime import datetime

from django.conf import settings
from django.db import models

from elearn.core.models import PendingWork


class MessageQuerySet(models.QuerySet["Message"]):
    def to_an_address(self) -> "MessageQuerySet":
        return self.filter(person=None)

    def written_before(self, moment: datetime) -> "MessageQuerySet":
        return self.filter(created_at__lt=moment)


class Message(PendingWork):
    """One mail. `reason` names its cause, so that the same cause never writes it twice to one person.

    Mail about logging in goes to an address, not to a person: the address may be new, mistyped, or nobody's. Such a
    mail may hold a code, so its text is blanked once it was sent, or when it would come too late (`useless_after`).
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mail", null=True)
    address = models.EmailField(max_length=254, blank=True)
    reason = models.CharField(max_length=120)
    subject = models.CharField(max_length=400)
    body = models.TextField()
    useless_after = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "reason"], name="one_message_per_person_and_reason"),
            models.CheckConstraint(
                condition=(
                    models.Q(person__isnull=False, address="") | (models.Q(person__isnull=True) & ~models.Q(address=""))
                ),
                name="message_goes_to_a_person_or_an_address",
            ),
        ]
        indexes = [
            models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="message_outstanding"),
            models.Index(fields=["created_at"], condition=models.Q(person=None), name="message_to_an_address"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def recipient(self) -> str:
        return self.address or self.person.email
