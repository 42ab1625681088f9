from elearn.core.typesetting import SERIF, direction, fit, shaped, tidy, undrawable

CHOICES = ((30, 1), (20, 2), (10, 3))


def texts(block):
    return [line.text for line in block.lines]


def test_short_text_is_set_large_on_one_line():
    block = fit("Ana Ruiz", face=SERIF, width=300, choices=CHOICES)
    assert (block.size, texts(block)) == (30, ["Ana Ruiz"])


def test_longer_text_is_set_smaller_in_even_lines():
    block = fit("Ana Maria Ruiz Ana Maria Ruiz", face=SERIF, width=200, choices=CHOICES)
    assert (block.size, texts(block)) == (20, ["Ana Maria Ruiz", "Ana Maria Ruiz"])


def test_word_that_is_too_long_is_cut_and_nothing_of_it_lost():
    block = fit("x" * 150, face=SERIF, width=300, choices=CHOICES)
    assert block.size == 10
    assert "".join(texts(block)) == "x" * 150
    assert all(SERIF.width(line) * 10 <= 300 for line in texts(block))


def test_text_without_anything_in_it_is_one_empty_line():
    assert texts(fit("  ", face=SERIF, width=300, choices=CHOICES)) == [""]


def test_vowel_marks_of_an_arabic_name_are_kept():
    name = shaped("مُحَمَّد")
    assert [mark for mark in name if mark in "\u064e\u064f\ufc60"] == ["\u064f", "\u064e", "\ufc60"]


def test_direction_is_that_of_the_first_letter():
    assert direction("12 محمد Karim") == "rtl"
    assert direction("Karim محمد") == "ltr"


def test_tidy_drops_what_cannot_be_printed():
    assert tidy("Ana\u202e\n  Jose\u0301\x00 ") == "Ana José"


def test_undrawable_names_the_characters_that_no_font_has():
    assert undrawable("Ana 李 შოთა Ահարոն ሰላም שלום Ελένη Ўзбек", SERIF) == ["李"]
