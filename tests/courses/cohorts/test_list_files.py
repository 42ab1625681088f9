"""Reading lists: any usual separator, encoding and header; and files that mean harm."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.cohorts.lists import files
from courses.domain.cohorts.lists.columns import language_of, understand
from courses.domain.cohorts.lists.files import FileRefused

PEOPLE = [
    ["name", "email"],
    ["Ana Águas", "ana@example.org"],
    ["Борис Борисов", "boris@example.org"],
    ["ليلى حسن", "leila@example.org"],
]


def rows_of(data: bytes, name: str = "list.csv", encoding: str = "") -> list[list[str]]:
    return list(files.open_sheet(io.BytesIO(data), name, encoding).rows)


def book_of(rows: list[list[object]]) -> bytes:
    book, data = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_separators_and_encodings_of_unicode_are_found(separator: str, encoding: str) -> None:
    text = "\r\n".join(separator.join(row) for row in PEOPLE)
    assert rows_of(text.encode(encoding)) == PEOPLE


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ["José Muñoz Íñiguez", "François Lefèvre", "João Gonçalves", "Zoë Müller"]),
        ("cp1251", ["Борис Годунов", "Елена Иванова", "Сергей Петров", "Ольга Смирнова"]),
        ("cp1256", ["محمد عبد الله", "فاطمة الزهراء", "أحمد حسن", "ليلى العلي"]),
    ],
)
def test_older_encodings_are_found_by_what_they_say(encoding: str, names: list[str]) -> None:
    rows = [["name", "email"], *([name, f"p{n}@example.org"] for n, name in enumerate(names))]
    data = "\n".join(";".join(row) for row in rows).encode(encoding)
    assert rows_of(data) == rows
    assert rows_of(data, encoding=encoding) == rows


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf"), exclude_characters='"'),
    min_size=1,
    max_size=12,
)


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8),
    separator=st.sampled_from(files.SEPARATORS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_is_written_is_read_back(rows: list[tuple[str, ...]], separator: str, encoding: str) -> None:
    text = f"sep={separator}\n" + "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert rows_of(text.encode(encoding)) == [list(row) for row in rows]


@given(data=st.binary(min_size=1, max_size=300), name=st.sampled_from(["list.csv", "list.txt", "list.xlsx"]))
def test_no_bytes_do_more_than_be_refused(data: bytes, name: str) -> None:
    try:
        rows_of(data, name)
    except FileRefused as refusal:
        assert str(refusal)


def test_a_workbook_is_read_with_its_numbers_and_without_empty_rows() -> None:
    data = book_of([["Name", "E-mail", "Age"], [], ["Ana", "ana@example.org", 41], ["=1+1", "b@example.org", None]])
    assert rows_of(data, "list.xlsx") == [
        ["Name", "E-mail", "Age"],
        ["Ana", "ana@example.org", "41"],
        ["", "b@example.org"],
    ]


def zip_of(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def with_sheet(xml: str) -> bytes:
    """A workbook whose sheet says this."""
    source = zipfile.ZipFile(io.BytesIO(book_of([["a@example.org"]])))
    parts = {name: source.read(name) for name in source.namelist()}
    return zip_of(parts | {"xl/worksheets/sheet1.xml": xml.encode()})


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: b"", "The file is empty"),
        (lambda: b"a" * (files.UPLOAD_BYTES + 1), "larger than 5 MB"),
        (lambda: b"PK\x03\x04 and no more", "no readable .xlsx file"),
        (lambda: zip_of({"evil.txt": b"x"}), "no readable .xlsx file"),
        (
            lambda: zip_of({"[Content_Types].xml": b"x", "bomb": b"0" * (files.UNZIPPED_BYTES + 1)}),
            "too large when unpacked",
        ),
        (
            lambda: zip_of({"[Content_Types].xml": b"x", "xl/sharedStrings.xml": b"0" * (21 << 20)}),
            "too large when unpacked",
        ),
        (lambda: zip_of({"[Content_Types].xml": b"x"} | {f"p{n}": b"" for n in range(600)}), "too large when unpacked"),
        (lambda: with_sheet(ENTITIES + SHEET % '<row><c t="str"><v>&b;</v></c></row>'), "no readable .xlsx file"),
        (lambda: with_sheet(SHEET % '<row r="1"><c r="A1"><v>1</v>'), "no readable .xlsx file"),
        (lambda: with_sheet(SHEET % '<row r="1"><c r="CZ1" t="str"><v>x</v></c></row>'), "no rows"),
        (lambda: book_of([["x"] * 51]), "more than 50 columns"),
    ],
)
def test_hostile_workbooks_are_refused_in_words(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        rows_of(make(), "list.xlsx")


def test_a_row_that_says_it_is_the_last_of_all_costs_nothing() -> None:
    far = with_sheet(SHEET % '<row r="1"><c t="str"><v>a</v></c></row><row r="999999999"><c t="str"><v>b</v></c></row>')
    assert rows_of(far, "list.xlsx") == [["a"]]


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(FileRefused, match="more than 50,000 rows"):
        rows_of(b"a@example.org\n" * 50_002)


def test_other_kinds_of_files_are_refused_by_name() -> None:
    for name in ("list.xls", "list.ods", "list.xlsm", "list.pdf", "list"):
        with pytest.raises(FileRefused):
            rows_of(b"x", name)
    with pytest.raises(FileRefused, match="this is a workbook"):
        rows_of(book_of([["a"]]), "list.csv")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Name", "E-mail address", "Language"], ["Ana", "a@example.org", "French"]),
        (["Langue", "Nom et prénom", "Courriel"], ["français", "Ana", "a@example.org"]),
        (["Correo electrónico", "Nombre completo", "Idioma"], ["a@example.org", "Ana", "FR"]),
        (["Nome completo", "E-mail", "Língua"], ["Ana", "a@example.org", "francês"]),
        (["البريد الإلكتروني", "الاسم", "اللغة"], ["a@example.org", "Ana", "الفرنسية"]),
        (["ФИО", "Эл. почта", "Язык"], ["Ana", "a@example.org", "французский"]),
        (["Prénom", "NOM", "Poste", "Adresse", "E-mail*"], ["Ana", "", "Juge", "1, rue X", "a@example.org"]),
    ],
)
def test_headers_of_six_languages_in_any_order(header: list[str], row: list[str]) -> None:
    columns = understand([header, row])
    email, name, language = columns.read(row)
    assert (email, name, columns.has_header) == ("a@example.org", "Ana", True)
    assert language_of(language) in ("fr", "")


def test_columns_that_mean_nothing_are_named() -> None:
    assert understand([["E-mail", "Shoe size", "Name"], ["a@example.org", "42", "A"]]).ignored == ("Shoe size",)


def test_a_list_without_header_is_understood_by_what_stands_in_it() -> None:
    rows = [["1", "Ana Águas", "pt", "a@example.org"], ["2", "Bo", "en", "b@example.org"]]
    columns = understand(rows)
    assert (columns.has_header, columns.read(rows[0])) == (False, ("a@example.org", "Ana Águas", "pt"))
    pasted = understand([["Nia New <nia@example.org>"]])
    assert pasted.read(["Nia New <nia@example.org>"]) == ("nia@example.org", "Nia New", "")
