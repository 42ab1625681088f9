from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    TRAINING = "training", _("Training and learning")
    MIGRATION = "migration", _("Migration")
    ASYLUM = "asylum", _("Asylum and protection")
    INTEGRATION = "integration", _("Integration")
    BORDERS = "borders", _("Borders")
    PROTECTION = "protection", _("Protection of people at risk")
    HEALTH = "health", _("Health")


class Level(models.TextChoices):
    FOUNDATION = "foundation", _("Foundation")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class Award(models.TextChoices):
    """The type of certificate that completing the course gives."""

    ATTENDANCE = "attendance", _("Certificate of attendance")
    COMPLETION = "completion", _("Certificate of completion")
    ACHIEVEMENT = "achievement", _("Certificate of achievement")
    TRAINER = "trainer", _("Trainer's certificate")


class ReviewState(models.TextChoices):
    AWAITING = "awaiting", _("Awaiting expert review")
    UNDER_REVIEW = "under-review", _("Under expert review")
    REVIEWED = "reviewed", _("Reviewed by experts")


class VariantKind(models.TextChoices):
    FULL = "full", _("Full")
    CONDENSED = "condensed", _("Condensed")


class EnrolmentState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    WAITLISTED = "waitlisted", _("On the waiting list")
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


# A person has at most one enrolment in these states per course.
OPEN_STATES = frozenset({EnrolmentState.REQUESTED, EnrolmentState.WAITLISTED, EnrolmentState.ACTIVE})
# In these states a person may read the course.
READING_STATES = frozenset({EnrolmentState.ACTIVE, EnrolmentState.COMPLETED})


class EnrolmentSource(models.TextChoices):
    SELF = "self", _("Enrolled by themselves")
    COHORT = "cohort", _("Joined a cohort")
    MANAGER = "manager", _("Enrolled by a manager")


class LinkOutcome(models.TextChoices):
    """What became of asking for an address on another site."""

    NOT_ASKED = "not-asked", _("not asked yet")
    WORKS = "works", _("it works")
    DOUBTFUL = "doubtful", _("the site answers, but not to a program")
    MISSING = "missing", _("the site says that there is no such page")
    ERROR = "error", _("the site answers with an error")
    UNREACHABLE = "unreachable", _("the site does not answer")
    INSECURE = "insecure", _("the site's security certificate is not valid")
    LOOPS = "loops", _("the site sends on and on")
    PRIVATE = "private", _("the address is no public one, and was not asked")


# Only these count as failures: of the others one cannot say that a reader finds nothing.
FAILED_OUTCOMES = (
    LinkOutcome.MISSING,
    LinkOutcome.ERROR,
    LinkOutcome.UNREACHABLE,
    LinkOutcome.INSECURE,
    LinkOutcome.LOOPS,
)


class CohortBasis(models.TextChoices):
    PROGRAMME = "programme", _("Opened by the programme")
    AUTHORISATION = "authorisation", _("Opened under a trainer's authorisation")
