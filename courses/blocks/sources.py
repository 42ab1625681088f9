from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock

from courses.blocks.address import WebAddressBlock
from courses.blocks.groups import REFERENCE


class SourceBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=300)
    author = CharBlock(label=_("Author"), required=False, max_length=300)
    publisher = CharBlock(label=_("Publisher or journal"), required=False, max_length=300)
    year = CharBlock(label=_("Year"), required=False, max_length=20)
    url = WebAddressBlock(label=_("Address"), required=False)
    note = CharBlock(label=_("Article, page or note"), required=False, max_length=300)

    class Meta:
        icon = "link"
        label = _("Source")
        label_format = "{title}"


class SourcesBlock(StructBlock):
    items = ListBlock(SourceBlock(), label=_("Sources"), min_num=1)

    class Meta:
        icon = "link"
        label = _("Sources")
        group = REFERENCE
        description = _("Where the facts of the lesson come from, for those who want to read on.")
        template = "blocks/sources.html"
        preview_value = {
            "items": [
                {
                    "title": _("Global Compact for Safe, Orderly and Regular Migration"),
                    "author": _("United Nations General Assembly"),
                    "publisher": "",
                    "year": "2018",
                    "url": "https://docs.un.org/A/RES/73/195",
                    "note": _("Objective 12"),
                }
            ]
        }
