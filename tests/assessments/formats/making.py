"""Items as Moodle makes them of GIFT, for tests to compare with and to write."""

from decimal import Decimal
from typing import Any

from assessments.formats.items import Answer, Item, Text, TextFormat

SETTINGS: dict[str, dict[str, Any]] = {
    "multichoice": {"single": True, "shuffleanswers": True, "answernumbering": "abc"},
    "shortanswer": {"usecase": False},
    "match": {"shuffleanswers": True},
    "essay": {
        "responseformat": "editor",
        "responserequired": True,
        "responsefieldlines": 15,
        "attachments": 0,
        "attachmentsrequired": 0,
    },
}


def text(content: str = "", text_format: TextFormat = TextFormat.MOODLE) -> Text:
    return Text(content, text_format)


def answer(content: str, percent: str | int = 0, feedback: str | Text = "", tolerance: str | int = 0) -> Answer:
    said = feedback if isinstance(feedback, Text) else text(feedback)
    return Answer(text(content), Decimal(percent), said, Decimal(tolerance))


def true_false(*, is_true: bool, wrong: str = "", right: str = "") -> tuple[Answer, Answer]:
    return (
        answer("true", 100 if is_true else 0, right if is_true else wrong),
        answer("false", 0 if is_true else 100, wrong if is_true else right),
    )


def item(qtype: str, question: str | Text, name: str | None = None, **others: Any) -> Item:
    asked = question if isinstance(question, Text) else text(question)
    defaults: dict[str, Any] = {
        "line": 1,
        "penalty": Decimal(1) if qtype == "truefalse" else Decimal("0.3333333"),
        "default_grade": Decimal(0) if qtype == "description" else Decimal(1),
        "general_feedback": text("", asked.format),
    }
    settings = SETTINGS.get(qtype, {}) | others.pop("settings", {})
    return Item(qtype, asked.content if name is None else name, asked, settings=settings, **(defaults | others))
