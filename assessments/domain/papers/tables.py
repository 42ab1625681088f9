"""Small spreadsheets from anywhere, as rows of text: nothing in them is run, and everything about them is limited."""

import csv
import io
import re
import zipfile
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from openpyxl import load_workbook

LARGEST = 1024 * 1024
UNZIPPED = 20 * LARGEST
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200, 250, 20_000
SEPARATORS = ",;\t|"
ENCODINGS = ("utf-8-sig", "cp1252")


class TableRefused(ValueError):
    """The file cannot be read; the message says why, in words."""


def read_table(data: bytes, name: str) -> list[list[str]]:
    """The rows of a CSV or XLSX file, its head among them; empty ones keep their place. Raises TableRefused."""
    if len(data) > LARGEST:
        raise TableRefused(_("The file is larger than 1 MB. Divide it."))
    kind = PurePosixPath(name).suffix.lower()
    if kind not in (".csv", ".txt", ".xlsx"):
        raise TableRefused(_("Choose a CSV or XLSX file."))
    rows = _of_workbook(data) if kind == ".xlsx" else _of_text(data)
    rows = [row if any(cell.strip() for cell in row) else [] for row in rows]
    if sum(map(bool, rows)) > MOST_ROWS + 1:
        raise TableRefused(_("The file has more than %(most)d rows. Divide it.") % {"most": MOST_ROWS})
    if any(len(row) > MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in row) for row in rows):
        raise TableRefused(_("The file has more columns, or longer texts, than any form needs."))
    return rows


def _of_text(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    # The head has no answers in it, which may hold any of these signs.
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    if not any(sign in first for sign in SEPARATORS):
        first = "\n".join(text.split("\n", 5)[:5])
    separator = max(SEPARATORS, key=first.count)
    try:
        return [[_bare(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise TableRefused(_("This is no readable CSV file.")) from error


def _bare(cell: str) -> str:
    """Without the apostrophe that our own exports put before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in set("=+-@") else cell


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableRefused(_("This is no readable CSV file. Save it as CSV in UTF-8, or as XLSX."))


def _of_workbook(data: bytes) -> list[list[str]]:
    """The first sheet. Formulas are read as they are written, and refused: their result may be anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            if sum(member.file_size for member in bundle.infolist()) > UNZIPPED:
                raise TableRefused(_("The file is too large when it is unpacked."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS * 3, max_col=MOST_COLUMNS + 1)
        return [_cut_end([_text(cell) for cell in row]) for row in rows]
    except TableRefused:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers do.
        raise TableRefused(_("This is no readable XLSX file.")) from error


def _cut_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _text(cell: object) -> str:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f":
        raise TableRefused(_("The file has formulas. Keep their results only (paste them as values)."))
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
