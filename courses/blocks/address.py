from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import URLBlock

SCHEMES = ("https://", "http://")


class WebAddressBlock(URLBlock):
    """The address of a website. Anything else that may have come into the database is no link when it is shown."""

    def __init__(self, **kwargs: object) -> None:
        # A code of its own: under the usual one, the field would put its own message in place of this.
        known = URLValidator(
            schemes=["http", "https"], message=_("Write a whole address that begins with https://."), code="scheme"
        )
        super().__init__(**{"validators": (known,), **kwargs})

    def to_python(self, value: object) -> str:
        return self.normalize(value)

    def normalize(self, value: object) -> str:
        address = str(value or "").strip()
        return address if address.lower().startswith(SCHEMES) else ""
