import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.enums import AssessmentPart, AssessmentState, ScriptState, SecondMark
from assessments.models.attempt import Attempt
from assessments.models.practical import HandIn
from assessments.models.rubric import RubricVersion
from courses.models import Cohort, Enrolment, Unit


class Script(models.Model):
    """Something that waits for a person's mark: one essay of an attempt, or a practical that was handed in.

    A marker takes it for a while (`taken_by`, `taken_until`), so that no two mark the same one by mistake.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="scripts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="scripts")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, blank=True, related_name="scripts")
    question_key = models.CharField(max_length=60, blank=True)
    hand_in = models.OneToOneField(HandIn, on_delete=models.PROTECT, null=True, blank=True, related_name="script")
    state = models.CharField(max_length=10, choices=ScriptState.choices, default=ScriptState.WAITING)
    is_anonymous = models.BooleanField(default=False)
    second_mark = models.CharField(max_length=10, choices=SecondMark.choices, blank=True, default=SecondMark.NONE)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    taken_until = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["entered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question_key"], condition=Q(attempt__isnull=False), name="one_script_per_essay"
            ),
            models.CheckConstraint(
                condition=(Q(attempt__isnull=False, hand_in=None) & ~Q(question_key=""))
                | Q(attempt=None, question_key="", hand_in__isnull=False),
                name="script_is_an_essay_or_a_hand_in",
            ),
            models.CheckConstraint(
                condition=Q(state=ScriptState.SETTLED, settled_at__isnull=False)
                | (~Q(state=ScriptState.SETTLED) & Q(settled_at=None)),
                name="settled_script_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "entered_at"], name="scripts_that_wait")]

    def __str__(self) -> str:
        return f"{self.attempt or self.hand_in} {self.question_key}".strip()


class RubricAssessment(models.Model):
    """What one person judged of another's work: of a script, or of a session of a cohort that they observed.

    It stands alone: subject, assessor, the rubric as it was, and what it is about. `levels` is {criterion id: level
    id}, `comments` {criterion id: text}; without a rubric (an essay) the points are typed. `fraction` is from 0 to 1 of
    what can be had. A draft changes as its assessor types; once final it never does.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=15, choices=AssessmentPart.choices)
    script = models.ForeignKey(Script, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    observed_on = models.DateField(null=True, blank=True)
    occasion = models.CharField(max_length=200, blank=True)
    rubric = models.ForeignKey(
        RubricVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    levels = models.JSONField(default=dict, blank=True)
    comments = models.JSONField(default=dict, blank=True)
    fraction = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)
    # Whether the pass mark and each criterion that must be passed were reached; null where nothing is passed or failed.
    passed = models.BooleanField(null=True, blank=True)
    reasons = models.TextField(blank=True, max_length=10_000)
    # For other markers only.
    note = models.TextField(blank=True, max_length=2000)
    state = models.CharField(max_length=6, choices=AssessmentState.choices, default=AssessmentState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)
    final_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=F("assessor")), name="nobody_assesses_themselves"),
            models.CheckConstraint(
                condition=Q(script__isnull=False, cohort=None, observed_on=None)
                | Q(script=None, cohort__isnull=False, observed_on__isnull=False, rubric__isnull=False),
                name="assessment_of_a_script_or_a_session",
            ),
            models.CheckConstraint(
                condition=Q(state=AssessmentState.DRAFT, final_at=None)
                | Q(state=AssessmentState.FINAL, final_at__isnull=False, fraction__isnull=False),
                name="final_assessment_has_a_mark_and_a_time",
            ),
            models.CheckConstraint(
                condition=Q(fraction=None) | Q(fraction__gte=0, fraction__lte=1), name="assessment_is_a_fraction"
            ),
            models.UniqueConstraint(
                fields=["script", "assessor", "part"], condition=Q(script__isnull=False), name="one_assessment_per_part"
            ),
            models.UniqueConstraint(
                fields=["script", "part"],
                condition=Q(state=AssessmentState.FINAL, part__in=["first", "second", "adjudication"]),
                name="one_final_mark_per_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.script or self.cohort}: {self.part} ({self.state})"
