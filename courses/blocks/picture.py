from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock, StructBlockValidationError, StructValue
from wagtail.images.blocks import ImageChooserBlock

from courses.blocks.groups import MEDIA
from courses.blocks.previews import HARBOUR


class PictureChooserBlock(ImageChooserBlock):
    """Chooses a picture. Those of one lesson come with their renditions, so twelve cost no more queries than one."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        pictures: list[Any] = super().bulk_to_python(values)
        prefetch_related_objects([picture for picture in pictures if picture is not None], "renditions")
        return pictures


class PictureValue(StructValue):
    @property
    def alt_text(self) -> str:
        if self["decorative"]:
            return ""
        return str(self["alt"] or (self["file"].default_alt_text if self["file"] else ""))


class PictureBlock(StructBlock):
    file = PictureChooserBlock(label=_("Picture"))
    alt = CharBlock(
        label=_("Text alternative"),
        required=False,
        max_length=400,
        help_text=_("What the picture tells here. Empty: the text kept with the picture."),
    )
    decorative = BooleanBlock(
        label=_("Decorative"), required=False, help_text=_("It tells nothing; screen readers pass over it.")
    )
    caption = CharBlock(label=_("Caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Picture")
        group = MEDIA
        description = _("One picture with its caption, and in words for those who cannot see it.")
        template = "blocks/picture.html"
        value_class = PictureValue
        label_format = "{caption}"
        preview_value = {
            "file": HARBOUR,
            "alt": _("A boat in a harbour"),
            "decorative": False,
            "caption": _("The harbour of arrival, early in the morning."),
        }

    def clean(self, value: PictureValue) -> PictureValue:
        cleaned: PictureValue = super().clean(value)
        if not self.is_deferred_validation and not cleaned["decorative"] and not cleaned.alt_text:
            raise StructBlockValidationError(
                block_errors={"alt": ValidationError(_("Say what the picture shows, or mark it as decorative."))}
            )
        return cleaned
