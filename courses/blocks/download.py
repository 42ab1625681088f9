from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.documents.blocks import DocumentChooserBlock


class DownloadBlock(StructBlock):
    file = DocumentChooserBlock(label=_("File"))
    title = CharBlock(label=_("Title"), max_length=200)
    description = CharBlock(label=_("Description"), required=False, max_length=300)

    class Meta:
        icon = "download"
        label = _("File to download")
        template = "blocks/download.html"
