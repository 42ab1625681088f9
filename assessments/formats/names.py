"""Names as Moodle makes and cleans them: without tags, not too long, taken from the question where the file has none.

Everything here is linear in the length of its text, whatever the text holds.
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from django.utils.translation import gettext as _

from assessments.formats.lines import trim

LONGEST_NAME = 255
LONGEST_DEFAULT_NAME = 80
ELLIPSIS = "..."
# Of a text that is nothing but tags, a name is made of these many at most.
MOST_PIECES = 10_000
# Marks that Moodle's filter for several languages reads; a name keeps them if nothing else is marked up in it.
LANGUAGE_MARKS = {
    "lang": re.compile(r'<lang lang="[a-zA-Z0-9_-]+"\s*>'),
    "span": re.compile(r'<span(?:\s+lang="[a-zA-Z0-9_-]+"|\s+class="multilang"){2}\s*>'),
}
# Elements that show something although they hold no text.
SEEN_WITHOUT_TEXT = frozenset({"img", "object", "applet", "input", "select", "textarea", "hr"})
_SPACES = " \t\n\v\f\r"
_INSIDE_A_TAG = re.compile(r"[<>\"']")
_ANGLE = re.compile(r"[<>]")
_ENTITY = re.compile(r"&[0-9a-z]{2,8};|&#[0-9]{1,7};|&#x[0-9a-f]{1,6};", re.IGNORECASE | re.ASCII)


def default_name(question_text: str) -> str:
    """The name of a question that the file does not name: how its text begins."""
    name = clean_name(shorten(question_text, LONGEST_DEFAULT_NAME))
    return name if name not in ("", "0") else _("Question name")


def clean_name(name: str) -> str:
    name = trim(clean_text(name))
    ideal = LONGEST_NAME - 4
    while len(name) > LONGEST_NAME and ideal > 0:
        name = shorten(name, ideal)
        ideal -= 10
    return name


def clean_text(text: str) -> str:
    """Take the tags out, except marks of languages if they are the only ones and are well placed."""
    for tag, opening in LANGUAGE_MARKS.items():
        if f"</{tag}>" in text:
            marked = strip_tags(text, keep={tag})
            return marked if _alternate(marked, f"</{tag}>", opening) else strip_tags(marked)
    return strip_tags(text)


def shows_nothing(html: str) -> bool:
    return trim(strip_tags(html, keep=SEEN_WITHOUT_TEXT)) == ""


def strip_tags(text: str, keep: Collection[str] = ()) -> str:
    """Take tags and comments out as PHP's function of this name does: what follows a tag that never ends is lost."""
    kept = []
    at = 0
    while (start := text.find("<", at)) >= 0:
        kept.append(text[at:start])
        if text[start + 1 : start + 2] and text[start + 1] in _SPACES:
            kept.append("<")
            at = start + 1
            continue
        at = _end_of_tag(text, start)
        if at < 0:
            return "".join(kept)
        if keep and _tag_name(text[start:at]) in keep:
            kept.append(text[start:at])
    return "".join([*kept, text[at:]])


def shorten(text: str, ideal: int) -> str:
    """Cut a text to about `ideal` characters at the end of a word. Tags count nothing, an entity counts as one."""
    if not _is_longer(text, ideal):
        return text
    kept = []
    open_marks = dict.fromkeys(LANGUAGE_MARKS, 0)
    length = len(ELLIPSIS)
    for tag, content in islice(_tags_and_contents(text), MOST_PIECES):
        kept.append(tag)
        _count_mark(tag, open_marks)
        size = len(_ENTITY.sub(" ", content))
        if length + size > ideal:
            kept.append(content[: _where_to_cut(content, ideal - length)])
            break
        kept.append(content)
        length += size
        if length >= ideal:
            break
    closing = "".join(f"</{tag}>" * count for tag, count in open_marks.items())
    return "".join(kept) + ELLIPSIS + closing


def _where_to_cut(content: str, left: int) -> int:
    entities = 0
    for entity in _ENTITY.finditer(content):
        # Moodle compares bytes with characters here; names of real files come out as its own only this way.
        offset = len(content[: entity.start()].encode("utf-8", "surrogatepass"))
        if offset + 1 - entities > left:
            break
        left -= 1
        entities += len(entity.group())
    limit = left + entities
    for at in range(limit, 0, -1):
        character = content[at : at + 1]
        # Scripts without spaces are cut anywhere: their characters take three bytes and more.
        if character and (character in ". " or ord(character) > 0x7FF):
            return min(at + 1, limit)
    return limit


def _tags_and_contents(text: str) -> Iterator[tuple[str, str]]:
    last_close = text.rfind(">")
    at = 0
    while at < len(text):
        start = at
        tag = ""
        if text[at] == "<" and at + 2 <= last_close:
            at = text.index(">", at + 2) + 1
            tag = text[start:at]
        angle = _ANGLE.search(text, at)
        end = angle.start() if angle else len(text)
        yield tag, text[at:end]
        # An angle bracket that belongs to no tag is left out.
        at = end if end > start else end + 1


def _is_longer(text: str, ideal: int) -> bool:
    """Whether a text has more than `ideal` characters outside its tags, which only here end on their line."""
    length = 0
    at, close, newline = 0, -1, -1
    while length <= ideal and (start := text.find("<", at)) >= 0:
        length += start - at
        if close < start:
            close = text.find(">", start)
        if close < 0:
            at = start
            break
        if newline < start:
            newline = text.find("\n", start)
            newline = len(text) if newline < 0 else newline
        is_tag = close < newline
        length += 0 if is_tag else 1
        at = close + 1 if is_tag else start + 1
    return length + len(text) - at > ideal if length <= ideal else True


def _count_mark(tag: str, open_marks: dict[str, int]) -> None:
    name = _tag_name(tag)
    if name in open_marks:
        closes = tag.startswith("</")
        open_marks[name] = max(0, open_marks[name] + (-1 if closes else 1))


def _tag_name(tag: str) -> str:
    words = tag[1:80].lstrip("/" + _SPACES).rstrip(">").split(None, 1)
    return words[0].rstrip("/>").lower() if words else ""


def _alternate(text: str, closing: str, opening: re.Pattern[str]) -> bool:
    is_open, found, at = False, False, 0
    while (start := text.find("<", at)) >= 0 and (end := text.find(">", start)) >= 0:
        tag = text[start : end + 1]
        at = end + 1
        found = True
        if tag == closing:
            if not is_open:
                return False
            is_open = False
        elif opening.fullmatch(tag):
            is_open = True
        else:
            return False
    return found and not is_open


def _end_of_tag(text: str, start: int) -> int:
    """Where the tag that begins at `start` is over; -1 where it never is."""
    if text.startswith("<!--", start):
        return _after(text, "-->", start + 2)
    if text.startswith("<?", start):
        return _after(text, "?>", start + 2)
    depth, quote, at = 0, "", start + 1
    while found := _INSIDE_A_TAG.search(text, at):
        at = found.end()
        mark = found.group()
        if mark == ">":
            if not depth and not quote:
                return at
            depth -= 1 if depth else 0
        elif mark == "<":
            depth += not quote and text[at : at + 1] not in tuple(_SPACES)
        elif quote in ("", mark):
            quote = "" if quote else mark
    return -1


def _after(text: str, end: str, start: int) -> int:
    at = text.find(end, start)
    return at if at < 0 else at + len(end)
