from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateEventKind(models.TextChoices):
    ISSUED = "issued", _("Issued")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")


class CertificateState(models.TextChoices):
    """What a certificate is worth today; folded from its events and dates, never stored."""

    VALID = "valid", _("Valid")
    REPLACED = "replaced", _("Replaced by another")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")
