"""Running text as a small document of paragraphs, headings and lists; what the CMS stores as HTML, and back.

A document has one normal form, whoever wrote it: a link is outside bold, bold outside italic, no style begins or ends
with a space, neighbours of one kind are one. So two documents that read alike are equal.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from courses.domain.packages.values import UNWRITABLE
from elearn.core.html import clean_rich_text

LIST_DEPTH = 3
SPACES = re.compile("[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
OUTWARD = re.compile(r"(https?://[^\s/]|mailto:)[^\s<>\"\\`{}|^]*\Z", re.I)
INWARD = re.compile(r"(unit|module):([a-z0-9][a-z0-9-]{0,59})\Z")
HREF_LENGTH = 2000


@dataclass(frozen=True)
class Run:
    """Text of one style. A line break is "\\n"."""

    text: str
    href: str = ""
    strong: bool = False
    em: bool = False


Inline = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    inline: Inline


@dataclass(frozen=True)
class Heading:
    level: int
    inline: Inline


@dataclass(frozen=True)
class Item:
    inline: Inline
    lists: "tuple[ListBlock, ...]" = ()


@dataclass(frozen=True)
class ListBlock:
    ordered: bool
    items: tuple[Item, ...]


Block = Paragraph | Heading | ListBlock
Document = tuple[Block, ...]


def is_good_href(href: str) -> bool:
    """Whether a link may lead there: http, https, mailto, or a unit or module of the course."""
    if INWARD.match(href):
        return True
    if len(href) > HREF_LENGTH or not OUTWARD.match(href) or UNWRITABLE.search(href):
        return False
    # The cleaner has the last word: what it would drop must not be promised.
    return "href=" in clean_rich_text(f'<a href="{escape(href)}">x</a>')


# --- The normal form ---------------------------------------------------------------------------------------------


def tidy_inline(runs: Iterable[Run]) -> Inline:
    """Runs in normal form: spaces collapsed and without style at the edges of one, neighbours of one style joined."""
    marked: list[Run] = []  # one run a character
    for run in runs:
        for part in re.split("(\n)", run.text):
            text = "\n" if part == "\n" else UNWRITABLE.sub("", SPACES.sub(" ", part))
            marked.extend(Run(character, run.href, run.strong, run.em) for character in text)
    kept = _without_spare_spaces(marked)
    before, after = _words_beside(kept), _words_beside(kept[::-1])[::-1]
    styled = [
        _space_style(run, left, right) if run.text.isspace() else run
        for run, left, right in zip(kept, before, after, strict=True)
    ]
    joined = groupby(styled, key=lambda run: (run.href, run.strong, run.em))
    return tuple(Run("".join(run.text for run in group), *style) for style, group in joined)


def _without_spare_spaces(marked: list[Run]) -> list[Run]:
    kept: list[Run] = []
    for run in marked:
        before = kept[-1].text if kept else "\n"
        if run.text == " " and before == " ":
            continue
        if run.text.isspace() and run.text != "\n" and before == "\n":
            continue
        if run.text == "\n":
            while kept and kept[-1].text.isspace() and kept[-1].text != "\n":
                kept.pop()
            if not kept:
                continue
        kept.append(run)
    while kept and kept[-1].text.isspace():
        kept.pop()
    return kept


def _words_beside(runs: list[Run]) -> list[Run]:
    """For each run the nearest one at or before it that is no space."""
    found: list[Run] = []
    for run in runs:
        found.append(found[-1] if found and run.text.isspace() else run)
    return found


def _space_style(space: Run, left: Run, right: Run) -> Run:
    """A space has the style that the words on both sides of it share, and never more than it had."""
    if not left.href == space.href == right.href:
        # Between a link and its surroundings, or two links: the space belongs to neither.
        same = left.href == right.href
        return Run(space.text, space.href if same and space.href == left.href else "")
    strong = left.strong and space.strong and right.strong
    em = left.em and space.em and right.em and left.strong == strong == right.strong
    return Run(space.text, space.href, strong, em)


def tidy_document(blocks: Iterable[Block], features: Collection[str]) -> Document:
    """Blocks in normal form, restricted to what the editor offers at this place."""
    tidied = (candidate for block in blocks for candidate in _tidy_block(block, features))
    joined: list[Block] = []
    for ordered, group in groupby(tidied, key=lambda block: block.ordered if isinstance(block, ListBlock) else None):
        if ordered is None:
            joined.extend(group)
        else:
            items = (item for block in group if isinstance(block, ListBlock) for item in block.items)
            joined.append(ListBlock(ordered, tuple(items)))
    return tuple(joined)


def _tidy_block(block: Block, features: Collection[str]) -> Iterator[Block]:
    if isinstance(block, ListBlock):
        yield from _tidy_list(block, features)
        return
    inline = _restricted(block.inline, features)
    if isinstance(block, Heading) and f"h{block.level}" in features:
        # A heading is one line.
        inline = tidy_inline(Run(run.text.replace("\n", " "), run.href, run.strong, run.em) for run in inline)
        yield from [Heading(block.level, inline)] if inline else []
    elif inline:
        yield Paragraph(inline)


def _tidy_list(block: ListBlock, features: Collection[str]) -> Iterator[Block]:
    items: list[Item] = []
    for item in block.items:
        lists = [b for b in tidy_document(item.lists, features) if isinstance(b, ListBlock)]
        inline = _restricted(item.inline, features)
        if inline:
            items.append(Item(inline, tuple(lists)))
        else:
            items.extend(inner for nested in lists for inner in nested.items)
    if items:
        yield ListBlock(block.ordered, tuple(items))


def _restricted(inline: Inline, features: Collection[str]) -> Inline:
    return tidy_inline(
        Run(
            run.text,
            run.href if "link" in features else "",
            run.strong and "bold" in features,
            run.em and "italic" in features,
        )
        for run in inline
    )


def links_in(document: Iterable[Block | Item]) -> Iterator[str]:
    for block in document:
        if isinstance(block, ListBlock):
            yield from links_in(block.items)
            continue
        yield from (run.href for run in block.inline if run.href)
        if isinstance(block, Item):
            yield from links_in(block.lists)


# --- HTML --------------------------------------------------------------------------------------------------------


def to_html(document: Document, page_of: Callable[[str], int | None]) -> str:
    """What the CMS stores, in its editor's own spelling. A link to a unit without a page becomes plain text."""
    return clean_rich_text("".join(_block_html(block, page_of) for block in document))


