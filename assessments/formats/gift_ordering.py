r"""Ordering questions in GIFT: {>3 ALL VERTICAL ABSOLUTE_POSITION SHOW abc, then an item on each line.

Moodle reads the words after ">" one by one, each of them optional and none parted from what follows: an item that
begins with H is cut where the layout is not named before it. The items know no escapes but "\\".
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.formats.gift_types import MOST_ANSWERS, NotAccepted, Parsed, too_many_answers
from assessments.formats.items import Answer, Text, TextFormat
from assessments.formats.lines import trim

FEWEST_ITEMS = 2
MOST_SHOWN_BY_DEFAULT = 6
SELECT_TYPES = {
    "ALL": "ALL",
    "EXACT": "ALL",
    "RANDOM": "RANDOM",
    "REL": "RANDOM",
    "CONTIGUOUS": "CONTIGUOUS",
    "CONTIG": "CONTIGUOUS",
}
LAYOUT_TYPES = dict.fromkeys(("HORIZONTAL", "HORI", "H", "1"), "HORIZONTAL") | dict.fromkeys(
    ("VERTICAL", "VERT", "V", "0"), "VERTICAL"
)
# In the order in which Moodle looks for them. It does not find LONGEST_ORDERED_SUBSET, which its own export writes:
# that word becomes the first item.
GRADING_TYPES = {
    "ALL_OR_NOTHING": "ALL_OR_NOTHING",
    "ABSOLUTE_POSITION": "ABSOLUTE_POSITION",
    "ABSOLUTE": "ABSOLUTE_POSITION",
    "ABS": "ABSOLUTE_POSITION",
    "RELATIVE_NEXT_EXCLUDE_LAST": "RELATIVE_NEXT_EXCLUDE_LAST",
    "RELATIVE_NEXT_INCLUDE_LAST": "RELATIVE_NEXT_INCLUDE_LAST",
    "RELATIVE_ONE_PREVIOUS_AND_NEXT": "RELATIVE_ONE_PREVIOUS_AND_NEXT",
    "RELATIVE_ALL_PREVIOUS_AND_NEXT": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
    "RELATIVE_TO_CORRECT": "RELATIVE_TO_CORRECT",
    "RELATIVE": "RELATIVE_NEXT_EXCLUDE_LAST",
    "RELLONGEST_ORDERED_SUBSET": "RELATIVE_NEXT_EXCLUDE_LAST",
    "LONGEST_CONTIGUOUS_SUBSET": "LONGEST_CONTIGUOUS_SUBSET",
}
SHOWN = dict.fromkeys(("SHOW", "TRUE", "YES", "1"), True) | dict.fromkeys(("HIDE", "FALSE", "NO"), False) | {"0": True}
NUMBERINGS = ("none", "123", "abc", "ABCD", "iii", "IIII")
LONGEST_BREAK = len("<br />")
SPACE = " \t\n\r\f\v"
_COUNT = re.compile(r"\s*>\s*([0-9]+)\s*", re.ASCII)
_LINE_ENDS = re.compile(r"[\r\n]+")
_BREAK = re.compile(r"<br\s*/?>\Z")


def parse_ordering(braces: str) -> Parsed | None:
    """Read an ordering question; None if this is none.

    Raises NotAccepted.
    """
    begins = _COUNT.match(braces)
    if not begins:
        return None
    rest = braces[begins.end() :]
    settings: dict[str, object] = {}
    for name, words, default in (
        ("selecttype", SELECT_TYPES, "RANDOM"),
        ("layouttype", LAYOUT_TYPES, "VERTICAL"),
        ("gradingtype", GRADING_TYPES, "RELATIVE_NEXT_EXCLUDE_LAST"),
        ("showgrading", SHOWN, True),
        ("numberingstyle", dict(zip(NUMBERINGS, NUMBERINGS, strict=True)), "none"),
    ):
        word = next((word for word in words if rest.startswith(word)), "")
        settings[name] = words.get(word, default)
        rest = rest[len(word) :].lstrip(SPACE)
    given = [item for item in _LINE_ENDS.split(rest.rstrip(SPACE)) if item not in ("", "0")]
    if len(given) > MOST_ANSWERS:
        raise too_many_answers()
    settings["selectcount"] = _count_shown(begins.group(1), len(given))
    items = [item for item in map(trim, given) if item not in ("", "0")]
    if len(items) < FEWEST_ITEMS:
        raise NotAccepted(_("There are not enough items: an ordering question needs at least two, each on its line."))
    stored = [without_paragraph(item) for item in items]
    answers = [Answer(Text(item, TextFormat.MOODLE), Decimal(0)) for item in stored if item]
    return Parsed("ordering", answers=answers, settings=settings)


def without_paragraph(item: str) -> str:
    """Moodle stores an item that is one paragraph without its tags."""
    if item.count("<p>") == 1 and item.startswith("<p>") and item.endswith("</p>"):
        end = len(item) - len("</p>")
        while True:
            while end and item[end - 1] in SPACE:
                end -= 1
            if not (found := _BREAK.search(item, max(0, end - LONGEST_BREAK), end)):
                break
            end = found.start()
        item = item[len("<p>") : end]
    return trim(item)


def _count_shown(digits: str, items: int) -> int:
    # More digits than these are more than any file has items.
    count = int(digits) if len(digits) < 10 else items + 1
    if not FEWEST_ITEMS <= count <= items:
        count = min(MOST_SHOWN_BY_DEFAULT, items)
    return max(count, FEWEST_ITEMS)
