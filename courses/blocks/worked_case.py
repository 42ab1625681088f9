from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from courses.blocks.groups import DOING
from courses.blocks.previews import paragraphs
from courses.blocks.text import RunningTextBlock


class WorkedCaseBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=200)
    situation = RunningTextBlock(label=_("Situation"))
    question = CharBlock(
        label=_("Question"), required=False, max_length=300, help_text=_("What the reader should think about first.")
    )
    resolution = RunningTextBlock(label=_("How it was resolved"))

    class Meta:
        icon = "folder-open-inverse"
        label = _("Worked case")
        group = DOING
        description = _("What happened, a question to think about, and how it was resolved.")
        template = "blocks/worked_case.html"
        label_format = "{title}"
        preview_value = {
            "title": _("A family at the counter"),
            "situation": paragraphs(_("A mother hands over two passports for three children.")),
            "question": _("What do you need to know before you decide anything?"),
            "resolution": paragraphs(_("The officer asked first, and found the third child in the father’s passport.")),
        }
