import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

from courses.enums import CohortBasis, CohortPace
from courses.models.course import Course
from courses.models.edition import Edition


def new_token() -> str:
    """22 letters and digits: 130 bits that nobody guesses, and that survive every mail program."""
    return get_random_string(22)


class CohortQuerySet(models.QuerySet["Cohort"]):
    def running(self) -> "CohortQuerySet":
        """Not closed; whether the first day has come does not matter."""
        return self.filter(closed_at=None)


class Cohort(models.Model):
    """A group that takes an edition together, from `starts_on` to `ends_on`, with trainers who look after it.

    Its trainers are those who hold the role of trainer for it (RoleGrant with the scope of a cohort). `time_zone` is
    where its sessions take place; due dates are days, which end at midnight where each learner is. Nobody enters a
    closed cohort, and what it recorded stays.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="cohorts")
    basis = models.CharField(max_length=15, choices=CohortBasis.choices, default=CohortBasis.PROGRAMME)
    title = models.CharField(max_length=200)
    institution = models.ForeignKey("people.Institution", on_delete=models.PROTECT, null=True, blank=True)
    action = models.ForeignKey("people.Action", on_delete=models.PROTECT, null=True, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    time_zone = models.CharField(max_length=60, default="UTC")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # Empty: as many as come.
    capacity = models.PositiveIntegerField(null=True, blank=True)
    # Whether whoever comes when all places are taken waits, or is turned away.
    has_waiting_list = models.BooleanField(default=True)
    # Whether the page of the course says so, with a way to ask for a place.
    takes_requests = models.BooleanField(default=False)
    pace = models.CharField(max_length=10, choices=CohortPace.choices, default=CohortPace.AT_ONCE)
    # Of the sessions that count, how many per cent somebody must attend to complete the course in this cohort.
    attendance_percent = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts_opened"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts_closed"
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="cohort_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(capacity__gte=1), name="cohort_has_a_place"
            ),
            models.CheckConstraint(
                condition=models.Q(attendance_percent__lte=100), name="cohort_attendance_is_per_cent"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_by=None) | models.Q(closed_at__isnull=False), name="closed_cohort_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class ModuleDate(models.Model):
    """When a module of the cohort's edition opens, and when it is due. `module` is the module's key.

    A module without a row, or without a first day, is open from the start. Days begin and end where the learner is.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="module_dates")
    module = models.UUIDField()
    opens_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "module"], name="one_date_per_module_and_cohort"),
            models.CheckConstraint(
                condition=models.Q(opens_on=None) | models.Q(due_on=None) | models.Q(due_on__gte=models.F("opens_on")),
                name="module_is_due_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} – {self.module}"


class Extension(models.Model):
    """More time for one learner in one module. Rows are only added; the latest counts."""

    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="extensions")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="extensions")
    module = models.UUIDField()
    due_on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.module}: {self.due_on}"


class JoinLinkQuerySet(models.QuerySet["JoinLink"]):
    def usable(self, now: datetime | None = None) -> "JoinLinkQuerySet":
        """The same rule as `JoinLink.is_usable`."""
        now = now or timezone.now()
        return self.filter(ended_at=None, expires_at__gt=now, cohort__closed_at=None)


class JoinLink(models.Model):
    """An address, also as QR code, by which people come into a cohort until it expires or is ended."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="join_links")
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    # Whoever comes by it asks for a place instead of having one.
    needs_approval = models.BooleanField(default=True)
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = JoinLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="join_link_expires_after_it_is_made"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cohort} – {self.expires_at:%Y-%m-%d}"

    @property
    def is_usable(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now() and self.cohort.is_open
