"""What a block of the CMS still lacks, as a draft may: a package with it would be refused by whoever reads it."""

from functools import singledispatch
from typing import Any

from wagtail.blocks import Block, ListBlock, StructBlock

from courses.blocks import ComparisonBlock, PictureBlock, QuickCheckBlock
from courses.blocks.comparison import uneven_rows
from courses.blocks.quick_check import marking_fault
from courses.blocks.video import VideoBlock
from courses.domain.packages.blocks import is_required
from courses.domain.packages.recordings import is_captions


@singledispatch
def gap(block: Block, data: Any) -> str:
    """The name of the first value that is missing or does not fit in dumped data; empty when nothing is."""
    return ""


@gap.register
def gap_in_struct(block: StructBlock, data: dict[str, Any]) -> str:
    for name, child in block.child_blocks.items():
        value = data.get(name)
        if not value:
            if is_required(child):
                return str(name)
        elif inner := gap(child, value):
            return inner
    return ""


@gap.register
def gap_in_list(block: ListBlock, data: list[Any]) -> str:
    most = block.meta.max_num
    if len(data) < (block.meta.min_num or 0) or (most is not None and len(data) > most):
        return str(block.name)
    return next((inner for item in data if (inner := gap(block.child_block, item))), "")


@gap.register
def gap_in_picture(block: PictureBlock, data: dict[str, Any]) -> str:
    return gap_in_struct(block, data) or ("" if data.get("decorative") or data.get("alt") else "alt")


@gap.register
def gap_in_comparison(block: ComparisonBlock, data: dict[str, Any]) -> str:
    missing = gap_in_struct(block, data)
    if missing:
        return missing
    return "cells" if uneven_rows(len(data["columns"]), [len(row["cells"]) for row in data["rows"]]) else ""


@gap.register
def gap_in_quick_check(block: QuickCheckBlock, data: dict[str, Any]) -> str:
    missing = gap_in_struct(block, data)
    if missing:
        return missing
    return "correct" if marking_fault(bool(option.get("correct")) for option in data["options"]) else ""


@gap.register
def gap_in_video(block: VideoBlock, data: dict[str, Any]) -> str:
    missing = gap_in_struct(block, data)
    return missing or ("" if any(is_captions(name) for name in data["file"].companions) else "captions")
