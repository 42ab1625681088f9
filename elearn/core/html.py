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
PICTURE_TAGS = {*RICH_TAGS, "img", "sub", "sup", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"}
PICTURE_ATTRIBUTES = {**RICH_ATTRIBUTES, "img": {"src", "alt", "width", "height"}}


def clean_rich_text(html: str) -> str:
    """What an author or an import may write: headings, emphasis, lists and links; all else is dropped."""
    return nh3.clean(
        html, tags=RICH_TAGS, attributes=RICH_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None
    )


def clean_picture_text(html: str) -> str:
    """The same with pictures of this site, tables and formulas in plain signs: what a question may show."""
    if "<" not in html:
        return html.replace(">", "&gt;")
    return nh3.clean(
        html,
        tags=PICTURE_TAGS,
        attributes=PICTURE_ATTRIBUTES,
        attribute_filter=_own_pictures_only,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    """A picture from elsewhere would tell that place who sits an exam, and when."""
    own = value.startswith("/") and not value.startswith(("//", "/\\"))
    return value if (tag, attribute) != ("img", "src") or own else None


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
