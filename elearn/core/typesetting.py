"""Fitting text on paper: the fonts there are, how wide a text is, and where its lines break.

xhtml2pdf breaks a right-to-left paragraph into lines in reverse order and cannot shrink a long name to its place, so
both are settled here, before the template sees the text.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import arabic_reshaper
from reportlab.pdfbase.ttfonts import TTFontFile

FONTS = Path(__file__).resolve().parent / "fonts"

# xhtml2pdf shapes Arabic with this object, which by default deletes the vowel marks of a name.
arabic_reshaper.default_reshaper.configuration["delete_harakat"] = "no"

# A shadda and a second mark are one glyph each; drawn one over the other they would be struck through.
MARK_PAIRS = {"\u064c": "\ufc5e", "\u064d": "\ufc5f", "\u064e": "\ufc60", "\u064f": "\ufc61", "\u0650": "\ufc62"}
MARK_PAIRS["\u0670"] = "\ufc63"
SHADDA_PAIR = re.compile("\u0651([\u064c-\u0650\u0670])|([\u064c-\u0650\u0670])\u0651")


@dataclass(frozen=True)
class Face:
    """A font family of the template with one weight: the file of each script, in the order they are tried."""

    files: tuple[str, ...]

    def draws(self, character: str) -> bool:
        return any(ord(character) in _font(file).charToGlyph for file in self.files)

    def width(self, text: str) -> float:
        """The width of a text in ems."""
        return sum(self._advance(character) for character in shaped(text)) / 1000

    def _advance(self, character: str) -> float:
        code = ord(character)
        fonts = [_font(file) for file in self.files]
        font = next((font for font in fonts if code in font.charToGlyph), fonts[0])
        return float(font.charWidths.get(code, font.defaultWidth))


@dataclass(frozen=True)
class Line:
    text: str
    direction: str


@dataclass(frozen=True)
class Block:
    """Lines of one size, in points, that fit the width they were set for."""

    size: float
    lines: tuple[Line, ...]


OTHER_SCRIPTS = ("NotoSerifGeorgian", "NotoSerifArmenian", "NotoSerifEthiopic", "NotoSerifHebrew")
SERIF = Face(("NotoSerif-Regular", "NotoNaskhArabic-Regular", *(f"{script}-Regular" for script in OTHER_SCRIPTS)))
SERIF_BOLD = Face(("NotoSerif-Bold", "NotoNaskhArabic-Bold"))
SANS = Face(("NotoSans-Regular", "NotoNaskhArabic-Regular"))
SANS_BOLD = Face(("NotoSans-Bold", "NotoNaskhArabic-Bold"))


def fit(text: str, *, face: Face, width: float, choices: Iterable[tuple[float, int]]) -> Block:
    """Set a text in the first of the choices (size, number of lines) that holds it within a width in points.

    A text that is too long for every choice is set in the last one's size, in as many lines as it takes.
    """
    text = tidy(text)
    size = 0.0
    for size, most in choices:
        lines = _balanced(text, face, width / size)
        if len(lines) <= most and not any(" " not in line and line not in text.split(" ") for line in lines):
            break
    return Block(size=size, lines=tuple(Line(shaped(line), direction(line)) for line in lines))


JOINERS = "\u200c\u200d"  # zero-width non-joiner and joiner


def tidy(text: str) -> str:
    """One line of composed characters: without controls, line breaks or runs of spaces.

    The joiners stay: in Persian and Urdu names they are part of the spelling.
    """
    printable = (" " if character.isspace() else character for character in unicodedata.normalize("NFC", text))
    kept = "".join(c for c in printable if c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(kept.split())


def undrawable(text: str, face: Face) -> list[str]:
    """The characters of a text that no font of a face has."""
    return sorted({character for character in shaped(tidy(text)) if not face.draws(character)})


def shaped(text: str) -> str:
    """A text with its Arabic letters joined, in the order it is read; any other text as it is."""
    joined: str = arabic_reshaper.reshape(text)
    paired = SHADDA_PAIR.sub(lambda match: MARK_PAIRS[match[1] or match[2]], joined)
    # The joiners have done their work on the shapes, and are no characters that a font draws.
    return paired.translate(dict.fromkeys(map(ord, JOINERS)))


def direction(text: str) -> str:
    """The direction of a paragraph: that of its first letter that has one (UAX 9, rules P2 and P3)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def _balanced(text: str, face: Face, ems: float) -> list[str]:
    """Break a text into as few lines as fit, of nearly the same width."""
    lines = _broken(text, face, ems)
    if len(lines) == 1:
        return lines
    # Never narrower than the longest word, which would be cut.
    narrow, wide = min(ems, max(face.width(word) for word in text.split(" ")) - 0.01), ems
    while wide - narrow > 0.5:
        middle = (narrow + wide) / 2
        tried = _broken(text, face, middle)
        if len(tried) > len(lines):
            narrow = middle
        else:
            wide, lines = middle, tried
    return lines


def _broken(text: str, face: Face, ems: float) -> list[str]:
    """Break a text at its spaces, and within a word only where the word alone is too long."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and face.width(f"{lines[-1]} {word}") <= ems:
            lines[-1] += f" {word}"
            continue
        while len(word) > 1 and face.width(word) > ems:
            cut = _fitting(word, face, ems)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return lines


def _fitting(word: str, face: Face, ems: float) -> int:
    """How many characters of a word fit a width; at least one."""
    ends = accumulate(face.width(character) for character in word)
    return max(1, sum(end <= ems for end in ends))


@cache
def _font(name: str) -> TTFontFile:
    return TTFontFile(FONTS / f"{name}.ttf")
