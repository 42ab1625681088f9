"""Tables as files that spreadsheets open as they are meant: CSV, and Office Open XML."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# Times are those of the reader's zone, without saying so: spreadsheets know none.
Cell = str | int | Decimal | date | datetime | None

# A text that begins with one of these is taken for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Characters that a sheet's name may not hold, and how long it may be.
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
TITLE_LENGTH = 31
LONGEST_TEXT = 32_767  # characters in one cell
WIDEST = 48  # characters


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows in UTF-8 with a byte order mark, without which Excel reads it in another encoding.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_neutral(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _neutral(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS) else str(cell)


def as_xlsx(sheets: Mapping[str, Sequence[Sequence[Cell]]], *, right_to_left: bool = False) -> bytes:
    """The tables, by the name of their sheet, each with its head in the first row.

    Numbers are numbers and days are days. Every text is written as text, so none is run as a formula.
    """
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.translate(NOT_IN_TITLES)[:TITLE_LENGTH])
        sheet.sheet_view.rightToLeft = right_to_left
        sheet.freeze_panes = "A2"
        for place, width in enumerate(_widths(rows), start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        for number, row in enumerate(rows):
            sheet.append([_written(sheet, cell, is_head=number == 0) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _written(sheet: object, value: Cell, *, is_head: bool) -> WriteOnlyCell:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # What begins with = would be a formula otherwise.
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if is_head:
        cell.font = Font(bold=True)
    return cell


def _widths(rows: Sequence[Sequence[Cell]]) -> list[float]:
    """Wide enough for the first rows; nobody reads a column of a hundred characters."""
    columns: dict[int, int] = {}
    for row in rows[:50]:
        for place, cell in enumerate(row):
            columns[place] = max(columns.get(place, 8), min(len(str(cell or "")), WIDEST))
    return [columns[place] + 2.0 for place in sorted(columns)]
