from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock

from courses.blocks.text import INLINE_FEATURES


class WorkedCaseBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=200)
    situation = RichTextBlock(label=_("Situation"), features=INLINE_FEATURES)
    question = CharBlock(
        label=_("Question"), required=False, max_length=300, help_text=_("What the reader should think about first.")
    )
    resolution = RichTextBlock(label=_("How it was resolved"), features=INLINE_FEATURES)

    class Meta:
        icon = "folder-open-inverse"
        label = _("Worked case")
        template = "blocks/worked_case.html"
