"""From an uploaded file, or pasted text, to rows of cells. The file is hostile until it has passed here.

Formulas are never run: in a text they are text, in a workbook what the office program had worked out counts.
"""

import codecs
import csv
import io
import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import openpyxl
from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

UPLOAD_BYTES = 5 * 1024 * 1024
UNZIPPED_BYTES = 60 * 1024 * 1024
STRINGS_BYTES = 20 * 1024 * 1024  # The one part of a workbook that is held in memory as a whole.
ZIPPED_FILES = 500
MAX_ROWS = 50_000
MAX_COLUMNS = 50
CELL_LENGTH = 300
TEXT_ENDINGS, BOOK_ENDINGS = ("csv", "tsv", "txt"), ("xlsx",)
SEPARATORS = ",;\t|"
# What people may choose where the signs come out wrong, and what is tried when they do not.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "cp1256": "Windows-1256",
    "cp1250": "Windows-1250",
}
_GUESSED = ["cp1252", "cp1251", "cp1256", "cp1250"]
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Cells = list[str]


class FileRefused(Exception):
    """The file cannot be read as a list; the message says why, and what to do, in words."""


@dataclass(frozen=True)
class Sheet:
    """A list taken apart: its rows of cells, which can be walked once, and how it was understood."""

    rows: Iterator[Cells]
    encoding: str = ""
    separator: str = ""


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def check_name(name: str) -> str:
    """The kind of file, or FileRefused for one that this cannot read."""
    kind = ending(name)
    if kind in (*TEXT_ENDINGS, *BOOK_ENDINGS):
        return kind
    if kind in ("xls", "xlsm", "xlsb", "ods", "numbers"):
        raise FileRefused(_("Files of this kind (.%s) cannot be read here. Save the list as .xlsx or .csv.") % kind)
    raise FileRefused(_("This is no list. Choose a file that ends in .xlsx, .csv, .tsv or .txt."))


def open_sheet(file: IO[bytes], name: str, encoding: str = "") -> Sheet:
    """The rows of a file. `encoding` is what somebody chose, or nothing.

    Refusals: FileRefused, also while the rows are being walked.
    """
    kind = check_name(name)
    file.seek(0)
    data = file.read(UPLOAD_BYTES + 1)
    if len(data) > UPLOAD_BYTES:
        raise FileRefused(_("The file is larger than 5 MB. Take out what is no list of people, or send it in parts."))
    if not data.strip():
        raise FileRefused(_("The file is empty."))
    if kind in BOOK_ENDINGS:
        return Sheet(_limited(_rows_of_workbook(data)))
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise FileRefused(_("The name says text, but this is a workbook. Give the file its own ending, .xlsx."))
    return sheet_of_text(*decode(data, encoding))


def sheet_of_text(text: str, encoding: str = "") -> Sheet:
    """The rows of text, pasted or decoded, by whichever separator it uses."""
    text, separator = _separator_of(text.replace("\x00", "").lstrip("\ufeff"))
    return Sheet(_limited(_rows_of_text(text, separator)), encoding, separator)


# --- Text ------------------------------------------------------------------------------------------------------------


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text, and the encoding that it was in."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if marked or encoding in ENCODINGS:
        chosen = marked or encoding
        try:
            return data.decode(chosen), ENCODINGS.get(chosen.removesuffix("-sig"), chosen)
        except UnicodeDecodeError as error:
            words = _("The file cannot be read as %s. Let the site find out, or save it as “CSV UTF-8”.")
            raise FileRefused(words % ENCODINGS.get(chosen.removesuffix("-sig"), chosen)) from error
    for name in (_unmarked_utf16(data), "utf-8"):
        try:
            if name:
                return data.decode(name), ENCODINGS["utf-16" if name.startswith("utf-16") else name]
        except UnicodeDecodeError:
            continue
    return _decode_by_guess(data)


