import uuid
from dataclasses import fields
from typing import ClassVar

from django.contrib import admin
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import RevisionMixin, TranslatableMixin

from assessments import questions
from assessments.models.options import PROMPT_FEATURES, OptionsBlock, read_options

KEY = RegexValidator(r"^[a-z0-9][a-z0-9-]{0,59}\Z", _("Lower-case letters, digits and hyphens."))


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


class QuestionCategory(models.Model):
    """A place in a bank, as a path of names: "Asylum/Interviews". One for all languages.

    Quizzes draw from it, with what lies below, by its `uid`, which never changes; a path may.
    """

    SEPARATOR = "/"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(QuestionBank, on_delete=models.CASCADE, related_name="categories", verbose_name=_("bank"))
    path = models.CharField(
        _("name"), max_length=400, help_text=_("A slash puts one category below another: Asylum/Interviews.")
    )

    class Meta:
        verbose_name = _("category of questions")
        verbose_name_plural = _("categories of questions")
        ordering = ["bank", "path"]
        constraints = [models.UniqueConstraint(fields=["bank", "path"], name="one_category_per_path_and_bank")]

    def __str__(self) -> str:
        return self.path


class QuestionTag(TagBase):
    """A word to find and draw questions by, across categories. One for all languages."""

    free_tagging = True

    class Meta:
        verbose_name = _("tag of questions")
        verbose_name_plural = _("tags of questions")


class TaggedQuestion(ItemBase):
    tag = models.ForeignKey(QuestionTag, on_delete=models.CASCADE, related_name="tagged")
    content_object = models.ForeignKey("assessments.Question", on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="one_tag_per_question")]


class Question(RevisionMixin, TranslatableMixin, models.Model):
    """A question in one language; its translations share `translation_key`, and options share their ids."""

    bank = models.ForeignKey(QuestionBank, on_delete=models.PROTECT, related_name="questions")
    category = models.ForeignKey(
        QuestionCategory,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("category"),
    )
    key = models.SlugField(_("key"), max_length=60, validators=[KEY])
    # What it is called in the bank and in exchange files; learners do not see it.
    name = models.CharField(_("name"), max_length=255, blank=True)
    kind = models.CharField(_("type"), max_length=30, choices=questions.choices)
    weight = models.DecimalField(
        _("points"),
        max_digits=7,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(0)],
        help_text=_("What a right answer earns. The same in every language."),
    )
    prompt = RichTextField(_("question"), features=PROMPT_FEATURES)
    options = StreamField(OptionsBlock(), verbose_name=_("options"), blank=True)
    feedback = RichTextField(_("feedback after the attempt"), features=PROMPT_FEATURES, blank=True)
    # What a text of one's own begins with, and what helps whoever marks it.
    template = models.TextField(_("text to begin with"), blank=True, max_length=10_000)
    marking_notes = RichTextField(_("notes for markers"), features=PROMPT_FEATURES, blank=True)
    # The rules (assessments.questions.Rules); the type says which of them concern it.
    shuffle = models.BooleanField(_("mix the options"), default=True)
    all_or_nothing = models.BooleanField(_("all or nothing"), default=False)
    case_sensitive = models.BooleanField(_("capitals matter"), default=False)
    accents_matter = models.BooleanField(_("accents matter"), default=False)
    unit_penalty = models.PositiveSmallIntegerField(
        _("cost of a missing unit, per cent"), default=0, validators=[MaxValueValidator(100)]
    )
    scored = models.BooleanField(_("the path is scored"), default=True)
    min_words = models.PositiveIntegerField(_("least words"), default=0)
    max_words = models.PositiveIntegerField(_("most words"), default=0)
    tags = TaggableManager(through=TaggedQuestion, blank=True, verbose_name=_("tags"))
    position = models.PositiveIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    panels: ClassVar[list] = [
        FieldPanel("bank", heading=_("Question bank")),
        FieldPanel("kind"),
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

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["bank", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "key", "locale"], name="one_question_per_key_bank_and_language"),
            models.CheckConstraint(condition=models.Q(weight__gte=0), name="question_costs_no_points"),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        super().clean()
        if self.kind:
            questions.get(self.kind).validate(self.asked())

    @admin.display(description=_("question"))
    def in_words(self) -> str:
        """The beginning of the question, for lists."""
        return Truncator(strip_tags(self.prompt)).chars(120)

    def asked(self) -> questions.Asked:
        """The question as plain data, its options in the author's order."""
        return questions.Asked(
            options=tuple(read_options(self.options)),
            rules=self.rules,
            prompt=self.prompt,
            feedback=self.feedback,
            template=self.template,
        )

    @property
    def rules(self) -> questions.Rules:
        return questions.Rules(**{field.name: getattr(self, field.name) for field in RULES})


RULES = fields(questions.Rules)
