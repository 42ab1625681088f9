"""The one place that cleans HTML. Nobody else imports nh3 or bleach.

nh3 (ammonia) decides what is safe; bleach makes the addresses that learners type into links.
"""

import re

import bleach
import nh3
from django.utils.html import escape

RICH_TAGS = {"p", "br", "h2", "h3", "h4", "strong", "b", "em", "i", "ul", "ol", "li", "a", "blockquote"}
# What bleach takes for a web address has a dot and then, at once, the letters of a domain. Its parser is slow.
MAYBE_AN_ADDRESS = re.compile(r"\.[a-z]", re.IGNORECASE)
RICH_ATTRIBUTES = {"a": {"href", "linktype", "id"}}


def clean_rich_text(html: str) -> str:
    """What an author or an import may write: headings, emphasis, lists and links; all else is dropped."""
    return nh3.clean(
        html, tags=RICH_TAGS, attributes=RICH_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None
    )


def clean_learner_text(text: str) -> str:
    """Plain text that a learner wrote, as HTML: escaped, line breaks kept, web addresses made into links."""
    escaped = escape(text).replace("\n", "<br>")
    if not MAYBE_AN_ADDRESS.search(escaped):
        return escaped
    linked: str = bleach.linkify(escaped, callbacks=[_outgoing], parse_email=False)
    return linked


def _outgoing(attributes: dict, new: bool = False) -> dict:
    attributes[(None, "rel")] = "nofollow noopener ugc"
    return attributes
