from django.db import models
from django.utils import timezone

from certificates.models.certificate import Certificate
from elearn.core.models import PendingWork


class IssuerKey(models.Model):
    """The public half of a key that credentials are signed with. The private half never lies in the database.

    A retired key signs no more, and stays in the issuer's DID document: what it signed remains checkable.
    `public_key` is multibase (base58btc) of the multicodec Ed25519 key; `name` its fragment in the DID document.
    """

    name = models.CharField(max_length=80, unique=True)
    public_key = models.CharField(max_length=100, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """A certificate as Open Badges 3.0 credential, signed in both ways, exactly as it was handed out.

    It names the holder, so an erasure deletes the row. `document` is JSON-LD with its Data Integrity proof.
    """

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="credential")
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="credentials")
    document = models.TextField()
    jwt = models.TextField()
    signed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.certificate)


class StatusList(PendingWork):
    """One published list of revoked certificates (W3C Bitstring Status List 1.0). The work left to do is to sign it.

    List number n holds the status indexes from n * STATUS_LIST_SIZE on. It is due again on every change, and in time
    before `valid_until`.
    """

    number = models.PositiveIntegerField(unique=True)
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, null=True, related_name="status_lists")
    document = models.TextField(blank=True)
    jwt = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)
