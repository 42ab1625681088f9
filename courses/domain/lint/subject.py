"""What the rules look at: a page with its parts, and what is known of everything that the parts refer to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model
from wagtail.models import Page

from courses.domain.link_client import normal_address
from courses.domain.lint.content import Kind, Part, block_names
from courses.domain.page_trees import ModuleTree
from courses.models import LinkCheck
from elearn.core.models import Handout, Picture


@dataclass(frozen=True)
class Known:
    """What the parts of a course refer to, as far as it is there and well. A query for each kind of thing."""

    live_pages: frozenset[int] = frozenset()
    draft_pages: frozenset[int] = frozenset()
    files: frozenset[int] = frozenset()
    # The pictures that are there; True when one has a text alternative of its own, or only decorates.
    pictures: dict[int, bool] = field(default_factory=dict)
    rows: frozenset[tuple[type[Model], int]] = frozenset()
    broken: dict[str, LinkCheck] = field(default_factory=dict)


def gather(parts: Iterable[Part]) -> Known:
    pages: set[int] = set()
    files: set[int] = set()
    pictures: set[int] = set()
    addresses: set[str] = set()
    rows: dict[type[Model], set[int]] = defaultdict(set)
    for part in parts:
        if part.kind is Kind.ROW:
            rows[part.value[0]].add(part.value[1])
        pages |= {link.page for link in part.prose.links if link.page}
        files |= {link.document for link in part.prose.links if link.document}
        addresses |= {normal_address(address) for address in addresses_in(part)}
        found = {Kind.PAGE: pages, Kind.FILE: files, Kind.PICTURE: pictures}.get(part.kind)
        if found is not None and str(part.value).isdecimal():
            found.add(int(part.value))
    there = dict(Page.objects.filter(pk__in=pages).values_list("pk", "live"))
    return Known(
        live_pages=frozenset(pk for pk, live in there.items() if live),
        draft_pages=frozenset(pk for pk, live in there.items() if not live),
        files=frozenset(Handout.objects.filter(pk__in=files).values_list("pk", flat=True)),
        pictures={
            picture.pk: bool(picture.is_decorative or picture.alt_text)
            for picture in Picture.objects.filter(pk__in=pictures).only("alt_text", "is_decorative")
        },
        rows=frozenset(
            (model, pk)
            for model, wanted in rows.items()
            for pk in model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True)
        ),
        broken={check.url: check for check in LinkCheck.objects.broken().filter(url__in=addresses)},
    )


def addresses_in(part: Part) -> list[str]:
    """The web addresses that a part leads to."""
    found = [str(part.value)] if part.kind is Kind.ADDRESS else [link.address for link in part.prose.links]
    return [address for address in found if address.lower().startswith(("http://", "https://"))]


@dataclass(frozen=True)
class Subject:
    """One page under check. A question of a bank is checked as part of the quiz that draws it, with parts of its own.

    `modules` and `kinds` say what stands below: the modules of a course, the unit types of a module in order.
    """

    page: Any
    parts: tuple[Part, ...]
    language: str
    known: Known
    modules: tuple[ModuleTree, ...] = ()
    units: tuple[Any, ...] = ()

    @cached_property
    def blocks(self) -> list[str]:
        """The names of the blocks of the lesson's body, in order."""
        return block_names(self.page)

    @cached_property
    def words(self) -> int:
        """How many words a learner reads: not the notes for facilitators, nor the title."""
        return sum(part.prose.words for part in self.parts if part.name not in ("facilitator_notes", "title"))
