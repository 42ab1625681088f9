"""The parts that Moodle XML's questions are made of: words, texts with files, numbers, answers, hints."""

import base64
import binascii
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.formats.items import Answer, EmbeddedFile, Text, TextFormat
from assessments.formats.moodle_values import SPACE, grade, is_empty, leading_number, number, plain_number, whole_number
from assessments.formats.xml_tree import Node

FILE_AT_MOST = 10 * 2**20
FILE_NAME_AT_MOST = 255

_NAME_FROM_TEXT_AT_MOST = 80
_LOOKED_AT_FOR_A_NAME = 4000

# Moodle keeps twelve digits of grades, seven of them decimal places.
_PLACES = Decimal("0.0000001")
_LARGEST = Decimal(10**5)

COMBINED_FEEDBACK = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")

_NOT_IN_FILE_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f&<>\"`|':\\/]")
# A "<" that nothing closes before the next must not make this slow.
_TAG = re.compile(r"<[^<>]*>")
_SHOWN_TAG = re.compile(r"<(?:img|object|applet|input|select|textarea|hr)\b", re.IGNORECASE)


class Unreadable(ValueError):
    """A question that cannot be kept; the message says why, in words for an author."""


def words_of(node: Node) -> str:
    """The words in a tag in which only words can stand."""
    if node.children:
        raise Unreadable(
            _(
                "In line %(line)d, <%(tag)s> holds other tags (<%(inner)s>). Put HTML between <![CDATA[ and ]]>, or "
                "write &lt; for “<”."
            )
            % {"line": node.line, "tag": node.tag, "inner": node.children[0].tag[:50]}
        )
    return node.words


def value(parent: Node, tag: str, default: str = "") -> str:
    """The words of the first such tag, `default` when there is none."""
    child = parent.child(tag)
    return default if child is None else words_of(child).strip(SPACE)


def yes(words: str) -> bool:
    """How Moodle reads "true" and "false"; old files have 1 and 0."""
    return words not in ("", "0", "false")


def whole(parent: Node, tag: str, default: int) -> int:
    written = value(parent, tag, str(default))
    found = whole_number(written)
    if found is None:
        raise Unreadable(_not_a_number(tag, written))
    return found


def amount(parent: Node, tag: str, default: Decimal) -> Decimal:
    """A grade or penalty. Raises Unreadable for what Moodle cannot store as one."""
    written = value(parent, tag, str(default))
    found = plain_number(written)
    if found is None or abs(found) >= _LARGEST:
        raise Unreadable(_not_a_number(tag, written))
    return found if found == found.quantize(_PLACES) else found.quantize(_PLACES)


def _not_a_number(tag: str, written: str) -> str:
    return _("“%(words)s” in <%(tag)s> is not a number that can be kept.") % {"words": written[:50], "tag": tag}


def text_format(written: str, notes: list[str]) -> TextFormat:
    written = written.strip(SPACE)
    if written == "wiki_like":
        notes.append(_("A text in the old wiki format is shown as plain lines."))
        return TextFormat.MOODLE
    try:
        return TextFormat(written)
    except ValueError:
        return TextFormat.HTML  # What Moodle takes any other word for.


def text_in(node: Node | None, default: TextFormat, notes: list[str], *, has_files: bool = True) -> Text:
    """The <text> in this tag with its files; an empty text when there is none."""
    if node is None:
        return Text("", default)
    if not has_files:
        unread_files(node, notes)
    files = tuple(_files(node, notes)) if has_files else ()
    return Text(plain_in(node, notes), _format_of(node, default, notes), files)


def plain_in(node: Node | None, notes: list[str]) -> str:
    """The words of the <text> in this tag."""
    if node is None:
        return ""
    inner = node.child("text")
    if inner is None:
        if node.words:
            notes.append(
                _("The words “%(words)s” in line %(line)d stand in no <text> and are not read.")
                % {"words": node.words.strip(SPACE)[:50], "line": node.line}
            )
        return ""
    return words_of(inner).strip(SPACE)


def _format_of(node: Node, default: TextFormat, notes: list[str]) -> TextFormat:
    return text_format(node.attributes["format"], notes) if "format" in node.attributes else default


def unread_files(node: Node, notes: list[str]) -> None:
    """Note the files of a tag in which Moodle has no files."""
    for file in node.all("file"):
        notes.append(
            _("The file “%(name)s” stands where no file can be, and is left out.")
            % {"name": file.attributes.get("name", "")[:80]}
        )


def _files(node: Node, notes: list[str]) -> Iterator[EmbeddedFile]:
    seen = set()
    for file in node.all("file"):
        given = file.attributes.get("name", "").strip(SPACE)
        path = clean_path(file.attributes.get("path", "/").strip(SPACE))
        kept = embedded(given, path, words_of(file), notes)
        if kept is None:
            continue
        if (kept.path, kept.name) in seen:
            notes.append(_("The file “%(name)s” is there twice; the first is kept.") % {"name": kept.name})
            continue
        seen.add((kept.path, kept.name))
        yield kept


def embedded(given: str, path: str, encoded: str, notes: list[str]) -> EmbeddedFile | None:
    """The file, or None with a note saying why it is left out."""
    name = clean_name(given)
    content = _decoded(encoded)
    reason = ""
    if not name or len(name) > FILE_NAME_AT_MOST or len(path) > FILE_NAME_AT_MOST:
        reason = _("The file “%(name)s” has no name that can be kept, and is left out.")
    elif len(encoded) > FILE_AT_MOST * 3 // 2 or (content is not None and len(content) > FILE_AT_MOST):
        reason = _("The file “%(name)s” is larger than 10 MB and is left out.")
    elif content is None:
        reason = _("The file “%(name)s” is broken and is left out.")
    if reason or content is None:
        notes.append(reason % {"name": given[:80]})
        return None
    if name != given:
        notes.append(_("The file “%(name)s” is kept as “%(new)s”.") % {"name": given[:80], "new": name})
    return EmbeddedFile(name, content, path)


