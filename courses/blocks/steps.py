from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock

from courses.blocks.groups import READING
from courses.blocks.previews import paragraphs
from courses.blocks.text import RunningTextBlock


class StepBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=200)
    text = RunningTextBlock(label=_("Text"))

    class Meta:
        icon = "list-ol"
        label = _("Step")
        label_format = "{title}"


class StepsBlock(StructBlock):
    title = CharBlock(label=_("Title"), required=False, max_length=200)
    items = ListBlock(StepBlock(), label=_("Steps"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        group = READING
        description = _("What to do, in order; each step has a name and a few words.")
        template = "blocks/steps.html"
        label_format = "{title}"
        preview_value = {
            "title": _("Opening a session"),
            "items": [
                {"title": _("Welcome"), "text": paragraphs(_("Say who you are and why they are here."))},
                {"title": _("Agree on the aim"), "text": paragraphs(_("Say what they will be able to do at the end."))},
            ],
        }
