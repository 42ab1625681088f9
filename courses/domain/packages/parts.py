"""What belongs to a course beside its pages: YAML files of each language. They register in `ready()`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Any, ClassVar

from courses.domain.packages.content import Package
from courses.domain.packages.problems import Problems
from courses.domain.packages.schema import Reading
from courses.domain.packages.yaml_reading import Mapping


@dataclass(frozen=True)
class Change:
    """A line of the plan that a part adds: what happens to what, in words. `action` is a planning.Action."""

    action: str
    label: str


class Part(ABC):
    """One kind of thing that belongs to a course and stands in YAML files, <language>/<folder>/<key>.yaml, or, where
    `is_file` says so, in one file, <language>/<folder>.yaml.

    Its data is plain and comparable, and the same whether it was read or dumped; an empty part is an empty dictionary.
    """

    folder: ClassVar[str]
    is_file: ClassVar[bool] = False

    def prefix(self, language: str) -> str:
        """What comes before a name of `read` and `write` in the path of its file."""
        return f"{language}/" if self.is_file else f"{language}/{self.folder}/"

    def is_own(self, name: str) -> bool:
        """Whether a file with this name, without prefix and ending, is one of this part's."""
        return name == self.folder if self.is_file else "/" not in name

    @abstractmethod
    def read(self, files: MappingOf[str, MappingOf[str, Mapping]], reading: Reading) -> dict[Any, Any]:
        """The data of the files: by language (the source language first), then by name without ".yaml"."""

    @abstractmethod
    def check(self, package: Package, problems: Problems) -> None:
        """Note what does not fit between this part and the pages."""

    @abstractmethod
    def dump(self, course_key: str, languages: list[str]) -> dict[Any, Any]:
        """The data that the database holds."""

    @abstractmethod
    def write(self, data: dict[Any, Any], language: str) -> dict[str, dict[str, Any]]:
        """The YAML files of a language by name without ".yaml"."""

    @abstractmethod
    def plan(self, package: Package, held: Package) -> list[Change]:
        """What `apply` would do; unchanged things included."""

    @abstractmethod
    def apply(self, package: Package, held: Package) -> None:
        """Bring the database to the data of the package. Runs inside the import's transaction, before the pages."""


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    _parts[part.folder] = part


def all_parts() -> list[Part]:
    return list(_parts.values())
