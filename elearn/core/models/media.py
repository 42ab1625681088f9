from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from elearn.core.uploads import check_document, check_picture


class Picture(AbstractImage):
    """An author's picture: it says what it shows, or says that it only decorates."""

    alt_text = models.CharField(
        _("text alternative"),
        max_length=400,
        blank=True,
        help_text=_("What the picture tells, for somebody who cannot see it."),
    )
    is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It carries no information; screen readers skip it.")
    )

    admin_form_fields = ("title", "file", "alt_text", "is_decorative", "collection", "tags")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_decorative=True) | ~models.Q(alt_text=""),
                name="picture_has_alt_text_or_is_decorative",
                violation_error_message=_("Say what the picture shows, or mark it as decorative."),
            )
        ]

    @property
    def default_alt_text(self) -> str:
        return "" if self.is_decorative else self.alt_text

    def clean(self) -> None:
        super().clean()
        if self.file and not getattr(self.file, "_committed", True):
            try:
                check_picture(self.file, self.file.name)
            except ValueError as error:
                raise ValidationError({"file": str(error)}) from error


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter")
        ]


def private_storage():  # type: ignore[no-untyped-def]
    return storages["private"]


class Handout(AbstractDocument):
    """A file to download from a lesson. Stored privately; a checked view hands it out."""

    file = models.FileField(_("file"), upload_to="documents", storage=private_storage)

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file to download")
        verbose_name_plural = _("files to download")

    def clean(self) -> None:
        super().clean()
        if self.file and not getattr(self.file, "_committed", True):
            try:
                check_document(self.file, self.file.name or "")
            except ValueError as error:
                raise ValidationError({"file": str(error)}) from error
