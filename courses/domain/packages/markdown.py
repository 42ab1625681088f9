"""Running text as Markdown: the part of CommonMark that docs/course-packages.md allows, and nothing else.

Writing proves itself: of several spellings, from plain to fully escaped, the first one is taken that reads back as
exactly the same text.
"""

import re
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, product
from string import punctuation

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.domain.packages.problems import Place, Problems
from courses.domain.packages.richtext import (
    LIST_DEPTH,
    Block,
    Document,
    Heading,
    Inline,
    Item,
    ListBlock,
    Paragraph,
    Run,
    is_good_href,
    links_in,
    tidy_document,
)
from courses.domain.packages.values import Markdown

EVERYTHING = ("h2", "h3", "bold", "italic", "link", "ol", "ul")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 100})
    # Addresses are judged here and reported, instead of being left as text, and kept as they were written.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


# --- Reading -----------------------------------------------------------------------------------------------------


def read_markdown(text: str, features: Collection[str], place: Place, problems: Problems) -> Document:
    """The document that a text is. Whatever `features` does not allow is noted as a problem, with its line."""
    environment: dict = {}
    tokens = _parser().parse(text, environment)
    reader = _Reader(tokens, features, place, problems)
    for reference in environment.get("references", {}).values():
        line = (reference.get("map") or [0])[0]
        problems.add(place.down(line), _("Write the address of a link in round brackets right after its text."))
    return tidy_document(reader.blocks(), features)


class _Reader:
    def __init__(self, tokens: Sequence[Token], features: Collection[str], place: Place, problems: Problems) -> None:
        self._tokens = deque(tokens)
        self._features = features
        self._place = place
        self._problems = problems
        self._line = 0

    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        while self._tokens:
            token = self._next()
            if token.type == "paragraph_open":
                blocks.append(Paragraph(self._inline()))
            elif token.type == "heading_open":
                blocks.append(self._heading(token))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                blocks.append(self._list(token, 1))
            else:
                self._refuse_block(token)
        return blocks

    def _next(self) -> Token:
        token = self._tokens.popleft()
        if token.map:
            self._line = token.map[0]
        return token

    def _add(self, message: str, line: int | None = None) -> None:
        self._problems.add(self._place.down(self._line if line is None else line), message)

    def _refuse_block(self, token: Token) -> None:
        names = {
            "html_block": _("HTML is not allowed. Use the signs of Markdown; a lone “<” is written “\\<”."),
            "fence": _("Code is not allowed. Write it as text."),
            "code_block": _("A line begins with four spaces or more, which makes it code. Take the spaces out."),
            "blockquote_open": _("Quotations with “>” are not allowed. Use quotation marks."),
            "hr": _("A rule is not allowed. Use a heading, or write “\\---” for the signs themselves."),
        }
        if token.type in names:
            self._add(names[token.type])

    def _heading(self, token: Token) -> Block:
        level = int(token.tag[1])
        line = self._line
        inline = self._inline()
        if f"h{level}" in self._features:
            return Heading(level, inline)
        if "h2" in self._features:
            self._add(_("Only headings with “##” and “###” are allowed."), line)
        else:
            self._add(_("A heading is not allowed here. Write a paragraph; bold may stand at its beginning."), line)
        return Paragraph(inline)

    def _list(self, token: Token, depth: int) -> ListBlock:
        ordered = token.type == "ordered_list_open"
        if ("ol" if ordered else "ul") not in self._features:
            self._add(_("A list is not allowed here."))
        if ordered and token.attrs.get("start", 1) != 1:
            self._add(_("A numbered list begins with 1."))
        if depth > LIST_DEPTH:
            self._add(_("Lists may be at most %(depth)d levels deep.") % {"depth": LIST_DEPTH})
        items: list[Item] = []
        while (token := self._next()).type not in ("bullet_list_close", "ordered_list_close"):
            if token.type == "list_item_open":
                items.append(self._item(depth))
        return ListBlock(ordered, tuple(items))

    def _item(self, depth: int) -> Item:
        inline: Inline = ()
        lists: list[ListBlock] = []
        while (token := self._next()).type != "list_item_close":
            if token.type == "paragraph_open":
                line = self._line
                text = self._inline()
                if inline or lists:
                    self._add(_("An item of a list holds one paragraph. Divide it, or end the list first."), line)
                inline += text
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                lists.append(self._list(token, depth + 1))
            elif token.type == "heading_open":
                self._add(_("A heading is not allowed in a list."))
                self._inline()
            else:
                self._refuse_block(token)
        return Item(inline, tuple(lists))

    def _inline(self) -> Inline:
        """The runs up to the end of the paragraph or heading."""
        runs: list[Run] = []
        while (token := self._next()).type == "inline":
            runs.extend(self._runs(token))
        return tuple(runs)

    def _runs(self, token: Token) -> list[Run]:
        runs: list[Run] = []
        strong = em = 0
        href = ""
        line = self._line
        for child in token.children or []:
            if child.type == "text":
                runs.append(Run(child.content, href, strong > 0, em > 0))
            elif child.type in ("softbreak", "hardbreak"):
                line += 1
                runs.append(Run(" " if child.type == "softbreak" else "\n", href, strong > 0, em > 0))
            elif child.type in ("strong_open", "strong_close"):
                strong += child.nesting
                self._demand("bold", _("Bold is not allowed here."), line)
            elif child.type in ("em_open", "em_close"):
                em += child.nesting
                self._demand("italic", _("Italics are not allowed here."), line)
            elif child.type == "link_open":
                href = self._link(child, line)
            elif child.type == "link_close":
                href = ""
            else:
                self._refuse_inline(child, line)
        return runs

    def _demand(self, feature: str, message: str, line: int) -> None:
        if feature not in self._features:
            self._add(message, line)

    def _link(self, token: Token, line: int) -> str:
        href = str(token.attrs.get("href", ""))
        self._demand("link", _("A link is not allowed here."), line)
        if token.attrs.get("title"):
            self._add(_("A link has no title: write [text](address) only."), line)
        if is_good_href(href):
            return href
        self._add(
            _("The link to “%(href)s” is not allowed. Write https://…, mailto:… or unit:key.") % {"href": href[:100]},
            line,
        )
        return ""

    def _refuse_inline(self, token: Token, line: int) -> None:
        names = {
            "code_inline": _("Code in backticks is not allowed. Write it as text."),
            "image": _("Pictures stand in a block of their own: “::: picture”."),
            "html_inline": _("HTML is not allowed. Use the signs of Markdown; a lone “<” is written “\\<”."),
        }
        self._add(names.get(token.type, _("This is not allowed here.")), line)


