"""HTML of lessons, notes and questions as pieces of a sheet. What only a screen can do is said or left out."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import gettext as _

from elearn.core.paper.pages import BODY, SMALL, Pieces, Sheet
from elearn.core.paper.text import Run, Style

LEFT_OUT = {"script", "style", "form", "button", "textarea", "select", "input", "nav", "svg", "track", "template"}
EMPTY = {"br", "img", "input", "track", "hr", "source", "wbr", "meta", "link"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 3}
BLOCKS = {"p", "div", "section", "article", "figure", "figcaption", "details", "summary", "caption", "blockquote"}
ASIDES = ("key-point", "law", "case", "check-up", "quotation")
BOLD = {"b", "strong", "th", "dt", "summary"}
LIST_STEP = 18.0


@dataclass
class _Level:
    """Where pieces are being put: the sheet, an aside, a cell."""

    tag: str
    pieces: Pieces = field(default_factory=list)


@dataclass
class _List:
    ordered: bool
    number: int = 0


class _Reader(HTMLParser):
    def __init__(self, sheet: Sheet) -> None:
        super().__init__(convert_charrefs=True)
        self.sheet = sheet
        self.levels = [_Level("")]
        self.lists: list[_List] = []
        self.runs: list[Run] = []
        self.marker = ""
        self.bold = 0
        self.heading = 0
        self.small = 0
        self.skipped: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.rows: list[list[Pieces]] = []

    # --- What the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        kinds = (about.get("class") or "").split()
        if self.skipped or self._is_left_out(tag, about, kinds):
            if tag not in EMPTY:
                self.skipped.append(tag)
            return
        if tag in EMPTY:
            self._empty(tag, about)
            return
        self._begin(tag, kinds)
        if tag in ("audio", "video"):
            self._say(_("[Recording: to be heard or seen online]"))
            self.skipped.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag in self.skipped:
                del self.skipped[len(self.skipped) - 1 - self.skipped[::-1].index(tag) :]
            return
        if not any(opened == tag for opened, _aside in self.open):
            return
        while self.open:
            opened, aside = self.open.pop()
            self._end(opened, aside)
            if opened == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.skipped:
            return
        words = " ".join(data.split())
        if not words:
            if data and self.runs:
                self.runs.append(Run(" ", self.bold > 0))
            return
        start = " " if data[0].isspace() else ""
        end = " " if data[-1].isspace() else ""
        self.runs.append(Run(f"{start}{words}{end}", self.bold > 0))

    # --- What it comes to

    def _is_left_out(self, tag: str, about: dict[str, str | None], kinds: list[str]) -> bool:
        inside_check = any(aside == "check-up" for _tag, aside in self.open)
        return tag in LEFT_OUT or "hidden" in kinds or "download" in about or (inside_check and "soft" in kinds)

    def _empty(self, tag: str, about: dict[str, str | None]) -> None:
        if tag == "br":
            self.runs.append(Run("\n"))
        elif tag == "img":
            alt = (about.get("alt") or "").strip()
            if alt:
                self.runs.append(Run(_("[Picture, to be seen online: %(alt)s]") % {"alt": alt}))

    def _begin(self, tag: str, kinds: list[str]) -> None:
        aside = next((kind for kind in ASIDES if kind in kinds), "")
        if tag in BLOCKS or tag in HEADINGS or tag in ("ul", "ol", "li", "table", "tr", "td", "th", "dl", "dt", "dd"):
            self._flush()
        if aside or tag in ("td", "th", "blockquote"):
            self.levels.append(_Level(tag))
        self.open.append((tag, aside))
        self.bold += tag in BOLD or "label" in kinds
        self.small += "label" in kinds or tag == "figcaption"
        if "label" in kinds:
            self.open[-1] = (tag, "label")
        if tag in HEADINGS:
            self.heading = HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self.lists.append(_List(tag == "ol"))
        elif tag == "li" and self.lists:
            self.lists[-1].number += 1
            self.marker = f"{self.lists[-1].number}." if self.lists[-1].ordered else "•"
        elif tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])

    def _end(self, tag: str, aside: str) -> None:
        if tag in BLOCKS or tag in HEADINGS or tag in ("ul", "ol", "li", "table", "tr", "td", "th", "dl", "dt", "dd"):
            self._flush()
        self.bold -= tag in BOLD or aside == "label"
        self.small -= aside == "label" or tag == "figcaption"
        if tag in HEADINGS:
            self.heading = 0
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag in ("td", "th"):
            pieces = self.levels.pop().pieces
            if self.rows:
                self.rows[-1].append(pieces)
        elif tag == "table":
            self._end_table()
        if (aside and aside != "label") or tag == "blockquote":
            pieces = self.levels.pop().pieces
            if pieces:
                self.levels[-1].pieces.append(self.sheet.aside(pieces) if len(self.levels) == 1 else pieces[0])
                if len(self.levels) > 1:
                    self.levels[-1].pieces += pieces[1:]

    def _end_table(self) -> None:
        columns = max((len(row) for row in self.rows), default=0)
        if not columns:
            return
        rows = [[*row, *([""] * (columns - len(row)))] for row in self.rows]
        self.levels[-1].pieces.append(self.sheet.table(rows, [1] * columns))
        self.rows = []

    def _say(self, words: str) -> None:
        self._flush()
        self.levels[-1].pieces.append(self.sheet.small(words))

    def _flush(self) -> None:
        """The text read so far becomes a paragraph."""
        runs, self.runs = self.runs, []
        if not "".join(run.text for run in runs).strip():
            return
        self.levels[-1].pieces.append(self._paragraph(_trimmed(runs)))

    def _paragraph(self, runs: list[Run]) -> Any:
        if self.heading and not self.lists:
            return self.sheet.heading(runs, self.heading)
        marker, self.marker = self.marker, ""
        if self.heading:
            runs = [Run(run.text, True) for run in runs]
        if self.lists:
            return self.sheet.item(runs, marker, LIST_STEP * len(self.lists))
        if len(self.levels) > 1 and self.levels[-1].tag in ("td", "th"):
            return self.sheet.text(runs, Style(size=9.5, leading=13, after=2))
        return self.sheet.text(runs, SMALL if self.small else BODY)

    def close(self) -> None:
        super().close()
        self._flush()
        while len(self.levels) > 1:
            pieces = self.levels.pop().pieces
            self.levels[-1].pieces += pieces


def _trimmed(runs: list[Run]) -> list[Run]:
    first, *rest = runs
    runs = [Run(first.text.lstrip(), first.bold), *rest]
    *before, last = runs
    return [*before, Run(last.text.rstrip(), last.bold)]


def from_html(html: str, sheet: Sheet) -> Pieces:
    """The pieces of a text in HTML. Anything may be in it: what is unknown is read as the text inside."""
    reader = _Reader(sheet)
    reader.feed(html)
    reader.close()
    return reader.levels[0].pieces
