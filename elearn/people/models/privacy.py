import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone

from elearn.core.models import PendingWork
from elearn.people.enums import ErasureOrigin


def private_storage():  # type: ignore[no-untyped-def]
    return storages["private"]


class PrivacyNoticeQuerySet(models.QuerySet["PrivacyNotice"]):
    def in_effect(self, now: datetime | None = None) -> "PrivacyNoticeQuerySet":
        return self.filter(effective_from__lte=now or timezone.now())


class PrivacyNotice(models.Model):
    """One version of the privacy notice. Never changed once written: a trigger in the database refuses it.

    `texts` holds, by language, {"markdown", "html", "changes"}: the source, the cleaned HTML made from it, and what
    is new in this version in one or two sentences.
    """

    version = models.PositiveIntegerField(unique=True)
    texts: "models.JSONField[dict[str, Any]]" = models.JSONField()
    effective_from = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(auto_now_add=True)
    # Empty for the notice that comes with the product.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="notices_published"
    )

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [models.CheckConstraint(condition=models.Q(version__gte=1), name="first_notice_is_version_1")]

    def __str__(self) -> str:
        return f"Privacy notice {self.version}"


class NoticeAcceptance(models.Model):
    """A person accepted a version of the notice, in the language in which it was shown."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_acceptances")
    notice = models.ForeignKey(PrivacyNotice, on_delete=models.PROTECT, related_name="acceptances")
    language = models.CharField(max_length=10)
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-accepted_at"]
        constraints = [models.UniqueConstraint(fields=["person", "notice"], name="notice_accepted_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.notice}"


class DataExport(PendingWork):
    """A person's own data as one file. The work left to do on the row is to make the file, or to throw it away.

    The file's name follows from the row (elearn.people.domain.exports), so that one which a killed worker left behind
    is found and removed with it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_exports")
    asked_at = models.DateTimeField(default=timezone.now)
    file = models.FileField(storage=private_storage, upload_to="exports", blank=True, max_length=200)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], name="one_export_per_person"),
            models.CheckConstraint(
                condition=models.Q(file="") | models.Q(expires_at__isnull=False), name="export_with_a_file_expires"
            ),
        ]
        indexes = [models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="export_due")]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_ready(self) -> bool:
        return bool(self.file) and self.expires_at is not None and self.expires_at > timezone.now()


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def open(self) -> "ErasureRequestQuerySet":
        return self.filter(applied_at=None, withdrawn_at=None)


class ErasureRequest(PendingWork):
    """An account that is to be erased when `work_due_at` has come, unless it is taken back before.

    Until then it is a promise that the person sees; afterwards the proof that it was kept. `reason` never names the
    person: it outlives the name.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasure_requests")
    origin = models.CharField(max_length=10, choices=ErasureOrigin.choices)
    reason = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(applied_at=None, withdrawn_at=None),
                name="one_open_erasure_per_person",
            ),
            models.CheckConstraint(
                condition=models.Q(applied_at=None) | models.Q(withdrawn_at=None), name="erasure_applied_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=~models.Q(origin=ErasureOrigin.OPERATOR) | ~models.Q(reason=""),
                name="operator_gives_a_reason_for_erasure",
            ),
        ]
        indexes = [models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="erasure_due")]

    def __str__(self) -> str:
        return f"Erasure {self.pk} ({self.get_origin_display()})"

    @property
    def is_open(self) -> bool:
        return self.applied_at is None and self.withdrawn_at is None
