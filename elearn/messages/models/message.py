from datetime import datetime

from django.conf import settings
from django.db import models

from elearn.core.models import PendingWork
from elearn.messages.enums import Category, HowOften, Standing


class MessageQuerySet(models.QuerySet["Message"]):
    def to_an_address(self) -> "MessageQuerySet":
        return self.filter(person=None)

    def written_before(self, moment: datetime) -> "MessageQuerySet":
        return self.filter(created_at__lt=moment)

    def for_a_digest(self) -> "MessageQuerySet":
        """What waits to be collected into one mail with others."""
        return self.filter(digest_due_at__isnull=False, work_done_at=None)

    def standing(self, standing: Standing) -> "MessageQuerySet":
        """The same rule as `Message.standing`."""
        unwanted, late = models.Q(how=HowOften.NEVER), models.Q(useless_after__lte=models.F("work_done_at"))
        over = ~unwanted & models.Q(work_done_at__isnull=False)
        on_time = models.Q(useless_after=None) | models.Q(useless_after__gt=models.F("work_done_at"))
        waits = ~unwanted & models.Q(work_done_at=None)
        rules = {
            Standing.UNWANTED: unwanted,
            Standing.TOO_LATE: over & late,
            Standing.SENT: over & on_time,
            Standing.COLLECTED: waits & models.Q(digest_due_at__isnull=False),
            Standing.FAILED: waits & models.Q(digest_due_at=None) & ~models.Q(work_error=""),
            Standing.WAITS: waits & models.Q(digest_due_at=None, work_error=""),
        }
        return self.filter(rules[standing])


class Message(PendingWork):
    """One mail. `reason` names its cause, so that the same cause never writes it twice to one person.

    Mail about logging in, and an invitation, go to an address, not to a person: the address may be new, mistyped, or
    nobody's. Such a mail may hold a code or a token, so its text is blanked once it was sent, or when it would come
    too late (`useless_after`).

    `category` says what kind of mail it is where people may choose whether and when they get it; mail without one is
    always sent at once. `about` is the public id of what it belongs to, a cohort for instance.

    `how` is what the person had chosen for mail of the category. With `digest_due_at` it is not sent by itself, but
    collected into `digest`, a mail of its own (elearn.messages.domain.digests).
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mail", null=True)
    address = models.EmailField(max_length=254, blank=True)
    reason = models.CharField(max_length=120)
    category = models.CharField(max_length=12, choices=Category.choices, blank=True)
    about = models.UUIDField(null=True, blank=True)
    subject = models.CharField(max_length=400)
    body = models.TextField()
    useless_after = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, choices=HowOften.choices, blank=True)
    # It cannot wait for the morning.
    urgent = models.BooleanField(default=False)
    digest_due_at = models.DateTimeField(null=True)
    digest = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="collected")
    is_digest = models.BooleanField(default=False)
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
            models.Index(fields=["about", "created_at"], condition=models.Q(about__isnull=False), name="message_about"),
            models.Index(
                fields=["digest_due_at"],
                condition=models.Q(digest_due_at__isnull=False, work_done_at=None),
                name="message_for_a_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def due(cls, now: datetime) -> models.Q:
        """Without what goes into a digest: that is sent within another mail."""
        return super().due(now) & models.Q(digest_due_at=None)

    @property
    def standing(self) -> Standing:
        """What has become of it, for whoever reads a log of mail."""
        if self.how == HowOften.NEVER:
            return Standing.UNWANTED
        if self.work_done_at is not None:
            too_late = self.useless_after is not None and self.useless_after <= self.work_done_at
            return Standing.TOO_LATE if too_late else Standing.SENT
        if self.digest_due_at is not None:
            return Standing.COLLECTED
        return Standing.FAILED if self.work_error else Standing.WAITS

    @property
    def recipient(self) -> str:
        return self.address or self.person.email
