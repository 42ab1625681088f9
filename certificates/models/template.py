from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import RevisionMixin

from certificates.blocks import FactsBlock, LogosBlock, SignatoriesBlock, TextsBlock
from certificates.enums import Orientation
from certificates.models.certificate import private_storage
from courses.enums import Award

COLOUR = RegexValidator(r"^#[0-9a-f]{6}\Z", _("Write a colour as # and six digits or letters a to f: #0b5c6b."))


class CertificateTemplate(RevisionMixin, models.Model):
    """How certificates look, edited in the CMS. Nobody's certificate is printed from this row: TemplateVersion is."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120, help_text=_("Only those who choose a template see it."))
    orientation = models.CharField(_("paper"), max_length=10, choices=Orientation.choices, default="landscape")
    accent = models.CharField(_("colour"), max_length=7, default="#0b5c6b", validators=[COLOUR])
    has_frame = models.BooleanField(_("frame around the page"), default=True)
    # What it is for: the most exact one that fits is used (course and type, course, type, neither).
    course_code = models.SlugField(_("only for this course"), max_length=60, blank=True)
    award = models.CharField(_("only for this type"), max_length=20, choices=Award.choices, blank=True)
    second_language = models.CharField(
        _("also in a second language"), max_length=10, choices=settings.LANGUAGES, blank=True
    )
    texts = StreamField(TextsBlock(), verbose_name=_("texts"), blank=True)
    facts = StreamField(FactsBlock(), verbose_name=_("what is printed below"), blank=True)
    logos = StreamField(LogosBlock(), verbose_name=_("logos"), blank=True)
    signatories = StreamField(SignatoriesBlock(), verbose_name=_("signatories"), blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    panels: ClassVar[list] = [
        FieldPanel("title"),
        FieldPanel("key"),
        FieldPanel("course_code"),
        FieldPanel("award"),
        FieldPanel("orientation"),
        FieldPanel("second_language"),
        FieldPanel("accent"),
        FieldPanel("has_frame"),
        FieldPanel("texts"),
        FieldPanel("facts"),
        FieldPanel("logos"),
        FieldPanel("signatories"),
    ]

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["course_code", "award"],
                condition=models.Q(retired_at=None),
                name="one_template_for_the_same_certificates",
            )
        ]

    def __str__(self) -> str:
        return self.title


class TemplateVersion(models.Model):
    """A template as it was at one moment; certificates keep theirs for good. Never changed.

    `contents` is plain data (certificates.domain.templates); pictures stand in it by the SHA-256 of a TemplatePicture.
    Equal contents make one version: `digest` is the SHA-256 of them.
    """

    template_key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    contents = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["template_key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template_key", "number"], name="one_template_version_per_number"),
            models.UniqueConstraint(fields=["template_key", "digest"], name="one_template_version_per_contents"),
        ]

    def __str__(self) -> str:
        return f"{self.template_key} v{self.number}"


class TemplatePicture(models.Model):
    """A logo or a signature as it was printed: a copy of its own, so that a changed picture changes no certificate."""

    sha256 = models.CharField(max_length=64, unique=True)
    file = models.FileField(storage=private_storage, upload_to="certificate-pictures", max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]