def _unmarked_utf16(data: bytes) -> str:
    """Every other byte of Latin text in UTF-16 is zero; a separator or line end always is."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2 or b"\x00" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_by_guess(data: bytes) -> tuple[str, str]:
    # The lines with signs beyond ASCII say what the encoding is; the others only dilute them.
    telling = b"\n".join(itertools.islice((line for line in data.splitlines() if not line.isascii()), 400))
    best = from_bytes(telling[:40_000], cp_isolation=_GUESSED).best()
    for name in (best.encoding if best else "cp1252", "cp1252"):
        try:
            return data.decode(name), ENCODINGS.get(name, name)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace"), ENCODINGS["cp1252"]


def _separator_of(text: str) -> tuple[str, str]:
    """The text without Excel's line about it, and the sign that separates columns."""
    first, _newline, rest = text.partition("\n")
    told = first.strip().strip('"')
    if told.lower().startswith("sep=") and len(told) == 5:
        return rest, told[4]
    if first.lower().startswith("sep=\t"):
        return rest, "\t"
    sample = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    return text, max(SEPARATORS, key=lambda sign: _columns_by(sign, sample))


def _columns_by(sign: str, sample: list[str]) -> tuple[int, int]:
    """How well a separator fits: in how many lines it makes as many columns as in the first, and how many."""
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=sign)]
    except csv.Error:
        return (0, 0)
    if not widths or widths[0] < 2:
        return (0, max(widths, default=0))
    return (widths.count(widths[0]), widths[0])


def _rows_of_text(text: str, separator: str) -> Iterator[Cells]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    except csv.Error as error:
        words = _("The file is no list with columns (a cell in it never ends). Save it once more as .xlsx or .csv.")
        raise FileRefused(words) from error


# --- Workbooks -------------------------------------------------------------------------------------------------------


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise FileRefused(_("This is no readable .xlsx file. Open it, and save it once more.")) from error
    strings = max((part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml")), default=0)
    total = sum(part.file_size for part in parts)
    if len(parts) > ZIPPED_FILES or total > UNZIPPED_BYTES or strings > STRINGS_BYTES:
        raise FileRefused(_("The workbook is too large when unpacked. Copy the list alone into a new one."))
    if any(part.flag_bits & 0x1 for part in parts) or "[Content_Types].xml" not in {part.filename for part in parts}:
        raise FileRefused(_("This is no readable .xlsx file, or it has a password. Save it without one."))


def _rows_of_workbook(data: bytes) -> Iterator[Cells]:
    """The first sheet that holds anything. A workbook that breaks off in the middle is refused as a whole."""
    _check_archive(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # What a file says about its own size need not be true.
            rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=MAX_ROWS * 4, values_only=True)
            first = next((row for row in rows if any(value not in (None, "") for value in row)), None)
            if first is not None:
                yield _cells(first)
                yield from map(_cells, rows)
                return
    except FileRefused:
        raise
    except Exception as error:  # Whatever a broken or hostile file makes the reader of workbooks raise.
        raise FileRefused(_("This is no readable .xlsx file. Open it, and save it once more.")) from error


def _cells(row: tuple[Any, ...]) -> Cells:
    return ["" if value is None else str(value).replace("\x00", "") for value in row]


# --- Bounds ----------------------------------------------------------------------------------------------------------


def _limited(rows: Iterator[Cells]) -> Iterator[Cells]:
    """The rows that hold anything, trimmed; FileRefused where a list is longer or wider than anybody's list is."""
    count = 0
    for row in rows:
        cells = [cell.strip()[: CELL_LENGTH + 1] for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > MAX_ROWS + 1:  # One of them may be the header.
            raise FileRefused(_("The list has more than 50,000 rows. Send it in parts."))
        if len(cells) > MAX_COLUMNS:
            raise FileRefused(_("The list has more than 50 columns. Take out those that are not needed."))
        yield cells
    if not count:
        raise FileRefused(_("The file holds no rows."))
