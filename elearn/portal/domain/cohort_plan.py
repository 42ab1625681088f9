"""What a cohort is to learn, column by column: the modules of its edition, and in each the work that is marked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from assessments.domain.practical_rules import PRACTICAL
from assessments.domain.quizzes import QUIZ, QuizRules
from courses.domain.outline import language_of
from courses.domain.tree import tree_of
from courses.models import Cohort, Edition, Unit
from courses.models.edition import Manifest, ModuleEntry, UnitEntry


@dataclass(frozen=True)
class PlanUnit:
    """`pk` is the unit's number in the tables; None only where an edition holds a unit that never was released."""

    key: UUID
    pk: int | None
    title: str
    kind: str
    required: bool
    minutes: int

    @property
    def is_marked(self) -> bool:
        return self.kind in (QUIZ, PRACTICAL)


@dataclass(frozen=True)
class PlanModule:
    key: UUID
    number: int
    title: str
    units: tuple[PlanUnit, ...]

    @cached_property
    def work(self) -> tuple[PlanUnit, ...]:
        return tuple(unit for unit in self.units if unit.is_marked)


@dataclass(frozen=True)
class Plan:
    """The columns that a cohort's screens share; the wording is that of the reader's language."""

    modules: tuple[PlanModule, ...]
    hours: Decimal
    numbers: Mapping[UUID, int]
    course_title: str

    @cached_property
    def work(self) -> tuple[PlanUnit, ...]:
        return tuple(unit for module in self.modules for unit in module.work)

    @property
    def quizzes(self) -> tuple[PlanUnit, ...]:
        return tuple(unit for unit in self.work if unit.kind == QUIZ)

    def module(self, key: UUID) -> PlanModule | None:
        return next((module for module in self.modules if module.key == key), None)


def plan_of(cohort: Cohort, language: str) -> Plan:
    """The plan of a cohort, whose edition and course are loaded: the modules of the variant that the cohort's language
    is for, by their titles in the reader's. One query, and two more for titles not yet read."""
    variant = cohort.edition.structure.variant_for(cohort.language)
    tree = tree_of(cohort.course.key, language_of(cohort.edition, language), cohort.course.wording)
    pages = tree.pages if tree else {}
    numbers = dict(Unit.objects.filter(course=cohort.course).values_list("key", "pk"))

    def title(entry: ModuleEntry | UnitEntry) -> str:
        return pages[entry.uuid].title if entry.uuid in pages else entry.code

    modules = (
        PlanModule(
            module.uuid,
            number,
            title(module),
            tuple(PlanUnit(u.uuid, numbers.get(u.uuid), title(u), u.kind, u.required, u.minutes) for u in module.units),
        )
        for number, module in enumerate(variant.modules, start=1)
    )
    return Plan(
        tuple(module for module in modules if module.units), variant.hours, numbers, tree.course.title if tree else ""
    )


@dataclass(frozen=True)
class ModuleRule:
    """A module as one edition holds it, in the numbers of the tables: what must be done in each variant, and what can.

    Nothing has to be done in an optional one: it is done when all of it is, and never late.
    """

    required: tuple[frozenset[int], ...]
    units: frozenset[int]
    is_optional: bool

    def is_done(self, done: Collection[int]) -> bool:
        return any(part.issubset(done) for part in self.required)

    def count(self, done: Collection[int]) -> tuple[int, int]:
        """How many of the required units are done, and how many there are, in the variant that is nearest."""
        counts = ((len(part.intersection(done)), len(part)) for part in self.required)
        return max(counts, key=lambda count: (count[0] / count[1] if count[1] else 1, -count[1]))


@dataclass(frozen=True)
class QuizRule:
    attempts: int
    counts: str


@dataclass(frozen=True)
class EditionRules:
    """An edition taken apart for many learners at once."""

    modules: dict[UUID, ModuleRule]
    quizzes: dict[int, QuizRule]


def rules_of(edition: Edition, numbers: Mapping[UUID, int]) -> EditionRules:
    """No query."""
    structure: Manifest = edition.structure
    entries: dict[UUID, list[ModuleEntry]] = {}
    for variant in structure.variants:
        for module in variant.modules:
            entries.setdefault(module.uuid, []).append(module)
    units = {unit.key: unit for variant in structure.variants for unit in variant.units()}.values()
    return EditionRules(
        {key: _module_rule(same, numbers) for key, same in entries.items()},
        {numbers[unit.uuid]: _quiz_rule(unit) for unit in units if unit.kind == QUIZ and unit.uuid in numbers},
    )


def _module_rule(entries: list[ModuleEntry], numbers: Mapping[UUID, int]) -> ModuleRule:
    # What has no number was never released, and nobody can have done it.
    units = frozenset(numbers.get(unit.uuid, -1) for entry in entries for unit in entry.units)
    required = tuple(frozenset(numbers.get(key, -1) for key in entry.required_keys) for entry in entries)
    is_optional = not any(required)
    return ModuleRule((units,) if is_optional else required, units, is_optional)


def _quiz_rule(unit: UnitEntry) -> QuizRule:
    rules = QuizRules.from_json(unit.rules)
    return QuizRule(rules.attempts, rules.counts)
