"""The parts of a page are found by the kinds of its fields and blocks, whatever those are called."""

from types import SimpleNamespace
from typing import Any

from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    URLBlock,
)
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from courses.domain.lint.content import Kind, Part, _stream_parts, block_names, parts_of
from courses.domain.lint.subject import addresses_in
from courses.models import CoursePage, LessonPage
from tests.factories.courses import make_course


class UnheardOf(StreamBlock):
    """Blocks that nobody has written yet: what they hold is found all the same."""

    quote = StructBlock([("words", RichTextBlock()), ("url", URLBlock()), ("style", ChoiceBlock(choices=[("a", "A")]))])
    gallery = ListBlock(
        StructBlock([("file", ImageChooserBlock()), ("alt", CharBlock()), ("decorative", BooleanBlock())])
    )
    nested = StreamBlock([("inner", StructBlock([("page", PageChooserBlock()), ("file", DocumentChooserBlock())]))])
    old_list = ListBlock(CharBlock())


def parts(*raw: dict[str, Any]) -> list[tuple[Kind, Any, int, str]]:
    block = UnheardOf()
    found: list[Part] = list(_stream_parts("body", block.to_python(list(raw))))
    return [(part.kind, part.value, part.place.number, part.name) for part in found]


def test_blocks_nobody_has_heard_of_are_read() -> None:
    assert parts(
        {"type": "quote", "id": "a", "value": {"words": "<p>So</p>", "url": "https://example.org/", "style": "a"}},
        {
            "type": "gallery",
            "id": "b",
            "value": [{"type": "item", "id": "c", "value": {"file": 4, "alt": "A boat", "decorative": False}}],
        },
        {
            "type": "nested",
            "id": "d",
            "value": [{"type": "inner", "id": "e", "value": {"page": 7, "file": 8}}],
        },
        {"type": "old_list", "id": "f", "value": ["one", "two"]},
        {"type": "quote", "id": "h", "value": {"words": "", "url": None}},
        {"type": "gone", "id": "g", "value": "a type of block that is no more"},
    ) == [
        (Kind.RICH_TEXT, "<p>So</p>", 1, "words"),
        (Kind.ADDRESS, "https://example.org/", 1, "url"),
        (Kind.PICTURE, 4, 2, "file"),
        (Kind.TEXT, "A boat", 2, "alt"),
        (Kind.PAGE, 7, 3, "page"),
        (Kind.FILE, 8, 3, "file"),
        (Kind.TEXT, "one", 4, "old_list"),
        (Kind.TEXT, "two", 4, "old_list"),
        (Kind.MISSING, "Words", 5, "words"),
        (Kind.MISSING, "Url", 5, "url"),
    ]


def test_fields_that_nobody_reads_are_no_parts(db: None) -> None:
    make_course(modules=1, lessons=1)
    course, lesson = CoursePage.objects.get(), LessonPage.objects.get()
    assert [part.name for part in parts_of(course)] == ["title", "summary", "purpose", "audience"]
    assert [(part.name, part.place.words) for part in parts_of(lesson)] == [
        ("title", "Title"),
        ("purpose", "Purpose"),
        ("text", "block 1, Text"),
    ]
    assert (block_names(lesson), block_names(course)) == (["text"], [])


def test_addresses_are_those_of_the_web() -> None:
    html = "<p><a href='https://a.example/x'>a</a> <a href='mailto:b@example.org'>b</a> <a href='#c'>c</a></p>"
    place: Any = SimpleNamespace(number=1)
    assert addresses_in(Part(Kind.RICH_TEXT, html, place)) == ["https://a.example/x"]
    assert addresses_in(Part(Kind.ADDRESS, "http://d.example", place)) == ["http://d.example"]
