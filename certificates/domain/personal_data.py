"""What this package keeps about a person: their certificates, with the name apart from the proof."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.domain.issuing import KIND
from certificates.models import Certificate, CertificateEvent, CertificateSubject
from elearn.core import pending
from elearn.people.domain.personal_data import Attachment, Contribution, Identity, Row, Table, in_role
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [
        Table("certificates", _("Your certificates"), _certificates(person)),
        Table("certificate_events", _("What happened to your certificates"), _events(person)),
    ]


def _certificates(person: User) -> list[Row]:
    rows = Certificate.objects.filter(enrolment__person=person).select_related("subject").order_by("issued_at")
    return [
        {
            "serial": row.serial,
            "award": row.award,
            "printed_name": row.subject.printed_name if hasattr(row, "subject") else "",
            "latin_name": row.subject.latin_name if hasattr(row, "subject") else "",
            "issued_at": row.issued_at,
            "expires_at": row.expires_at,
            "facts": row.facts,
            "pdf_sha256": row.pdf_sha256,
            "file": f"files/{_file_name(row)}" if row.pdf else "",
        }
        for row in rows
    ]


def _events(person: User) -> list[Row]:
    rows = CertificateEvent.objects.filter(certificate__enrolment__person=person).select_related("certificate", "actor")
    return [
        {
            "serial": row.certificate.serial,
            "event": row.kind,
            "at": row.at,
            "by": in_role(row.actor, person),
            "reason": row.reason,
        }
        for row in rows.order_by("pk")
    ]


def _file_name(certificate: Certificate) -> str:
    return f"certificates/{certificate.serial}.pdf"


def files(person: User) -> list[Attachment]:
    rows = Certificate.objects.filter(enrolment__person=person).exclude(pdf="")
    return [Attachment(_file_name(row), row.pdf) for row in rows.order_by("pk")]


def erase(person: User, identity: Identity) -> None:
    """Remove the name; serial, facts, dates, state and the salted HMAC of the name stay checkable.

    The PDF goes by durable work: the row is outstanding again, and what is left to do on it is to remove the file
    (certificates.domain.rendering). The lock lets a rendering under way finish first, or makes it find no name.
    """
    now = timezone.now()
    held = Certificate.objects.filter(enrolment__person=person)
    for certificate in held.filter(name_removed_at=None).select_for_update(of=("self",)).order_by("pk"):
        CertificateSubject.objects.filter(certificate=certificate).delete()
        Certificate.objects.filter(pk=certificate.pk).update(
            name_removed_at=now, work_done_at=None, work_due_at=now, work_tries=0, work_error=""
        )
        pending.wake(KIND, certificate.pk)
    for event in CertificateEvent.objects.filter(certificate__enrolment__person=person):
        reason, details = identity.without(event.reason), identity.without(event.details)
        if (reason, details) != (event.reason, event.details):
            CertificateEvent.objects.filter(pk=event.pk).update(reason=reason, details=details)


CONTRIBUTION = Contribution(
    name="certificates",
    collect=collect,
    erase=erase,
    files=files,
    holds=frozenset(
        {
            "certificates.AuthorisationEvent.authorisation",
            "certificates.Certificate.authorisation",
            "certificates.Certificate.decision",
            "certificates.Certificate.enrolment",
            "certificates.Certificate.supersedes",
            "certificates.CertificateEvent.certificate",
            "certificates.CertificateSubject.certificate",
            "certificates.ChangeNotice.authorisation",
            "certificates.CohortAuthorisation.authorisation",
            "certificates.Commitment.authorisation",
            "certificates.Credential.certificate",
            "certificates.DriftSignal.authorisation",
            "certificates.Endorsement.person",
            "certificates.IssueDecision.authorisation",
            "certificates.IssueDecision.enrolment",
            "certificates.RevocationItem.certificate",
            "certificates.TrainerAuthorisation.holder",
            "certificates.TrainerAuthorisation.membership",
            "certificates.TrainerAuthorisation.parent",
            "certificates.TrainerAuthorisation.subject_certificate",
        }
    ),
    acts=frozenset(
        {
            "certificates.AuthorisationEvent.actor",
            "certificates.CertificateBundle.asked_by",
            "certificates.CertificateEvent.actor",
            "certificates.CertificateTerm.changed_by",
            "certificates.DriftSignal.closed_by",
            "certificates.Endorsement.decided_by",
            "certificates.IssueDecision.decided_by",
            "certificates.IssueDecision.held_by",
            "certificates.Revocation.decided_by",
            "certificates.Revocation.proposed_by",
            "certificates.TrainerRule.changed_by",
        }
    ),
)

PERIODS = (
    Kept(
        key="certificates",
        what=gettext_lazy("Your certificates: serial, course, dates and state"),
        why=gettext_lazy("So that whoever holds the paper can check it."),
        how_long=gettext_lazy("for good"),
        then=gettext_lazy(
            "An erasure removes the name and the PDF. A code that does not give the name away stays, so that the name "
            "on a paper can still be compared."
        ),
    ),
)
