"""YAML as plain nodes with their lines. What a scalar means is decided by the field that reads it, so that `no` can be
a key and `2020` a text; aliases, anchors and tags are refused, and so are two equal keys."""

from dataclasses import dataclass, field

import yaml
from django.utils.translation import gettext as _

from courses.domain.packages.problems import Place, Problems

DEPTH = 20


@dataclass
class Node:
    place: Place


@dataclass
class Scalar(Node):
    """A value as it was written. `is_plain`: without quotation marks or "|"; `first`: the line its text begins on."""

    value: str
    is_plain: bool
    first: Place

    @property
    def is_empty(self) -> bool:
        return self.is_plain and self.value in ("", "~", "null")


@dataclass
class Sequence(Node):
    items: list[Node] = field(default_factory=list)


@dataclass
class Mapping(Node):
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def read_yaml(text: str, place: Place, problems: Problems) -> Mapping:
    """The mapping that a text is. An empty one, with a problem noted, when it is nothing of the kind."""
    try:
        node = _Composer(text, place).document()
    except _Refused as refused:
        problems.add(refused.place, refused.message)
        return Mapping(place)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        problems.add(place.down(mark.line if mark else 0), _("This is not readable YAML (%(what)s).") % {"what": what})
        return Mapping(place)
    if not isinstance(node, Mapping):
        problems.add(node.place, _("Expected lines of the form “name: value”."))
        return Mapping(place)
    return node


class _Composer:
    def __init__(self, text: str, place: Place) -> None:
        self._events = yaml.parse(text, Loader=yaml.SafeLoader)
        self._place = place

    def document(self) -> Node:
        next(self._events)  # start of the stream
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            return Mapping(self._place)
        if isinstance(event, yaml.DocumentStartEvent) and (event.explicit or event.version or event.tags):
            raise _Refused(self._at(event), _("Take out the document marker or directive."))
        node = self._node(next(self._events), 0)
        next(self._events)  # end of the document
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _Refused(self._at(event), _("A second YAML document begins here. Take it out."))
        return node

    def _at(self, event: yaml.Event) -> Place:
        return self._place.down(event.start_mark.line if event.start_mark else 0)

    def _node(self, event: yaml.Event, depth: int) -> Node:
        place = self._at(event)
        if depth > DEPTH:
            raise _Refused(place, _("The values are nested too deeply."))
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(place, _("Aliases (*name) are not allowed. Write the value out."))
        if getattr(event, "anchor", None):
            raise _Refused(place, _("Anchors (&name) are not allowed. Take it out."))
        if getattr(event, "tag", None):
            raise _Refused(place, _("Tags (!name) are not allowed. Take it out."))
        if isinstance(event, yaml.ScalarEvent):
            is_block = event.style in ("|", ">")
            return Scalar(place, event.value, event.style is None, place.down(1) if is_block else place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place, depth)
        return self._mapping(place, depth)

    def _sequence(self, place: Place, depth: int) -> Sequence:
        sequence = Sequence(place)
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            sequence.items.append(self._node(event, depth + 1))
        return sequence

    def _mapping(self, place: Place, depth: int) -> Mapping:
        mapping = Mapping(place)
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._node(event, depth + 1)
            if not isinstance(name, Scalar):
                raise _Refused(name.place, _("A name must be a single word."))
            if name.value in mapping.entries:
                raise _Refused(name.place, _("“%(name)s” is there twice. Keep one.") % {"name": name.value})
            mapping.entries[name.value] = self._node(next(self._events), depth + 1)
            mapping.keys[name.value] = name.place
        return mapping
