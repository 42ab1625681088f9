from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock


class ReflectionBlock(StructBlock):
    """A question to the learner. The private note that answers it hangs on the id of this block in its lesson."""

    question = CharBlock(label=_("Question"), max_length=500)
    hint = CharBlock(label=_("Hint"), required=False, max_length=500)

    class Meta:
        icon = "edit"
        label = _("Reflection")
        template = "blocks/reflection.html"
