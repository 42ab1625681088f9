"""A Markdown file of a package: YAML between two lines of hyphens, then text with marked blocks."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.domain.packages.problems import Place, Problems
from courses.domain.packages.yaml_reading import Mapping, read_yaml

FENCE = "---"
BLOCK_START = re.compile(r"::: ?([a-z][a-z0-9-]*)[ \t]*\Z")
BLOCK_END = re.compile(r":::[ \t]*\Z")


@dataclass(frozen=True)
class Part:
    """A stretch of running text (`kind` is empty) or the inside of a marked block. `place` is its first line."""

    kind: str
    text: str
    place: Place


def split_head(text: str, name: str, problems: Problems) -> tuple[Mapping, str, Place]:
    """The values at the head of a file, the text below them, and where that begins."""
    lines = text.split("\n")
    start = Place(name, 1)
    if lines[0].rstrip() != FENCE:
        problems.add(start, _("The file must begin with a line “---”, then “title: …”, then “---” again."))
        return Mapping(start), text, start
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE), None)
    if end is None:
        problems.add(start, _("The values at the head have no end. Put a line “---” below them."))
        return Mapping(start), "", start
    head = read_yaml("\n".join(lines[1:end]), Place(name, 2), problems)
    return head, "\n".join(lines[end + 1 :]), Place(name, end + 2)


def split_blocks(text: str, place: Place, problems: Problems) -> list[Part]:
    """The parts of a text, in order. Running text that is empty is left out."""
    parts: list[Part] = []
    kind, lines, start = "", list[str](), place
    for number, line in enumerate(text.split("\n")):
        here = place.down(number)
        opening = BLOCK_START.match(line)
        if BLOCK_END.match(line) and kind:
            parts.append(Part(kind, "\n".join(lines), start))
            kind, lines, start = "", [], here.down(1)
        elif opening and not kind:
            parts.append(Part("", "\n".join(lines), start))
            kind, lines, start = opening.group(1), [], here.down(1)
        elif line.startswith(":::"):
            message = _("Close the block above with a line “:::” first.") if kind else _("No block is open here.")
            problems.add(here, _("A line of colons stands where none can. %(what)s") % {"what": message})
        else:
            lines.append(line)
    if kind:
        problems.add(start.down(-1), _("The block “%(kind)s” has no end. Put a line “:::” below it.") % {"kind": kind})
    parts.append(Part("", "\n".join(lines), start))
    return [part for part in parts if part.kind or part.text.strip()]
