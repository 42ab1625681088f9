"""WebVTT, the format of captions: read strictly, so that what is stored is text with times and nothing else."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

CUES = 10_000
TIME = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}((?:[ \t]+(?:vertical|line|position|size|align):[^\s:]+)*)[ \t]*\Z")
TAG = re.compile(r"<[^>]*>?")
# What may stand in a cue: emphasis, who speaks, the language of some words, readings of signs, and times.
GOOD_TAG = re.compile(rf"</?(?:[biuc]|ruby|rt|v|lang)(?:\.[\w.-]+)*(?:[ \t][^<>&]*)?>|<{TIME}>\Z")
NOTE = re.compile(r"NOTE(?:[ \t]|\Z)")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Cue:
    """Times in milliseconds."""

    begins: int
    ends: int
    text: str


class NotCaptions(ValueError):
    """Says, in words for a person, what is wrong, and in which line where there is one."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(_("line %(line)d: %(message)s") % {"line": line, "message": message} if line else message)


def read_captions(data: bytes) -> list[Cue]:
    """The cues of a WebVTT file, with or without a byte order mark. Raises NotCaptions."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NotCaptions(_("this is not UTF-8. Save the file as UTF-8."), line) from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line_text in enumerate(lines, start=1):
        if UNPRINTABLE.search(line_text):
            raise NotCaptions(_("there is a control character. Take it out."), number)
    if not re.match(r"WEBVTT(?:[ \t]|\Z)", lines[0]):
        raise NotCaptions(_("captions must be in the WebVTT format and begin with “WEBVTT”."), 1)
    if len(lines) > 1 and lines[1].strip():
        raise NotCaptions(_("an empty line must stand below “WEBVTT”."), 2)
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        if NOTE.match(block[0]) and not any("-->" in line for line in block):
            continue
        if re.match(r"(STYLE|REGION)\s*\Z", block[0]):
            raise NotCaptions(_("captions hold text only. Take this style or region out."), number)
        _add(cues, block, number)
        if len(cues) > CUES:
            raise NotCaptions(_("there are more than 10,000 captions."), number)
    if not cues:
        raise NotCaptions(_("there is no caption in the file."))
    return cues


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Neighbouring lines with the number of the first, without the one that begins the file."""
    found: list[tuple[int, list[str]]] = []
    begins = True
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            begins = True
            continue
        if begins:
            found.append((number, []))
        found[-1][1].append(line)
        begins = False
    return found


def _add(cues: list[Cue], block: list[str], number: int) -> None:
    at = 0 if "-->" in block[0] else 1
    timing = TIMING.match(block[at].strip()) if at < len(block) else None
    if timing is None:
        raise NotCaptions(_("a time like “00:00:01.000 --> 00:00:04.000” must stand here."), number + at)
    begins, ends = _milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:8])
    if ends <= begins:
        raise NotCaptions(_("the caption ends before it begins."), number + at)
    if cues and begins < cues[-1].begins:
        raise NotCaptions(_("the caption begins before the one above it. Put them in order."), number + at)
    for below, text in enumerate(block[at + 1 :], start=1):
        if "-->" in text:
            raise NotCaptions(_("an empty line must stand between two captions."), number + at + below)
        for tag in TAG.findall(text):
            if not GOOD_TAG.match(tag):
                raise NotCaptions(
                    _("“%(tag)s” cannot stand in a caption. Take it out.") % {"tag": tag[:60]}, number + at + below
                )
    text = "\n".join(block[at + 1 :])
    if not text.strip():
        raise NotCaptions(_("the caption has no text."), number + at)
    cues.append(Cue(begins, ends, text))


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
