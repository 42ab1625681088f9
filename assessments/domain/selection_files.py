"""A quiz's selection of questions in a course package."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Question, QuestionBank
from courses.domain.packages.blocks import Building, Dumping
from courses.domain.packages.fields import Value
from courses.domain.packages.schema import Fields
from courses.domain.packages.yaml_reading import Node

MOST = 500


@dataclass(frozen=True)
class Selection(Value):
    """A list: `questions` by key (`bank/key` in another bank), or a `count` with `bank`, `category` and `tag`."""

    default: Any = ()

    def read(self, fields: Fields, model: type) -> Any:
        return [self._read_part(node, fields) for node in fields.items(self.name)] or self.default

    def _read_part(self, node: Node, fields: Fields) -> dict[str, Any]:
        reading = fields.reading
        entry = Fields(reading.mapping(node, self.name), reading)
        named = [reading.text(item, "questions", max_length=121) for item in entry.items("questions")]
        if named:
            entry.finish()
            return {"questions": named}
        count = entry.demand("count")
        part: dict[str, Any] = {"count": reading.whole(count, "count", 1, MOST) if count else 1}
        bank = entry.take("bank")
        if bank is not None:
            part["bank"] = reading.key(bank, "bank")
        for name, most in (("category", 400), ("tag", 100)):
            text = entry.text(name, max_length=most)
            if text:
                part[name] = text
        entry.finish()
        return part

    def dump(self, page: Any, dumping: Dumping) -> Any:
        parts = (_dump_part(child, page.bank) for child in page.selection)
        return [part for part in parts if part != {"questions": []}] or self.default

    def assign(self, page: Any, data: Any, building: Building) -> None:
        page.selection = [
            {"id": building.block_id(f"selection/{number}"), **_stream_part(part, page.bank, page.locale_id)}
            for number, part in enumerate(data or ())
        ]


def _dump_part(child: Any, own: QuestionBank) -> dict[str, Any]:
    value = child.value
    if child.block_type == "fixed":
        return {"questions": [_name(question, own) for question in value["questions"] if question is not None]}
    part: dict[str, Any] = {"count": value["count"]}
    if value["bank"] is not None and value["bank"] != own:
        part["bank"] = value["bank"].key
    return {**part, **{name: value[name] for name in ("category", "tag") if value[name]}}


def _name(question: Question, own: QuestionBank) -> str:
    return question.key if question.bank_id == own.pk else f"{question.bank.key}/{question.key}"


def _stream_part(part: dict[str, Any], own: QuestionBank, locale: int) -> dict[str, Any]:
    if "questions" in part:
        found = (_question(name, own, locale) for name in part["questions"])
        items = [question.pk for question in found if question is not None]
        return {"type": "fixed", "value": {"questions": items}}
    other = QuestionBank.objects.filter(course_code=own.course_code, key=part.get("bank", "")).first()
    return {
        "type": "random",
        "value": {
            "count": part["count"],
            "bank": other.pk if other else None,
            "category": part.get("category", ""),
            "tag": part.get("tag", ""),
        },
    }


def _question(name: str, own: QuestionBank, locale: int) -> Question | None:
    """The question in the page's language, or in any: what is drawn goes by what its translations share."""
    bank, _slash, key = name.rpartition("/")
    rows = Question.objects.filter(bank__course_code=own.course_code, bank__key=bank or own.key, key=key)
    return rows.filter(locale=locale).first() or rows.first()


def problems_of(data: dict[str, Any], banks: dict[str, Any]) -> Iterator[str]:
    """What a quiz's selection names that the package does not hold. `banks` are BankData by key."""
    for part in data.get("selection") or ():
        if part.get("bank", data.get("bank")) not in banks:
            yield _("There is no question bank “%(bank)s”.") % {"bank": part["bank"]}
        for name in part.get("questions", ()):
            bank, _slash, key = name.rpartition("/")
            held = banks.get(bank or data.get("bank", ""))
            if held is None or not any(key in questions for questions in held.languages.values()):
                yield _("There is no question “%(name)s”.") % {"name": name}
