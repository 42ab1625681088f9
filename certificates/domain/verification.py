"""Verification: whether a certificate is true today, and what a person's own certificates are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.domain import wording
from certificates.domain.issuing import Facts
from certificates.enums import CertificateEventKind, CertificateState
from certificates.models import Certificate, CertificateSubject
from courses.models import Enrolment
from elearn.core.prepared import Prepared
from elearn.people.models import User

GOOD_STATES = frozenset({CertificateState.VALID})


@dataclass(frozen=True)
class Verification:
    """What the page says about a serial. Holds nothing that the paper does not show."""

    found: bool
    serial: str
    checked_at: datetime
    state: CertificateState | None = None
    meaning: str = ""
    is_good: bool = False
    name_removed: bool = False
    rows: tuple[wording.Row, ...] = ()
    replaced_by: str = ""
    pdf_sha256: str = ""


@dataclass(frozen=True)
class CertificateLine:
    """A certificate in its holder's list."""

    enrolment_id: int
    serial: str
    title: str
    award: str
    state: CertificateState
    issued_at: datetime
    ready: bool
    url: str
    download_url: str
    verify_url: str

    @property
    def is_good(self) -> bool:
        return self.state in GOOD_STATES


@dataclass(frozen=True)
class OwnCertificate:
    """A certificate as its holder sees it."""

    line: CertificateLine
    meaning: str
    rows: tuple[wording.Row, ...]


def verify(serial: str) -> Verification:
    """Say what a serial is worth today, in the language now active. Two queries."""
    now = timezone.now()
    certificate = (
        Certificate.objects.select_related("subject", "superseded_by")
        .prefetch_related("events")
        .filter(serial=serial)
        .first()
    )
    if certificate is None:
        return Verification(found=False, serial=serial, checked_at=now)
    state = state_of(certificate, now)
    successor = _successor(certificate)
    return Verification(
        found=True,
        serial=certificate.serial,
        checked_at=now,
        state=state,
        meaning=meaning(state),
        is_good=state in GOOD_STATES,
        name_removed=_subject(certificate) is None,
        rows=printed_rows(certificate),
        replaced_by=successor.serial if successor else "",
        pdf_sha256=certificate.pdf_sha256,
    )


def state_of(certificate: Certificate, now: datetime) -> CertificateState:
    """Fold the events and dates of a certificate: revoked outweighs replaced, replaced outweighs expired."""
    kinds = {event.kind for event in certificate.events.all()}
    if CertificateEventKind.REVOKED in kinds:
        return CertificateState.REVOKED
    if CertificateEventKind.REPLACED in kinds or _successor(certificate) is not None:
        return CertificateState.REPLACED
    if certificate.expires_at is not None and certificate.expires_at <= now:
        return CertificateState.EXPIRED
    return CertificateState.VALID


def meaning(state: CertificateState) -> str:
    """What a state means for somebody who holds the paper in their hands."""
    return {
        CertificateState.VALID: _("We issued this certificate, and it is valid today."),
        CertificateState.REPLACED: _("We issued this certificate, and have since replaced it by another."),
        CertificateState.REVOKED: _("We issued this certificate and have since revoked it. Do not rely on it."),
        CertificateState.EXPIRED: _("We issued this certificate; the time for which it was valid is over."),
    }[state]


def printed_rows(certificate: Certificate) -> tuple[wording.Row, ...]:
    """Every printed fact, in the language now active."""
    subject = _subject(certificate)
    return wording.rows(
        Facts.of(certificate),
        serial=certificate.serial,
        name=subject.printed_name if subject else "",
        latin_name=subject.latin_name if subject else "",
    )


def certificates_of(person: User) -> list[CertificateLine]:
    """The certificates of one person, the latest first. Two queries, however many there are."""
    held = _held_by(person=person.pk)
    prefetch_related_objects(held, "events")
    return _lines(held)


def certificates_for(enrolments: QuerySet[Enrolment]) -> dict[int, CertificateLine]:
    """The latest certificate of each of these enrolments. Two queries, however many."""
    rows = Certificate.objects.filter(enrolment__in=enrolments).select_related("superseded_by")
    lines = _lines(rows.prefetch_related("events").order_by("issued_at", "pk"))
    return {line.enrolment_id: line for line in lines}


def own_certificate(person: User, serial: str) -> OwnCertificate | None:
    """A certificate for its holder; None when this person holds none with this serial. Two queries."""
    certificate = _held(person).select_related("subject").filter(serial=serial).first()
    if certificate is None:
        return None
    (line,) = _lines([certificate])
    return OwnCertificate(line=line, meaning=meaning(line.state), rows=printed_rows(certificate))


def _held(person: User) -> QuerySet[Certificate]:
    return _certificates(person.pk).prefetch_related("events")


def _certificates(person: Any) -> QuerySet[Certificate]:
    return Certificate.objects.filter(enrolment__person=person).select_related("superseded_by")


_held_by = Prepared(
    lambda person: _certificates(person).order_by("-issued_at", "-pk"),
    person=BigIntegerField(),
)


def _lines(certificates: Iterable[Certificate]) -> list[CertificateLine]:
    now = timezone.now()
    lines = []
    for certificate in certificates:
        facts = Facts.of(certificate)
        lines.append(
            CertificateLine(
                enrolment_id=certificate.enrolment_id,
                serial=certificate.serial,
                title=facts.course,
                award=wording.award_name(facts.award),
                state=state_of(certificate, now),
                issued_at=certificate.issued_at,
                ready=certificate.is_rendered,
                url=reverse("certificates:certificate", args=[certificate.serial]),
                download_url=reverse("certificates:download", args=[certificate.serial]),
                verify_url=facts.verify_url,
            )
        )
    return lines


def _subject(certificate: Certificate) -> CertificateSubject | None:
    """The name, unless it was erased. Reads what select_related brought."""
    return getattr(certificate, "subject", None)


def _successor(certificate: Certificate) -> Certificate | None:
    return getattr(certificate, "superseded_by", None)
