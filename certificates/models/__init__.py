from certificates.models.authorisation import (
    AuthorisationEvent,
    CertificateTerm,
    ChangeNotice,
    CohortAuthorisation,
    Commitment,
    DriftSignal,
    Endorsement,
    TrainerAuthorisation,
    TrainerRule,
)
from certificates.models.certificate import (
    Certificate,
    CertificateBundle,
    CertificateEvent,
    CertificateSubject,
    LedgerSeal,
)
from certificates.models.credential import Credential, IssuerKey, StatusList
from certificates.models.decision import IssueDecision, Revocation, RevocationItem
from certificates.models.template import CertificateTemplate, TemplatePicture, TemplateVersion

__all__ = [
    "AuthorisationEvent",
    "Certificate",
    "CertificateBundle",
    "CertificateEvent",
    "CertificateSubject",
    "CertificateTemplate",
    "CertificateTerm",
    "ChangeNotice",
    "CohortAuthorisation",
    "Commitment",
    "Credential",
    "DriftSignal",
    "Endorsement",
    "IssueDecision",
    "IssuerKey",
    "LedgerSeal",
    "Revocation",
    "RevocationItem",
    "StatusList",
    "TemplatePicture",
    "TemplateVersion",
    "TrainerAuthorisation",
    "TrainerRule",
]
