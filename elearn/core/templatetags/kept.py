"""`{% kept "components/turn.html" previous=reading.previous next=reading.next %}`: an `include … only` that is kept.

The same values in the same language make the same piece of a page, so each process makes it once. The values must be
hashable and all that the piece depends on: nothing that somebody may change behind its back.

What is one person's, or new each time, comes after the word `fresh` and is never kept:
`{% kept "blocks/reflection.html" ask=line.ask fresh note=line.note csrf_token=csrf_token %}`. The piece prints such a
value and does nothing else with it; it is put in, escaped as always, whenever the piece is shown.
"""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.template.loader import get_template
from django.utils.functional import LazyObject
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import get_language

from elearn.core.shelf import Shelf

register = template.Library()

# The piece, cut at the places of what is fresh: text and name of a value in turns.
Cut = tuple[str, ...]
_pieces: Shelf[tuple[Any, ...], Cut] = Shelf(room=5_000)

# No text has this character: neither PostgreSQL nor a browser takes it.
MARK = "\0"
FRESH = re.compile(f"{MARK}([a-z_]+){MARK}")


class KeptNode(Node):
    def __init__(
        self, name: str, values: Mapping[str, FilterExpression], fresh: Mapping[str, FilterExpression]
    ) -> None:
        self.name = name
        self.values = values
        self.fresh = fresh

    def render(self, context: Context) -> SafeString:
        values = [value.resolve(context) for value in self.values.values()]
        # Safe text equals plain text that reads the same, but is printed otherwise.
        key = (self.name, get_language(), *((value,) if isinstance(value, SafeData) else value for value in values))
        cut = _pieces.take_one(key, lambda: self._make(values))
        if len(cut) == 1:
            return mark_safe(cut[0])
        fresh = {name: conditional_escape(self.fresh[name].resolve(context)) for name in set(cut[1::2])}
        return mark_safe("".join(fresh[part] if place % 2 else part for place, part in enumerate(cut)))

    def _make(self, values: list[Any]) -> Cut:
        for name, value in zip(self.values, values, strict=True):
            if isinstance(value, LazyObject):  # It would keep the request that it waits for.
                raise TypeError(f"{self.name} cannot be kept: {name} is lazy.")
        marks = {name: mark_safe(f"{MARK}{name}{MARK}") for name in self.fresh}
        return tuple(
            FRESH.split(get_template(self.name).render({**dict(zip(self.values, values, strict=True)), **marks}))
        )


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """The name of a template, in quotes; the values it gets; `fresh` and those that it only prints."""
    _tag, name, *rest = token.split_contents()
    values = token_kwargs(rest, parser)
    fresh = {}
    if rest and rest[0] == "fresh":
        rest = rest[1:]
        fresh = token_kwargs(rest, parser)
    if rest or name[0] not in "\"'" or name[0] != name[-1]:
        raise template.TemplateSyntaxError('Write {% kept "folder/piece.html" name=value … fresh name=value … %}.')
    return KeptNode(name[1:-1], values, fresh)
