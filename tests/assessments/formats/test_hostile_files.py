"""Files made to keep a reader busy: each must end soon. In quadratic time one of them would take hours."""

import time
from types import ModuleType

import pytest

from assessments.formats import aiken, gift
from assessments.formats.items import FileRefused

SIZE = 1_000_000
# A computer that is busy with other things still has time to spare; a quadratic reader has not.
SECONDS = 30


def filled(unit: str, *, before: str = "", after: str = "") -> bytes:
    return (before + unit * (SIZE // len(unit)) + after).encode()


@pytest.mark.parametrize("module", [gift, aiken])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(content, id=name)
        for name, content in {
            "opening braces": filled("{"),
            "closing braces": filled("}"),
            "pairs of braces": filled("{}"),
            "backslashes": filled("\\", after="{}"),
            "tildes": filled("~", before="{", after="}"),
            "equals": filled("=", before="{", after="}"),
            "hashes": filled("#", before="{", after="}"),
            "arrows": filled("->", before="{=", after="=a->b}"),
            "colons": filled(":"),
            "brackets": filled("["),
            "blank lines": filled("\n", after="Q{}"),
            "short lines": filled("a\n"),
            "carriage returns": filled("a\r"),
            "form feeds": filled(" \f"),
            "open tags": filled("<", after="{}"),
            "empty tags": filled("<>", after="{}"),
            "tags and no text": filled("<b>", after="x" * 100 + "{}"),
            "tags over lines": filled("<\n", after="{}"),
            "tags with open quotes": filled('<a"', after="{}"),
            "open comments": filled("<!--", after="{}"),
            "open spans": filled('<span lang="a" class="multilang">', after="</span>{}"),
            "blanks in a span": filled(" ", before="::<span ", after="></span>::{}"),
            "entities": filled("&amp;", after="{}"),
            "minus signs in a weight": filled("-", before="{~%", after="~b}"),
            "digits in a weight": filled("1", before="{~%", after="%a ~b}"),
            "digits": filled("1", before="{#", after="}"),
            "a range of digits": filled("1", before="{#2..", after="}"),
            "an exponent": filled("9", before="{#1:1e", after="}"),
            "ids": filled("[id:", before="// ", after="\nQ{}"),
            "escaped ids": filled("[id:\\]", before="// ", after="\nQ{}"),
            "tags": filled("[tag:", before="// ", after="\nQ{}"),
            "slashes": filled("/", before="$CATEGORY: ", after="\n\nQ{}"),
            "items": filled("a\n", before="{>2 ", after="}"),
            "breaks in an item": filled("<br>", before="{>2 <p>", after="</p>\nb}"),
            "a count": filled("1", before="{>", after="\na\nb}"),
            "choices": filled("A) x\n", before="Q?\n", after="ANSWER: A"),
        }.items()
    ],
)
def test_a_hostile_file_is_read_soon(module: ModuleType, content: bytes) -> None:
    begun = time.process_time()
    try:
        reading = module.read(content)
    except FileRefused as refused:
        assert str(refused).endswith("Nothing was imported.")
    else:
        assert len(reading.items) + len(reading.refused) > 0
    assert time.process_time() - begun < SECONDS
