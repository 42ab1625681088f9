"""Tables as CSV files that spreadsheets open as they are meant."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | int | Decimal | None

# A text that begins with one of these is taken for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS) else str(cell)
