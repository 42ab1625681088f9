from certificates.models.certificate import Certificate, CertificateEvent, CertificateSubject

__all__ = ["Certificate", "CertificateEvent", "CertificateSubject"]
