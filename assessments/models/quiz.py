from collections.abc import Callable
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from assessments.models.bank import QuestionBank
from courses.models import UnitPage


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
        FieldPanel("purpose"),
        FieldPanel("introduction"),
        MultiFieldPanel(
            [
                FieldPanel("bank"),
                FieldPanel("draw"),
                FieldPanel("pass_mark"),
                FieldPanel("attempts_allowed"),
                FieldPanel("shuffle"),
            ],
            heading=_("Rules"),
        ),
        *UnitPage.unit_panels,
    ]

    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    template = "assessments/quiz.html"

    # What a preview shows in place of a learner's quiz. assessments.apps fills it in: models do not know domain.
    sample_quiz: ClassVar[Callable[[Any], Any]]

    class Meta:
        verbose_name = _("quiz")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "quiz": getattr(request, "quiz", None)}

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), "quiz": type(self).sample_quiz(self)}