def _decoded(encoded: str) -> bytes | None:
    bare = "".join(encoded.split()).rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def clean_name(name: str) -> str:
    """The file name without signs that mean something in paths, addresses and HTML, as Moodle cleans it."""
    name = _NOT_IN_FILE_NAMES.sub("", name)
    return "" if name in (".", "..") else name


def clean_path(path: str) -> str:
    """A folder that begins and ends with "/" and never leads upwards."""
    folders = [clean_name(folder) for folder in path.replace("\\", "/").split("/")]
    return "".join(["/", *(f"{folder}/" for folder in folders if folder)])


def fraction_of(answer: Node) -> Decimal:
    """The grade of an answer in per cent. Raises Unreadable for one that Moodle does not have."""
    written = answer.attributes.get("fraction", "0")
    percent = leading_number(written)
    if answer.child("fraction") is not None:  # Old numerical questions have it as a part of 1.
        written = value(answer, "fraction")
        part = leading_number(written)
        percent = None if part is None else part * 100
    known = None if percent is None else grade(percent)
    if known is None:
        raise Unreadable(
            _(
                "In line %(line)d an answer has the grade “%(grade)s”. Moodle has only certain grades, such as 100, "
                "66.66667, 50, 33.33333, 25, 0 and the same below nought."
            )
            % {"line": answer.line, "grade": written[:50]}
        )
    return known


def choices(question: Node, default: TextFormat, notes: list[str]) -> Iterator[Answer]:
    """The answers that are texts of their own, with files."""
    for node in question.all("answer"):
        yield Answer(text_in(node, default, notes), fraction_of(node), text_in(node.child("feedback"), default, notes))


def written_answers(question: Node, default: TextFormat, notes: list[str]) -> Iterator[tuple[Node, Answer]]:
    """The answers that a learner writes: plain words, without files."""
    for node in question.all("answer"):
        unread_files(node, notes)
        text = Text(plain_in(node, notes), TextFormat.PLAIN)
        yield node, Answer(text, fraction_of(node), text_in(node.child("feedback"), default, notes))


def without_tags(words: str) -> str:
    return _TAG.sub(" ", words)


def shortened(words: str) -> str:
    """The beginning of a text, without its tags, as a name for it."""
    words = " ".join(without_tags(words[:_LOOKED_AT_FOR_A_NAME]).split())
    if len(words) <= _NAME_FROM_TEXT_AT_MOST:
        return words
    return words[: _NAME_FROM_TEXT_AT_MOST - 3].rsplit(" ", 1)[0] + "..."


def is_left_out(answer: Answer) -> bool:
    """Whether Moodle stores nothing of this written answer."""
    shown = answer.feedback.content
    is_blank = not without_tags(shown).strip(SPACE) and not _SHOWN_TAG.search(shown)
    return not answer.text.content and not answer.fraction and is_blank


def tolerance_of(answer: Node, notes: list[str]) -> Decimal:
    written = value(answer, "tolerance", "0")
    found = number(written) if written else Decimal(0)
    if found is None:
        notes.append(
            _("The tolerance “%(words)s” in line %(line)d is not a number; it is read as 0.")
            % {"words": written[:50], "line": answer.line}
        )
    return found or Decimal(0)


def combined_feedback(question: Node, default: TextFormat, notes: list[str]) -> dict[str, Any]:
    settings: dict[str, Any] = {tag: text_in(question.child(tag), default, notes) for tag in COMBINED_FEEDBACK}
    settings["shownumcorrect"] = question.child("shownumcorrect") is not None
    if question.child("correctresponsesfeedback") is not None:
        settings["shownumcorrect"] = yes(value(question, "correctresponsesfeedback"))
    return settings


def hints(question: Node, default: TextFormat, notes: list[str], *, with_parts: bool) -> dict[str, Any]:
    """The hints as settings; none of the keys when there is no hint. An empty hint is none, as in Moodle."""
    kept = []
    for node in question.all("hint"):
        old = node.child("hintcontent")
        text = text_in(node if old is None else old, default, notes)
        if old is None:
            shown, cleared = (node.child(tag) is not None for tag in ("shownumcorrect", "clearwrong"))
        else:
            shown = not is_empty(value(node, "statenumberofcorrectresponses"))
            cleared = not is_empty(value(node, "clearincorrectresponses"))
        if not is_empty(text.content) or (with_parts and (shown or cleared)):
            kept.append((text, shown, cleared))
    if not kept:
        return {}
    settings: dict[str, Any] = {"hints": tuple(text for text, _shown, _cleared in kept)}
    if with_parts:
        settings["hintshownumcorrect"] = tuple(shown for _text, shown, _cleared in kept)
        settings["hintclearwrong"] = tuple(cleared for _text, _shown, cleared in kept)
    return settings


def tags(question: Node, notes: list[str]) -> tuple[str, ...]:
    """The tags, those of the course first, each once whatever its capitals."""
    kept: dict[str, str] = {}
    for group in ("coursetags", "tags"):
        parent = question.child(group)
        for node in parent.all("tag") if parent else ():
            tag = plain_in(node, notes)
            if tag:
                kept.setdefault(tag.lower(), tag)
    return tuple(kept.values())
