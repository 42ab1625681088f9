"""XML from strangers, one question at a time: no entities, no document types, nothing fetched, and limits on all."""

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from assessments.formats.items import FileRefused
from assessments.formats.moodle_values import SPACE

BYTES_AT_MOST = 50 * 2**20
QUESTIONS_AT_MOST = 20_000
DEPTH_AT_MOST = 100
# Of one question, and of a file: more empty tags than that would fill the memory or keep a worker busy for long.
TAGS_AT_MOST = 20_000
TAGS_IN_FILE_AT_MOST = 3_000_000

_CHUNK = 2**16
_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
# Python's names of the encodings of text. Others that Python knows (utf-7, idna, unicode_escape ...) are no files'.
_ENCODINGS = {
    *("utf-8", "utf-8-sig", "ascii", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *(f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
    *(f"cp{number}" for number in (437, 850, 852, 855, 862, 864, 866, 874, 932, 949, 950, 1125)),
    *(f"cp{number}" for number in range(1250, 1259)),
    *("koi8-r", "koi8-u", "koi8-t", "kz1048", "ptcp154", "tis-620", "mac-roman", "mac-cyrillic", "mac-latin2"),
    *("gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "shift_jis", "shift_jisx0213", "euc_jp", "iso2022_jp"),
    *("euc_kr", "johab", "iso2022_kr"),
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BACKUPS = {"moodle_backup", "question_categories", "question_bank_entries", "questions", "activity", "course"}


@dataclass(slots=True)
class Node:
    """A tag with what stands in it. `line` counts from 1; `is_cut` if it had more tags inside than are read."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Node"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    is_cut: bool = False
    _by_tag: dict[str, list["Node"]] | None = None

    @property
    def words(self) -> str:
        """The words that stand directly in this tag; nothing if they are blank."""
        words = "".join(self.pieces)
        return words if words.strip(SPACE) else ""

    def child(self, tag: str) -> "Node | None":
        return next(iter(self.all(tag)), None)

    def all(self, tag: str) -> Sequence["Node"]:
        if self._by_tag is None:
            self._by_tag = {}
            for child in self.children:
                self._by_tag.setdefault(child.tag, []).append(child)
        return self._by_tag.get(tag, ())


def decode(content: bytes) -> tuple[str, str]:
    """The file as text, and a note if it is in another encoding than it says ("" if not).

    Refuses a file too large, empty, packed, or in an encoding that it does not hold to.
    """
    if len(content) > BYTES_AT_MOST:
        raise _too_much(_("The file is larger than %(count)d MB."), BYTES_AT_MOST // 2**20)
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise FileRefused(
            _(
                "This is a packed file or a backup, not a file of questions. Nothing was imported. In Moodle, use "
                "“Question bank”, “Export”, “Moodle XML format”."
            )
        )
    if not content.strip(SPACE.encode()):
        raise FileRefused(_("The file is empty. Nothing was imported."))
    encoding = _marked(content)
    if encoding:
        return _decoded(content, encoding).removeprefix("\ufeff"), ""
    return _unmarked(content)


def _marked(content: bytes) -> str:
    """The encoding that the first bytes give away, "" if they do not."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    return "utf-16-be" if content[0] == 0 else "utf-16-le" if content[1:2] == b"\0" else ""


def _unmarked(content: bytes) -> tuple[str, str]:
    found = _DECLARATION.match(content.lstrip(SPACE.encode()))
    declared = found[1].decode("ascii") if found else "utf-8"
    encoding = _known(declared)
    is_ascii_only = encoding.startswith("iso2022") or encoding == "hz"  # These write everything in seven bits.
    if not is_ascii_only:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            # Text in another encoding is as good as never UTF-8 by chance.
            is_other = not content.isascii() and encoding not in ("utf-8", "ascii")
            return text, _wrongly_declared(declared) if is_other else ""
    if encoding.startswith("utf-"):
        _decoded(content, "utf-8")
    if encoding == "iso8859-1" and re.search(rb"[\x80-\x9f]", content):
        encoding = "cp1252"  # What Windows wrote under this name; the standard has only control characters there.
    return _decoded(content, encoding), ""


def _known(declared: str) -> str:
    try:
        encoding = codecs.lookup(declared).name
    except LookupError:
        encoding = ""
    if encoding not in _ENCODINGS:
        raise FileRefused(
            _(
                "The file says that it is in the encoding “%(encoding)s”, which is not known here. Nothing was "
                "imported. Save it as UTF-8."
            )
            % {"encoding": declared}
        )
    return encoding


def _wrongly_declared(declared: str) -> str:
    return _("The file says that it is in %(encoding)s, but it is in UTF-8, and was read so.") % {"encoding": declared}


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused(
            _(
                "The file is not in the encoding it says: in line %(line)d there are signs that are not "
                "%(encoding)s. Nothing was imported. Save it as UTF-8."
            )
            % {"line": content.count(b"\n", 0, error.start) + 1, "encoding": encoding.upper()}
        ) from error


def each_question(text: str, handle: Callable[[Node], None]) -> None:
    """Call `handle` for every <question> of a <quiz>, in order. Refuses what is not such a file."""
    start = len(text) - len(text.lstrip(SPACE))
    if text[start : start + 1] != "<":
        raise FileRefused(
            _(
                "This is not a Moodle XML file: it does not begin with a tag. Nothing was imported. Choose the format "
                "that the file has, or export it again as Moodle XML."
            )
        )
    _Parser(text.count("\n", 0, start), handle).parse(text[start:].rstrip(SPACE))


def _too_much(sentence: str, count: int) -> FileRefused:
    advice = _("Nothing was imported. Export the questions in several files, one category at a time.")
    return FileRefused(f"{sentence % {'count': count}} {advice}")


class _Parser:
    def __init__(self, lines_before: int, handle: Callable[[Node], None]) -> None:
        self.lines_before = lines_before
        self.handle = handle
        self.open: list[Node] = []
        self.depth = 0
        self.tags = 0
        self.all_tags = 0
        self.questions = 0
        # The encoding given here outdoes the one in the file, which is text already.
        parser = self.parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.document_type

    def parse(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        try:
            for at in range(0, len(data), _CHUNK):
                self.parser.Parse(data[at : at + _CHUNK], False)
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise FileRefused(
                _(
                    "The file is broken in line %(line)d (%(reason)s). Nothing was imported. Export it again, or mend "
                    "this line."
                )
                % {"line": error.lineno + self.lines_before, "reason": expat.ErrorString(error.code)}
            ) from error
        if not self.questions:
            raise FileRefused(_("There is no question in the file. Nothing was imported."))

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber + self.lines_before

    def document_type(self, name: str, *_unused: object) -> None:
        if name.lower() == "html":
            self._refuse_root(name)
        raise FileRefused(
            _(
                "The file has a document type (<!DOCTYPE>), which may hide harmful things. Nothing was imported. "
                "Take the line out; a Moodle XML file needs none."
            )
        )

    def _refuse_root(self, tag: str) -> None:
        if tag.lower() == "html":
            reason = _("This is a web page, not a Moodle XML file.")
        elif tag in _BACKUPS:
            reason = _("This is a piece of a Moodle backup, not a Moodle XML file.")
        else:
            reason = _("This is an XML file of another kind: it begins with <%(tag)s>.") % {"tag": tag[:50]}
        raise FileRefused(
            reason + " " + _("Nothing was imported. In Moodle, use “Question bank”, “Export”, “Moodle XML format”.")
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.all_tags += 1
        if self.all_tags > TAGS_IN_FILE_AT_MOST:
            raise _too_much(_("There are more than %(count)d tags in the file."), TAGS_IN_FILE_AT_MOST)
        if self.depth == 1 and tag != "quiz":
            self._refuse_root(tag)
        if self.depth > DEPTH_AT_MOST:
            raise FileRefused(
                _("In line %(line)d more than %(depth)d tags stand inside one another. Nothing was imported.")
                % {"line": self.line, "depth": DEPTH_AT_MOST}
            )
        if self.depth == 2:
            self._begin(tag, attributes)
        elif self.open:
            self.tags += 1
            if self.tags <= TAGS_AT_MOST:
                node = Node(tag, attributes, self.line)
                self.open[-1].children.append(node)
                self.open.append(node)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "question":
            return
        self.questions += 1
        if self.questions > QUESTIONS_AT_MOST:
            raise _too_much(_("There are more than %(count)d questions in the file."), QUESTIONS_AT_MOST)
        self.tags = 0
        self.open = [Node(tag, attributes, self.line)]

    def end(self, tag: str) -> None:
        self.depth -= 1
        if not self.open:
            return
        if self.depth == 1:
            question = self.open[0]
            self.open = []
            question.is_cut = self.tags > TAGS_AT_MOST
            self.handle(question)
        elif self.tags <= TAGS_AT_MOST:
            self.open.pop()

    def characters(self, words: str) -> None:
        if self.open and self.tags <= TAGS_AT_MOST:
            self.open[-1].pieces.append(words)
