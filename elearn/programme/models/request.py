import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

from elearn.people.enums import InstitutionKind, Theme
from elearn.programme.enums import OPEN_REQUESTS, RequestState


def new_token() -> str:
    """22 letters and digits: 130 bits that nobody guesses, and that survive every mail program."""
    return get_random_string(22)


class TrainingRequest(models.Model):
    """An institution that asks for training, by a public form. It becomes an Action, or is declined with a reason.

    Whoever asked follows it at an address that only their mail holds (`token`); they need no account. The name and the
    address of the contact go after the time that docs/privacy.md gives.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    institution_name = models.CharField(max_length=200)
    institution_kind = models.CharField(max_length=20, choices=InstitutionKind.choices)
    country = models.CharField(max_length=2)
    # Which of ours it is, once a manager has said so.
    institution = models.ForeignKey("people.Institution", on_delete=models.PROTECT, null=True, blank=True)
    contact_name = models.CharField(max_length=150)
    contact_email = models.EmailField(max_length=254)
    contact_post = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    theme = models.CharField(max_length=20, choices=Theme.choices)
    topic = models.CharField(max_length=200)
    people = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(100_000)])
    training_languages = models.JSONField(default=list)
    wanted_from = models.DateField(null=True, blank=True)
    wanted_until = models.DateField(null=True, blank=True)
    why = models.TextField(max_length=4000)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.RECEIVED)
    received_at = models.DateTimeField(default=timezone.now)
    # The first time that a manager answered, in whatever way.
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    action = models.ForeignKey(
        "people.Action", on_delete=models.PROTECT, null=True, blank=True, related_name="training_requests"
    )
    contact_removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(OPEN_REQUESTS)) | models.Q(decided_at__isnull=False),
                name="decided_request_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RequestState.ACCEPTED) | models.Q(action__isnull=False),
                name="accepted_request_has_an_action",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RequestState.DECLINED) | ~models.Q(reason=""),
                name="declined_request_has_a_reason",
            ),
            models.CheckConstraint(condition=models.Q(people__gte=1), name="request_is_for_somebody"),
            models.CheckConstraint(
                condition=models.Q(wanted_until=None)
                | models.Q(wanted_from=None)
                | models.Q(wanted_until__gte=models.F("wanted_from")),
                name="request_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_name}: {self.topic}"


class RequestMessage(models.Model):
    """A word between the manager and whoever asked. `by` is empty for whoever asked."""

    request = models.ForeignKey(TrainingRequest, on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.at:%Y-%m-%d}"
