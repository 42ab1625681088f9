"""Tables as files for spreadsheets."""

from decimal import Decimal

import pytest

from elearn.core.spreadsheets import as_csv


def test_table_is_utf8_with_a_byte_order_mark() -> None:
    assert as_csv([["Añadir", 'a "b", c', "line\nbreak"]]) == (
        b"\xef\xbb\xbf" + 'Añadir,"a ""b"", c","line\nbreak"\r\n'.encode()
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_text_that_would_be_a_formula_is_neutralised(text: str) -> None:
    assert as_csv([[text, "x"]]).decode("utf-8-sig").lstrip('"').startswith(f"'{text}")


def test_numbers_and_empty_cells_stay_as_they_are() -> None:
    assert as_csv([[-3, Decimal("-0.5"), None, "a-b"]]).decode("utf-8-sig") == "-3,-0.5,,a-b\r\n"
