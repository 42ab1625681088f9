from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock, StructBlockValidationError, StructValue
from wagtail.images.blocks import ImageChooserBlock


class PictureValue(StructValue):
    @property
    def alt_text(self) -> str:
        if self["decorative"]:
            return ""
        return str(self["alt"] or self["file"].default_alt_text)


class PictureBlock(StructBlock):
    file = ImageChooserBlock(label=_("Picture"))
    alt = CharBlock(
        label=_("Text alternative"),
        required=False,
        max_length=400,
        help_text=_("What the picture tells here. Empty: the text kept with the picture."),
    )
    decorative = BooleanBlock(label=_("Decorative"), required=False)
    caption = CharBlock(label=_("Caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/picture.html"
        value_class = PictureValue

    def clean(self, value: PictureValue) -> PictureValue:
        cleaned: PictureValue = super().clean(value)
        if not cleaned["decorative"] and not cleaned.alt_text:
            raise StructBlockValidationError(
                block_errors={"alt": ValidationError(_("Say what the picture shows, or mark it as decorative."))}
            )
        return cleaned
