"""Texts of exchange files as the CMS keeps them: clean HTML in which pictures are references, and back."""

import html
import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from django.utils.html import escape, strip_tags
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from assessments.domain.exchange.pictures import Pictures
from assessments.formats.items import EmbeddedFile, Text, TextFormat
from elearn.core.html import clean_picture_text

PLUGINFILE = "@@PLUGINFILE@@"
# An address that passes the cleaner as one of this site, and that no page of the site has.
STAND_IN = "/-embedded-/"
_IMG = re.compile(r"<img((?:\s+[a-z]+=\"[^\"]*\")*)\s*/?>")
_EMBED = re.compile(r"<embed((?:\s+[a-z]+=\"[^\"]*\")*)\s*/?>")
_ATTRIBUTE = re.compile(r"([a-z]+)=\"([^\"]*)\"")
_LINK_INTO_FILES = re.compile(r"(<a)\s+href=\"@@PLUGINFILE@@[^\"]*\"")
_LEFT_OVER = re.compile(r"(?:audio|video|iframe|object|source|embed)\b", re.IGNORECASE)
_BETWEEN_TAGS = re.compile(r">\s+<")
_BESIDE_TAG = re.compile(r"\n(?=<)|(?<=>)\n")
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def storable(text: str) -> str:
    """The text without what no database holds: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def line_of(text: str, longest: int | None = None) -> str:
    """The text in one line, cut where it is longer than there is room."""
    return " ".join(storable(text).split())[:longest]


class Texts:
    """Makes HTML of the texts of one question. `notes` say what of them could not be kept, `files` counts what was."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.notes: list[str] = []
        self.files = 0

    def html(self, text: Text) -> str:
        """Clean HTML; pictures of this file stand in it as references, by the hash of their bytes."""
        if not text.content.strip():
            self._tell_unused(text, set())
            return ""
        source = _as_html(text)
        if _LEFT_OVER.search(" ".join(re.findall(r"<([a-zA-Z]+)", source))):
            self.notes.append(_("Recordings and other embedded things are not kept."))
        cleaned = clean_picture_text(source.replace(PLUGINFILE + "/", STAND_IN)).replace(STAND_IN, PLUGINFILE + "/")
        used: set[str] = set()
        cleaned = _IMG.sub(lambda found: self._picture(found, text, used), cleaned)
        cleaned, links = _LINK_INTO_FILES.subn(r"\1", cleaned)
        if links:
            self.notes.append(_("Links to files in the text are not kept."))
        self._tell_unused(text, used)
        return cleaned.strip()

    def words(self, text: Text) -> str:
        """The text without any markup: for what is compared, or typed. Pictures in it are not kept."""
        return plain_words(self.html(text))

    def _picture(self, found: re.Match[str], text: Text, used: set[str]) -> str:
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(found.group(1))}
        alt, source = line_of(attributes.get("alt", ""), 400), attributes.get("src", "")
        if not source.startswith(PLUGINFILE):
            self.notes.append(_("A picture that is not in the file is not kept; its text alternative stands there."))
            return str(escape(alt))
        file = _named(text, source)
        if file is None:
            self.notes.append(_("The picture “%(name)s” is not in the file.") % {"name": _shown(source)})
            return str(escape(alt))
        used.add(file.path + file.name)
        try:
            digest = self.pictures.take(file, alt)
        except ValueError as refusal:
            self.notes.append(str(refusal))
            return str(escape(alt))
        if not alt:
            self.notes.append(_("“%(name)s” has no text alternative: it counts as decorative.") % {"name": file.name})
        self.files += 1
        return embed(digest, alt)

    def _tell_unused(self, text: Text, used: set[str]) -> None:
        for file in text.files:
            if file.path + file.name not in used:
                self.notes.append(_("The file “%(name)s” is not kept: no picture shows it.") % {"name": file.name[:80]})


def _as_html(text: Text) -> str:
    content = storable(text.content).replace("\r\n", "\n").replace("\r", "\n")
    if text.format is TextFormat.HTML:
        return content
    if text.format is TextFormat.MARKDOWN:
        return str(_markdown.render(content))
    if text.format is TextFormat.PLAIN:
        content = str(escape(content))
    else:
        # As Moodle shows it: line ends beside tags are none.
        content = _BESIDE_TAG.sub(" ", _BETWEEN_TAGS.sub("> <", content)) if "<" in content else content
    return content.strip().replace("\n", "<br>")


def _named(text: Text, source: str) -> EmbeddedFile | None:
    name = unquote(source.removeprefix(PLUGINFILE).partition("?")[0])
    by_path = {file.path + file.name: file for file in text.files}
    return by_path.get(name) or by_path.get(source.removeprefix(PLUGINFILE))


def _shown(source: str) -> str:
    return unquote(source.rpartition("/")[2])[:80]


def plain_words(markup: str) -> str:
    """What a person reads of HTML, line by line."""
    lines = re.sub(r"<(?:br|/p|/li|/tr|/h[1-6])\b[^>]*>", "\n", markup)
    return html.unescape(strip_tags(lines)).strip()


# --- References to pictures ---------------------------------------------------------------------------------------


def embed(picture: str | int, alt: str) -> str:
    """A reference to a picture as Wagtail's rich text has it."""
    return f'<embed alt="{escape(alt)}" embedtype="image" format="fullwidth" id="{picture}"/>'


def with_references(markup: str, resolve: Callable[[str], int | None]) -> str:
    """The HTML with each reference led to the picture that `resolve` knows of the hash; others stay."""

    def led(found: re.Match[str]) -> str:
        values = dict(_ATTRIBUTE.findall(found.group(1)))
        picture = resolve(values.get("id", ""))
        return found.group() if picture is None else embed(picture, html.unescape(values.get("alt", "")))

    return _EMBED.sub(led, markup) if "<embed" in markup else markup


def to_text(markup: str, fetch: Callable[[str], EmbeddedFile | None]) -> Text:
    """HTML of the CMS as exchange formats have it, with its pictures beside it. One that is gone leaves its words."""
    files: dict[str, EmbeddedFile] = {}

    def shown(found: re.Match[str]) -> str:
        values = dict(_ATTRIBUTE.findall(found.group(1)))
        file = fetch(html.unescape(values.get("id", "")))
        if file is None:
            return values.get("alt", "")
        files[file.name] = file
        return f'<img src="{PLUGINFILE}/{quote(file.name)}" alt="{values.get("alt", "")}">'

    content = _EMBED.sub(shown, markup) if "<embed" in markup else markup
    return Text(clean_of_editor(content), TextFormat.HTML, tuple(files.values()))


def clean_of_editor(markup: str) -> str:
    """Without the marks by which the editor finds its paragraphs again."""
    return re.sub(r'\s+data-block-key="[^"]*"', "", markup)
