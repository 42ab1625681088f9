"""What a page holds, part by part, whatever its type and blocks: rich text, text, addresses, pictures, files, pages.

Reads the raw data of streams, so that a picture or a page that a block names is looked up once for a whole course.
A new block needs nothing here: its parts are found by the kinds of its fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from django.db.models import CharField, Model, TextField, URLField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.blocks import (
    Block,
    CharBlock,
    ListBlock,
    PageChooserBlock,
    RawHTMLBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
    URLBlock,
)
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.domain.lint.prose import Prose, read_prose

# Fields that hold text, but nothing that anybody reads as such.
NOT_PROSE = {"slug", "key", "stands_for", "path", "url_path", "draft_title", "expired"}


class Kind(Enum):
    RICH_TEXT = "rich text"
    TEXT = "text"
    ADDRESS = "address"
    PICTURE = "picture"
    FILE = "file"
    PAGE = "page"
    ROW = "row"  # Anything else that is chosen, such as a term or a recording: (model, id).
    MISSING = "missing"  # A field that its block requires, and that is empty; its label.


@dataclass(frozen=True)
class Place:
    """Where something stands in its page: a field, or the block with this number in it."""

    field: str
    label: str
    number: int = 0
    block_id: str = ""

    @property
    def words(self) -> str:
        if self.number:
            return _("block %(number)d, %(label)s") % {"number": self.number, "label": self.label}
        return self.label


@dataclass(frozen=True)
class Part:
    """One value. `block` is the name of the block it stands in, `beside` what else its innermost block holds."""

    kind: Kind
    value: Any
    place: Place
    name: str = ""
    block: str = ""
    beside: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def prose(self) -> Prose:
        if self.kind is Kind.RICH_TEXT:
            return read_prose(str(self.value))
        return Prose(paragraphs=[str(self.value)] if self.kind is Kind.TEXT else [])


# The first kind that fits decides, so what is more particular stands first.
KINDS: tuple[tuple[type[Block], Kind | None], ...] = (
    (RawHTMLBlock, None),
    (RichTextBlock, Kind.RICH_TEXT),
    (URLBlock, Kind.ADDRESS),
    (ImageChooserBlock, Kind.PICTURE),
    (DocumentChooserBlock, Kind.FILE),
    (PageChooserBlock, Kind.PAGE),
    (SnippetChooserBlock, Kind.ROW),
    (CharBlock, Kind.TEXT),
    (TextBlock, Kind.TEXT),
)


def parts_of(page: Model) -> list[Part]:
    """Everything that a page, or any other row with text, holds, in the order of its fields."""
    parts: list[Part] = []
    for model_field in page._meta.concrete_fields:
        value = model_field.value_from_object(page)
        label = str(capfirst(model_field.verbose_name))
        if isinstance(model_field, StreamField):
            parts.extend(_stream_parts(model_field.name, value))
        elif value in (None, "") or not model_field.editable or model_field.name in NOT_PROSE or model_field.choices:
            continue
        elif isinstance(model_field, RichTextField):
            parts.append(Part(Kind.RICH_TEXT, value, Place(model_field.name, label), model_field.name))
        elif isinstance(model_field, URLField):
            parts.append(Part(Kind.ADDRESS, value, Place(model_field.name, label), model_field.name))
        elif isinstance(model_field, CharField | TextField):
            parts.append(Part(Kind.TEXT, value, Place(model_field.name, label), model_field.name))
    return parts


def block_names(page: Model, name: str = "body") -> list[str]:
    """The names of the blocks in a stream, in order; none when there is no such field."""
    stream = getattr(page, name, None)
    return [child["type"] for child in stream.raw_data] if stream is not None and hasattr(stream, "raw_data") else []


def _stream_parts(field_name: str, stream: Any) -> Iterator[Part]:
    if not stream:
        return
    blocks = stream.stream_block.child_blocks
    for number, child in enumerate(stream.raw_data, start=1):
        block = blocks.get(child["type"])
        if block is not None:
            place = Place(field_name, str(block.label), number, child.get("id") or "")
            yield from _block_parts(block, child["value"], Part(Kind.TEXT, "", place, child["type"], child["type"]))


def _block_parts(block: Block, raw: Any, at: Part) -> Iterator[Part]:
    """The parts of one block's raw value; `at` says where it stands."""
    kind = next((kind for block_type, kind in KINDS if isinstance(block, block_type)), None)
    if raw in (None, ""):
        if kind is not None and block.required:
            yield Part(Kind.MISSING, str(block.label), at.place, at.name, at.block, at.beside)
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _block_parts(child, raw.get(name), Part(at.kind, "", at.place, name, at.block, raw))
    elif isinstance(block, StreamBlock):
        for item in raw:
            child = block.child_blocks.get(item["type"])
            if child is not None:
                yield from _block_parts(
                    child, item["value"], Part(at.kind, "", at.place, item["type"], at.block, raw[0])
                )
    elif isinstance(block, ListBlock):
        for item in raw:
            wrapped = isinstance(item, dict) and item.get("type") == "item" and "value" in item
            yield from _block_parts(block.child_block, item["value"] if wrapped else item, at)
    elif kind is not None:
        value = (block.target_model, raw) if kind is Kind.ROW else raw
        yield Part(kind, value, at.place, at.name, at.block, at.beside)
