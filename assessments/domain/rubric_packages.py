"""Practical assessments and their rubrics in course packages (docs/course-packages.md)."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from assessments.domain.rubric_rows import CriterionData, LevelData, RubricData, RubricRows
from assessments.models import PracticalPage, Rubric
from assessments.models.practical import MOST_FILES
from assessments.models.rubric import CriterionBlock, LevelBlock
from courses.domain.packages.blocks import Building, Dumping
from courses.domain.packages.bodies import RunningText
from courses.domain.packages.content import Package
from courses.domain.packages.fields import Flag, Number, Value
from courses.domain.packages.forms import NOTES, UNIT_FACTS, UNIT_HEAD, Form
from courses.domain.packages.languages import package_name
from courses.domain.packages.parts import Change, Part
from courses.domain.packages.planning import Action
from courses.domain.packages.problems import Problems
from courses.domain.packages.schema import Fields, Reading
from courses.domain.packages.yaml_reading import Mapping, Node, Scalar

MOST_POINTS = 1000
LONGEST_TITLE = Rubric._meta.get_field("title").max_length


@dataclass(frozen=True)
class RubricName(Value):
    """The rubric by which a practical is judged, by its key."""

    def read(self, fields: Fields, model: type) -> str:
        return fields.key(self.name)

    def dump(self, page: Any, dumping: Dumping) -> str:
        return str(page.rubric.key)

    def assign(self, page: Any, data: Any, building: Building) -> None:
        # Every language of a rubric stands for the whole of it; the first one is always there.
        page.rubric = Rubric.objects.filter(course_code=building.course_key, key=data).order_by("pk")[0]


PRACTICAL = Form(
    PracticalPage,
    head=UNIT_HEAD,
    body=RunningText("brief", features=("h3", "bold", "italic", "link", "ol", "ul")),
    facts=(
        *UNIT_FACTS,
        RubricName("rubric", "rubric"),
        Flag("text", "asks_text", default=True),
        Number("files", "asks_files", highest=MOST_FILES, otherwise=0),
        Number("pass_mark", "pass_mark", highest=100, otherwise=60),
        Number("attempts", "attempts_allowed", otherwise=2),
        Number("wait_hours", "wait_hours", otherwise=0),
        Flag("anonymous_marking", "anonymous_marking", default=False),
        Number("second_marks", "second_marks", highest=100, otherwise=0),
        Number("borderline", "borderline", highest=50, otherwise=0),
    ),
    notes=NOTES,
)

# A rubric by language: the first one leads.
Rubrics = dict[str, dict[str, RubricData]]


class RubricPart(Part):
    """Rubrics: <language>/rubrics/<rubric>.yaml."""

    folder = "rubrics"

    def read(self, files: MappingOf[str, MappingOf[str, Mapping]], reading: Reading) -> Rubrics:
        rubrics: Rubrics = {}
        for language, named in files.items():
            for name, node in named.items():
                held = rubrics.setdefault(name, {})
                held[language] = _read(name, node, next(iter(held.values()), None), reading)
        return rubrics

    def check(self, package: Package, problems: Problems) -> None:
        for tree in package.trees.values():
            for entry in tree.walk():
                rubric = entry.data.get("rubric")
                if entry.kind == "practical" and rubric and rubric not in package.parts[self.folder]:
                    message = _("There is no rubric “%(key)s”. Add rubrics/%(key)s.yaml, or correct the key.")
                    problems.add(entry.place, message % {"key": rubric})

    def dump(self, course_key: str, languages: list[str]) -> Rubrics:
        return RubricRows(course_key).dump(languages)

    def write(self, data: Rubrics, language: str) -> dict[str, dict[str, Any]]:
        return {
            key: _written(key, held[language], leads=language == next(iter(held)))
            for key, held in data.items()
            if language in held
        }

    def plan(self, package: Package, held: Package) -> list[Change]:
        return [
            Change(action, f"{package_name(language)} rubric {key}")
            for action, language, key in _compare(package, held)
        ]

    def apply(self, package: Package, held: Package) -> None:
        rows = RubricRows(package.key)
        for action, language, key in _compare(package, held):
            if action in (Action.CREATED, Action.UPDATED):
                rows.save(key, language, package.parts[self.folder][key][language])


def _compare(package: Package, held: Package) -> Iterator[tuple[Action, str, str]]:
    """What happens to each rubric: (action, language, key). One that is not in the package stays as it is: learners
    may be judged by it."""
    wanted: Rubrics = package.parts.get(RubricPart.folder, {})
    before: Rubrics = held.parts.get(RubricPart.folder, {})
    for key, languages in wanted.items():
        for language, data in languages.items():
            old = before.get(key, {}).get(language)
            same = Action.UNCHANGED if old == data else Action.UPDATED
            yield Action.CREATED if old is None else same, language, key
    for key, kept in before.items():
        for language in kept:
            if language in package.trees and language not in wanted.get(key, {}):
                yield Action.KEPT, language, key


# --- Reading -----------------------------------------------------------------------------------------------------


def _read(name: str, node: Mapping, leader: RubricData | None, reading: Reading) -> RubricData:
    fields = Fields(node, reading)
    key = fields.key()
    if key and key != name:
        reading.problems.add(node.place, _("The key must be the name of the file, “%(name)s”.") % {"name": name})
    title = fields.text("title", max_length=LONGEST_TITLE, required=True)
    found: dict[str, CriterionData] = {}
    for item in fields.items("criteria"):
        entry = Fields(reading.mapping(item, "criteria"), reading)
        criterion = _read_criterion(entry, leader, item, reading)
        if criterion.key in found:
            _twice(item, criterion.key, reading)
        found[criterion.key] = criterion
    fields.finish()
    if not found:
        reading.problems.add(node.place, _("The rubric has no criteria. Write at least one."))
    in_order = list(found) if leader is None else [criterion.key for criterion in leader.criteria]
    if set(in_order) != set(found):
        reading.problems.add(node.place, _("The criteria must be those of the first language, with the same keys."))
    return RubricData(title, tuple(found[key] for key in in_order if key in found))


def _read_criterion(entry: Fields, leader: RubricData | None, item: Node, reading: Reading) -> CriterionData:
    key = entry.key()
    led = leader.criterion(key) if leader else None
    title = entry.text("title", max_length=_longest(CriterionBlock, "title"), required=True)
    about = entry.text("about", max_length=_longest(CriterionBlock, "about"), lines=True)
    found: dict[str, LevelData] = {}
    for node in entry.items("levels"):
        level = _read_level(Fields(reading.mapping(node, "levels"), reading), led, reading, leads=leader is None)
        if level.key in found:
            _twice(node, level.key, reading)
        found[level.key] = level
    must_reach = led.must_reach if led else ""
    if leader is None:
        must_reach = _read_must_reach(entry, found, reading)
    entry.finish()
    in_order = list(found) if led is None else [level.key for level in led.levels]
    if set(in_order) != set(found):
        reading.problems.add(item.place, _("The levels must be those of the first language, with the same keys."))
    levels = tuple(found[key] for key in in_order if key in found)
    if leader is None:
        _check_levels(levels, item, reading)
    return CriterionData(key, title, about, must_reach, levels)


def _read_must_reach(entry: Fields, levels: dict[str, LevelData], reading: Reading) -> str:
    node = entry.take("must_reach")
    if node is None:
        return ""
    key = reading.key(node, "must_reach")
    if key and key not in levels:
        reading.problems.add(node.place, _("“must_reach” must be the key of a level of this criterion."))
    return key


def _check_levels(levels: tuple[LevelData, ...], item: Node, reading: Reading) -> None:
    if len(levels) < 2:
        reading.problems.add(item.place, _("A criterion needs at least two levels."))
    points = [level.points for level in levels]
    if points != sorted(points):
        reading.problems.add(item.place, _("The levels go from the lowest to the highest: their points must not fall."))
    if len({level.title for level in levels}) != len(levels):
        reading.problems.add(item.place, _("Two levels of a criterion have the same name. Name each differently."))


def _read_level(entry: Fields, led: CriterionData | None, reading: Reading, *, leads: bool) -> LevelData:
    key = entry.key()
    title = entry.text("title", max_length=_longest(LevelBlock, "title"), required=True)
    descriptor = entry.text("descriptor", max_length=_longest(LevelBlock, "descriptor"), required=True, lines=True)
    known = led.level(key) if led else None
    points = known.points if known else Decimal(0)
    if leads:
        node = entry.demand("points")
        points = _points(node, reading) if node else Decimal(0)
    entry.finish()
    return LevelData(key, title, descriptor, points)


def _points(node: Node, reading: Reading) -> Decimal:
    try:
        points = Decimal(node.value) if isinstance(node, Scalar) else Decimal("NaN")
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or not 0 <= points <= MOST_POINTS or points != points.quantize(Decimal("0.01")):
        words = _("“points” must be a number from 0 to %(most)d, with a point for at most two decimals.")
        reading.problems.add(node.place, words % {"most": MOST_POINTS})
        return Decimal(0)
    return points


def _longest(block: type, name: str) -> int | None:
    return block.base_blocks[name].field.max_length  # type: ignore[attr-defined, no-any-return]


def _twice(node: Node, key: str, reading: Reading) -> None:
    reading.problems.add(node.place, _("The key “%(key)s” is there twice. Keep one.") % {"key": key})


# --- Writing -----------------------------------------------------------------------------------------------------


def _written(key: str, data: RubricData, *, leads: bool) -> dict[str, Any]:
    """Points and what must be reached stand in the first language alone."""
    return {
        "key": key,
        "title": data.title,
        "criteria": [_written_criterion(criterion, leads) for criterion in data.criteria],
    }


def _written_criterion(criterion: CriterionData, leads: bool) -> dict[str, Any]:
    written: dict[str, Any] = {"key": criterion.key, "title": criterion.title}
    if criterion.about:
        written["about"] = criterion.about
    if criterion.must_reach and leads:
        written["must_reach"] = criterion.must_reach
    written["levels"] = [
        {
            "key": level.key,
            "title": level.title,
            "descriptor": level.descriptor,
            **({"points": _number(level.points)} if leads else {}),
        }
        for level in criterion.levels
    ]
    return written


def _number(points: Decimal) -> int | str:
    return int(points) if points == points.to_integral_value() else str(points.normalize())