def _block_html(block: Block, page_of: Callable[[str], int | None]) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_inline_html(block.inline, page_of)}</p>"
    if isinstance(block, Heading):
        return f"<h{block.level}>{_inline_html(block.inline, page_of)}</h{block.level}>"
    tag = "ol" if block.ordered else "ul"
    items = (
        f"<li>{_inline_html(item.inline, page_of)}{''.join(_block_html(b, page_of) for b in item.lists)}</li>"
        for item in block.items
    )
    return f"<{tag}>{''.join(items)}</{tag}>"


def _inline_html(inline: Inline, page_of: Callable[[str], int | None]) -> str:
    return "".join(
        _link_html(href, "".join(_run_html(run) for run in runs), page_of)
        for href, runs in groupby(inline, key=lambda run: run.href)
    )


def _run_html(run: Run) -> str:
    text = escape(run.text, quote=False).replace("\n", "<br/>")
    text = f"<i>{text}</i>" if run.em else text
    return f"<b>{text}</b>" if run.strong else text


def _link_html(href: str, text: str, page_of: Callable[[str], int | None]) -> str:
    if not href:
        return text
    if INWARD.match(href):
        page = page_of(href)
        return f'<a linktype="page" id="{page}">{text}</a>' if page else text
    return f'<a href="{escape(href)}">{text}</a>'


