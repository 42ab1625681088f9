import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from assessments.blocks import survey_blocks
from assessments.enums import SurveyKind
from courses.models import Cohort, Edition, Enrolment, Unit, UnitPage
from courses.panels import LacksPanel

MONTHS_AFTER = (
    (0, _("While taking the course, and at its end")),
    (3, _("Three months after completing the course")),
    (6, _("Six months after completing the course")),
)


class SurveyPage(UnitPage):
    """A survey as a unit of a module. Which questions are asked counts from the next release on; wording at once."""

    survey_kind = models.CharField(
        _("kind of survey"), max_length=12, choices=SurveyKind.choices, default=SurveyKind.SATISFACTION
    )
    anonymous = models.BooleanField(_("anonymous"), default=True)
    # 0: it can be answered from the beginning; otherwise so many months after the course was completed.
    months_after = models.PositiveSmallIntegerField(_("when"), choices=MONTHS_AFTER, default=0)
    introduction = RichTextField(_("introduction"), features=["bold", "italic", "link", "ol", "ul"], blank=True)
    questions = StreamField(survey_blocks(), verbose_name=_("questions"), blank=True)

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        LacksPanel(),
        FieldPanel("purpose", help_text=_("Why you ask, in one sentence to the learner.")),
        MultiFieldPanel(
            [
                FieldPanel(
                    "survey_kind",
                    help_text=_("A survey before the course and one after it are compared, competency by competency."),
                ),
                FieldPanel(
                    "months_after",
                    help_text=_(
                        "A survey months after the course opens by itself then, and learners get a mail with the link. "
                        "Make one survey for each time. Counts from the next release on."
                    ),
                ),
                FieldPanel(
                    "anonymous",
                    help_text=_(
                        "On: answers are stored without the person, and nobody can find out later who gave them. "
                        "Off: learners can look at their own answers later. Either way, results are shown for groups "
                        "only. Counts from the next release on."
                    ),
                ),
            ],
            heading=_("What kind"),
        ),
        FieldPanel(
            "introduction", help_text=_("Shown before the questions. What is stored is explained there anyway.")
        ),
        FieldPanel(
            "questions",
            help_text=_("Keep it short: ten questions take about five minutes. New questions count from a release on."),
        ),
        *UnitPage.unit_panels,
    ]

    page_description = _("Questions without marks: what learners can do before and after, and what they think.")
    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    template = "assessments/survey.html"

    class Meta:
        verbose_name = _("survey")


class SurveySheet(models.Model):
    """The questions of a survey as they were put to people, in every language, once for all who saw the same.

    `asked` is a list of {"id", "kind", "required", "competency", "texts": {language: {"text", "options": {id: text}}}}.
    The same for everybody, whatever language they read: the language would tell people apart.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="survey_sheets")
    digest = models.CharField(max_length=64)
    asked = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "digest"], name="one_sheet_per_wording")]

    def __str__(self) -> str:
        return f"{self.unit} {self.digest[:8]}"


class SurveyResponse(models.Model):
    """That a learner has answered a survey. What they answered is in SurveyAnswers, which may not lead here."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="survey_responses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="survey_responses")
    language = models.CharField(max_length=10)
    submitted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "unit"], name="one_response_per_survey")]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.unit}"


class SurveyAnswersQuerySet(models.QuerySet["SurveyAnswers"]):
    def anonymous(self) -> "SurveyAnswersQuerySet":
        return self.filter(response=None)


class SurveyAnswers(models.Model):
    """What somebody answered. Without `response` it is anonymous: nothing in the row leads to the person.

    So there is no time but the year, no language, and a key that is drawn by lot (see surveys.answering for the order
    in which rows lie). `answers` holds by question a number from 1 to 5, the id of an option or a list of such ids;
    `texts` what was written in words, apart, because it is kept for a shorter time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.OneToOneField(SurveyResponse, on_delete=models.PROTECT, null=True, related_name="answers")
    sheet = models.ForeignKey(SurveySheet, on_delete=models.PROTECT, related_name="answers")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    answers: Any = models.JSONField(default=dict)
    texts: Any = models.JSONField(default=dict)

    objects = SurveyAnswersQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.id)
