from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, URLBlock


class SourceBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=300)
    author = CharBlock(label=_("Author"), required=False, max_length=300)
    publisher = CharBlock(label=_("Publisher or journal"), required=False, max_length=300)
    year = CharBlock(label=_("Year"), required=False, max_length=20)
    url = URLBlock(label=_("Address"), required=False)
    note = CharBlock(label=_("Article, page or note"), required=False, max_length=300)

    class Meta:
        icon = "link"
        label = _("Source")


class SourcesBlock(StructBlock):
    items = ListBlock(SourceBlock(), label=_("Sources"), min_num=1)

    class Meta:
        icon = "link"
        label = _("Sources")
        template = "blocks/sources.html"
