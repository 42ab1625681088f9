import uuid
from typing import ClassVar

from django.contrib import admin
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import RevisionMixin, TranslatableMixin

from assessments import questions

KEY = RegexValidator(r"^[a-z0-9][a-z0-9-]{0,59}\Z", _("Lower-case letters, digits and hyphens."))
PROMPT_FEATURES = ["bold", "italic", "ol", "ul"]


class QuestionBank(models.Model):
    """A named set of questions; quizzes draw from it. One bank for all languages.

    Editions hold its `uid`, which never changes. `course_code` and `key` are its place in a course package.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The code of the course it belongs to, as text: a bank can exist before its course is first released.
    course_code = models.SlugField(_("course"), max_length=60)
    key = models.SlugField(_("key"), max_length=60, validators=[KEY])
    title = models.CharField(_("title"), max_length=200)

    panels: ClassVar[list] = [
        FieldPanel("title", help_text=_("For authors only, for example: Questions on module 1.")),
        FieldPanel("course_code", help_text=_("Chosen once.")),
        FieldPanel("key", help_text=_("Names the bank in course packages. Empty: made from the title.")),
    ]

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        ordering = ["course_code", "key"]
        constraints = [models.UniqueConstraint(fields=["course_code", "key"], name="one_bank_per_key_and_course")]

    def __str__(self) -> str:
        return f"{self.title} ({self.course_code})"


class OptionBlock(StructBlock):
    """One possible answer. Its id in the stream is the option's permanent id, equal in every language."""

    text = CharBlock(label=_("Text"), max_length=500)
    correct = BooleanBlock(label=_("Right answer"), required=False)
    feedback = CharBlock(label=_("Feedback"), required=False, max_length=1000)

    class Meta:
        icon = "radio-empty"
        label = _("Option")
        label_format = "{text}"


class QuestionQuerySet(models.QuerySet["Question"]):
    def in_bank(self, uid: str | uuid.UUID) -> "QuestionQuerySet":
        """What a quiz may draw from this bank, in every language."""
        return self.filter(bank__uid=uid, archived_at=None)


class Question(RevisionMixin, TranslatableMixin, models.Model):
    """A question in one language; its translations share `translation_key`, and options share their ids."""

    bank = models.ForeignKey(QuestionBank, on_delete=models.PROTECT, related_name="questions")
    key = models.SlugField(_("key"), max_length=60, validators=[KEY])
    kind = models.CharField(_("type"), max_length=30, choices=questions.choices)
    weight = models.PositiveSmallIntegerField(
        _("points"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("What a right answer earns. The same in every language."),
    )
    prompt = RichTextField(_("question"), features=PROMPT_FEATURES)
    options = StreamField([("option", OptionBlock())], verbose_name=_("options"), blank=True)
    feedback = RichTextField(_("feedback after the attempt"), features=PROMPT_FEATURES, blank=True)
    position = models.PositiveIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    panels: ClassVar[list] = [
        FieldPanel("bank", heading=_("Question bank")),
        FieldPanel(
            "kind",
            help_text=_(
                "Single choice: exactly one option is right. Multiple choice: one or more are right, and at least one "
                "is wrong. True or false: two options, first the one for true, then the one for false."
            ),
        ),
        FieldPanel("prompt"),
        FieldPanel(
            "options",
            help_text=_(
                "The answers to choose from; tick those that are right. The feedback of an option is shown after the "
                "attempt to whoever chose it: say why it is right or wrong."
            ),
        ),
        FieldPanel("feedback", help_text=_("For everybody, whatever they chose. May stay empty.")),
        FieldPanel("weight"),
        FieldPanel("key", help_text=_("Names the question in course packages. Empty: made from the question.")),
    ]

    objects = QuestionQuerySet.as_manager()

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["bank", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "key", "locale"], name="one_question_per_key_bank_and_language"),
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="question_earns_a_point"),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        super().clean()
        if self.kind:
            questions.get(self.kind).validate(self.option_rows())

    @admin.display(description=_("question"))
    def in_words(self) -> str:
        """The beginning of the question, for lists."""
        return Truncator(strip_tags(self.prompt)).chars(120)

    def option_rows(self) -> list[questions.Option]:
        """The options as plain data, in the author's order."""
        return [
            questions.Option(
                id=child.id or "",
                text=child.value["text"],
                correct=bool(child.value["correct"]),
                feedback=child.value["feedback"] or "",
            )
            for child in self.options
        ]
