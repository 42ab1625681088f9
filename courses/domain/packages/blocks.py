"""Blocks of a StreamField as values of a package, by the definition of each block; no block needs code of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from wagtail.blocks import (
    Block,
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    FieldBlock,
    ListBlock,
    RichTextBlock,
    StructBlock,
    TextBlock,
    URLBlock,
)
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from courses.blocks import ComparisonBlock, PictureBlock, QuickCheckBlock, ReflectionBlock
from courses.blocks.comparison import row_fault, uneven_rows
from courses.blocks.glossary import TermChooserBlock
from courses.blocks.quick_check import marking_fault
from courses.blocks.recordings import RecordingChooserBlock
from courses.domain.packages.markdown import document_of, write_markdown
from courses.domain.packages.recordings import read_recording_name
from courses.domain.packages.richtext import from_html, to_html
from courses.domain.packages.schema import Fields, Reading
from courses.domain.packages.values import Markdown, MediaName, TermKey, tidy_line
from courses.domain.packages.yaml_reading import Mapping, Node, Sequence


@dataclass
class Dumping:
    """What reading the CMS needs to know and collects: `losses` is what a package cannot hold, in words."""

    link_name: Callable[[int], str | None]
    media_name: Callable[[Any], MediaName]
    losses: list[str] = field(default_factory=list)
    about: str = ""
    course_key: str = ""

    def markdown(self, html: str, features: Any) -> Markdown:
        document, lost = from_html(html, features, self.link_name)
        for href in lost:
            self.losses.append(
                _("%(page)s: the link to “%(href)s” is left out; its text stays.") % {"page": self.about, "href": href}
            )
        return write_markdown(document)


@dataclass
class Building:
    """What writing into the CMS needs to know: where links lead and which rows the files are."""

    page_of: Callable[[str], int | None]
    media_pk: Callable[[str], int]
    # Ids of blocks are made from this and their position, so that they are equal in every language.
    namespace: str = ""
    course_key: str = ""
    term_pk: Callable[[str], int | None] = lambda key: None

    def html(self, text: Markdown) -> str:
        return to_html(document_of(text), self.page_of)

    def block_id(self, path: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"{self.namespace}#{path}"))


def has_key(block: Block) -> bool:
    """Whether the id of a block is a permanent key that records hang on."""
    return isinstance(block, ReflectionBlock) or bool(getattr(block.meta, "keyed", False))


def is_required(block: Block) -> bool:
    if isinstance(block, FieldBlock):
        return bool(block.field.required)
    return bool(getattr(block.meta, "required", True))


# --- From a package to data, from the CMS to data, from data to the CMS ------------------------------------------


@singledispatch
def read(block: Block, node: Node, reading: Reading, name: str) -> Any:
    """The data of a value that stands in a package, checked."""
    raise _unknown(block)


@singledispatch
def dump(block: Block, value: Any, dumping: Dumping) -> Any:
    """The data of a value that the CMS holds; empty when there is nothing to say."""
    raise _unknown(block)


@singledispatch
def raw(block: Block, data: Any, building: Building, path: str) -> Any:
    """The value as a StreamField stores it. `path` names its place in the stream."""
    raise _unknown(block)


def _unknown(block: Block) -> NotImplementedError:
    return NotImplementedError(f"Course packages do not know blocks of the type {type(block).__name__}.")


@read.register(CharBlock)
@read.register(TextBlock)
@read.register(URLBlock)
def read_text(block: FieldBlock, node: Node, reading: Reading, name: str) -> str:
    return reading.checked(node, name, block.field)


@dump.register(CharBlock)
@dump.register(TextBlock)
@dump.register(URLBlock)
def dump_text(block: FieldBlock, value: Any, dumping: Dumping) -> str:
    return tidy_line(value or "")


@raw.register(CharBlock)
@raw.register(TextBlock)
@raw.register(URLBlock)
def raw_text(block: FieldBlock, data: Any, building: Building, path: str) -> str:
    return str(data or "")


@read.register
def read_choice(block: ChoiceBlock, node: Node, reading: Reading, name: str) -> str:
    choices: list[Any] = list(flatten_choices(block.field.choices))
    codes = [str(code) for code, _label in choices]
    return reading.choice(node, name, [code for code in codes if code])


@dump.register
def dump_choice(block: ChoiceBlock, value: Any, dumping: Dumping) -> str:
    return str(value or "")


@raw.register
def raw_choice(block: ChoiceBlock, data: Any, building: Building, path: str) -> str:
    return str(data or "")


@read.register
def read_flag(block: BooleanBlock, node: Node, reading: Reading, name: str) -> bool:
    return reading.flag(node, name)


@dump.register
def dump_flag(block: BooleanBlock, value: Any, dumping: Dumping) -> bool:
    return bool(value)


@raw.register
def raw_flag(block: BooleanBlock, data: Any, building: Building, path: str) -> bool:
    return bool(data)


@read.register
def read_rich(block: RichTextBlock, node: Node, reading: Reading, name: str) -> Markdown:
    return reading.markdown(node, name, block.features)


@dump.register
def dump_rich(block: RichTextBlock, value: Any, dumping: Dumping) -> Markdown:
    return dumping.markdown(value.source if value else "", block.features)


@raw.register
def raw_rich(block: RichTextBlock, data: Any, building: Building, path: str) -> str:
    return building.html(data) if data else ""


@read.register(ImageChooserBlock)
@read.register(DocumentChooserBlock)
def read_file(block: Block, node: Node, reading: Reading, name: str) -> MediaName:
    return reading.media_name(node, name, picture=isinstance(block, ImageChooserBlock))


@dump.register(ImageChooserBlock)
@dump.register(DocumentChooserBlock)
def dump_file(block: Block, value: Any, dumping: Dumping) -> str:
    return dumping.media_name(value) if value else ""


@raw.register(ImageChooserBlock)
@raw.register(DocumentChooserBlock)
def raw_file(block: Block, data: Any, building: Building, path: str) -> int | None:
    return building.media_pk(data) if data else None


@read.register
def read_recording(block: RecordingChooserBlock, node: Node, reading: Reading, name: str) -> MediaName:
    return read_recording_name(reading, node, name, block.kind)


@dump.register
def dump_recording(block: RecordingChooserBlock, value: Any, dumping: Dumping) -> str:
    return dumping.media_name(value) if value else ""


@raw.register
def raw_recording(block: RecordingChooserBlock, data: Any, building: Building, path: str) -> int | None:
    return building.media_pk(data) if data else None


@read.register
def read_term(block: TermChooserBlock, node: Node, reading: Reading, name: str) -> TermKey:
    key = reading.key(node, name)
    if key:
        reading.terms.append((key, node.place))
    return TermKey(key)


@dump.register
def dump_term(block: TermChooserBlock, value: Any, dumping: Dumping) -> TermKey:
    if value and (value.course_code != dumping.course_key or value.archived_at):
        dumping.losses.append(
            _("%(page)s: the term “%(term)s” is left out; it is not in the glossary of this course.")
            % {"page": dumping.about, "term": value}
        )
        return TermKey("")
    return TermKey(value.key if value else "")


@raw.register
def raw_term(block: TermChooserBlock, data: Any, building: Building, path: str) -> int | None:
    return building.term_pk(data) if data else None


@read.register
def read_struct(block: StructBlock, node: Node, reading: Reading, name: str) -> dict[str, Any]:
    fields = Fields(reading.mapping(node, name), reading)
    data = {}
    for child_name, child in block.child_blocks.items():
        inner = fields.demand(child_name) if is_required(child) else fields.take(child_name)
        value = read(child, inner, reading, child_name) if inner is not None else None
        if inner is not None and not value and is_required(child) and not isinstance(child, ListBlock):
            reading.problems.add(inner.place, _("“%(name)s” is empty. Write something there.") % {"name": child_name})
        if value:
            data[child_name] = value
    fields.finish()
    return data


@read.register
def read_picture(block: PictureBlock, node: Node, reading: Reading, name: str) -> dict[str, Any]:
    data = read_struct(block, node, reading, name)
    if data.get("decorative"):
        data.pop("alt", None)
    elif not data.get("alt"):
        reading.problems.add(
            node.place, _("Say under “alt” what the picture shows, or write “decorative: true” if it only decorates.")
        )
    return data


@read.register
def read_comparison(block: ComparisonBlock, node: Node, reading: Reading, name: str) -> dict[str, Any]:
    data = read_struct(block, node, reading, name)
    columns = len(data.get("columns", ()))
    counts = [len(row.get("cells", ())) for row in data.get("rows", ())]
    for place in uneven_rows(columns, counts):
        reading.problems.add(_item_node(node, "rows", place).place, row_fault(columns, counts[place]))
    return data


@read.register
def read_quick_check(block: QuickCheckBlock, node: Node, reading: Reading, name: str) -> dict[str, Any]:
    data = read_struct(block, node, reading, name)
    fault = marking_fault(bool(option.get("correct")) for option in data.get("options", ()))
    if fault:
        reading.problems.add(node.place, fault)
    return data


def _item_node(node: Node, name: str, place: int) -> Node:
    """The item of a list in a mapping that was read already; where it cannot be found, what stands around it."""
    found = node.entries.get(name, node) if isinstance(node, Mapping) else node
    return found.items[place] if isinstance(found, Sequence) and place < len(found.items) else found


@dump.register
def dump_struct(block: StructBlock, value: Any, dumping: Dumping) -> dict[str, Any]:
    values = {name: dump(child, value.get(name), dumping) for name, child in block.child_blocks.items()}
    return {name: data for name, data in values.items() if data}


@dump.register
def dump_picture(block: PictureBlock, value: Any, dumping: Dumping) -> dict[str, Any]:
    data = dump_struct(block, value, dumping)
    data.pop("alt", None)
    # The text alternative in force: the block's own, or else the one kept with the picture.
    alt = tidy_line(value.alt_text) if value.get("file") else ""
    order = block.child_blocks
    found = {**data, "alt": alt} if alt else data
    return {name: found[name] for name in order if name in found}


@raw.register
def raw_struct(block: StructBlock, data: Any, building: Building, path: str) -> dict[str, Any]:
    return {name: raw(child, data.get(name), building, f"{path}/{name}") for name, child in block.child_blocks.items()}


@read.register
def read_list(block: ListBlock, node: Node, reading: Reading, name: str) -> list[Any]:
    nodes = reading.items(node, name)
    items = [read(block.child_block, item, reading, name) for item in nodes]
    if isinstance(block.child_block, FieldBlock) and is_required(block.child_block):
        for item, value in zip(nodes, items, strict=True):
            if not value:
                reading.problems.add(item.place, _("“%(name)s” is empty. Write something there.") % {"name": name})
    least, most = block.meta.min_num or 0, block.meta.max_num
    if len(items) < least:
        reading.problems.add(
            node.place, _("“%(name)s” needs at least %(count)d items.") % {"name": name, "count": least}
        )
    if most is not None and len(items) > most:
        reading.problems.add(node.place, _("“%(name)s” takes at most %(count)d items.") % {"name": name, "count": most})
    return items


@dump.register
def dump_list(block: ListBlock, value: Any, dumping: Dumping) -> list[Any]:
    items = [dump(block.child_block, item, dumping) for item in value or []]
    return [item for item in items if item]


@raw.register
def raw_list(block: ListBlock, data: Any, building: Building, path: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "item",
            "id": building.block_id(f"{path}/{index}"),
            "value": raw(block.child_block, item, building, f"{path}/{index}"),
        }
        for index, item in enumerate(data or [])
    ]
