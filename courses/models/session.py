import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

from courses.enums import AttendanceSource, AttendanceState
from courses.models.cohort import Cohort, new_token
from courses.models.enrolment import Enrolment
from elearn.core.models import PendingWork
from elearn.core.models.media import private_storage


def new_secret() -> str:
    return get_random_string(40)


class LiveSessionQuerySet(models.QuerySet["LiveSession"]):
    def standing(self) -> "LiveSessionQuerySet":
        return self.filter(cancelled_at=None)

    def counting(self) -> "LiveSessionQuerySet":
        """Those that the minimum attendance is counted over."""
        return self.standing().filter(counts=True)


class LiveSession(models.Model):
    """A meeting of a cohort, in a room or by a link. `secret` makes the codes by which people check in."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    agenda = models.TextField(max_length=5000, blank=True)
    # The key of the module that it belongs to, if it is about one.
    module = models.UUIDField(null=True, blank=True)
    counts = models.BooleanField(default=True)
    # Minutes before the start and after the end in which people can check in.
    opens_before = models.PositiveSmallIntegerField(default=15)
    closes_after = models.PositiveSmallIntegerField(default=15)
    secret = models.CharField(max_length=40, default=new_secret, editable=False)
    # Moves on with every change, so that calendars take over what is newer (SEQUENCE of RFC 5545).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = LiveSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cohort} – {self.title}"


class Attendance(models.Model):
    """Whether somebody was at a session, how that is known, and who entered it when. Changes leave an audit event."""

    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="attendances")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(max_length=10, choices=AttendanceState.choices)
    source = models.CharField(max_length=10, choices=AttendanceSource.choices)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="one_attendance_per_session_and_learner")
        ]

    def __str__(self) -> str:
        return f"{self.session} – {self.enrolment}: {self.get_state_display()}"


class CalendarFeed(models.Model):
    """The address of a person's own calendar. Making a new one ends the old."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feed")
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.person} ({self.made_at:%Y-%m-%d})"


class PrintKit(PendingWork):
    """What a cohort needs on paper in a room without internet, as one file. The work left to do is to make it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="kits")
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, null=True, blank=True, related_name="kits")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    # Which parts (courses.domain.cohorts.kits), and what each was asked for: {part: {"modules": [keys], ...}}.
    parts: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    # Of the attendance sheet: the members by their numbers on it, from 1 (courses.domain.cohorts.numbers).
    numbers: "models.JSONField[list[str]]" = models.JSONField(default=list, blank=True)
    # Why nothing could be made, in words for the trainer.
    problem = models.CharField(max_length=1000, blank=True)
    file = models.FileField(storage=private_storage, upload_to="kits", blank=True, max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="kit_due")]

    def __str__(self) -> str:
        return f"{self.cohort} – {self.created_at:%Y-%m-%d}"
