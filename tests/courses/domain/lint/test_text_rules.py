"""Rules about text, links and pictures, one by one: no page is stored, the parts are made here."""

import pytest
from django.utils import timezone

from courses.domain.lint.content import Kind, Part, Place
from courses.domain.lint.findings import Severity
from courses.domain.lint.subject import Known, Subject
from courses.domain.lint.text_rules import TEXT
from courses.enums import LinkOutcome
from courses.models import Course, LinkCheck

PLACE = Place("body", "Text", 1, "id-1")
BROKEN = LinkCheck(
    url="https://gone.example/a", outcome=LinkOutcome.MISSING, days_failed=2, failing_since=timezone.now()
)
KNOWN = Known(
    live_pages=frozenset({1}),
    draft_pages=frozenset({2}),
    files=frozenset({3}),
    pictures={4: True, 5: False},
    rows=frozenset({(Course, 6)}),
    broken={BROKEN.url: BROKEN},
)


def found(*parts: Part, language: str = "en") -> list[str]:
    """The keys of the rules that these parts break, in the order of the book."""
    return [finding.rule for finding in TEXT.check(Subject(None, parts, language, KNOWN), 9)]


def rich(html: str) -> Part:
    return Part(Kind.RICH_TEXT, html, PLACE, "text", "text")


def words(count: int, end: str = ".") -> str:
    return "Word " + " ".join(["word"] * (count - 1)) + end


@pytest.mark.parametrize(
    ("html", "rules"),
    [
        ("<p>A calm sentence with a <a href='https://example.org/'>report of the agency</a>.</p>", []),
        ("<p>Lorem ipsum dolor sit amet.</p>", ["placeholder"]),
        ("<p>TODO: write this.</p>", ["placeholder"]),
        ("<p>Figures TBD</p>", ["placeholder"]),
        ("<p>As chapter XXX says.</p>", ["perhaps-placeholder"]),
        ("<p>So it is ??? in law.</p>", ["perhaps-placeholder"]),
        ("<p><a linktype='page' id='1'>Lesson one</a></p>", []),
        ("<p><a linktype='page' id='2'>Lesson two</a></p>", ["page-unpublished"]),
        ("<p><a linktype='page' id='77'>Lesson nine</a></p>", ["page-gone"]),
        ("<p><a linktype='document' id='3'>The form</a></p>", []),
        ("<p><a linktype='document' id='77'>The form</a></p>", ["file-gone"]),
        ("<p><a href=''>The law</a></p>", ["link-empty"]),
        ("<p><a href='#below'>The law</a></p>", ["link-empty"]),
        ("<p><a href='https://gone.example/a#part'>The law</a></p>", ["link-broken"]),
        ("<p>Read it <a href='https://example.org/'>here</a>.</p>", ["link-words"]),
        ("<p><a href='https://example.org/'>Click here.</a></p>", ["link-words"]),
        ("<p><a href='https://example.org/'>https://example.org/</a></p>", ["link-words"]),
        ("<p><a href='https://example.org/'> </a></p>", ["link-words"]),
        ("<h2>First</h2><h3>Below</h3><h2>Second</h2>", []),
        ("<h3>Too deep</h3>", ["heading-levels"]),
        ("<h2>First</h2><h4>Too deep</h4>", ["heading-levels"]),
        ("<h2></h2>", ["heading-levels"]),
        (f"<p>{words(40)}</p>", []),
        (f"<p>{words(41)}</p>", ["long-sentence"]),
        (f"<p>{' '.join([words(30)] * 5)}</p>", []),
        (f"<p>{' '.join([words(30)] * 5)} One more.</p>", ["long-paragraph"]),
        (f"<p>{words(30)}</p>" * 14, ["long-text"]),
        (f"<h2>A heading</h2>{f'<p>{words(30)}</p>' * 14}", []),
        ("<p>THIS IS VERY IMPORTANT INDEED</p>", ["capitals"]),
        ("<p>The UN, UNHCR, IOM and ICMPD met.</p>", []),
        ("<p>حق اللجوء حق لكل إنسان في العالم</p>", []),
    ],
)
def test_rich_text_breaks_rules(html: str, rules: list[str]) -> None:
    assert found(rich(html)) == rules


@pytest.mark.parametrize(
    ("html", "language", "rules"),
    [
        ("<p>TODO VALE</p>", "es", []),
        ("<p>TODO VALE</p>", "en", ["placeholder"]),
        ("<p><a href='https://example.org/'>cliquez ici</a></p>", "fr", ["link-words"]),
        ("<p><a href='https://example.org/'>اضغط هنا</a></p>", "ar", ["link-words"]),
        ("<p><a href='https://example.org/'>Здесь</a></p>", "ru", ["link-words"]),
        (f"<p>{words(45)}</p>", "es", []),
        (f"<p>{words(51)}</p>", "es", ["long-sentence"]),
    ],
)
def test_rules_go_by_language(html: str, language: str, rules: list[str]) -> None:
    assert found(rich(html), language=language) == rules


@pytest.mark.parametrize(
    ("kind", "value", "beside", "rules"),
    [
        (Kind.PICTURE, 4, {}, []),
        (Kind.PICTURE, 5, {}, ["picture-alt"]),
        (Kind.PICTURE, 5, {"alt": "A boat"}, []),
        (Kind.PICTURE, 5, {"decorative": True}, []),
        (Kind.PICTURE, 77, {}, ["picture-gone"]),
        (Kind.FILE, 3, {}, []),
        (Kind.FILE, 77, {}, ["file-gone"]),
        (Kind.PAGE, 1, {}, []),
        (Kind.PAGE, 77, {}, ["page-gone"]),
        (Kind.ADDRESS, "https://gone.example/a", {}, ["link-broken"]),
        (Kind.ADDRESS, "https://example.org/a", {}, []),
        (Kind.TEXT, "Lorem ipsum", {}, ["placeholder"]),
        (Kind.ROW, (Course, 6), {}, []),
        (Kind.ROW, (Course, 77), {}, ["chosen-gone"]),
        (Kind.MISSING, "Transcript", {}, ["field-empty"]),
    ],
)
def test_other_parts_break_rules(kind: Kind, value: object, beside: dict, rules: list[str]) -> None:
    assert found(Part(kind, value, PLACE, beside=beside)) == rules


def test_headings_go_on_from_block_to_block() -> None:
    assert found(rich("<h2>First</h2>"), rich("<h3>Below</h3>")) == []


def test_finding_says_what_where_and_what_to_do() -> None:
    [finding] = TEXT.check(Subject(None, (rich("<p>TBD</p>"),), "en", KNOWN), 9)
    assert (finding.page, finding.severity, finding.blocks) == (9, Severity.MUST, True)
    assert finding.words == "“TBD” looks like a placeholder. Write the text, or take it out."
    assert (finding.place.words, finding.anchor) == ("block 1, Text", "#block-id-1-section")


def test_place_of_a_field_has_no_anchor() -> None:
    part = Part(Kind.TEXT, "TBD", Place("purpose", "Purpose"))
    [finding] = TEXT.check(Subject(None, (part,), "en", KNOWN), 9)
    assert (finding.place.words, finding.anchor) == ("Purpose", "")
