import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from certificates.enums import DecisionState, HeldFor, RevocationState
from certificates.models.certificate import Certificate
from courses.models import Enrolment


class IssueDecision(models.Model):
    """A certificate that is not issued by itself: held for a reason, until a manager releases or refuses it.

    Learner, trainer, focal point and manager see it. While it is held or refused the sweeper leaves the enrolment
    alone;
    a released one issues the certificate, which keeps it (Certificate.decision).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="issue_decisions")
    held_for = models.CharField(max_length=20, choices=HeldFor.choices)
    authorisation = models.ForeignKey(
        "certificates.TrainerAuthorisation", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    state = models.CharField(max_length=10, choices=DecisionState.choices, default=DecisionState.HELD)
    held_at = models.DateTimeField(default=timezone.now)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-held_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=models.Q(state=DecisionState.HELD), name="held_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(state=DecisionState.HELD, decided_at=None)
                | (~models.Q(state=DecisionState.HELD) & models.Q(decided_at__isnull=False) & ~models.Q(reason="")),
                name="decision_has_a_time_and_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_state_display()}"


class Revocation(models.Model):
    """Certificates to be revoked, for one reason. More than one waits for a second manager.

    `scope` says how they were chosen: {"serials": [...]} or {"below": authorisation's public id, "depth": 0 for all,
    "awards": [...]}; the items are what was shown then.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reason = models.CharField(max_length=500)
    scope = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RevocationState.choices, default=RevocationState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revocations_proposed"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="revocations_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    certificates: "models.ManyToManyField[Certificate, RevocationItem]" = models.ManyToManyField(
        Certificate, through="RevocationItem", related_name="revocations"
    )

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="proposed_revocation_names_a_reason"),
            models.CheckConstraint(
                condition=models.Q(state=RevocationState.PROPOSED, decided_at=None)
                | (~models.Q(state=RevocationState.PROPOSED) & models.Q(decided_at__isnull=False)),
                name="decided_revocation_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.get_state_display()})"


class RevocationItem(models.Model):
    revocation = models.ForeignKey(Revocation, on_delete=models.PROTECT, related_name="items")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="revocation_items")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revocation", "certificate"], name="certificate_once_in_a_revocation")
        ]

    def __str__(self) -> str:
        return f"{self.revocation_id}: {self.certificate_id}"
