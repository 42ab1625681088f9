from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RichTextBlock, StructBlock

from courses.blocks.text import INLINE_FEATURES


class KeyPointBlock(StructBlock):
    text = RichTextBlock(label=_("Text"), features=INLINE_FEATURES)

    class Meta:
        icon = "pick"
        label = _("Key point")
        template = "blocks/key_point.html"
