"""The kinds of single value that a page has in a package."""

import json
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField

from courses.domain.packages import blocks
from courses.domain.packages.blocks import Building, Dumping
from courses.domain.packages.schema import Fields
from courses.domain.packages.values import Keys, tidy, tidy_line


def stream_of(model: type, attribute: str) -> StreamBlock:
    field: StreamField = model._meta.get_field(attribute)  # type: ignore[attr-defined]
    return field.stream_block


def set_stream(page: Any, attribute: str, stream: list[dict[str, Any]]) -> None:
    setattr(page, attribute, page._meta.get_field(attribute).to_python(json.dumps(stream)))


@dataclass(frozen=True)
class Value(ABC):
    """One value: its name in the package and the attribute of the page that holds it."""

    name: str
    attribute: str

    @abstractmethod
    def read(self, fields: Fields, model: type) -> Any: ...

    @abstractmethod
    def dump(self, page: Any, dumping: Dumping) -> Any: ...

    def assign(self, page: Any, data: Any, building: Building) -> None:
        setattr(page, self.attribute, data)

    # What it is when the package says nothing; a value equal to it is not written.
    default: Any = ""


@dataclass(frozen=True)
class Text(Value):
    """A text; `lines`: it may have several."""

    required: bool = False
    lines: bool = False

    def read(self, fields: Fields, model: type) -> str:
        most = model._meta.get_field(self.attribute).max_length  # type: ignore[attr-defined]
        return fields.text(self.name, max_length=most, required=self.required, lines=self.lines)

    def dump(self, page: Any, dumping: Dumping) -> str:
        return (tidy if self.lines else tidy_line)(getattr(page, self.attribute) or "")


@dataclass(frozen=True)
class Flag(Value):
    default: bool = False

    def read(self, fields: Fields, model: type) -> bool:
        return fields.flag(self.name, self.default)

    def dump(self, page: Any, dumping: Dumping) -> bool:
        return bool(getattr(page, self.attribute))


@dataclass(frozen=True)
class Number(Value):
    """A whole number; `otherwise` is taken when the package gives none, and None demands one. Always written."""

    lowest: int = 0
    highest: int = 32_767
    otherwise: int | None = None
    default: Any = None

    def read(self, fields: Fields, model: type) -> int:
        node = fields.demand(self.name) if self.otherwise is None else fields.take(self.name)
        if node is None:
            return self.lowest if self.otherwise is None else self.otherwise
        return fields.reading.whole(node, self.name, self.lowest, self.highest)

    def dump(self, page: Any, dumping: Dumping) -> int:
        return int(getattr(page, self.attribute))


@dataclass(frozen=True)
class Choice(Value):
    """One of some words; demanded, unless there is a default."""

    choices: Collection[str] = ()

    def read(self, fields: Fields, model: type) -> str:
        return fields.choice(self.name, self.choices, default=self.default)

    def dump(self, page: Any, dumping: Dumping) -> str:
        return str(getattr(page, self.attribute))


@dataclass(frozen=True)
class KeyList(Value):
    """Keys, kept one per line in a text of the page."""

    def read(self, fields: Fields, model: type) -> Keys:
        return Keys(fields.reading.key(node, self.name) for node in fields.items(self.name))

    def dump(self, page: Any, dumping: Dumping) -> Keys:
        return Keys(getattr(page, self.attribute).split())

    def assign(self, page: Any, data: Any, building: Building) -> None:
        setattr(page, self.attribute, "\n".join(data or []))


@dataclass(frozen=True)
class TextList(Value):
    """Short texts, kept in a StreamField of one kind of block."""

    def read(self, fields: Fields, model: type) -> list[str]:
        block = next(iter(stream_of(model, self.attribute).child_blocks.values()))
        found = [blocks.read(block, node, fields.reading, self.name) for node in fields.items(self.name)]
        return [text for text in found if text]

    def dump(self, page: Any, dumping: Dumping) -> list[str]:
        found = [blocks.dump(child.block, child.value, dumping) for child in getattr(page, self.attribute)]
        return [text for text in found if text]

    def assign(self, page: Any, data: Any, building: Building) -> None:
        name = next(iter(stream_of(type(page), self.attribute).child_blocks))
        stream = [
            {"type": name, "id": building.block_id(f"{self.attribute}/{index}"), "value": text}
            for index, text in enumerate(data or [])
        ]
        set_stream(page, self.attribute, stream)
