from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import CharBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from courses.blocks import lesson_blocks
from courses.blocks.text import TEXT_FEATURES
from courses.enums import Award, Level, ReviewState, Theme, VariantKind
from courses.panels import LacksPanel

COURSE_DEPTH = 4  # in the tree of pages: root, home, catalogue, course
KEY_PATTERN = r"^[a-z0-9][a-z0-9-]{0,59}\Z"


def key_field() -> models.SlugField:
    return models.SlugField(
        _("key"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(KEY_PATTERN, _("Lower-case letters, digits and hyphens."))],
        help_text=_("Permanent and the same in every language. Empty: made from the address."),
    )


def objectives_field() -> StreamField:
    return StreamField([("objective", CharBlock(label=_("Objective"), max_length=300))], blank=True)


class KeyedPage(Page):
    """A page of a course: its `key` names it in course packages, in every language."""

    key: models.SlugField

    admin_default_ordering = "ord"  # Authors think of modules and lessons in the order in which they are taken.

    # What a preview shows in place of a learner's own reading. courses.apps fills it in: models do not know domain.
    sample_context: ClassVar[Callable[[Any], dict[str, Any]]]

    # Enrolment decides who may read a course; restrictions of Wagtail's own would promise what nobody keeps.
    private_page_options: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), **type(self).sample_context(self)}

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        # Page.full_clean makes the slug from the title; the key is made from the slug.
        if self.slug and not self.key:
            self.key = self.slug.replace("_", "-")[:60]
        super().full_clean(*args, **kwargs)
        if not self.key:
            self.key = self.slug.replace("_", "-")[:60]

    def clean(self) -> None:
        super().clean()
        if self.key and self.pk and self._siblings_in_course().filter(key=self.key).exists():
            raise ValidationError({"key": _("Another page of this course has this key.")})

    def _siblings_in_course(self) -> models.QuerySet:
        parent = self.get_parent()
        return type(self)._default_manager.child_of(parent).exclude(pk=self.pk)


class CataloguePage(Page):
    """All courses on offer."""

    introduction = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("introduction")]

    max_count_per_parent = 1
    private_page_options: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]
    template = "courses/catalogue.html"

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        # It stands under the home page, whose type belongs to a package above this one and cannot be named here.
        return bool(super().can_create_at(parent)) and parent.depth == 2


class CoursePage(KeyedPage):
    key = key_field()
    summary = models.CharField(_("summary"), max_length=300, help_text=_("One or two sentences for the catalogue."))
    purpose = models.TextField(_("purpose"), max_length=1000)
    audience = models.TextField(_("audience"), max_length=1000)
    objectives = objectives_field()
    about = RichTextField(_("about the course"), features=TEXT_FEATURES, blank=True)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme.choices)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, default=Level.FOUNDATION)
    variant = models.CharField(
        _("variant"),
        max_length=12,
        choices=VariantKind.choices,
        default=VariantKind.FULL,
        help_text=_("Whether this language has the full course or a condensed one."),
    )
    award = models.CharField(_("certificate"), max_length=20, choices=Award.choices, default=Award.COMPLETION)
    edition_title = models.CharField(
        _("title of the next edition"), max_length=120, blank=True, help_text=_("For example: Online modules 1 and 2.")
    )
    review_state = models.CharField(
        _("expert review"), max_length=20, choices=ReviewState.choices, default=ReviewState.AWAITING
    )
    review_note = models.CharField(_("about the review"), max_length=300, blank=True)

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        LacksPanel(),
        MultiFieldPanel(
            [
                FieldPanel("summary"),
                FieldPanel(
                    "purpose",
                    help_text=_("Why the course exists, in the learner’s words: what will be different in their work."),
                ),
                FieldPanel(
                    "audience", help_text=_("Who it is written for: which posts, and what they need to know already.")
                ),
                FieldPanel(
                    "objectives",
                    help_text=_("What the learner can do at the end; each begins with a verb that can be observed."),
                ),
                FieldPanel(
                    "about", help_text=_("Whatever else helps somebody to decide: sources, authors, how it was made.")
                ),
            ],
            heading=_("What it says"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("theme", help_text=_("Under which the catalogue lists the course.")),
                FieldPanel("level", help_text=_("How much the learner needs to know before.")),
                FieldPanel("variant"),
                FieldPanel("award", help_text=_("What completing the course gives. Counts from the next release on.")),
                FieldPanel("edition_title"),
                FieldPanel(
                    "review_state",
                    help_text=_(
                        "Said by reviewers and editors when the course was reviewed; shown on the course page."
                    ),
                ),
                FieldPanel("review_note", help_text=_("For example: who reviewed it, and when.")),
            ],
            heading=_("Facts"),
        ),
    ]
    promote_panels: ClassVar[list] = [*Page.promote_panels, FieldPanel("key")]
    search_fields: ClassVar[list] = [*Page.search_fields, index.SearchField("summary"), index.SearchField("purpose")]

    page_description = _("A course in the catalogue. Its modules come below it.")
    parent_page_types: ClassVar[list[str]] = ["courses.CataloguePage"]
    subpage_types: ClassVar[list[str]] = ["courses.ModulePage"]
    template = "courses/course.html"

    class Meta:
        verbose_name = _("course")


