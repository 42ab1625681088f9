from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from assessments.models.bank import QuestionBank
from courses.models import UnitPage
from courses.panels import LacksPanel


class QuizPage(UnitPage):
    """A quiz as a unit of a module. Its rules count from the next release on; the edition holds those in force."""

    introduction = RichTextField(_("introduction"), features=["bold", "italic", "link", "ol", "ul"], blank=True)
    bank = models.ForeignKey(
        QuestionBank, on_delete=models.PROTECT, related_name="quizzes", verbose_name=_("question bank")
    )
    draw = models.PositiveSmallIntegerField(
        _("questions per attempt"), default=8, help_text=_("Drawn at random from the bank; 0 takes all of them.")
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, per cent"), default=70, validators=[MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"), default=0, help_text=_("0 means as many as wanted.")
    )
    shuffle = models.BooleanField(_("shuffle questions and options"), default=True)

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        LacksPanel(),
        FieldPanel("purpose"),
        FieldPanel("introduction", help_text=_("Shown before the quiz begins: what it covers, and what may be used.")),
        MultiFieldPanel(
            [
                FieldPanel(
                    "bank", help_text=_("Where the questions come from. Only banks of your courses are offered.")
                ),
                FieldPanel("draw"),
                FieldPanel("pass_mark", help_text=_("Of the points, not of the questions.")),
                FieldPanel("attempts_allowed"),
                FieldPanel(
                    "shuffle", help_text=_("Each attempt has its own order; answers by letter cannot be passed on.")
                ),
            ],
            heading=_("Rules"),
        ),
        *UnitPage.unit_panels,
    ]

    page_description = _("A test with a pass mark. Its questions are drawn from a question bank: write that first.")
    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    template = "assessments/quiz.html"

    class Meta:
        verbose_name = _("quiz")
