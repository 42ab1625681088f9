import itertools

import pytest

from assessments.domain.papers import codes
from assessments.domain.papers.codes import ALPHABET, CodeRefused, new_code, printed, read


def test_code_is_read_however_it_was_typed() -> None:
    code = new_code()
    assert [read(form) for form in (code, printed(code), f" {printed(code).lower()} ", " ".join(code))] == [code] * 4


def test_every_wrong_sign_and_every_two_that_changed_places_are_found() -> None:
    code = new_code()
    wrong = {code[:place] + sign + code[place + 1 :] for place in range(7) for sign in ALPHABET} - {code}
    for one, other in itertools.combinations(range(6), 2):
        signs = list(code)
        signs[one], signs[other] = signs[other], signs[one]
        wrong.add("".join(signs))
    for typed in wrong - {code}:
        with pytest.raises(CodeRefused):
            read(typed)


@pytest.mark.parametrize("typed", ["", "ABC", "ABCD-EFGH", "ABCD-EF0", "ABCD-EFO", "ABCD-EFI", "АВСD-EFG", "=1+1+1+"])
def test_what_is_no_code_is_refused_in_words(typed: str) -> None:
    with pytest.raises(CodeRefused) as refused:
        codes.read(typed)
    assert "paper" in str(refused.value)
