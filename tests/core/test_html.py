"""The one place that cleans HTML."""

import bleach
import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.html import clean_learner_text, clean_rich_text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>One <b>two</b></p>", "<p>One <b>two</b></p>"),
        ("<script>alert(1)</script><p>Text</p>", "<p>Text</p>"),
        ('<p onclick="x()">Text</p>', "<p>Text</p>"),
        ('<a href="javascript:x()">Text</a>', "<a>Text</a>"),
        ('<a href="https://example.org/">Text</a>', '<a href="https://example.org/">Text</a>'),
        ('<a linktype="page" id="3">Text</a>', '<a linktype="page" id="3">Text</a>'),
        ("<style>p{}</style><iframe src=x></iframe><img src=x onerror=y>", ""),
        ("<h1>Too big</h1>", "Too big"),
    ],
)
def test_rich_text_keeps_what_authors_may_write(dirty: str, clean: str) -> None:
    assert clean_rich_text(dirty) == clean


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One\ntwo", "One<br>two"),
        ("<b>not bold</b> & so on", "&lt;b&gt;not bold&lt;/b&gt; &amp; so on"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_learner_text_is_text(text: str, html: str) -> None:
    assert clean_learner_text(text) == html


def test_learner_text_makes_links_of_addresses() -> None:
    assert clean_learner_text("See https://example.org/a, please") == (
        'See <a href="https://example.org/a" rel="nofollow noopener ugc">https://example.org/a</a>, please'
    )


@given(st.text(st.sampled_from("aKſkcomGRG.:/@-_ \n(&<рфñ١"), max_size=60))
def test_learner_text_has_the_links_that_bleach_finds(text: str) -> None:
    """Most texts never reach bleach's parser; none of them may lose a link by that."""
    escaped = escape(text).replace("\n", "<br>")
    assert clean_learner_text(text).count("<a ") == bleach.linkify(escaped, parse_email=False).count("<a ")
