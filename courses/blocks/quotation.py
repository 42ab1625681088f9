from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from courses.blocks.address import WebAddressBlock
from courses.blocks.groups import READING
from courses.blocks.languages import LanguageBlock
from courses.blocks.previews import paragraphs
from courses.blocks.text import RunningTextBlock


class QuotationBlock(StructBlock):
    text = RunningTextBlock(
        label=_("Words quoted"),
        features=["bold", "italic"],
        help_text=_("Word for word, without quotation marks: the page puts them."),
    )
    author = CharBlock(label=_("Who said or wrote it"), max_length=200)
    source = CharBlock(
        label=_("Where it stands"),
        max_length=300,
        help_text=_("Title, year and page, so that a reader can look it up."),
    )
    url = WebAddressBlock(
        label=_("Web address of the source"), required=False, help_text=_("If it can be read online: https://…")
    )
    language = LanguageBlock()

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        group = READING
        description = _("Somebody’s own words, with who said them and where they stand.")
        template = "blocks/quotation.html"
        label_format = "{author}"
        preview_value = {
            "text": paragraphs(_("All human beings are born free and equal in dignity and rights.")),
            "author": _("United Nations General Assembly"),
            "source": _("Universal Declaration of Human Rights, 1948, Article 1"),
            "url": "https://www.un.org/en/about-us/universal-declaration-of-human-rights",
            "language": "",
        }
