from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock

from courses.blocks.groups import MEDIA
from courses.blocks.picture import PictureBlock
from courses.blocks.previews import HARBOUR, ROAD, TABLE


class GalleryPictureBlock(PictureBlock):
    credit = CharBlock(
        label=_("Credit"), required=False, max_length=200, help_text=_("Who made it, and under which licence.")
    )

    class Meta:
        label_format = "{caption}"


class GalleryBlock(StructBlock):
    title = CharBlock(label=_("Title"), required=False, max_length=200)
    items = ListBlock(GalleryPictureBlock(), label=_("Pictures"), min_num=2, max_num=12, help_text=_("Two to twelve."))

    class Meta:
        icon = "grid"
        label = _("Picture gallery")
        group = MEDIA
        description = _("Two to twelve pictures side by side. Each opens large.")
        template = "blocks/gallery.html"
        label_format = "{title}"
        preview_value = {
            "title": _("Three places of work"),
            "items": [
                {
                    "file": HARBOUR,
                    "alt": _("A boat in a harbour"),
                    "decorative": False,
                    "caption": _("The harbour"),
                    "credit": "",
                },
                {
                    "file": ROAD,
                    "alt": _("A road with a barrier"),
                    "decorative": False,
                    "caption": _("The border"),
                    "credit": "",
                },
                {
                    "file": TABLE,
                    "alt": _("A table with two chairs"),
                    "decorative": False,
                    "caption": _("The office"),
                    "credit": "",
                },
            ],
        }
