from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock

from courses.blocks.text import INLINE_FEATURES


class StepBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=200)
    text = RichTextBlock(label=_("Text"), features=INLINE_FEATURES)

    class Meta:
        icon = "list-ol"
        label = _("Step")


class StepsBlock(StructBlock):
    title = CharBlock(label=_("Title"), required=False, max_length=200)
    items = ListBlock(StepBlock(), label=_("Steps"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "blocks/steps.html"
