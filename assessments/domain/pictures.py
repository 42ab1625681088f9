"""Pictures in the rich text of questions."""

from wagtail.rich_text import expand_db_html

from elearn.core.html import clean_picture_text


def with_links(html: str) -> str:
    """Clean rich text in which the CMS's references to pictures have become pictures, as an attempt keeps it.

    Cleaned here once, and again whenever it is shown.
    """
    if "<" not in html:
        return html
    if "<embed" in html:
        html = expand_db_html(html)
    return clean_picture_text(html)
