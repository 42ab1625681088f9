"""Names as Moodle makes them."""

import pytest

from assessments.formats.names import clean_name, default_name, shorten, shows_nothing, strip_tags


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a <b>bold</b> word", "a bold word"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("1<2 is true", "1"),
        ("a<", "a"),
        ("a<!-- <b> > -->b", "ab"),
        ("a<!-->b", "ab"),
        ("a<!DOCTYPE html>b", "ab"),
        ("a<?php if (1 > 0) ?>b", "ab"),
        ('a<i title="x>y">b', "ab"),
        ("a<i title='x\">y'>b", "ab"),
        ("a<b<c>d>e", "ae"),
        ("a<!-- b", "a"),
        ("<b>قانون</b>", "قانون"),
    ],
)
def test_tags_are_taken_out(given: str, kept: str) -> None:
    assert strip_tags(given) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('<span lang="en" class="multilang">a</span>', '<span lang="en" class="multilang">a</span>'),
        ('<span class="multilang" lang="fr">a</span> <b>b</b>', '<span class="multilang" lang="fr">a</span> b'),
        ('<lang lang="de">a</lang>', '<lang lang="de">a</lang>'),
        ('<span class="red">a</span>', "a"),
        ('<span lang="en" class="multilang">a', "a"),
        ('</span><span lang="en" class="multilang">a', "a"),
    ],
)
def test_marks_of_languages_are_kept_if_they_are_well_placed(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("one two", "one two"),
        ("one two three four", "one two ..."),
        ("onetwothreefourfive", "onetwothr..."),
        ("一二三四五六七八九十一二三四五", "一二三四五六七八九..."),
        ("один два три четыре", "один два ..."),
        ("<b>one two</b>", "<b>one two</b>"),
        ("a &amp; b &lt; c or d", "a &amp; b &lt; c..."),
        ("one <i>two</i> three four", "one <i>two</i> t..."),
    ],
)
def test_a_text_is_cut_at_the_end_of_a_word(given: str, short: str) -> None:
    assert shorten(given, 12) == short


def test_a_name_has_at_most_255_characters() -> None:
    assert clean_name("a" * 255) == "a" * 255
    assert clean_name("я" * 256) == "я" * 248 + "..."


@pytest.mark.parametrize(
    ("given", "name"),
    [("What?", "What?"), ("", "Question name"), ("<img src='a'>", "Question name"), ("0", "Question name")],
)
def test_a_question_without_a_name_is_named_by_its_beginning(given: str, name: str) -> None:
    assert default_name(given) == name


@pytest.mark.parametrize(("html", "is_blank"), [("<p> </p>", True), ("", True), ("<img>", False), ("a", False)])
def test_html_shows_nothing(html: str, is_blank: bool) -> None:
    assert shows_nothing(html) is is_blank
