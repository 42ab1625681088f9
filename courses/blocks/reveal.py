from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from courses.blocks.groups import DOING
from courses.blocks.previews import paragraphs
from courses.blocks.text import RunningTextBlock


class RevealBlock(StructBlock):
    title = CharBlock(
        label=_("What the reader sees first"),
        max_length=200,
        help_text=_("A question or a promise, for example: What would you ask next? Selecting it opens the text."),
    )
    text = RunningTextBlock(
        label=_("What opens"),
        help_text=_("Nothing that everybody must read: some will not open it. It is printed open."),
    )

    class Meta:
        icon = "collapse-down"
        label = _("Text to open")
        group = DOING
        description = _(
            "One line that opens into more: an answer to think about first, or detail for those who want it."
        )
        template = "blocks/reveal.html"
        label_format = "{title}"
        preview_value = {
            "title": _("What would you ask next? Think first, then open."),
            "text": paragraphs(_("Ask what the person expects to happen now. It shows you what they have understood.")),
        }