# --- Writing -----------------------------------------------------------------------------------------------------


def write_markdown(document: Document) -> Markdown:
    return Markdown("\n\n".join(_write_block(block) for block in document))


def tidy_markdown(text: str, features: Collection[str], place: Place, problems: Problems) -> Markdown:
    """A text in the writer's own spelling."""
    return write_markdown(read_markdown(text, features, place, problems))


def document_of(text: Markdown) -> Document:
    """The document of a text that the writer wrote."""
    return read_markdown(text, EVERYTHING, Place(""), Problems())


def links_of(text: Markdown) -> list[str]:
    return list(links_in(document_of(text)))


def _write_block(block: Block) -> str:
    if isinstance(block, ListBlock):
        return "\n".join(_write_list(block))
    if isinstance(block, Heading):
        level = block.level
        return _proven(block.inline, lambda text: f"{'#' * level} {text}", lambda inline: (Heading(level, inline),))
    return _proven(block.inline, lambda text: text, lambda inline: (Paragraph(inline),))


def _write_list(block: ListBlock) -> list[str]:
    lines = []
    for number, item in enumerate(block.items, start=1):
        mark = f"{number}. " if block.ordered else "- "
        pad = " " * len(mark)
        text = _proven(
            item.inline,
            lambda text: "- " + text.replace("\n", "\n  "),
            lambda inline: (ListBlock(False, (Item(inline),)),),
        )
        own = [line[2:] for line in text.split("\n")]
        nested = [line for inner in item.lists for line in _write_list(inner)]
        lines += [mark + own[0], *(pad + line for line in [*own[1:], *nested])]
    return lines


def _proven(inline: Inline, frame: Callable[[str], str], document: Callable[[Inline], Document]) -> str:
    wanted = document(inline)
    for spelling, em, fenced in product((_plain, _escaped, _fully_escaped), "*_", (False, True)):
        text = frame(_write_inline(inline, spelling, em, fenced))
        if _reads_as(text, wanted):
            return text
    # No spelling of these styles reads back, which no test has met: the words come before the styles.
    return frame(_fully_escaped("".join(run.text for run in inline), True).replace("\n", "\\\n"))


def _reads_as(text: str, wanted: Document) -> bool:
    # A line of three colons would begin a block of the lesson.
    if re.search(r"^:::", text, re.M):
        return False
    problems = Problems()
    return read_markdown(text, EVERYTHING, Place(""), problems) == wanted and not problems.found


Spelling = Callable[[str, bool], str]


def _plain(text: str, at_start: bool) -> str:
    return text


def _escaped(text: str, at_start: bool) -> str:
    text = re.sub(r"([\\`*_\[\]<&])", r"\\\1", text)
    start = r"(^|\n)" if at_start else r"(\n)"
    text = re.sub(start + r"([#+\-=>~:])", r"\1\\\2", text)
    return re.sub(start + r"([0-9]{1,9})([.)])", r"\1\2\\\3", text)


def _fully_escaped(text: str, at_start: bool) -> str:
    return re.sub(f"([{re.escape(punctuation)}])", r"\\\1", text)


@dataclass(frozen=True)
class _Mark:
    """A sign of emphasis, among the texts of a paragraph."""

    sign: str


def _write_inline(inline: Inline, spelling: Spelling, em: str, fenced: bool) -> str:
    pieces: list[_Mark | str] = []
    for href, linked in groupby(inline, key=lambda run: run.href):
        pieces += ["["] if href else []
        for strong, group in groupby(linked, key=lambda run: run.strong):
            pieces += [_Mark("**")] if strong else []
            for run in group:
                text = spelling(run.text, not pieces)
                pieces += [_Mark(em), text, _Mark(em)] if run.em else [text]
            pieces += [_Mark("**")] if strong else []
        pieces += [f"]({_destination(href, spelling)})"] if href else []
    if fenced:
        pieces = [_fence(pieces, index) for index in range(len(pieces))]
    text = "".join(piece.sign if isinstance(piece, _Mark) else piece for piece in pieces)
    return text.replace("\n", "\\\n")


def _fence(pieces: list[_Mark | str], index: int) -> _Mark | str:
    """A text whose letters beside signs of emphasis are character references: then the signs read one way only."""
    text = pieces[index]
    if isinstance(text, _Mark) or not text:
        return text
    if index + 1 < len(pieces) and isinstance(pieces[index + 1], _Mark) and text[-1].isalnum():
        text = f"{text[:-1]}&#{ord(text[-1])};"
    if index and isinstance(pieces[index - 1], _Mark) and text[0].isalnum():
        text = f"&#{ord(text[0])};{text[1:]}"
    return text


def _destination(href: str, spelling: Spelling) -> str:
    return href if spelling is _plain else "<" + re.sub(r"([\\<>&*_`\[\]])", r"\\\1", href) + ">"
