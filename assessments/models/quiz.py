from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import CharBlock, IntegerBlock, ListBlock, StreamBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from assessments.enums import Counting, Moment
from assessments.models.bank import QuestionBank
from courses.models import UnitPage
from courses.panels import LacksPanel


class FixedBlock(StructBlock):
    questions = ListBlock(SnippetChooserBlock("assessments.Question"), label=_("Questions"))

    class Meta:
        icon = "pick"
        label = _("These questions")


class RandomBlock(StructBlock):
    count = IntegerBlock(label=_("How many"), min_value=1, max_value=500)
    bank = SnippetChooserBlock(
        "assessments.QuestionBank", label=_("Bank"), required=False, help_text=_("Empty: the bank of the quiz.")
    )
    category = CharBlock(
        label=_("Category"),
        required=False,
        max_length=400,
        help_text=_("As it is called in the bank, with all below it."),
    )
    tag = CharBlock(label=_("Tag"), required=False, max_length=100)

    class Meta:
        icon = "rotate"
        label = _("Some at random")


class SelectionBlock(StreamBlock):
    fixed = FixedBlock()
    random = RandomBlock()

    class Meta:
        required = False


class QuizPage(UnitPage):
    """A quiz as a unit of a module. Its rules count from the next release on; the edition holds those in force."""

    introduction = RichTextField(_("introduction"), features=["bold", "italic", "link", "ol", "ul"], blank=True)
    bank = models.ForeignKey(
        QuestionBank, on_delete=models.PROTECT, related_name="quizzes", verbose_name=_("question bank")
    )
    draw = models.PositiveSmallIntegerField(
        _("questions per attempt"), default=8, help_text=_("Drawn at random from the bank; 0 takes all of them.")
    )
    selection = StreamField(SelectionBlock(), verbose_name=_("selection"), blank=True)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, per cent"), default=70, validators=[MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"), default=0, help_text=_("0 means as many as wanted.")
    )
    wait_hours = models.PositiveSmallIntegerField(_("hours between attempts"), default=0)
    counts = models.CharField(
        _("which attempt counts"), max_length=10, choices=Counting.choices, default=Counting.HIGHEST
    )
    time_limit = models.PositiveSmallIntegerField(
        _("time limit, minutes"), default=0, validators=[MaxValueValidator(24 * 60)]
    )
    shuffle = models.BooleanField(_("shuffle questions and options"), default=True)
    show_marks = models.CharField(_("marks"), max_length=10, choices=Moment.choices, default=Moment.AFTER)
    show_answers = models.CharField(_("right answers"), max_length=10, choices=Moment.choices, default=Moment.AFTER)
    show_feedback = models.CharField(_("feedback"), max_length=10, choices=Moment.choices, default=Moment.AFTER)
    anonymous_marking = models.BooleanField(_("markers do not see names"), default=False)
    second_marks = models.PositiveSmallIntegerField(
        _("marked twice, per cent"), default=0, validators=[MaxValueValidator(100)]
    )
    borderline = models.PositiveSmallIntegerField(
        _("marked twice near the pass mark, points of a hundred"), default=0, validators=[MaxValueValidator(50)]
    )

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
                FieldPanel(
                    "selection",
                    help_text=_(
                        "Empty: that many at random from the whole bank. Otherwise these questions, in this order: "
                        "some that you choose, or some at random from a category or with a tag. Questions that a "
                        "learner has not seen come first."
                    ),
                ),
                FieldPanel(
                    "shuffle", help_text=_("Each attempt has its own order; answers by letter cannot be passed on.")
                ),
            ],
            heading=_("Questions"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("pass_mark", help_text=_("Of the points, not of the questions.")),
                FieldPanel("attempts_allowed"),
                FieldPanel("wait_hours", help_text=_("Time to learn before the next attempt. 0: none.")),
                FieldPanel("counts", help_text=_("A pass, once given, stays either way.")),
                FieldPanel(
                    "time_limit",
                    help_text=_(
                        "0: none. The clock of the server counts. Think of slow lines and of people who read in a "
                        "second language; more time can be given to one learner or to a cohort."
                    ),
                ),
            ],
            heading=_("Rules"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("show_marks"),
                FieldPanel("show_answers"),
                FieldPanel(
                    "show_feedback",
                    help_text=_(
                        "During: as soon as a learner asks for a question to be checked; its answer then stands. "
                        "After closing: once the learner has passed or has no attempt left."
                    ),
                ),
            ],
            heading=_("What learners see"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("anonymous_marking"),
                FieldPanel("second_marks", help_text=_("So many of a hundred essays get a second marker, by chance.")),
                FieldPanel(
                    "borderline",
                    help_text=_("Essays of attempts this near to the pass mark get a second marker. 0: none."),
                ),
            ],
            heading=_("Marking of essays"),
        ),
        *UnitPage.unit_panels,
    ]

    page_description = _("A test with a pass mark. Its questions are drawn from a question bank: write that first.")
    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    template = "assessments/quiz.html"

    class Meta:
        verbose_name = _("quiz")
