"""Values of a package, each read as what its place wants it to be, with file and line when it is not."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courses.domain.packages.markdown import links_of, tidy_markdown
from courses.domain.packages.problems import Place, Problems
from courses.domain.packages.source import SourceFile
from courses.domain.packages.values import Markdown, MediaName, tidy, tidy_line
from courses.domain.packages.yaml_reading import Mapping, Node, Scalar, Sequence
from elearn.core import uploads

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
MEDIA_FOLDER = "media/"
PARAGRAPH_LENGTH = 20_000  # characters
WHOLE = re.compile(r"[0-9]{1,9}\Z")


@dataclass
class Reading:
    """What reading a package collects besides its values."""

    problems: Problems
    media: dict[str, SourceFile] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    recordings: set[str] = field(default_factory=set)  # with their captions and posters
    language: str = ""
    # (language, href, place) of every link into the course, checked when all units are known.
    links: list[tuple[str, str, Place]] = field(default_factory=list)
    # (key, place) of every term that a lesson explains, checked when the glossary is read.
    terms: list[tuple[str, Place]] = field(default_factory=list)

    @property
    def used_media(self) -> set[str]:
        return self.pictures | self.documents | self.recordings

    def text(self, node: Node, name: str, *, max_length: int | None, lines: bool = False) -> str:
        if not isinstance(node, Scalar):
            self.problems.add(node.place, _("“%(name)s” must be a text.") % {"name": name})
            return ""
        value = "" if node.is_empty else (tidy if lines else tidy_line)(node.value)
        if max_length is not None and len(value) > max_length:
            self.problems.add(
                node.place,
                _("“%(name)s” has %(length)d characters; at most %(most)d fit. Shorten it.")
                % {"name": name, "length": len(value), "most": max_length},
            )
        return value

    def markdown(self, node: Node, name: str, features: Collection[str]) -> Markdown:
        if not isinstance(node, Scalar):
            self.problems.add(node.place, _("“%(name)s” must be a text.") % {"name": name})
            return Markdown("")
        return self.running_text("" if node.is_empty else node.value, features, node.first)

    def running_text(self, text: str, features: Collection[str], place: Place) -> Markdown:
        line = 0
        for paragraph in text.split("\n\n"):
            if len(paragraph) > PARAGRAPH_LENGTH:
                # Some signs in endless repetition take a reader of Markdown minutes.
                self.problems.add(place.down(line), _("A paragraph is longer than 20,000 characters. Divide it."))
                return Markdown("")
            line += paragraph.count("\n") + 2
        value = tidy_markdown(text, features, place, self.problems)
        for href in links_of(value):
            if href.startswith(("unit:", "module:")):
                self.links.append((self.language, href, self._line_of(href, text, place)))
        return value

    @staticmethod
    def _line_of(href: str, text: str, place: Place) -> Place:
        return place.down(text.count("\n", 0, max(text.find(f"({href})"), 0)))

    def checked(self, node: Node, name: str, form_field: forms.Field) -> str:
        """A text as a form of the CMS would take it: its length, and an address as an address."""
        value = self.text(node, name, max_length=None)
        if not value:
            return ""
        try:
            return str(form_field.clean(value))
        except ValidationError as error:
            self.problems.add(node.place, f"“{name}”: {' '.join(error.messages)}")
            return value

    def flag(self, node: Node, name: str) -> bool:
        if isinstance(node, Scalar) and node.is_plain and node.value in ("true", "false"):
            return node.value == "true"
        self.problems.add(node.place, _("“%(name)s” must be true or false.") % {"name": name})
        return False

    def whole(self, node: Node, name: str, lowest: int, highest: int) -> int:
        if isinstance(node, Scalar) and WHOLE.match(node.value) and lowest <= int(node.value) <= highest:
            return int(node.value)
        self.problems.add(
            node.place,
            _("“%(name)s” must be a whole number from %(lowest)d to %(highest)d.")
            % {"name": name, "lowest": lowest, "highest": highest},
        )
        return lowest

    def choice(self, node: Node, name: str, choices: Collection[str]) -> str:
        if isinstance(node, Scalar) and node.value in choices:
            return node.value
        self.problems.add(
            node.place,
            _("“%(name)s” must be one of: %(choices)s.") % {"name": name, "choices": ", ".join(sorted(choices))},
        )
        return ""

    def key(self, node: Node, name: str) -> str:
        if isinstance(node, Scalar) and KEY.match(node.value):
            return node.value
        self.problems.add(
            node.place,
            _("“%(name)s” must be a key: lower-case letters, digits and hyphens, at most 60.") % {"name": name},
        )
        return ""

    def items(self, node: Node, name: str) -> list[Node]:
        if isinstance(node, Sequence):
            return node.items
        if not (isinstance(node, Scalar) and node.is_empty):
            self.problems.add(node.place, _("“%(name)s” must be a list, each item after “- ”.") % {"name": name})
        return []

    def mapping(self, node: Node, name: str) -> Mapping:
        if isinstance(node, Mapping):
            return node
        self.problems.add(node.place, _("“%(name)s”: expected lines of the form “name: value”.") % {"name": name})
        return Mapping(node.place)

    def media_name(self, node: Node, name: str, *, picture: bool) -> MediaName:
        """The name of a file in media/, checked once to be what it says."""
        value = self.text(node, name, max_length=100)
        file = self.media.get(value)
        known = self.pictures if picture else self.documents
        if file is None:
            self.problems.add(node.place, _("There is no file “%(file)s” in media/.") % {"file": value})
        elif value not in known:
            known.add(value)
            try:
                (uploads.check_picture if picture else uploads.check_document)(file.open(), value)
            except ValueError as error:
                self.problems.add(node.place, str(error))
        return MediaName(value)


class Fields:
    """The values of one mapping, taken by name; what is left over at the end is unknown."""

    def __init__(self, node: Mapping, reading: Reading) -> None:
        self.node = node
        self.reading = reading
        self._left = dict(node.entries)

    def take(self, name: str) -> Node | None:
        node = self._left.pop(name, None)
        return None if isinstance(node, Scalar) and node.is_empty else node

    def demand(self, name: str) -> Node | None:
        node = self.take(name)
        if node is None:
            self.reading.problems.add(self.node.place, _("“%(name)s” is missing.") % {"name": name})
        return node

    def text(self, name: str, *, max_length: int | None, required: bool = False, lines: bool = False) -> str:
        node = self.demand(name) if required else self.take(name)
        return self.reading.text(node, name, max_length=max_length, lines=lines) if node else ""

    def key(self, name: str = "key") -> str:
        node = self.demand(name)
        return self.reading.key(node, name) if node else ""

    def flag(self, name: str, default: bool = False) -> bool:
        node = self.take(name)
        return self.reading.flag(node, name) if node else default

    def items(self, name: str) -> list[Node]:
        node = self.take(name)
        return self.reading.items(node, name) if node else []

    def choice(self, name: str, choices: Collection[str], default: str = "") -> str:
        node = self.take(name) if default else self.demand(name)
        return self.reading.choice(node, name, choices) if node else default

    def finish(self) -> None:
        for name in self._left:
            self.reading.problems.add(
                self.node.keys[name],
                _("“%(name)s” is not known here. Take it out, or look for a slip in the word.") % {"name": name[:60]},
            )
