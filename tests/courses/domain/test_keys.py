import pytest

from courses.domain.keys import make_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Questions on module 1", "questions-on-module-1"),
        ("<p>What do <b>you</b> do first?</p><p>And then?</p>", "what-do-you-do-first-and-then"),
        ("A woman speaks a language that you do not know at all", "a-woman-speaks-a-language-that-you-do"),
        ("a" * 60, "a" * 40),
        ("snake_case and Été", "snake-case-and-ete"),
        ("أسئلة الوحدة الأولى", "bank"),
    ],
)
def test_key_is_made_of_the_first_words(text: str, key: str) -> None:
    assert make_key(text, fallback="bank", taken=()) == key


def test_key_that_is_taken_gets_a_number() -> None:
    assert make_key("Waves", fallback="bank", taken={"waves", "waves-2"}) == "waves-3"
    assert make_key("أسئلة", fallback="bank", taken={"bank"}) == "bank-2"
