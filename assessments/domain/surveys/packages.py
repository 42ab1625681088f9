"""Surveys in course packages (docs/course-packages.md): the introduction as running text, each question a block."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.blocks import CompetencyBlock, OptionsBlock
from assessments.enums import SurveyKind
from assessments.models import SurveyPage
from assessments.models.survey import MONTHS_AFTER
from courses.domain.packages import blocks
from courses.domain.packages.blocks import Building, Dumping
from courses.domain.packages.bodies import BlockData, Stream
from courses.domain.packages.fields import Choice, Flag, Value
from courses.domain.packages.forms import NOTES, UNIT_FACTS, UNIT_HEAD, Form
from courses.domain.packages.gaps import gap, gap_in_struct
from courses.domain.packages.schema import Fields, Reading
from courses.domain.packages.text import Part
from courses.domain.packages.values import tidy_line
from courses.domain.packages.yaml_reading import Node

FEATURES = ("bold", "italic", "link", "ol", "ul")


@dataclass(frozen=True)
class SurveyBody(Stream):
    """Running text first, kept in the introduction; then nothing but questions."""

    def read(self, parts: list[Part], reading: Reading, model: type) -> list[Any]:
        first, rest = (parts[:1], parts[1:]) if parts and not parts[0].kind else ([], parts)
        for part in rest:
            if not part.kind:
                reading.problems.add(
                    part.place, _("Text stands before the first question of a survey only. Move it there.")
                )
        data: list[Any] = super().read([part for part in rest if part.kind], reading, model)
        introduction = [BlockData(self.text, reading.running_text(p.text, FEATURES, p.place)) for p in first]
        return [*(block for block in introduction if block.value), *data]

    def dump(self, page: Any, dumping: Dumping) -> list[BlockData]:
        introduction = dumping.markdown(page.introduction, FEATURES)
        return [*([BlockData(self.text, introduction)] if introduction else []), *super().dump(page, dumping)]

    def assign(self, page: Any, data: Any, building: Building) -> None:
        texts = [block.value for block in data or [] if block.kind == self.text]
        page.introduction = building.html(texts[0]) if texts else ""
        super().assign(page, [block for block in data or [] if block.kind != self.text], building)


@dataclass(frozen=True)
class Months(Value):
    """One of the numbers of months after which a survey may be asked."""

    def read(self, fields: Fields, model: type) -> int:
        return int(fields.choice(self.name, [str(months) for months, _when in MONTHS_AFTER], default="0") or 0)

    def dump(self, page: Any, dumping: Dumping) -> int:
        return int(page.months_after)


SURVEY = Form(
    SurveyPage,
    head=UNIT_HEAD,
    body=SurveyBody("questions"),
    facts=(
        *UNIT_FACTS,
        Choice("survey", "survey_kind", choices=SurveyKind.values),
        Months("months_after", "months_after", default=0),
        Flag("anonymous", "anonymous", default=True),
    ),
    notes=NOTES,
)


@blocks.read.register
def read_competency(block: CompetencyBlock, node: Node, reading: Reading, name: str) -> dict[str, Any]:
    data = blocks.read_struct(block, node, reading, name)
    if not data.get("competency"):
        reading.problems.add(node.place, _("“%(name)s” is missing.") % {"name": "competency"})
    return data


@gap.register
def gap_in_competency(block: CompetencyBlock, data: dict[str, Any]) -> str:
    return gap_in_struct(block, data) or ("" if data.get("competency") else "competency")


# --- Options: each with its key, which answers name --------------------------------------------------------------


@blocks.read.register
def read_options(block: OptionsBlock, node: Node, reading: Reading, name: str) -> list[dict[str, str]]:
    options: list[dict[str, str]] = []
    for item in reading.items(node, name):
        fields = Fields(reading.mapping(item, name), reading)
        key, text = fields.key(), fields.demand("text")
        if key in {option["key"] for option in options}:
            reading.problems.add(item.place, _("The key “%(key)s” is there twice.") % {"key": key})
        said = reading.checked(text, "text", block.child_block.field) if text else ""
        fields.finish()
        options.append({"key": key, "text": said})
    if not block.meta.min_num <= len(options) <= block.meta.max_num:
        words = _("A question has from %(least)d to %(most)d answers to choose from.")
        reading.problems.add(node.place, words % {"least": block.meta.min_num, "most": block.meta.max_num})
    return options


@blocks.dump.register
def dump_options(block: OptionsBlock, value: Any, dumping: Dumping) -> list[dict[str, str]]:
    found = [(child.id, tidy_line(child.value or "")) for child in (value.bound_blocks if value else ())]
    return [{"key": key, "text": text} for key, text in found if text]


@blocks.raw.register
def raw_options(block: OptionsBlock, data: Any, building: Building, path: str) -> list[dict[str, Any]]:
    return [{"type": "item", "id": option["key"], "value": option["text"]} for option in data or []]
