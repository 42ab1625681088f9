"""How GIFT escapes its signs, names the format of a text, and writes ids, tags and categories into a file."""

import re

from assessments.formats.items import Text, TextFormat
from assessments.formats.lines import trim
from assessments.formats.names import clean_text

# While a question is taken apart, an escaped sign is held by a stand-in. A file that holds a stand-in itself gets the
# sign, in Moodle as here; so a text with a stand-in cannot be written.
STAND_INS = {
    "\\:": "&&058;",
    "\\#": "&&035;",
    "\\=": "&&061;",
    "\\{": "&&123;",
    "\\}": "&&125;",
    "\\~": "&&126;",
    "\\n": "&&010",
}
BACKSLASH_STAND_IN = "&&092;"
FORMAT_NAMES = {
    "moodle": TextFormat.MOODLE,
    "html": TextFormat.HTML,
    "plain": TextFormat.PLAIN,
    "markdown": TextFormat.MARKDOWN,
}
NAMES_OF_FORMATS = {text_format: name for name, text_format in FORMAT_NAMES.items()}
LONGEST_TAG = 50
_RESERVED = str.maketrans({sign: "\\" + sign for sign in "\\#=~{}:"} | {"\n": "\\n"})
_CONTEXT = re.compile(r"\$[a-z]+\$")
_SPACE = re.compile(r"\s+")
_NOT_IN_A_TAG = re.compile(r"[\x00-\x1f\x7f-\x9f<>`]")
_ENDS_AN_ID = re.compile(r"(?<!\\)\]|[\x00-\x1f\x7f]")
_ENDS_A_TAG = re.compile(r"(?<!\\)\]|[\x00-\x1f\x7f<>`]")


def hold(text: str) -> str:
    text = text.replace("\\\\", BACKSLASH_STAND_IN)
    for escape, stand_in in STAND_INS.items():
        text = text.replace(escape, stand_in)
    return text.replace(BACKSLASH_STAND_IN, "\\")


def release(text: str) -> str:
    for escape, stand_in in STAND_INS.items():
        text = text.replace(stand_in, "\n" if escape == "\\n" else escape[1])
    return text


def escape(text: str) -> str:
    return text.translate(_RESERVED)


def parse_text(text: str, default: TextFormat = TextFormat.MOODLE) -> Text:
    """Read a text with an optional [format] before it. Words in brackets that name no format belong to the text."""
    named = default
    if text.startswith("["):
        end = text.find("]")
        # Without a closing bracket Moodle takes all but the last byte for the name.
        name = text[1:end] if end >= 0 else text[1:-1] if text[-1:].isascii() else ""
        if name in FORMAT_NAMES:
            named = FORMAT_NAMES[name]
            text = text[end + 1 :] if end >= 0 else text[1:]
    return Text(trim(release(text)), named)


def write_text(text: Text, default: TextFormat) -> str:
    """Write a text so that `parse_text` gives it back."""
    needs_format = text.format != default or text.content.startswith("[")
    return (f"[{NAMES_OF_FORMATS[text.format]}]" if needs_format else "") + escape(text.content)


def category_path(given: str) -> str:
    """The path of a $CATEGORY: line without its context ($course$ and the like), each name cleaned.

    Names are parted by "/"; a slash in a name is doubled.
    """
    names = [trim(clean_text(trim(name.replace("//", "/")))) for name in _part_at_single_slashes(given)]
    if _CONTEXT.fullmatch(names[0]):
        del names[0]
    return "/".join(_slashes_doubled(name) for name in names)


def id_number_in(comments: str) -> str:
    found = _bracketed(comments, "[id:", _ENDS_AN_ID, least=1)
    return trim(found[0]).replace("\\]", "]") if found else ""


def tags_in(comments: str) -> tuple[str, ...]:
    tags: dict[str, str] = {}
    for raw in _bracketed(comments, "[tag:", _ENDS_A_TAG, least=0):
        tag = tag_as_stored(trim(raw).replace("\\]", "]"))
        if tag:
            tags.setdefault(tag.lower(), tag)
    return tuple(tags.values())


def tag_as_stored(tag: str) -> str:
    return _SPACE.sub(" ", _NOT_IN_A_TAG.sub("", tag))[:LONGEST_TAG].strip()


def _bracketed(text: str, opening: str, end: re.Pattern[str], *, least: int) -> list[str]:
    r"""What stands between each `opening` and its "]". A bracket after a backslash ends it only if no other does."""
    found = []
    at = 0
    # What was found once holds for the openings that follow it: looking anew for each takes forever in a hostile file.
    stop_at, is_closed, last_escaped = -1, False, -1
    while (start := text.find(opening, at)) >= 0:
        at = start + len(opening)
        if stop_at < at:
            stop = end.search(text, at)
            stop_at = stop.start() if stop else len(text)
            is_closed = stop is not None and stop.group() == "]"
            last_escaped = text.rfind("\\]", at, stop_at) + 1
        close = stop_at if is_closed else last_escaped
        if close >= at + least:
            found.append(text[at:close])
            at = close + 1
    return found


def _part_at_single_slashes(path: str) -> list[str]:
    return re.split(r"(?<!/)/(?!/)", path)


def _slashes_doubled(name: str) -> str:
    doubled = name.replace("/", "//")
    return (" " if doubled.startswith("/") else "") + doubled + (" " if doubled.endswith("/") else "")
