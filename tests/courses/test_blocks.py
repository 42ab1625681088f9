"""The blocks of a lesson: what they show, what they refuse, and what an author sees of them."""

import io
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from wagtail import admin
from wagtail.blocks import Block, BooleanBlock, ChooserBlock, ListBlock, RichTextBlock, StructBlock, URLBlock

from courses.blocks import lesson_blocks
from courses.blocks.groups import DOING, MEDIA, READING, REFERENCE
from courses.models import LessonPage
from elearn.core.models import Picture
from elearn.people.models import User
from tests.factories.courses import make_course_page, make_lesson, make_module

BODY = LessonPage._meta.get_field("body").stream_block
NAMES = [name for name, _block in lesson_blocks()]
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
EVIL_HTML = (
    '<p onclick="alert(1)" style="x">Text</p><script>alert(1)</script><img src=x onerror=alert(1)>'
    '<a href="javascript:alert(1)">y</a><iframe src="https://evil.example"></iframe><svg onload=alert(1)></svg>'
)


def block_named(name: str) -> Block:
    return BODY.child_blocks[name]


def shown(name: str, value: Any, **context: Any) -> str:
    """A block as it is printed from what the database holds."""
    block = block_named(name)
    return str(block.render(block.to_python(value), {"block_id": "b1", **context}))


