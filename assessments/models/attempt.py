import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from assessments.enums import AttemptMode, AttemptState, Ending
from courses.models import Enrolment, Unit


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def in_progress(self) -> "AttemptQuerySet":
        return self.filter(state=AttemptState.IN_PROGRESS)


class Attempt(models.Model):
    """One go at a quiz. Everything it is judged by was copied in at the start; later edits never reach it.

    `snapshot` is a list of questions in the order drawn: {"key", "translation_key", "kind", "points", "rules", "order":
    [ids of the options as shown], "contents": {language: {"prompt", "feedback", "template", "options": [Option.to_json
    in the author's order]}}}. Pictures in it are links to what they were at the start. `rules` are the quiz's
    (domain.quizzes.QuizRules) with the learner's own adjustments worked in.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=AttemptState.choices, default=AttemptState.IN_PROGRESS)
    mode = models.CharField(max_length=10, choices=AttemptMode.choices, default=AttemptMode.ONLINE)
    pass_mark = models.PositiveSmallIntegerField()
    rules = models.JSONField(default=dict)
    snapshot = models.JSONField()
    started_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    # SHA-256, in hexadecimal, of what stood when it was submitted (domain.receipts).
    receipt = models.CharField(max_length=64, blank=True)
    # What the marks come to so far (domain.marking.keep_result): lists of many need neither marks nor snapshots.
    earned = models.DecimalField(max_digits=16, decimal_places=7, null=True, blank=True, editable=False)
    possible = models.DecimalField(max_digits=11, decimal_places=2, null=True, blank=True, editable=False)
    waiting = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "unit", "number"], name="one_attempt_per_number"),
            models.UniqueConstraint(
                fields=["enrolment", "unit"],
                condition=models.Q(state=AttemptState.IN_PROGRESS),
                name="one_attempt_in_progress",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AttemptState.IN_PROGRESS, submitted_at=None)
                | models.Q(state=AttemptState.SUBMITTED, submitted_at__isnull=False),
                name="submitted_attempt_has_a_time",
            ),
            models.CheckConstraint(condition=models.Q(pass_mark__lte=100), name="attempt_pass_mark_is_per_cent"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} #{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == AttemptState.IN_PROGRESS

    @property
    def possible_points(self) -> Decimal:
        return sum((Decimal(str(question["points"])) for question in self.snapshot), Decimal(0))

    def question(self, key: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = next((q for q in self.snapshot if q["key"] == key), None)
        return found


class ParkedAnswers(models.Model):
    """What a plain form brought when its login had run out, kept until its learner has logged in again.

    Nobody was logged in, so it counts for nothing until they send it themselves. Kept for a day.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="parked")
    fields = models.JSONField()
    parked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-parked_at"]

    def __str__(self) -> str:
        return f"{self.attempt} ({self.parked_at:%Y-%m-%d %H:%M})"


class Response(models.Model):
    """One answer to one question, as it arrived. Rows are only added; the standing answer is the last that displaces.

    `sequence` counts within the attempt. `displaces` is False for an answer that was based on an older one than was
    standing by then, or that arrived when time was up: it is kept, and does not count. `client_key` is made
    of the key that the client gave the sending and of the answer (see save_response).
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="responses")
    question_key = models.CharField(max_length=60)
    # As the question's type stores it (QuestionType.read_answer); null is an answer taken back.
    answer = models.JSONField(null=True)
    client_key = models.UUIDField()
    sequence = models.PositiveIntegerField()
    based_on = models.PositiveIntegerField(default=0)
    displaces = models.BooleanField(default=True)
    # The learner asked for it to be checked: it stands from then on.
    checked = models.BooleanField(default=False)
    # It arrived when time was up: kept, and does not count unless a person says so.
    is_late = models.BooleanField(default=False)
    language = models.CharField(max_length=10)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["attempt", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "client_key"], name="one_response_per_client_key"),
            models.UniqueConstraint(fields=["attempt", "sequence"], name="one_response_per_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.question_key} ({self.sequence})"
