from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.documents.blocks import DocumentChooserBlock

from courses.blocks.groups import REFERENCE
from courses.blocks.previews import SampleFile


class DownloadBlock(StructBlock):
    file = DocumentChooserBlock(label=_("File"))
    title = CharBlock(label=_("Title"), max_length=200)
    description = CharBlock(label=_("Description"), required=False, max_length=300)

    class Meta:
        icon = "download"
        label = _("File to download")
        group = REFERENCE
        description = _("A file to keep or print: a form, a checklist, a reading.")
        template = "blocks/download.html"
        label_format = "{title}"
        preview_value = {
            "file": SampleFile(),
            "title": _("Checklist for a first interview"),
            "description": _("One page, to print and take along."),
        }
