"""Plain data as YAML, always the same bytes for the same data."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml

from courses.domain.packages.values import Keys, Markdown

INDENT = "  "


def write_yaml(data: dict[str, Any]) -> str:
    """Dictionaries, lists, texts, whole numbers and booleans; a Markdown value always as a block of its own lines."""
    return "".join(f"{line}\n" for line in _mapping(data))


def _mapping(data: dict[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        yield from _entry(f"{name}:", value)


def _entry(head: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield head
        yield from _indented(_mapping(value))
    elif isinstance(value, Keys) or value == []:
        yield f"{head} [{', '.join(_scalar(item) for item in value)}]"
    elif isinstance(value, list):
        yield head
        yield from _indented(_items(value))
    elif isinstance(value, str) and _is_block(value):
        yield f"{head} |"
        yield from (INDENT + line if line else "" for line in value.split("\n"))
    else:
        yield f"{head} {_scalar(value)}"


def _items(values: list[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            lines = _mapping(value)
            yield f"- {next(lines)}"
            yield from _indented(lines)
        else:
            yield from _entry("-", value)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (INDENT + line if line else "" for line in lines)


def _is_block(value: str) -> bool:
    # A first line that begins with a space, or spaces at a line's end, would need more than "|" says.
    if not value or value != value.strip() or re.search(r"[ \t]\n", value):
        return False
    return isinstance(value, Markdown) or "\n" in value


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return str(value)
    if _may_stand_bare(value):
        return str(value)
    if '"' in value and not re.search(r"[\n\t\\]", value):
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=False)


def _may_stand_bare(value: str) -> bool:
    """Whether the text, without quotation marks, is read as just this text by whoever reads YAML."""
    if not value or "\n" in value or value[0] in "-?:,[]{}#&*!|>'\"%@`" or value != value.strip():
        return False
    try:
        node = yaml.compose(f"- {value}\n", Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    same = len(items) == 1 and isinstance(items[0], yaml.ScalarNode) and items[0].value == value
    return same and items[0].tag == "tag:yaml.org,2002:str"