def from_html(html: str, features: Collection[str], name_of: Callable[[int], str | None]) -> tuple[Document, list[str]]:
    """The document that stored HTML is, and the links that no package can hold (they are left out, their text stays).

    `name_of` gives the "unit:key" of a page id.
    """
    reader = _HtmlReader(name_of)
    reader.feed(html or "")
    reader.close()
    reader.flush()
    return tidy_document(reader.blocks, features), reader.lost


class _Level:
    def __init__(self, ordered: bool) -> None:
        self.ordered = ordered
        self.items: list[tuple[list[Run], list[ListBlock]]] = []

    def block(self) -> ListBlock:
        return ListBlock(self.ordered, tuple(Item(tuple(runs), tuple(lists)) for runs, lists in self.items))


class _HtmlReader(HTMLParser):
    def __init__(self, name_of: Callable[[int], str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.lost: list[str] = []
        self._name_of = name_of
        self._heading = 0
        self._runs: list[Run] = []
        self._levels: list[_Level] = []
        self._too_deep = 0
        self._strong = self._em = self._silent = 0
        self._hrefs: list[str] = []

    def flush(self) -> None:
        while self._levels:
            self._end_list()
        self._end_block()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self._start_list(tag == "ol")
        elif tag == "li" and self._levels:
            self._levels[-1].items.append(([], []))
        elif tag == "br":
            self._add("\n")
        elif tag in ("p", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"):
            self._end_block()
            self._heading = {"h1": 2, "h2": 2}.get(tag, 3) if tag[0] == "h" else 0
        elif tag == "a":
            self._hrefs.append(self._href(dict(attrs)))
        self._count(tag, 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._end_list()
        elif tag in ("p", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"):
            self._end_block()
        elif tag == "a" and self._hrefs:
            self._hrefs.pop()
        self._count(tag, -1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # A line end in HTML is a space; a line break is <br>.
            self._add(SPACES.sub(" ", data))

    def _add(self, text: str) -> None:
        href = self._hrefs[-1] if self._hrefs else ""
        self._target().append(Run(text, href, self._strong > 0, self._em > 0))

    def _count(self, tag: str, step: int) -> None:
        if tag in ("b", "strong"):
            self._strong = max(0, self._strong + step)
        elif tag in ("i", "em"):
            self._em = max(0, self._em + step)
        elif tag in ("script", "style"):
            self._silent = max(0, self._silent + step)

    def _target(self) -> list[Run]:
        if not self._levels:
            return self._runs
        level = self._levels[-1]
        if not level.items:
            level.items.append(([], []))
        return level.items[-1][0]

    def _end_block(self) -> None:
        if self._levels:
            # Paragraphs inside a list item become lines of it.
            if any(run.text.strip() for run in self._target()):
                self._target().append(Run("\n"))
            return
        runs = tuple(self._runs)
        self.blocks.append(Heading(self._heading, runs) if self._heading else Paragraph(runs))
        self._runs, self._heading = [], 0

    def _start_list(self, ordered: bool) -> None:
        if not self._levels:
            self._end_block()
        if len(self._levels) == LIST_DEPTH:
            self._too_deep += 1
        else:
            self._levels.append(_Level(ordered))

    def _end_list(self) -> None:
        if self._too_deep:
            self._too_deep -= 1
        elif self._levels:
            block = self._levels.pop().block()
            if not self._levels:
                self.blocks.append(block)
            else:
                self._target()
                self._levels[-1].items[-1][1].append(block)

    def _href(self, attributes: dict[str, str | None]) -> str:
        href = re.sub(r"\s", "%20", (attributes.get("href") or "").strip())
        if attributes.get("linktype") == "page" and (attributes.get("id") or "").isdecimal():
            href = self._name_of(int(attributes["id"] or 0)) or ""
        if is_good_href(href):
            return href
        self.lost.append(attributes.get("href") or f"{attributes.get('linktype')} {attributes.get('id')}")
        return ""
