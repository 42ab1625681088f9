import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone

from certificates.enums import BundleKind, CertificateEventKind
from courses.enums import Award
from courses.models import Cohort, Enrolment
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
    # What it was printed with; empty for those issued before there were templates to edit ("classic-1").
    template_version = models.ForeignKey(
        "certificates.TemplateVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    # The cohort in which it was earned, and the authorisation of its trainer. A cohort that the programme opened has
    # none, and its certificates are generation 0: the root.
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates")
    authorisation = models.ForeignKey(
        "certificates.TrainerAuthorisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
    )
    generation = models.PositiveSmallIntegerField(default=0)
    # The path of the authorisation as it was (TrainerAuthorisation.path): all below a trainer begins with theirs.
    line = models.CharField(max_length=255, blank=True, db_index=True)
    # The manager's decision by which it was issued, where the trainer's authorisation did not allow it.
    decision = models.ForeignKey(
        "certificates.IssueDecision", on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
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
    """Something that happened to a certificate. Rows are only added; the state today is their fold.

    An event is written unsealed. A worker seals what there is, in the order of `pk`, into a chain of hashes
    (LedgerSeal):
    `digest` is the SHA-256 of the event chained to the one before it. Of the reason only a salted hash goes into it, so
    that an erasure can remove the words: it says so with an event of its own.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=CertificateEventKind.choices)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    details: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    reason_salt = models.CharField(max_length=32, blank=True)
    reason_sha256 = models.CharField(max_length=64, blank=True)
    seal = models.ForeignKey(
        "certificates.LedgerSeal", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    position = models.PositiveBigIntegerField(null=True, blank=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)

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
            models.CheckConstraint(
                condition=models.Q(seal=None, position=None, digest="")
                | (models.Q(seal__isnull=False, position__isnull=False) & ~models.Q(digest="")),
                name="sealed_event_has_its_place",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(seal=None), name="certificate_event_unsealed")]

    def __str__(self) -> str:
        return f"{self.certificate} {self.kind}"


class LedgerSeal(models.Model):
    """A batch of events, sealed: `head` is the digest of its last event, `previous` the head before it ("" at first).

    The latest head is shown on /verify/ and mailed daily: whoever has kept one can ask whether what it covers still
    stands (`manage.py verify_ledger --head`).
    """

    number = models.PositiveBigIntegerField(unique=True)
    previous = models.CharField(max_length=64, blank=True)
    head = models.CharField(max_length=64, unique=True)
    first_position = models.PositiveBigIntegerField()
    last_position = models.PositiveBigIntegerField()
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.head[:12]}"


class CertificateBundle(PendingWork):
    """All certificates of a cohort as one file, made in the background. The work left to do is to make it.

    The file holds names, so it goes after `expires_at`, and when somebody in it is erased.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="certificate_bundles")
    kind = models.CharField(max_length=5, choices=BundleKind.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    file = models.FileField(storage=private_storage, upload_to="bundles", blank=True, max_length=200)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="bundle_due")]

    def __str__(self) -> str:
        return f"{self.cohort} ({self.kind})"
