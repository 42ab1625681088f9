from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RichTextBlock
from wagtail.rich_text import RichText

from courses.blocks.groups import READING
from courses.blocks.previews import paragraphs
from elearn.core.html import clean_rich_text

# What an author may use in running text; elearn.core.html allows the same, and a course package can express it.
PHRASE_FEATURES = ["bold", "italic", "link"]
INLINE_FEATURES = [*PHRASE_FEATURES, "ol", "ul"]
TEXT_FEATURES = ["h2", "h3", *INLINE_FEATURES]


class CleanRichText(RichText):
    """Rich text that is cleaned whenever it is shown, by whatever door it came into the database.

    Not when it is stored: the marks to which the editor ties comments would go.
    """

    def __html__(self) -> str:
        return str(RichText(clean_rich_text(self.source)).__html__())


class RunningTextBlock(RichTextBlock):
    """Rich text for blocks; every block of a lesson uses this one, so that none shows what nobody cleaned."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": INLINE_FEATURES, **kwargs})

    def to_python(self, value: str) -> CleanRichText:
        return CleanRichText(value)

    def normalize(self, value: object) -> CleanRichText:
        return CleanRichText(super().normalize(value).source)

    def value_from_form(self, value: str) -> CleanRichText:
        return CleanRichText(value)


class TextBlock(RunningTextBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = READING
        description = _("Paragraphs, headings, lists and links: the running text of the lesson.")
        template = "blocks/text.html"
        preview_value = paragraphs(
            _("Running text explains one thing at a time, in short paragraphs."),
            _("Headings and lists help readers to find their place again."),
        )
