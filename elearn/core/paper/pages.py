"""Sheets of A4 with head and foot, and the pieces that stand on them."""

import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageBreak, PageTemplate, Spacer, Table

from elearn.core.paper.marks import MILLIMETRE, rule
from elearn.core.paper.text import Run, Style, Text, broken, characters_of, draw_line, width_of

WIDTH, HEIGHT = A4
SIDE, TOP, BOTTOM = 20 * MILLIMETRE, 24 * MILLIMETRE, 20 * MILLIMETRE
INNER = WIDTH - 2 * SIDE

BODY = Style()
SMALL = Style(size=9, leading=12.5, after=3, grey=0.25)
TITLE = Style(size=19, leading=25, after=4)
HEADINGS = {
    1: Style(size=15, leading=20, before=10, after=5),
    2: Style(size=12.5, leading=17, before=8, after=4),
    3: Style(size=11, leading=15.5, before=6, after=3),
}
Pieces = list[Any]
Words = str | Sequence[Run]


class Sheet:
    """Makes the pieces of a document in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.rtl = bool(get_language_info(language)["bidi"])

    def text(self, words: Words, style: Style = BODY, marker: str = "") -> Text:
        return Text(words, style, rtl=self.rtl, marker=marker)

    def small(self, words: Words) -> Text:
        return self.text(words, SMALL)

    def title(self, words: str) -> Text:
        return self._kept(Text([Run(words, True)], TITLE, rtl=self.rtl))

    def heading(self, words: Words, level: int = 1) -> Text:
        runs = [Run(words, True)] if isinstance(words, str) else [Run(run.text, True) for run in words]
        return self._kept(Text(runs, HEADINGS[min(level, 3)], rtl=self.rtl))

    def _kept(self, text: Text) -> Text:
        """With what follows it, at the foot of a page."""
        text.keepWithNext = 1
        return text

    def item(self, words: Words, marker: str = "•", indent: float = 18) -> Text:
        return self.text(words, Style(after=3, indent=indent), marker)

    def space(self, millimetres: float) -> Spacer:
        return Spacer(1, millimetres * MILLIMETRE)

    def new_page(self) -> Flowable:
        return PageBreak()

    def unless_room(self, millimetres: float) -> Flowable:
        """A new page unless so much of this one is left."""
        return CondPageBreak(millimetres * MILLIMETRE)

    def table(
        self,
        rows: Sequence[Sequence[Any]],
        shares: Sequence[float],
        *,
        head: bool = True,
        row_height: float | None = None,
        grid: bool = True,
    ) -> Table:
        """Rows of cells, each a text or pieces; `shares` divide the width. Its head is repeated on every page."""
        whole = sum(shares)
        widths = [INNER * share / whole for share in shares]
        cells = [[self._cell(cell, bold=head and place == 0) for cell in row] for place, row in enumerate(rows)]
        if self.rtl:
            widths, cells = widths[::-1], [row[::-1] for row in cells]
        style: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if row_height or not grid else "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
        if grid:
            style.append(("GRID", (0, 0), (-1, -1), 0.6, (0.35, 0.35, 0.35)))
        if head:
            style.append(("BACKGROUND", (0, 0), (-1, 0), (0.92, 0.92, 0.92)))
        heights = [None if head and place == 0 else row_height for place in range(len(rows))] if row_height else None
        return Table(
            cells,
            colWidths=widths,
            rowHeights=heights,
            repeatRows=1 if head else 0,
            style=style,
            splitInRow=0 if row_height else 1,
            spaceBefore=4,
            spaceAfter=8,
        )

    def _cell(self, cell: Any, *, bold: bool) -> Any:
        if isinstance(cell, str):
            return [Text([Run(cell, bold)], Style(size=9.5, leading=13, after=0), rtl=self.rtl)] if cell else ""
        return cell

    def aside(self, pieces: Pieces) -> Table:
        """Set apart from the text by a bar at its side."""
        side = "LINEAFTER" if self.rtl else "LINEBEFORE"
        style = [
            (side, (0, 0), (-1, -1), 2.5, (0.3, 0.3, 0.3)),
            ("LEFTPADDING", (0, 0), (-1, -1), 12),
            ("RIGHTPADDING", (0, 0), (-1, -1), 12),
        ]
        return Table([[pieces]], colWidths=[INNER], style=style, splitInRow=1, spaceBefore=4, spaceAfter=8)


class _NumberedCanvas(Canvas):
    """Knows how many pages there are before it writes the first one's number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept_pages: list[dict[str, Any]] = []
        self.write_number: Any = None

    def showPage(self) -> None:
        self._kept_pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = self._kept_pages
        for number, page in enumerate(pages, start=1):
            self.__dict__.update(page)
            self.write_number(self, number, len(pages))
            super().showPage()
        super().save()


def print_pages(
    pieces: Pieces, *, sheet: Sheet, title: str, author: str, head: tuple[str, str], foot: str = ""
) -> bytes:
    """A PDF of these pieces. On every page stand both ends of `head`, `foot`, and which page of how many it is."""
    out = io.BytesIO()

    def write_number(canvas: Any, number: int, count: int) -> None:
        page = _("Page %(number)d of %(count)d") % {"number": number, "count": count}
        _write_ends(canvas, sheet, (foot, page), 11 * MILLIMETRE)

    def frame_page(canvas: Any, document: Any) -> None:
        canvas.write_number = write_number
        _write_ends(canvas, sheet, head, HEIGHT - 15 * MILLIMETRE, bold_end=True)
        rule(canvas, SIDE, WIDTH - SIDE, HEIGHT - 18 * MILLIMETRE)

    document = BaseDocTemplate(out, pagesize=A4, title=title, author=author, lang=sheet.language)
    frame = Frame(
        SIDE, BOTTOM, INNER, HEIGHT - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=frame_page)])
    document.build(pieces, canvasmaker=_NumberedCanvas)
    return out.getvalue()


def _write_ends(canvas: Any, sheet: Sheet, ends: tuple[str, str], y: float, bold_end: bool = False) -> None:
    """A text at the side where lines begin, cut where it is too long, and one at the other side."""
    size = 9
    start, end = (characters_of([Run(ends[0])]), characters_of([Run(ends[1], bold_end)]))
    room = INNER - width_of(end, size) - 20
    lines = broken(start, room, size)
    if len(lines) > 1:
        start = [*broken(start, room - 10, size)[0], *characters_of([Run("…")])]
    canvas.saveState()
    canvas.setFillGray(0.2)
    first, last = (end, start) if sheet.rtl else (start, end)
    draw_line(canvas, first, SIDE, y, size, rtl=sheet.rtl)
    draw_line(canvas, last, WIDTH - SIDE - width_of(last, size), y, size, rtl=sheet.rtl)
    canvas.restoreState()
