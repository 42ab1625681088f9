from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as of


class CertificateEventKind(models.TextChoices):
    ISSUED = "issued", _("Issued")
    RENDERED = "rendered", _("PDF made")
    REPLACED = "replaced", _("Replaced")
    RENEWED = "renewed", _("Renewed")
    REVOKED = "revoked", _("Revoked")
    NAME_REMOVED = "erased", _("Name removed")


class CertificateState(models.TextChoices):
    """What a certificate is worth today; folded from its events and dates, never stored."""

    VALID = "valid", _("Valid")
    REPLACED = "replaced", _("Replaced by another")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


class Orientation(models.TextChoices):
    LANDSCAPE = "landscape", _("Landscape (A4)")
    PORTRAIT = "portrait", _("Portrait (A4)")


class RevocationState(models.TextChoices):
    PROPOSED = "proposed", _("Waits for a second person")
    APPLIED = "applied", _("Revoked")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


class HeldFor(models.TextChoices):
    """Why a certificate is not issued until a manager decides."""

    NO_AUTHORISATION = "no_authorisation", _("The cohort has no authorised trainer")
    SUSPENDED = "suspended", _("The trainer's authorisation is suspended")
    LAPSED = "lapsed", _("The trainer's authorisation had run out")
    WITHDRAWN = "withdrawn", _("The trainer's authorisation was withdrawn")
    ENDED = "ended", _("The trainer no longer belongs to the institution")
    BY_HAND = "by_hand", _("Held by a manager")


class DecisionState(models.TextChoices):
    HELD = "held", _("Held")
    RELEASED = "released", _("Released")
    REFUSED = "refused", _("Refused")


class BundleKind(models.TextChoices):
    ZIP = "zip", _("One ZIP file with a PDF for each")
    PDF = "pdf", _("One PDF with all of them")


class AuthorisationStatus(models.TextChoices):
    """Where an authorisation stands. Lapsed also follows from its last day, before the row says so."""

    PROVISIONAL = "provisional", _("Provisional: the first delivery is to be observed")
    FULL = "full", of("authorisation", "Full")
    SUSPENDED = "suspended", _("Suspended")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Ended with the post")


# With these a trainer may open cohorts, as long as the last day has not passed.
IN_FORCE = frozenset({AuthorisationStatus.PROVISIONAL, AuthorisationStatus.FULL})
# A person has at most one authorisation in these states per course and institution.
STANDING = frozenset({*IN_FORCE, AuthorisationStatus.SUSPENDED})


class AuthorisationEventKind(models.TextChoices):
    GRANTED = "granted", _("Authorised")
    CONFIRMED = "confirmed", _("Confirmed after the observed delivery")
    SUSPENDED = "suspended", _("Suspended")
    RESUMED = "resumed", _("Suspension lifted")
    RENEWED = "renewed", _("Renewed")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Ended with the post")


class EndorsementState(models.TextChoices):
    ASKED = "asked", _("Waits for the focal point")
    GIVEN = "given", _("Endorsed")
    DECLINED = "declined", _("Not endorsed")
    TAKEN_BACK = "taken_back", _("Endorsement taken back")
