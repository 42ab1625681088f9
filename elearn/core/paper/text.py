"""Running text as reportlab places it: shaped, broken into lines, each line in the order in which it is drawn."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable
from xhtml2pdf.bidi import CONTROL_CHARS, display_order, mirrored

from elearn.core.typesetting import FONTS, OTHER_SCRIPTS, direction, shaped

# Tried in this order for each character; those of the other scripts have one weight.
OTHERS = tuple(f"{script}-Regular" for script in OTHER_SCRIPTS)
PLAIN = ("NotoSans-Regular", "NotoNaskhArabic-Regular", *OTHERS)
BOLD = ("NotoSans-Bold", "NotoNaskhArabic-Bold", *OTHERS)
INVISIBLE = CONTROL_CHARS | {"\u00ad", "\u200b", "\u200c", "\u200d", "\ufeff"}


class Run(NamedTuple):
    """A piece of text in one weight."""

    text: str
    bold: bool = False


class Character(NamedTuple):
    sign: str
    bold: bool


Line = list[Character]


@dataclass(frozen=True)
class Style:
    """Sizes in points. `indent` is the room on the side where lines begin; a marker stands in it."""

    size: float = 10.5
    leading: float = 15
    before: float = 0
    after: float = 5
    indent: float = 0
    grey: float = 0
    centred: bool = False


@cache
def _font(file: str) -> TTFont:
    font = TTFont(f"paper-{file}", FONTS / f"{file}.ttf")
    pdfmetrics.registerFont(font)
    return font


@cache
def font_of(sign: str, bold: bool) -> TTFont:
    """The first font that has a character; where none has, the first one draws its empty box."""
    fonts = [_font(file) for file in (BOLD if bold else PLAIN)]
    return next((font for font in fonts if ord(sign) in font.face.charToGlyph), fonts[0])


@cache
def _ems(sign: str, bold: bool) -> float:
    face = font_of(sign, bold).face
    return float(face.charWidths.get(ord(sign), face.defaultWidth)) / 1000


def can_draw(text: str) -> bool:
    """Whether some font has every character of a text."""
    return all(ord(sign) in font_of(sign, False).face.charToGlyph for sign in shaped(text) if sign not in INVISIBLE)


def width_of(characters: Iterable[Character], size: float) -> float:
    return sum(_ems(character.sign, character.bold) for character in characters) * size


def characters_of(runs: Iterable[Run]) -> Line:
    """The characters as they are drawn, Arabic letters joined, in the order in which they are read."""
    found = (Character(sign, run.bold) for run in runs for sign in _shaped(run.text))
    return [character for character in found if character.sign not in INVISIBLE]


def _shaped(text: str) -> str:
    """Line by line: shaping leaves no line ends."""
    return "\n".join(shaped(line) for line in text.replace("\t", " ").replace("\u00a0", " ").split("\n"))


def broken(characters: Line, width: float, size: float) -> list[Line]:
    """Broken at spaces and line ends, and within a word only where the word alone is too long."""
    lines: list[Line] = []
    for piece in _split(characters, "\n"):
        line: Line = []
        for word in _split(piece, " "):
            if not word:
                continue
            tried = [*line, Character(" ", word[0].bold), *word] if line else word
            if width_of(tried, size) <= width:
                line = tried
                continue
            if line:
                lines.append(line)
            *whole, line = _cut(word, width, size)
            lines += whole
        lines.append(line)
    return lines


def _split(characters: Line, separator: str) -> Iterator[Line]:
    piece: Line = []
    for character in characters:
        if character.sign == separator:
            yield piece
            piece = []
        else:
            piece.append(character)
    yield piece


def _cut(word: Line, width: float, size: float) -> list[Line]:
    pieces: list[Line] = [[]]
    for character in word:
        if pieces[-1] and width_of([*pieces[-1], character], size) > width:
            pieces.append([])
        pieces[-1].append(character)
    return pieces


def draw_line(canvas: Any, line: Line, x: float, y: float, size: float, *, rtl: bool) -> None:
    """Draw one line from its left end on."""
    text = "".join(character.sign for character in line)
    order, levels = display_order(text, "R" if rtl else "L")
    drawn = [Character(mirrored(text[place], levels[place]), line[place].bold) for place in order]
    for font, group in groupby(drawn, key=lambda character: font_of(*character)):
        piece = list(group)
        canvas.setFont(font.fontName, size)
        canvas.drawString(x, y, "".join(character.sign for character in piece))
        x += width_of(piece, size)


class Text(Flowable):
    """A paragraph. Lines begin on the side of the sheet's language; their words run as their own letters do."""

    def __init__(self, runs: Sequence[Run] | str, style: Style, *, rtl: bool, marker: str = "") -> None:
        super().__init__()
        self.runs = [Run(runs)] if isinstance(runs, str) else list(runs)
        self.style = style
        self.rtl = rtl
        self.marker = marker
        self.broken: list[Line] | None = None
        self.spaceBefore, self.spaceAfter = style.before, style.after

    def lines(self, width: float) -> list[Line]:
        if self.broken is not None:
            return self.broken
        return broken(characters_of(self.runs), width - self.style.indent, self.style.size)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        self.placed = self.lines(width)
        return width, len(self.placed) * self.style.leading

    def minWidth(self) -> float:
        """reportlab's tables ask for it."""
        return 0

    def split(self, width: float, height: float) -> list[Flowable]:
        lines = self.lines(width)
        room = int(height // self.style.leading)
        # Never a single line at the foot or at the head of a page.
        room = min(room, len(lines) - 2) if len(lines) > 3 else 0
        if room < 2:
            return []
        return [self._part(lines[:room], self.marker), self._part(lines[room:], "")]

    def _part(self, lines: list[Line], marker: str) -> "Text":
        part = Text(self.runs, self.style, rtl=self.rtl, marker=marker)
        part.broken = lines
        return part

    def draw(self) -> None:
        canvas, style = self.canv, self.style
        canvas.saveState()
        canvas.setFillGray(style.grey)
        # Of the paragraph and not of the line, which may begin with a foreign word.
        way = (
            direction("".join(run.text for run in self.runs)) if self._says_a_way() else ("rtl" if self.rtl else "ltr")
        )
        y = len(self.placed) * style.leading
        for number, line in enumerate(self.placed):
            y -= style.leading
            baseline = y + (style.leading - style.size) / 2 + style.size * 0.22
            if number == 0 and self.marker:
                self._draw_marker(baseline)
            draw_line(canvas, line, self._left(line), baseline, style.size, rtl=way == "rtl")
        canvas.restoreState()

    def _says_a_way(self) -> bool:
        return any(sign.isalpha() for run in self.runs for sign in run.text)

    def _left(self, line: Line) -> float:
        wide = width_of(line, self.style.size)
        if self.style.centred:
            return (self.width - wide) / 2
        return self.width - self.style.indent - wide if self.rtl else self.style.indent

    def _draw_marker(self, baseline: float) -> None:
        """Ends a little before the text begins, so that numbers of one and of two digits stand in line."""
        marker, gap = characters_of([Run(self.marker, True)]), 5
        wide = width_of(marker, self.style.size)
        left = self.width - self.style.indent + gap if self.rtl else self.style.indent - gap - wide
        draw_line(self.canv, marker, left, baseline, self.style.size, rtl=self.rtl)
