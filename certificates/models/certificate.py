from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone

from certificates.enums import CertificateEventKind
from courses.enums import Award
from courses.models import Enrolment
from elearn.core.models import PendingWork


def private_storage():  # type: ignore[no-untyped-def]
    return storages["private"]


class Certificate(PendingWork):
    """A certificate as it was issued. The work left to do on the row is its PDF.

    `facts` holds every printed fact but the name, frozen at issue (certificates.domain.issuing.Facts); nothing is
    ever printed or verified from live data. The name lives in CertificateSubject, so that erasure can remove it while
    serial, dates and the HMAC of the name stay checkable.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="certificates")
    award = models.CharField(max_length=20, choices=Award.choices)
    issue_number = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    serial = models.CharField(max_length=20, unique=True)
    # The certificate's place in the published list of revoked ones; random, so that it tells nothing about order.
    status_index = models.PositiveIntegerField(unique=True)
    facts = models.JSONField()
    name_salt = models.CharField(max_length=64)
    name_hmac = models.CharField(max_length=64)
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    pdf = models.FileField(storage=private_storage, upload_to="certificates", blank=True, max_length=200)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    # Since then there is no CertificateSubject, and the work left to do on the row is to remove the PDF.
    name_removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "award", "issue_number"], name="one_certificate_per_issue"),
            models.CheckConstraint(
                condition=(
                    models.Q(work_done_at=None) | ~models.Q(pdf_sha256="") | models.Q(name_removed_at__isnull=False)
                ),
                name="rendered_certificate_has_a_hash",
            ),
        ]
        indexes = [
            models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="certificate_outstanding")
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def is_rendered(self) -> bool:
        return self.work_done_at is not None


class CertificateSubject(models.Model):
    """The name on a certificate. Erasure deletes this row and the PDF; the certificate itself remains."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="subject")
    printed_name = models.CharField(max_length=150)
    latin_name = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return self.printed_name


class CertificateEvent(models.Model):
    """Something that happened to a certificate. Rows are only added; the state today is their fold."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=CertificateEventKind.choices)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    details: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)

    class Meta:
        ordering = ["certificate", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=models.Q(kind=CertificateEventKind.ISSUED),
                name="certificate_issued_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=CertificateEventKind.REVOKED) | ~models.Q(reason=""),
                name="revocation_names_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.kind}"
