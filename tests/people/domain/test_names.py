import unicodedata

import pytest

from elearn.people.domain.names import NameRefused, clean_latin_name, clean_name, folded


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Amina   Diallo ", "Amina Diallo"),
        ("مُحَمَّد بن عليّ", unicodedata.normalize("NFC", "مُحَمَّد بن عليّ")),
        ("Jose\u0301", "José"),
        ("Nguyễn\u00a0Văn", "Nguyễn Văn"),
        ("\u200eAnna\u200f", "Anna"),
        ("نرگس‌زاده", "نرگس‌زاده"),
        ("O'Brien-Ma, Jr.", "O'Brien-Ma, Jr."),
        ("", ""),
    ],
)
def test_name_is_kept_as_typed_but_tidy(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept
    assert clean_name(kept) == kept


@pytest.mark.parametrize(
    "typed", ["Anna\nBauer", "Anna\tBauer", "Anna\x00", "Anna\u202eBauer", "Anna\u2028B", "123", "—"]
)
def test_name_that_no_printer_can_take_is_refused(typed: str) -> None:
    with pytest.raises(NameRefused):
        clean_name(typed)


def test_latin_form_has_latin_letters_only() -> None:
    assert clean_latin_name("Łukasz Ðặng-Øre") == "Łukasz Ðặng-Øre"
    for other in ("Иван", "Ivan Иванов", "ليلى"):
        with pytest.raises(NameRefused, match="Latin"):
            clean_latin_name(other)


def test_folded_text_has_no_accents_marks_or_case() -> None:
    assert folded("Ministério") == folded("MINISTERIO")
    assert folded("مُحَمَّد") == folded("محمد")
