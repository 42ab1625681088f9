"""Rich text of questions, cleaned whenever it is shown, by whatever door it came into the database."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

from elearn.core.html import clean_picture_text

register = template.Library()
# One paragraph around everything: as the editor stores a single line.
ONE_PARAGRAPH = re.compile(r"\s*<p>((?:(?!</?p>).)*)</p>\s*\Z", re.DOTALL)


@register.filter
def picture_text(html: str) -> SafeString:
    return mark_safe(clean_picture_text(html))


@register.filter
def phrase(html: str) -> SafeString:
    """A text that stands in a label or a line: without the paragraph that the editor puts around it."""
    cleaned = clean_picture_text(html)
    found = ONE_PARAGRAPH.match(cleaned)
    return mark_safe(found.group(1) if found else cleaned)
