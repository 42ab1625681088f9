import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, DecimalBlock, ListBlock, StreamBlock, StructBlock, TextBlock
from wagtail.fields import StreamField
from wagtail.models import RevisionMixin, TranslatableMixin

from assessments.models.bank import KEY


class LevelBlock(StructBlock):
    title = CharBlock(label=_("Level"), max_length=80, help_text=_("For example: Secure."))
    descriptor = TextBlock(label=_("What one sees at this level"), max_length=600)
    points = DecimalBlock(label=_("Points"), min_value=0, max_value=1000, decimal_places=2)

    class Meta:
        label_format = "{title} ({points})"


class CriterionBlock(StructBlock):
    """One thing that is judged. Its id in the stream, and its levels' ids, are permanent and equal in all languages."""

    title = CharBlock(label=_("Criterion"), max_length=200)
    about = TextBlock(label=_("What is looked at"), required=False, max_length=600)
    levels = ListBlock(LevelBlock(), label=_("Levels, from the lowest"), min_num=2, max_num=8)
    must_reach = CharBlock(
        label=_("Level that must be reached"),
        required=False,
        max_length=80,
        help_text=_("The name of a level. Whoever stays below it has not passed, whatever the points. Empty: none."),
    )

    class Meta:
        icon = "tasks"
        label = _("Criterion")
        label_format = "{title}"


class CriteriaBlock(StreamBlock):
    criterion = CriterionBlock()

    class Meta:
        required = False


class Rubric(RevisionMixin, TranslatableMixin, models.Model):
    """Criteria by levels, by which a person judges. One row in each language; they share `translation_key`.

    Nobody is ever judged by this row: whoever prepares a piece of work gets the RubricVersion that was frozen then.
    """

    course_code = models.SlugField(_("course"), max_length=60)
    key = models.SlugField(_("key"), max_length=60, validators=[KEY])
    title = models.CharField(_("title"), max_length=200)
    criteria = StreamField(CriteriaBlock(), verbose_name=_("criteria"), blank=True)

    panels: ClassVar[list] = [
        FieldPanel("title"),
        FieldPanel("course_code", help_text=_("Chosen once.")),
        FieldPanel("criteria"),
        FieldPanel("key", help_text=_("Names the rubric in course packages. Empty: made from the title.")),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ["course_code", "key"]
        constraints = [
            models.UniqueConstraint(fields=["course_code", "key", "locale"], name="one_rubric_per_key_and_language")
        ]

    def __str__(self) -> str:
        return self.title


class RubricVersion(models.Model):
    """A rubric as it was at one moment, in every language: what learners are shown before and judged by after.

    `contents` is {language: {"title", "criteria": [{"id", "title", "about", "must_reach": level id or "", "levels":
    [{"id", "title", "descriptor", "points": text of a decimal}]}]}}; ids are equal in all languages. Equal contents
    make one version: `digest` is the SHA-256 of them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rubric_key = models.UUIDField()
    number = models.PositiveIntegerField()
    contents = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["rubric_key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rubric_key", "number"], name="one_rubric_version_per_number"),
            models.UniqueConstraint(fields=["rubric_key", "digest"], name="one_rubric_version_per_contents"),
        ]

    def __str__(self) -> str:
        return f"{self.rubric_key} v{self.number}"
