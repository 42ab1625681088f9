from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StructBlock

from courses.blocks.groups import READING
from courses.blocks.previews import paragraphs
from courses.blocks.text import RunningTextBlock


class KeyPointBlock(StructBlock):
    text = RunningTextBlock(label=_("Text"), help_text=_("One thought worth remembering."))

    class Meta:
        icon = "pick"
        label = _("Key point")
        group = READING
        description = _("The one thought that a reader should remember, set apart from the text.")
        template = "blocks/key_point.html"
        preview_value = {
            "text": paragraphs(_("People remember what they have used. Let them use it before they leave."))
        }
