"""Moodle XML files for tests, and what is looked at in their reading."""

import base64
from decimal import Decimal

from assessments.formats import moodle_xml
from assessments.formats.items import Item, Text

PENALTY = Decimal("0.3333333")
NO_FEEDBACK = {
    "correctfeedback": Text(),
    "partiallycorrectfeedback": Text(),
    "incorrectfeedback": Text(),
    "shownumcorrect": False,
}
PICTURE = b"\x89PNG\r\n\x1a\nnot really"
ENCODED = base64.b64encode(PICTURE).decode()


def quiz(*questions: str) -> bytes:
    return ("<quiz>" + "\n".join(questions) + "</quiz>").encode()


def question(qtype: str, inside: str = "", *, name: str = "N", text: str = "Q") -> str:
    return (
        f'<question type="{qtype}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text>{text}</text></questiontext>{inside}</question>'
    )


def only_item(content: bytes) -> Item:
    reading = moodle_xml.read(content)
    assert (reading.refused, reading.notes) == ((), ())
    assert len(reading.items) == 1
    return reading.items[0]


def refusal(content: bytes) -> str:
    reading = moodle_xml.read(content)
    assert reading.items == ()
    assert len(reading.refused) == 1
    return reading.refused[0].reason


def notes(content: bytes) -> list[str]:
    reading = moodle_xml.read(content)
    assert (len(reading.items), reading.refused) == (1, ())
    return [note.reason for note in reading.notes]


SHORT = '<answer fraction="100"><text>a</text></answer>'
