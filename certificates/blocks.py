"""Parts of a certificate template, as the CMS edits them."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, StreamBlock, StructBlock, TextBlock
from wagtail.images.blocks import ImageChooserBlock

FACTS = (
    ("modules", _("Modules")),
    ("completed_on", _("Completed on")),
    ("issued_on", _("Issued on")),
    ("expires_on", _("Valid until")),
    ("variant", _("Variant")),
    ("hours", _("Hours of learning")),
    ("language", _("Language of the course")),
    ("institution", _("Institution")),
    ("trainer", _("Trained under the authorisation of")),
    ("issuer", _("Issued by")),
)


class TextBlockOfLanguage(StructBlock):
    language = ChoiceBlock(label=_("Language"), choices=settings.LANGUAGES)
    heading = CharBlock(label=_("Heading"), required=False, max_length=80, help_text=_("Empty: the type's name."))
    opening = CharBlock(label=_("Line above the name"), required=False, max_length=120)
    closing = TextBlock(label=_("Text below the course"), required=False, max_length=400)

    class Meta:
        icon = "title"
        label = _("Texts in one language")
        label_format = "{language}"


class TextsBlock(StreamBlock):
    language = TextBlockOfLanguage()

    class Meta:
        required = False


class FactsBlock(StreamBlock):
    fact = ChoiceBlock(label=_("Fact"), choices=FACTS, icon="list-ul")

    class Meta:
        required = False
        max_num = len(FACTS)


class LogoBlock(StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
    place = ChoiceBlock(
        label=_("Place"),
        choices=[("start", _("Beginning of the line")), ("middle", _("Middle")), ("end", _("End of the line"))],
        default="start",
    )

    class Meta:
        icon = "image"
        label = _("Logo")


class LogosBlock(StreamBlock):
    logo = LogoBlock()

    class Meta:
        required = False
        max_num = 4


class SignatoryBlock(StructBlock):
    name = CharBlock(label=_("Name"), max_length=100)
    post = CharBlock(label=_("Post"), required=False, max_length=120)
    signature = ImageChooserBlock(label=_("Picture of the signature"), required=False)

    class Meta:
        icon = "user"
        label = _("Signatory")
        label_format = "{name}"


class SignatoriesBlock(StreamBlock):
    signatory = SignatoryBlock()

    class Meta:
        required = False
        max_num = 3
