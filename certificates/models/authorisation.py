import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from certificates.enums import (
    IN_FORCE,
    STANDING,
    AuthorisationEventKind,
    AuthorisationStatus,
    EndorsementState,
)
from certificates.models.certificate import Certificate
from courses.enums import Award
from courses.models import Cohort, Course, Edition, Unit


class TrainerRule(models.Model):
    """That trainers of a course are made here, and how. A course without one is given in programme cohorts only.

    An authorisation keeps the rule it was given by (TrainerAuthorisation.rule); a changed rule changes none of those.
    """

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="trainer_rule")
    # Which certificates the trainer needs: of this course, and of the one that teaches to train.
    subject_award = models.CharField(max_length=20, choices=Award.choices, default=Award.ACHIEVEMENT)
    pedagogy_course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="pedagogy_of"
    )
    # A practical assessment that is to be passed, a unit of one of the two courses.
    practical = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    needs_endorsement = models.BooleanField(default=True)
    months = models.PositiveSmallIntegerField(default=24, validators=[MinValueValidator(1), MaxValueValidator(120)])
    generations = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1), MaxValueValidator(9)])
    observes_first_delivery = models.BooleanField(default=True)
    observation_percent = models.PositiveSmallIntegerField(default=60, validators=[MaxValueValidator(100)])
    # What renews an authorisation before its last day: cohorts delivered since it began, a refresher, and that changes
    # of the course were confirmed.
    cohorts_to_deliver = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(50)])
    refresher = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="refreshes")
    confirms_editions = models.BooleanField(default=True)
    # Days for which running cohorts may still end, and certify, after an authorisation has lapsed.
    grace_days = models.PositiveSmallIntegerField(default=60, validators=[MaxValueValidator(365)])
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(months__gte=1) & models.Q(generations__gte=1), name="trainer_rule_allows_something"
            ),
            models.CheckConstraint(
                condition=models.Q(observation_percent__lte=100), name="observation_mark_is_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.course)


class CertificateTerm(models.Model):
    """For how long a course's certificates are valid, and when holders are reminded. Without a row: for good."""

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="certificate_term")
    months = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(240)])
    remind_days = models.PositiveSmallIntegerField(default=60, validators=[MaxValueValidator(365)])
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(months__gte=1), name="certificate_term_is_a_month_or_more")
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.months}"


