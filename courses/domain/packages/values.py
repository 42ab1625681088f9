"""The kinds of value that a package holds besides plain text: both sides, package and CMS, are brought to them."""

import re
from collections.abc import Iterable

# What YAML readers accept as printable; the byte order mark and the odd line ends are left out on purpose.
UNWRITABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class Markdown(str):
    """Running text in the one spelling that the writer gives it, so that equal texts are equal strings."""


class MediaName(str):
    """The name of a file in media/."""


class RecordingName(MediaName):
    """The name of a recording in media/, with those of the files that belong to it: captions and poster.

    They are found by their names, `talk.mp4` has `talk.fr.vtt` and `talk.poster.jpg`, and are written nowhere else.
    """

    companions: tuple[MediaName, ...]

    def __new__(cls, name: str, companions: Iterable[str] = ()) -> "RecordingName":
        made = super().__new__(cls, name)
        made.companions = tuple(MediaName(companion) for companion in sorted(companions))
        return made


class TermKey(str):
    """The key of a term of the course's glossary."""


class Keys(list[str]):
    """A short list of keys or languages, written on one line."""


def tidy(text: str) -> str:
    """Several lines of text as a package can hold them."""
    return UNWRITABLE.sub("", LINE_ENDS.sub("\n", text)).strip()


def tidy_line(text: str) -> str:
    lines = (line.strip() for line in tidy(text).split("\n"))
    return " ".join(line for line in lines if line)
