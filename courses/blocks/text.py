from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RichTextBlock

# What an author may use in running text; elearn.core.html allows the same, and a course package can express it.
INLINE_FEATURES = ["bold", "italic", "link", "ol", "ul"]
TEXT_FEATURES = ["h2", "h3", *INLINE_FEATURES]


class TextBlock(RichTextBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "blocks/text.html"
