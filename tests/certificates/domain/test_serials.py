import pytest

from certificates.domain.serials import ALPHABET, SerialUnreadable, new_serial, read_serial

SERIAL = "7KQM-2XVD-9RTA"


@pytest.mark.parametrize(
    "typed",
    [
        SERIAL,
        "7kqm-2xvd-9rta",
        "7KQM2XVD9RTA",
        "  7kqm 2xvd 9rta ",
        "7KQM–2XVD—9RTA",
        "7KQM-2XUD-9RTA",
        "７ＫＱＭ-２ＸＶＤ-９ＲＴＡ",
        "7КQМ-2ХVD-9RТА",
        "٧KQM-٢XVD-٩RTA",
        "\u200e7KQM-2XVD-9RTA\u200f",
        "https://learn.example.org/verify/7KQM-2XVD-9RTA/?lang=fr",
    ],
)
def test_serial_as_people_type_it_is_read(typed):
    assert read_serial(typed) == SERIAL


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("7KQM-2XVD-9RT0", "A serial never holds 0. Look again: it may be D or Q, 7 or J."),
        ("7lqM-2XVD-9RTO", "A serial never holds L, O. Look again: it may be D or Q, 7 or J."),
        ("7KQM-2XVD-9RT", "A serial has 12 letters and digits; this has 11."),
        ("7KQM-2XVD-9RTAA", "A serial has 12 letters and digits; this has 13."),
        ("7KQM-2XVD-9RT'", "A serial has only letters and digits, and hyphens between them; this holds '."),
        ("", "A serial has 12 letters and digits; this has 0."),
    ],
)
def test_what_cannot_be_a_serial_is_refused_in_words(typed, words):
    with pytest.raises(SerialUnreadable) as refusal:
        read_serial(typed)
    assert str(refusal.value) == words


def test_new_serial_reads_back_as_itself():
    serials = {new_serial() for _index in range(200)}
    assert len(serials) == 200
    assert {read_serial(serial) for serial in serials} == serials


def test_alphabet_has_no_letter_that_looks_like_another():
    assert set("0O1ILU") & set(ALPHABET) == set()