class Endorsement(models.Model):
    """The word of an institution's focal point on somebody who wants to train a course there. History stays."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="endorsements")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="endorsements")
    institution = models.ForeignKey("people.Institution", on_delete=models.PROTECT, related_name="endorsements")
    state = models.CharField(max_length=12, choices=EndorsementState.choices, default=EndorsementState.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course", "institution"],
                condition=models.Q(state__in=[EndorsementState.ASKED, EndorsementState.GIVEN]),
                name="one_standing_endorsement",
            ),
            models.CheckConstraint(
                condition=models.Q(state=EndorsementState.ASKED) | models.Q(decided_at__isnull=False),
                name="decided_endorsement_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("person")) | models.Q(state=EndorsementState.TAKEN_BACK),
                name="nobody_endorses_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.course}: {self.get_state_display()}"


class AuthorisationQuerySet(models.QuerySet["TrainerAuthorisation"]):
    def standing(self) -> "AuthorisationQuerySet":
        return self.filter(status__in=sorted(STANDING))

    def in_force(self, now: datetime | None = None) -> "AuthorisationQuerySet":
        """The same rule as `TrainerAuthorisation.is_in_force`: a status that allows it, and a last day not passed."""
        now = now or timezone.now()
        return self.filter(status__in=sorted(IN_FORCE), starts_at__lte=now, ends_at__gt=now)

    def below(self, path: str) -> "AuthorisationQuerySet":
        """The branch that begins with a path, its root included."""
        return self.filter(path__startswith=path)


class TrainerAuthorisation(models.Model):
    """That somebody may train a course in an institution, on whose word, and until when.

    Generation 1 rests on a subject certificate from a programme cohort; otherwise `parent` is the authorisation under
    which that certificate was issued. `path` is the line from the root, each step `<pk>.` after its parent's; all
    that is below begins with it. `rule` is the TrainerRule as it was (certificates.domain.authorising.Rule as data).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trainer_authorisations"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="trainer_authorisations")
    institution = models.ForeignKey(
        "people.Institution", on_delete=models.PROTECT, related_name="trainer_authorisations"
    )
    membership = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    generation = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=255, unique=True, null=True)  # noqa: DJ001  Empty until the row has its number.
    status = models.CharField(max_length=12, choices=AuthorisationStatus.choices)
    rule = models.JSONField()
    subject_certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="grounds")
    # Serial of the pedagogy certificate, the practical's assessment, the endorsement: what else it rested on.
    evidence = models.JSONField(default=dict)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    # Since when the holder agrees to be found on the public roster.
    listed_at = models.DateTimeField(null=True, blank=True)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "course", "institution"],
                condition=models.Q(status__in=sorted(STANDING)),
                name="one_standing_authorisation",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None, generation=1)
                | (models.Q(parent__isnull=False) & models.Q(generation__gte=2)),
                name="generation_follows_the_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="authorisation_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} – {self.course} ({self.get_status_display()})"

    @property
    def is_in_force(self) -> bool:
        return self.is_in_force_at(timezone.now())

    def is_in_force_at(self, now: datetime) -> bool:
        return self.status in IN_FORCE and self.starts_at <= now < self.ends_at


class AuthorisationEvent(models.Model):
    """Something that happened to an authorisation. Rows are only added."""

    authorisation = models.ForeignKey(TrainerAuthorisation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=AuthorisationEventKind.choices)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["authorisation", "pk"]

    def __str__(self) -> str:
        return f"{self.authorisation_id} {self.kind}"


class CohortAuthorisation(models.Model):
    """Under whose authorisation a cohort runs (Cohort.basis "authorisation")."""

    cohort = models.OneToOneField(Cohort, on_delete=models.PROTECT, related_name="authorisation_link")
    authorisation = models.ForeignKey(TrainerAuthorisation, on_delete=models.PROTECT, related_name="cohort_links")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.cohort} – {self.authorisation}"


class Commitment(models.Model):
    """What a trainer means to pass on: which module (or the whole course), to whom, how many, by when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authorisation = models.ForeignKey(TrainerAuthorisation, on_delete=models.PROTECT, related_name="commitments")
    # The module's key; empty: the whole course.
    module = models.UUIDField(null=True, blank=True)
    audience = models.CharField(max_length=200)
    people = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    due_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    cohort = models.OneToOneField(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="commitment")
    reminded_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(people__gte=1), name="commitment_is_for_somebody")]

    def __str__(self) -> str:
        return f"{self.authorisation}: {self.audience}"


class ChangeNotice(models.Model):
    """That the core of a course changed, for one trainer: what they are told, and when they confirmed it.

    Until it is confirmed they open no new cohort of the course.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authorisation = models.ForeignKey(TrainerAuthorisation, on_delete=models.PROTECT, related_name="change_notices")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="change_notices")
    told_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authorisation", "edition"], name="one_notice_per_authorisation_and_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.authorisation} – {self.edition}"


class DriftSignal(models.Model):
    """A branch whose results differ from those of the source cohorts, until somebody has looked into it.

    `figures` is what was found: {"unit", "here": {"mean", "low", "high", "count"}, "source": {...}}.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authorisation = models.ForeignKey(TrainerAuthorisation, on_delete=models.PROTECT, related_name="drift_signals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField()
    found_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authorisation", "unit"],
                condition=models.Q(closed_at=None),
                name="one_open_signal_per_branch_and_unit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.authorisation} – {self.unit}"
