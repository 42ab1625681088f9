"""The one way to write what happened to a certificate. Sealing comes later (certificates.domain.ledger)."""

import hashlib
import secrets

from django.db import transaction

from certificates.domain import status_lists
from certificates.enums import CertificateEventKind
from certificates.models import Certificate, CertificateEvent
from certificates.signals import certificate_revoked
from elearn.people.models import User


def record(
    certificate: Certificate,
    kind: CertificateEventKind,
    *,
    actor: User | None = None,
    reason: str = "",
    **details: object,
) -> CertificateEvent:
    """Write an event, unsealed. To be called inside a transaction, with the certificate's row locked or new.

    `details` are plain data that name nobody: they stay for good. Words about people belong into `reason`, of which
    only a salted hash is sealed.
    Effects: the row; a revocation also asks for its status list to be signed again, and is announced after the commit.
    """
    salt = secrets.token_hex(16)
    event = CertificateEvent.objects.create(
        certificate=certificate,
        kind=kind,
        actor=actor,
        reason=reason,
        details=details,
        reason_salt=salt,
        reason_sha256=reason_hash(reason, salt),
    )
    if kind == CertificateEventKind.REVOKED:
        status_lists.changed(certificate.status_index)
        transaction.on_commit(lambda: certificate_revoked.send(sender=Certificate, certificate=certificate))
    return event


def reason_hash(reason: str, salt: str) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + reason.encode()).hexdigest()
