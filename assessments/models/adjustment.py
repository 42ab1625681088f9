import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort, Course, Unit

if TYPE_CHECKING:
    from courses.models import Enrolment


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def in_force(self) -> "AdjustmentQuerySet":
        return self.filter(ended_at=None)

    def for_enrolment(self, enrolment: "Enrolment", unit_key: uuid.UUID) -> "AdjustmentQuerySet":
        """What counts for this learner at this quiz, their own and their cohort's."""
        whom = models.Q(person=enrolment.person_id)
        if enrolment.cohort_id:
            whom |= models.Q(cohort=enrolment.cohort_id)
        of_unit = models.Q(unit=None) | models.Q(unit__key=unit_key)
        return self.in_force().filter(whom, of_unit, course=enrolment.course_id)


class Adjustment(models.Model):
    """More time, or more attempts, for one learner or a cohort, in a course or one quiz of it.

    Of several that apply the most generous counts. The reason is for those who grant, and is not shown to others: it
    may tell of a disability.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="adjustments"
    )
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="adjustments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    extra_time = models.PositiveSmallIntegerField(
        _("more time, per cent"), default=0, validators=[MaxValueValidator(300)]
    )
    extra_attempts = models.PositiveSmallIntegerField(_("more attempts"), default=0, validators=[MaxValueValidator(20)])
    reason = models.TextField(_("reason"), max_length=1000)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, cohort=None) | models.Q(person=None, cohort__isnull=False),
                name="adjustment_is_for_one_learner_or_a_cohort",
            ),
            models.CheckConstraint(
                condition=models.Q(extra_time__gt=0) | models.Q(extra_attempts__gt=0), name="adjustment_gives_something"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ended_adjustment_names_who_ended_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.cohort}: +{self.extra_time} %, +{self.extra_attempts}"
