"""A course as plain data, the same whether it was read from a package or from the CMS."""

from collections.abc import Iterator
from dataclasses import dataclass, field, is_dataclass
from typing import Any, Literal

from courses.domain.packages.problems import Place
from courses.domain.packages.source import SourceFile
from courses.domain.packages.values import MediaName, RecordingName

Level = Literal["course", "module", "unit"]
Name = tuple[Level, str]


@dataclass
class Entry:
    """A page in one language. `data` are its values by their names in the package, without empty ones.

    `page`, `is_archived` and `is_recorded` (a released edition holds it) are known on the side of the CMS only.
    """

    level: Level
    kind: str
    key: str
    data: dict[str, Any]
    place: Place
    draft: bool = False
    children: "list[Entry]" = field(default_factory=list)
    page: Any = None
    is_archived: bool = False
    is_recorded: bool = False

    @property
    def name(self) -> Name:
        return self.level, self.key

    def walk(self) -> "Iterator[Entry]":
        yield self
        for child in self.children:
            yield from child.walk()

    def shape(self) -> Any:
        """What must be equal in all languages of a variant."""
        return self.level, self.kind, self.key, self.draft, tuple(child.shape() for child in self.children)

    def media(self) -> set[str]:
        return set(_media_in(self.data))


@dataclass
class Package:
    """A course in all its languages, the source language first."""

    key: str
    trees: dict[str, Entry]
    media: dict[str, SourceFile] = field(default_factory=dict)
    # What other packages add (question banks), by the name of their folder.
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def source_language(self) -> str:
        return next(iter(self.trees))

    def digest(self, name: str) -> str:
        return self.media[name].digest if name in self.media else ""


def _media_in(value: Any) -> Iterator[str]:
    if isinstance(value, MediaName):
        yield value
        if isinstance(value, RecordingName):
            yield from value.companions
    elif is_dataclass(value):
        yield from _media_in(list(vars(value).values()))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _media_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _media_in(inner)
