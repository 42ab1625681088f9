from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from courses.blocks.groups import DOING


class ReflectionBlock(StructBlock):
    """A question to the learner. The private note that answers it hangs on the id of this block in its lesson."""

    question = CharBlock(label=_("Question"), max_length=500)
    hint = CharBlock(label=_("Hint"), required=False, max_length=500)

    class Meta:
        icon = "edit"
        label = _("Reflection")
        group = DOING
        description = _("A question about the reader’s own work, with room for a note that nobody else can read.")
        template = "blocks/reflection.html"
        label_format = "{question}"
        preview_value = {
            "question": _("When did you last learn something that changed how you work?"),
            "hint": _("Think of one day, one person, one thing that was said."),
        }
