"""The lines of a text file that came from outside: limits, encoding, line ends, as Moodle's importers take them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.formats.items import FileRefused

LARGEST_FILE = 20 * 1024 * 1024
MOST_QUESTIONS = 20_000
BYTE_ORDER_MARK = "\ufeff"
# What Moodle cuts off at the ends of a text. A non-breaking space is not among it.
BLANK = " \t\n\r\0\x0b"


def trim(text: str) -> str:
    return text.strip(BLANK)


def decoded(content: bytes) -> str:
    """Give the text of a file without its byte order mark.

    Raises FileRefused when the file is too large or not UTF-8.
    """
    if len(content) > LARGEST_FILE:
        raise FileRefused(
            _("The file is too large: at most %(limit)s MB can be read. Nothing was imported.")
            % {"limit": LARGEST_FILE // 1024 // 1024}
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileRefused(_not_utf8()) from None
    return text.removeprefix(BYTE_ORDER_MARK)


def lines_at_line_feeds(text: str) -> Iterator[tuple[int, str]]:
    """Give each line, trimmed, with its number from 1. Only a file without any line feed is cut at carriage returns.

    Raises FileRefused when a line holds a null character, as files in UTF-16 do.
    """
    end_of_line = "\r" if "\n" not in text else "\n"
    for number, line in enumerate(_cut(text, end_of_line), start=1):
        yield number, _checked(trim(line))


def lines_at_every_end(text: str) -> Iterator[tuple[int, str]]:
    """The same, but a carriage return ends a line in every file."""
    number = 0
    for line in _cut(text, "\n"):
        line = line.removesuffix("\r")
        for piece in line.split("\r") if line else ("",):
            number += 1
            yield number, _checked(trim(piece))


def too_many_questions() -> FileRefused:
    return FileRefused(
        _("The file holds more than %(limit)s questions. Divide it into smaller files. Nothing was imported.")
        % {"limit": MOST_QUESTIONS}
    )


def no_questions() -> FileRefused:
    return FileRefused(_("There are no questions in this file. Nothing was imported."))


def _cut(text: str, end_of_line: str) -> Iterator[str]:
    # One line at a time: a list of all lines of a large file takes many times its size.
    start = 0
    while (end := text.find(end_of_line, start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _checked(line: str) -> str:
    if "\0" in line:
        raise FileRefused(_not_utf8())
    return line


def _not_utf8() -> str:
    return _("The file is not in the encoding UTF-8. Save it again as UTF-8 text. Nothing was imported.")
