"""What stands below the head of a file: running text, or running text with marked blocks."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courses.blocks.text import TEXT_FEATURES
from courses.domain.packages import blocks
from courses.domain.packages.blocks import Building, Dumping
from courses.domain.packages.fields import set_stream, stream_of
from courses.domain.packages.gaps import gap
from courses.domain.packages.markdown import EVERYTHING, document_of, write_markdown
from courses.domain.packages.richtext import tidy_document
from courses.domain.packages.schema import Fields, Reading
from courses.domain.packages.text import Part
from courses.domain.packages.values import Markdown
from courses.domain.packages.yaml_reading import read_yaml
from courses.domain.packages.yaml_writing import write_yaml


class Body(ABC):
    """The text below the head of a file."""

    name = "body"
    default: Any = ""

    @abstractmethod
    def read(self, parts: list[Part], reading: Reading, model: type) -> Any: ...

    @abstractmethod
    def dump(self, page: Any, dumping: Dumping) -> Any: ...

    @abstractmethod
    def assign(self, page: Any, data: Any, building: Building) -> None: ...

    @abstractmethod
    def write(self, data: Any) -> str: ...


@dataclass(frozen=True)
class RunningText(Body):
    """Markdown without marked blocks, kept in a rich-text field."""

    attribute: str
    features: Collection[str] = tuple(TEXT_FEATURES)

    def read(self, parts: list[Part], reading: Reading, model: type) -> Markdown:
        for part in parts:
            if part.kind:
                reading.problems.add(part.place.down(-1), _("Marked blocks stand in lessons only. Take it out."))
        texts = [part for part in parts if not part.kind]
        return reading.running_text(texts[0].text, self.features, texts[0].place) if texts else Markdown("")

    def dump(self, page: Any, dumping: Dumping) -> Markdown:
        return dumping.markdown(getattr(page, self.attribute), self.features)

    def assign(self, page: Any, data: Any, building: Building) -> None:
        setattr(page, self.attribute, building.html(data) if data else "")

    def write(self, data: Any) -> str:
        return str(data)


class Notes(RunningText):
    """Notes for facilitators, in a file of their own."""

    name = "notes"


@dataclass(frozen=True)
class BlockData:
    """Data of one block of a stream; `key` only for those that records hang on."""

    kind: str
    value: Any
    key: str = ""


@dataclass(frozen=True)
class Stream(Body):
    """Markdown and marked blocks, kept in a StreamField whose block for Markdown is `text`."""

    attribute: str
    text: str = "text"
    default: Any = ()

    def read(self, parts: list[Part], reading: Reading, model: type) -> list[Any]:
        children = stream_of(model, self.attribute).child_blocks
        data = []
        keys: set[str] = set()
        for part in parts:
            name = part.kind.replace("-", "_") or self.text
            if part.kind and (name not in children or name == self.text):
                known = ", ".join(sorted(child.replace("_", "-") for child in children if child != self.text))
                reading.problems.add(
                    part.place.down(-1),
                    _("There is no block “%(kind)s”. There are: %(known)s.") % {"kind": part.kind, "known": known},
                )
            elif not part.kind:
                block = children[self.text]
                data.append(BlockData(name, reading.running_text(part.text, block.features, part.place)))
            else:
                data.append(self._read_block(children[name], name, part, reading, keys))
        return self._joined(data)

    def _read_block(self, block: Any, name: str, part: Part, reading: Reading, keys: set[str]) -> BlockData:
        node = read_yaml(part.text, part.place, reading.problems)
        key = ""
        if blocks.has_key(block):
            fields = Fields(node, reading)
            key = fields.key()
            if key in keys:
                reading.problems.add(part.place, _("The key “%(key)s” is there twice in the lesson.") % {"key": key})
            keys.add(key)
            node.entries.pop("key", None)
        return BlockData(name, blocks.read(block, node, reading, part.kind), key)

    def _joined(self, data: list[BlockData]) -> list[BlockData]:
        """Neighbouring texts as one, as a file cannot tell them apart; empty ones left out."""
        joined: list[BlockData] = []
        for block in data:
            if not block.value:
                continue
            if joined and block.kind == joined[-1].kind == self.text:
                both = [*document_of(joined[-1].value), *document_of(block.value)]
                joined[-1] = BlockData(self.text, write_markdown(tidy_document(both, EVERYTHING)))
            else:
                joined.append(block)
        return joined

    def dump(self, page: Any, dumping: Dumping) -> list[BlockData]:
        return self._joined([self._dump_block(child, dumping) for child in getattr(page, self.attribute)])

    @staticmethod
    def _dump_block(child: Any, dumping: Dumping) -> BlockData:
        value = blocks.dump(child.block, child.value, dumping)
        missing = gap(child.block, value)
        if missing:
            dumping.losses.append(
                _("%(page)s: a block “%(kind)s” without “%(name)s” is left out.")
                % {"page": dumping.about, "kind": child.block_type.replace("_", "-"), "name": missing}
            )
            return BlockData(child.block_type, None)
        return BlockData(child.block_type, value, child.id if blocks.has_key(child.block) else "")

    def assign(self, page: Any, data: Any, building: Building) -> None:
        children = stream_of(type(page), self.attribute).child_blocks
        stream = [
            {
                "type": block.kind,
                "id": block.key or building.block_id(f"{self.attribute}/{index}"),
                "value": blocks.raw(children[block.kind], block.value, building, f"{self.attribute}/{index}"),
            }
            for index, block in enumerate(data or [])
        ]
        set_stream(page, self.attribute, stream)

    def write(self, data: Any) -> str:
        texts = []
        for block in data:
            if block.kind == self.text:
                texts.append(block.value)
            else:
                values = {"key": block.key, **block.value} if block.key else block.value
                texts.append(f"::: {block.kind.replace('_', '-')}\n{write_yaml(values)}:::")
        return "\n\n".join(texts)