class ModulePage(KeyedPage):
    key = key_field()
    purpose = models.TextField(_("purpose"), max_length=1000)
    objectives = objectives_field()
    introduction = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        LacksPanel(),
        FieldPanel("purpose", help_text=_("What the module is for, in one or two sentences.")),
        FieldPanel(
            "objectives", help_text=_("What the learner can do at the end of the module; each begins with a verb.")
        ),
        FieldPanel("introduction", help_text=_("Shown before the list of lessons. May stay empty.")),
    ]
    promote_panels: ClassVar[list] = [*Page.promote_panels, FieldPanel("key")]

    page_description = _("A part of the course, with an aim of its own. Its lessons and quizzes come below it.")
    # Its children are whatever page types name it as their parent: each is a registered unit type.
    parent_page_types: ClassVar[list[str]] = ["courses.CoursePage"]
    template = "courses/module.html"

    class Meta:
        verbose_name = _("module")


class UnitPage(KeyedPage):
    """What every unit of a module has, whatever its type. Types register in courses.domain.unit_types."""

    key = key_field()
    purpose = models.CharField(_("purpose"), max_length=400, help_text=_("What the learner can do afterwards."))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=15, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    required = models.BooleanField(_("required"), default=True)
    stands_for = models.TextField(
        _("stands for"),
        blank=True,
        help_text=_("In a condensed course: keys of the full course's units that this one sums up, one per line."),
    )
    facilitator_notes = RichTextField(
        _("notes for facilitators"), features=TEXT_FEATURES, blank=True, help_text=_("Shown to trainers only.")
    )

    promote_panels: ClassVar[list] = [*Page.promote_panels, FieldPanel("key")]
    unit_panels: ClassVar[list] = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "minutes",
                    help_text=_(
                        "How long a learner needs, reading and exercises together. Makes the hours on the certificate."
                    ),
                ),
                FieldPanel(
                    "required", help_text=_("Without it the module is not complete. Counts from the next release on.")
                ),
                FieldPanel("stands_for"),
                FieldPanel("facilitator_notes"),
            ],
            heading=_("In the course"),
        )
    ]

    subpage_types: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    @property
    def stands_for_keys(self) -> list[str]:
        return self.stands_for.split()

    def _siblings_in_course(self) -> models.QuerySet:
        course = self.get_parent().get_parent()
        return type(self)._default_manager.descendant_of(course).exclude(pk=self.pk)


class LessonPage(UnitPage):
    body = StreamField(lesson_blocks(), blank=True)

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        LacksPanel(),
        FieldPanel("purpose"),
        FieldPanel("body", help_text=_("The lesson itself. Keep blocks short: most learners read on a phone.")),
        *UnitPage.unit_panels,
    ]
    search_fields: ClassVar[list] = [*Page.search_fields, index.SearchField("purpose"), index.SearchField("body")]

    page_description = _("What learners read, look at and try out. Made of blocks.")
    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    template = "courses/lesson.html"

    class Meta:
        verbose_name = _("lesson")
