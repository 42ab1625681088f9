from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models

from courses.enums import Award, VariantKind
from courses.models.course import Course


@dataclass(frozen=True)
class UnitEntry:
    """A unit as an edition holds it. `rules` are those of its type (a quiz's pass mark, for instance)."""

    key: str
    code: str
    kind: str
    required: bool
    minutes: int
    rules: dict[str, Any] = field(default_factory=dict)
    stands_for: tuple[str, ...] = ()

    @cached_property
    def uuid(self) -> UUID:
        return UUID(self.key)


@dataclass(frozen=True)
class ModuleEntry:
    key: str
    code: str
    units: tuple[UnitEntry, ...]

    @cached_property
    def uuid(self) -> UUID:
        return UUID(self.key)

    @cached_property
    def required_keys(self) -> frozenset[UUID]:
        return frozenset(unit.uuid for unit in self.units if unit.required)


@dataclass(frozen=True)
class Variant:
    kind: str
    languages: tuple[str, ...]
    modules: tuple[ModuleEntry, ...]

    @property
    def minutes(self) -> int:
        return sum(unit.minutes for unit in self.units())

    @property
    def hours(self) -> Decimal:
        """Hours of learning, to the nearest half hour, never less than a half."""
        halves = (Decimal(self.minutes) / 30).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return max(halves, Decimal(1)) / 2

    def units(self) -> Iterator[UnitEntry]:
        for module in self.modules:
            yield from module.units


@dataclass(frozen=True)
class Manifest:
    """The structure and rules of an edition. Wording and media come from the live pages."""

    award: str
    titles: dict[str, str]
    variants: tuple[Variant, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            award=data["award"],
            titles=data["titles"],
            variants=tuple(
                Variant(
                    kind=variant["kind"],
                    languages=tuple(variant["languages"]),
                    modules=tuple(
                        ModuleEntry(
                            key=module["key"],
                            code=module["code"],
                            units=tuple(
                                UnitEntry(**{**unit, "stands_for": tuple(unit["stands_for"])})
                                for unit in module["units"]
                            ),
                        )
                        for module in variant["modules"]
                    ),
                )
                for variant in data["variants"]
            ),
        )

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for variant in self.variants for language in variant.languages)

    def variant_for(self, language: str) -> Variant:
        """The variant that is read in this language; the first one (the full one) if none is."""
        return next((v for v in self.variants if language in v.languages), self.variants[0])

    def unit(self, key: UUID) -> UnitEntry | None:
        """The unit with this key in any variant, or None when the edition does not hold it."""
        return self._units.get(str(key))

    @cached_property
    def _units(self) -> dict[str, UnitEntry]:
        return {unit.key: unit for variant in self.variants for unit in variant.units()}

    def module_of(self, unit_key: UUID) -> UUID | None:
        """The key of the module that holds the unit, or None when the edition does not hold it."""
        return self._modules.get(unit_key)

    @cached_property
    def _modules(self) -> dict[UUID, UUID]:
        return {unit.uuid: m.uuid for variant in self.variants for m in variant.modules for unit in m.units}

    @cached_property
    def module_keys(self) -> tuple[UUID, ...]:
        """Every module of the edition, in order: those of the first variant, then what only others have."""
        return tuple(dict.fromkeys(module.uuid for variant in self.variants for module in variant.modules))

    def complete_in(self, done: set[UUID]) -> Variant | None:
        """The variant in which a learner who has completed these units has completed the edition, or None.

        A module is complete when every required unit of one variant is. The full variant is stated only when every
        module is complete in full; a mixture counts as the condensed one.
        """
        full = [v for v in self.variants if v.kind == VariantKind.FULL]
        others = [v for v in self.variants if v.kind != VariantKind.FULL]
        for variant in full:
            if all(module.required_keys <= done for module in variant.modules):
                return variant
        for variant in others:
            if all(self.module_complete(module.key, done) for module in variant.modules):
                return variant
        return None

    def module_complete(self, key: str, done: set[UUID]) -> bool:
        modules = [module for variant in self.variants for module in variant.modules if module.key == key]
        return any(module.required_keys <= done for module in modules)


class Edition(models.Model):
    """The structure and rules of a course at one release. Never changed: enrolments and certificates rest on it."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    manifest = models.JSONField()
    note = models.TextField(blank=True)
    released_at = models.DateTimeField(auto_now_add=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["course", "number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="one_edition_per_number")]

    def __str__(self) -> str:
        return f"{self.course.code} {self.number}"

    @cached_property
    def structure(self) -> Manifest:
        return Manifest.from_json(self.manifest)

    @property
    def award(self) -> Award:
        return Award(self.structure.award)

    def title(self, language: str) -> str:
        """The edition's own title, e.g. "Online modules 1 and 2"; empty when it has none."""
        titles = self.structure.titles
        return titles.get(language) or next(iter(titles.values()), "")
