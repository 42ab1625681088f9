from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from courses.blocks.address import WebAddressBlock
from courses.blocks.groups import REFERENCE
from courses.blocks.languages import LanguageBlock
from courses.blocks.previews import paragraphs
from courses.blocks.text import RunningTextBlock


class LawArticleBlock(StructBlock):
    """One article of a law or treaty. Its official text is always named and linked: a learner must be able to check."""

    instrument = CharBlock(
        label=_("Law or treaty"),
        max_length=200,
        help_text=_("Its full name and year, for example: Convention relating to the Status of Refugees, 1951."),
    )
    article = CharBlock(label=_("Article"), max_length=80, help_text=_("For example: Article 33(1)."))
    gist = RunningTextBlock(
        label=_("In plain words"), help_text=_("What it means for the reader’s work, in two or three sentences.")
    )
    extract = RunningTextBlock(
        label=_("Word for word"),
        required=False,
        features=["bold", "italic", "ol", "ul"],
        help_text=_("The passage itself, copied exactly. Leave it out if the plain words are enough."),
    )
    language = LanguageBlock(label=_("Language of the passage, if it is another one"))
    source = CharBlock(
        label=_("Who publishes the official text"),
        max_length=200,
        help_text=_("For example: United Nations Treaty Collection."),
    )
    url = WebAddressBlock(
        label=_("Web address of the official text"),
        help_text=_("Readers check the law there, so it cannot be left out: https://…"),
    )

    class Meta:
        icon = "doc-full"
        label = _("Law article")
        group = REFERENCE
        description = _("An article of a law or treaty: what it means, its own words, and where the official text is.")
        template = "blocks/law_article.html"
        label_format = "{instrument} {article}"
        preview_value = {
            "instrument": _("Convention relating to the Status of Refugees, 1951"),
            "article": _("Article 31(1)"),
            "gist": paragraphs(
                _("A refugee who comes straight from danger and reports at once is not punished for how they came.")
            ),
            "extract": paragraphs(
                _(
                    "The Contracting States shall not impose penalties, on account of their illegal entry or presence, "
                    "on refugees who, coming directly from a territory where their life or freedom was threatened …"
                )
            ),
            "language": "",
            "source": _("United Nations Treaty Collection"),
            "url": "https://treaties.un.org/",
        }