class Elements(HTMLParser):
    """The elements of a fragment, and what in it would run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.dangers: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("script", "iframe", "object", "embed", "style"):
            self.dangers.append(tag)
        for name, value in attrs:
            leads_to_script = name in ("href", "src", "cite") and "javascript:" in (value or "").lower()
            if name.startswith("on") or name == "style" or leads_to_script:
                self.dangers.append(f"{tag} {name}={value}")


# --- Harmless, whatever the database holds -----------------------------------------------------------------------


def hostile(block: Block, picture: Picture | None) -> Any:
    if isinstance(block, StructBlock):
        return {name: hostile(child, picture) for name, child in block.child_blocks.items()}
    if isinstance(block, ListBlock):
        return [hostile(block.child_block, picture) for _ in range(max(2, block.meta.min_num or 0))]
    if isinstance(block, ChooserBlock):
        return picture.pk if picture is not None and issubclass(block.model_class, Picture) else None
    if isinstance(block, RichTextBlock):
        return EVIL_HTML
    if isinstance(block, BooleanBlock):
        return False
    return "javascript:alert(1)" if isinstance(block, URLBlock) else EVIL


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_block_with_hostile_content_is_harmless(name: str) -> None:
    picture = make_picture() if name in ("picture", "gallery") else None
    elements = Elements(shown(name, hostile(block_named(name), picture)))
    assert elements.dangers == []
    assert [tag for tag in elements.tags if tag == "img"] == ["img"] * {"picture": 1, "gallery": 2}.get(name, 0)


def test_comments_of_authors_keep_their_places_in_rich_text() -> None:
    """What is cleaned when it is shown stays as it was written: the editor ties comments to these marks."""
    block = block_named("key_point")
    html = '<p data-block-key="a1">Text</p>'
    assert block.get_prep_value(block.to_python({"text": html})) == {"text": html}
    assert "data-block-key" not in shown("key_point", {"text": html})


# --- In the author's menu ----------------------------------------------------------------------------------------


def test_blocks_stand_under_four_headings() -> None:
    groups = [(str(group), [block.name for block in blocks]) for group, blocks in BODY.grouped_child_blocks()]
    assert [group for group, _blocks in groups] == [str(group) for group in (READING, DOING, MEDIA, REFERENCE)]
    assert sorted(name for _group, names in groups for name in names) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_block_has_an_icon_of_the_cms_a_description_and_a_template_of_its_name(name: str) -> None:
    block = block_named(name)
    icons = Path(admin.__file__).parent / "templates" / "wagtailadmin" / "icons"
    assert (icons / f"{block.meta.icon}.svg").is_file()
    assert len(str(block.get_description())) > 30
    assert block.meta.template == f"blocks/{name}.html"


def test_every_block_has_a_preview_in_the_style_of_the_site(author: User, client: Client) -> None:
    client.force_login(author)
    for name in NAMES:
        response = client.get(reverse("wagtailadmin_block_preview"), {"id": block_named(name).definition_prefix})
        page = response.content.decode()
        assert (name, response.status_code, "css/site.css" in page) == (name, 200, True)
        assert Elements(page).dangers == []
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert Picture.objects.count() == 0


def test_preview_of_a_block_is_for_those_who_write(stranger: User, client: Client) -> None:
    client.force_login(stranger)
    address = reverse("wagtailadmin_block_preview")
    response = client.get(address, {"id": block_named("text").definition_prefix})
    assert (response.status_code, "Running text" in response.content.decode()) == (302, False)


# --- Comparison --------------------------------------------------------------------------------------------------


def comparison(columns: list[str], *rows: tuple[str, list[str]]) -> dict[str, Any]:
    return {
        "caption": "Compared",
        "columns": columns,
        "rows": [{"heading": heading, "cells": [f"<p>{cell}</p>" for cell in cells]} for heading, cells in rows],
    }


def test_comparison_says_for_every_cell_which_row_and_column_it_belongs_to() -> None:
    page = shown("comparison", comparison(["Visa", "No visa"], ("Who decides", ["Consulate", "Officer"])))
    assert "<caption>Compared</caption>" in page
    assert page.count('scope="col"') == 2
    assert '<th scope="row" role="rowheader">Who decides</th>' in page
    assert '<td role="cell" data-column="No visa"><p>Officer</p></td>' in page


@pytest.mark.parametrize(
    ("columns", "cells", "problem"),
    [
        (["A", "B"], ["a", "b"], ""),
        (["A", "B", "C"], ["a", "b"], "This row has 2 cells, but the table compares 3 things."),
        (["A", "B"], ["a", "b", "c"], "This row has 3 cells, but the table compares 2 things."),
        (["A"], ["a", "b"], "The minimum number of items is 2"),
        (list("ABCDEF"), list("abcdef"), "The maximum number of items is 5"),
        (["A", "B"], ["a", ""], "This field is required."),
    ],
)
def test_comparison_with_uneven_rows_is_refused(columns: list[str], cells: list[str], problem: str) -> None:
    value = comparison(columns, ("Row", cells))
    if "" in cells:
        value["rows"][0]["cells"][cells.index("")] = ""
    assert_refused("comparison", value, problem)


def assert_refused(name: str, value: Any, problem: str) -> None:
    """The problem stands in what the editor is told; with an empty problem, the value is good."""
    block = block_named(name)
    try:
        block.clean(block.to_python(value))
    except ValidationError as error:
        assert problem
        assert problem in json.dumps(error.as_json_data())  # type: ignore[attr-defined]
    else:
        assert problem == ""


# --- Quick check -------------------------------------------------------------------------------------------------


def check(*marks: bool) -> dict[str, Any]:
    options = [
        {"text": f"Answer {place}", "correct": mark, "feedback": f"Because {place}."}
        for place, mark in enumerate(marks)
    ]
    return {"question": "Which?", "options": options}


def test_quick_check_works_without_a_script_and_sends_nothing() -> None:
    page = shown("quick_check", check(True, False))
    tags = Elements(page).tags
    assert (tags.count("details"), tags.count("summary")) == (2, 2)
    assert {"form", "input", "button"} & set(tags) == set()
    assert page.count("Right.") == 1
    assert page.count("Not this one.") == 1
    assert "Because 0." in page


def test_quick_check_says_when_several_answers_are_right() -> None:
    assert "More than one answer is right" not in shown("quick_check", check(True, False, False))
    assert "More than one answer is right" in shown("quick_check", check(True, True, False))


@pytest.mark.parametrize(
    ("marks", "problem"),
    [
        ((True, False), ""),
        ((False, False), "Mark at least one answer as right."),
        ((True, True), "Every answer is marked as right."),
        ((True,), "The minimum number of items is 2"),
        ((True, *[False] * 6), "The maximum number of items is 6"),
    ],
)
def test_quick_check_without_a_choice_is_refused(marks: tuple[bool, ...], problem: str) -> None:
    assert_refused("quick_check", check(*marks), problem)


# --- Quotation, law article and reveal ---------------------------------------------------------------------------


LAW = {
    "instrument": "Convention, 1951",
    "article": "Article 33(1)",
    "gist": "<p>Nobody is sent back to danger.</p>",
    "extract": "<p>No Contracting State shall expel.</p>",
    "language": "en",
    "source": "Treaty Collection",
    "url": "https://treaties.example.org/33",
}


def test_law_article_names_and_links_its_official_text() -> None:
    page = shown("law_article", LAW)
    assert '<a href="https://treaties.example.org/33" rel="noopener"><bdi>Treaty Collection</bdi></a>' in page
    assert '<blockquote lang="en" dir="auto" cite="https://treaties.example.org/33">' in page


@pytest.mark.parametrize("left_out", ["instrument", "article", "gist", "source", "url"])
def test_law_article_without_its_source_is_refused(left_out: str) -> None:
    assert_refused("law_article", LAW, "")
    assert_refused("law_article", {**LAW, left_out: ""}, "This field is required.")


def test_address_that_is_no_website_is_refused_and_never_a_link() -> None:
    block = block_named("law_article").child_blocks["url"]
    with pytest.raises(ValidationError, match="Write a whole address that begins with https://"):
        block.clean("ftp://example.org/file")
    assert [block.to_python(value) for value in ("javascript:alert(1)", "", None, "https://example.org")] == [
        "",
        "",
        "",
        "https://example.org",
    ]


def test_quotation_is_marked_as_such_and_with_its_language() -> None:
    value = {"text": "<p>Tous les êtres humains.</p>", "author": "ONU", "source": "Déclaration", "url": ""}
    page = shown("quotation", {**value, "language": "fr"})
    assert '<blockquote lang="fr" dir="auto"><p>Tous les êtres humains.</p></blockquote>' in page
    assert "<cite><bdi>Déclaration</bdi></cite>" in page
    assert "<blockquote><p>" in shown("quotation", {**value, "language": ""})
    assert_refused("quotation", {**value, "language": "fr"}, "")
    assert_refused("quotation", {**value, "language": "xx"}, "not one of the available choices")
    assert_refused("quotation", {**value, "source": ""}, "This field is required.")


def test_reveal_is_closed_and_needs_no_script() -> None:
    page = shown("reveal", {"title": "What next?", "text": "<p>Ask.</p>"})
    assert '<details class="block reveal">' in page
    assert "<summary>What next?</summary>" in page
    assert "<p>Ask.</p>" in page


# --- Pictures ----------------------------------------------------------------------------------------------------


def make_picture(number: int = 0) -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (number * 16, 0, 0)).save(file, "PNG")
    picture = Picture(title=f"p{number}", alt_text=f"Alt {number}", file=ContentFile(file.getvalue(), f"p{number}.png"))
    picture.save()
    return picture


def gallery(pictures: list[Picture]) -> dict[str, Any]:
    item = {"alt": "", "decorative": False, "caption": "Caption", "credit": "Ana, CC BY"}
    return {"title": "Pictures", "items": [{**item, "file": picture.pk} for picture in pictures]}


@pytest.mark.django_db
def test_gallery_shows_small_pictures_lazily_and_links_to_large_ones() -> None:
    page = shown("gallery", gallery([make_picture(1), make_picture(2)]))
    assert page.count('loading="lazy"') == 2
    assert page.count('width="40"') == 2
    assert page.count('height="30"') == 2
    assert 'alt="Alt 1"' in page
    assert page.count("Ana, CC BY") == 2
    assert page.count('<a href="/media/') == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "problem"), [(1, "minimum number of items is 2"), (2, ""), (13, "maximum number of items is 12")]
)
def test_gallery_of_too_few_or_too_many_pictures_is_refused(count: int, problem: str) -> None:
    assert_refused("gallery", gallery([make_picture()] * count), problem)


@pytest.mark.django_db
def test_draft_of_a_picture_without_its_file_can_be_kept() -> None:
    block = block_named("picture")
    block.defer_required_validation()
    try:
        kept = block.clean(block.to_python({"file": None, "alt": "", "decorative": False, "caption": ""}))
    finally:
        block.restore_deferred_validation()
    assert kept["file"] is None


@pytest.mark.django_db
def test_lesson_with_twelve_pictures_costs_the_queries_of_one() -> None:
    pictures = [make_picture(number) for number in range(12)]
    module = make_module(make_course_page(), "m1")
    one = {"file": pictures[0].pk, "alt": "", "decorative": False, "caption": ""}
    bodies = {
        "one": [{"type": "picture", "value": one, "id": "a"}],
        "two": [{"type": "gallery", "value": gallery(pictures[:2]), "id": "a"}],
        "twelve": [{"type": "gallery", "value": gallery(pictures), "id": "a"}],
        "apart": [{"type": "picture", "value": {**one, "file": p.pk}, "id": str(p.pk)} for p in pictures],
    }
    counts = {}
    for key, body in bodies.items():
        make_lesson(module, key, body=body)
        for _visit in ("that makes the renditions", "that is counted"):
            lesson = LessonPage.objects.get(key=key)
            with CaptureQueriesContext(connection) as queries:
                for child in lesson.body:
                    child.render({"block_id": child.id})
        counts[key] = len(queries)
    assert counts == dict.fromkeys(bodies, 2)
