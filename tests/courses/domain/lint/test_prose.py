"""Rich text as the checks read it."""

import pytest

from courses.domain.lint.prose import Link, count_words, read_prose, reading_minutes, sentences


def test_rich_text_is_read_by_paragraph_heading_and_link() -> None:
    prose = read_prose(
        "<h2>First</h2><p>One <b>two</b><br/>three.</p><ul><li>Four</li><li>Five</li></ul><h3></h3>"
        '<p><a linktype="page" id="7">a page</a> <a linktype="document" id="8">a file</a> '
        '<a href="https://example.org/a?b=1&amp;c=2#d">a <i>site</i></a> <a href="#x">x</a> '
        '<a linktype="page" id="x">?</a></p>'
    )
    assert prose.paragraphs == ["One two three.", "Four", "Five", "a page a file a site x ?"]
    assert prose.headings == [(2, "First"), (3, "")]
    assert prose.links == [
        Link("a page", page=7),
        Link("a file", document=8),
        Link("a site", address="https://example.org/a?b=1&c=2#d"),
        Link("x", address="#x"),
        Link("?", address=""),
    ]
    assert prose.words == 13


def test_text_outside_of_paragraphs_is_read() -> None:
    assert read_prose("Bare &amp; simple").paragraphs == ["Bare & simple"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("“One.” Two.", ["“One.", "Two."]),
        ("كم؟ ثلاثة.", ["كم؟", "ثلاثة."]),
        ("Version 2.5 stays whole.", ["Version 2.5 stays whole."]),
        ("", []),
    ],
)
def test_paragraph_falls_into_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "words"), [("well-known l’eau don't", 3), ("حق اللجوء", 2), ("право на убежище", 3), ("— · —", 0)]
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_reading_time_goes_by_language() -> None:
    assert (reading_minutes(276, "ar"), reading_minutes(228, "en"), reading_minutes(380, "xx")) == (2.0, 1.0, 2.0)
