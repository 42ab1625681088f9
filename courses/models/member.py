import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from courses.enums import PLACE_STATES, ImportStage, MemberSource, MemberState, RowFate
from courses.models.cohort import Cohort
from courses.models.enrolment import Enrolment
from elearn.core.models import PendingWork
from elearn.core.models.media import private_storage


def list_path(instance: "MemberImport", filename: str) -> str:
    return f"lists/{instance.public_id}"


class CohortMemberQuerySet(models.QuerySet["CohortMember"]):
    def seated(self) -> "CohortMemberQuerySet":
        return self.filter(state=MemberState.SEATED)

    def taking_places(self) -> "CohortMemberQuerySet":
        """Those for whom a place is not free for anybody else; an invitation that ran out holds none."""
        return self.filter(state__in=PLACE_STATES).exclude(state=MemberState.INVITED, expires_at__lte=timezone.now())

    def waiting(self) -> "CohortMemberQuerySet":
        """On the waiting list, in the order in which they came."""
        return self.filter(state=MemberState.WAITLISTED).order_by("asked_at", "pk")


class CohortMember(models.Model):
    """Where one person stands in one cohort, from the first request or invitation to the day they leave.

    One who has no account yet has no `person`, but an address; the two meet when they log in with a confirmed address.
    While somebody takes part (`seated`), `enrolment` is the one by which they do, and its `cohort` is this one. When
    they leave, the enrolment goes on without a cohort and this row keeps what was.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cohort_members"
    )
    # Of an invitation: to whom it went, as the list had it. Empty for who came with an account.
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True)
    state = models.CharField(max_length=10, choices=MemberState.choices)
    source = models.CharField(max_length=10, choices=MemberSource.choices)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, null=True, blank=True, related_name="cohort_members"
    )
    # Of an invitation: what its link carries, and until when it holds a place.
    token = models.CharField(max_length=22, unique=True, null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Who comes first is first on the waiting list.
    asked_at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=500, blank=True)
    # Who invited, admitted or turned away, and why; the learner themselves when they leave.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    seated_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = CohortMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=models.Q(person__isnull=False),
                name="one_member_per_person_and_cohort",
            ),
            models.UniqueConstraint(
                "cohort",
                Lower("email"),
                condition=models.Q(person=None) & ~models.Q(email=""),
                name="one_invitation_per_address_and_cohort",
            ),
            models.UniqueConstraint(
                fields=["enrolment"], condition=models.Q(state=MemberState.SEATED), name="one_cohort_per_enrolment"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MemberState.SEATED)
                | models.Q(person__isnull=False, enrolment__isnull=False, seated_at__isnull=False),
                name="seated_member_has_an_enrolment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MemberState.INVITED)
                | models.Q(token__isnull=False, expires_at__isnull=False),
                name="invitation_has_a_token_and_an_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MemberState.REMOVED) | models.Q(left_at__isnull=False),
                name="who_left_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "state"], name="cohort_members_by_state"),
            models.Index(Lower("email"), name="members_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.email} – {self.cohort} ({self.get_state_display()})"


class MemberImport(PendingWork):
    """A list of people on its way into a cohort: read, looked at and mended by a person, then entered.

    The work left to do on the row is to read the file, or to enter the rows. The file goes once it is read.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=list_path, storage=private_storage, blank=True, max_length=200)
    stage = models.CharField(max_length=10, choices=ImportStage.choices, default=ImportStage.READING)
    # What was understood of the file (encoding, separator, which column is what), and what stood in the way.
    reading: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="list_due")]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One row of a list, as it stands in the file and as somebody has mended it since. `number` counts from 1."""

    batch = models.ForeignKey(MemberImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    email = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=60, blank=True)
    fate = models.CharField(max_length=10, choices=RowFate.choices)
    problem = models.CharField(max_length=500, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_row_per_number")]
        indexes = [
            models.Index(fields=["batch", "fate", "number"], name="rows_by_fate"),
            models.Index(fields=["batch", "email"], name="rows_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.email}"
