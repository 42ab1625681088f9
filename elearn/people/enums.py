from django.db import models
from django.utils.translation import gettext_lazy as _


class InstitutionKind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    BORDER_SERVICE = "border_service", _("Border service")
    PUBLIC_DEFENDER = "public_defender", _("Public defender's office")
    MUNICIPALITY = "municipality", _("Municipality")
    REGIONAL_BODY = "regional_body", _("Regional body")
    PARLIAMENT = "parliament", _("Parliament")
    CIVIL_SOCIETY = "civil_society", _("Civil-society organisation")
    INTERNATIONAL = "international", _("International organisation")
    OTHER = "other", _("Other")


class InstitutionState(models.TextChoices):
    KNOWN = "known", _("Known")
    PROPOSED = "proposed", _("Proposed")
    MERGED = "merged", _("Merged into another")
    DECLINED = "declined", _("Declined")


class MembershipState(models.TextChoices):
    CLAIMED = "claimed", _("Claimed")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


class MembershipOutcome(models.TextChoices):
    """What has happened to a membership, as `membership_changed` says it."""

    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")
    ENDED = "ended", _("Ended")
    ADDRESS_GONE = "address_gone", _("No longer confirmed by an address")


class Role(models.TextChoices):
    TRAINER = "trainer", _("Trainer")
    ASSESSOR = "assessor", _("Assessor")
    FOCAL_POINT = "focal_point", _("Focal point")
    AUTHOR = "author", _("Author")
    # Between an author's draft and what learners read: the expert of the field first, then the editor, who publishes.
    REVIEWER = "reviewer", _("Expert reviewer")
    EDITOR = "editor", _("Editor")
    MANAGER = "manager", _("Programme manager")


class Scope(models.TextChoices):
    PLATFORM = "platform", _("Whole platform")
    ACTION = "action", _("Action")
    INSTITUTION = "institution", _("Institution")
    COURSE = "course", _("Course")
    COHORT = "cohort", _("Cohort")


class GrantState(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    COMING = "coming", _("Coming")
    ENDED = "ended", _("Ended")


class ErasureOrigin(models.TextChoices):
    PERSON = "person", _("Asked for by the person")
    OPERATOR = "operator", _("Carried out by the operator")
    INACTIVITY = "inactivity", _("The account was not used for years")
    UNVERIFIED = "unverified", _("The address was never confirmed")


class Gender(models.TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("In another way")


class AgeBand(models.TextChoices):
    UNDER_25 = "under_25", _("Under 25")
    FROM_25 = "25_34", _("25 to 34")
    FROM_35 = "35_44", _("35 to 44")
    FROM_45 = "45_54", _("45 to 54")
    FROM_55 = "55_plus", _("55 or older")


SCOPES_WITH_KEY = frozenset({Scope.COURSE, Scope.COHORT})


class Theme(models.TextChoices):
    """What courses and Actions are about."""

    TRAINING = "training", _("Training and learning")
    MIGRATION = "migration", _("Migration")
    ASYLUM = "asylum", _("Asylum and protection")
    INTEGRATION = "integration", _("Integration")
    BORDERS = "borders", _("Borders")
    PROTECTION = "protection", _("Protection of people at risk")
    HEALTH = "health", _("Health")
