"""The read side of a course: its modules and units in one language, with what a learner has done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from wagtail.models import Page

from courses.models import Edition, Enrolment, UnitCompletion
from courses.models.edition import Variant


@dataclass(frozen=True)
class UnitLine:
    key: UUID
    kind: str
    title: str
    url: str
    minutes: int
    required: bool
    completed_at: datetime | None

    @property
    def is_done(self) -> bool:
        return self.completed_at is not None


@dataclass(frozen=True)
class ModuleLine:
    key: UUID
    number: int
    title: str
    url: str
    units: tuple[UnitLine, ...]
    # True also when the module was completed in another variant, in which case not every unit here is done.
    is_complete: bool

    @property
    def required(self) -> int:
        return sum(unit.required for unit in self.units)

    @property
    def done(self) -> int:
        return sum(unit.required and unit.is_done for unit in self.units)

    @property
    def minutes(self) -> int:
        return sum(unit.minutes for unit in self.units)


@dataclass(frozen=True)
class Outline:
    variant: Variant
    language: str
    edition_title: str
    modules: tuple[ModuleLine, ...]

    @cached_property
    def units(self) -> tuple[UnitLine, ...]:
        return tuple(unit for module in self.modules for unit in module.units)

    @property
    def required(self) -> int:
        return sum(module.required for module in self.modules)

    @property
    def done(self) -> int:
        return sum(module.required if module.is_complete else module.done for module in self.modules)

    @property
    def percent(self) -> int:
        """Whole per cent of the required units done; 100 only when all are."""
        return self.done * 100 // self.required if self.required else 0

    @property
    def started(self) -> bool:
        return any(unit.is_done for unit in self.units)

    @cached_property
    def resume(self) -> UnitLine | None:
        """Where to go on: the first unit not done after the last one done, then any left before; None at the end."""
        last = max((i for i, unit in enumerate(self.units) if unit.is_done), default=-1)
        order = [*self.units[last + 1 :], *self.units[: last + 1]]
        waiting = [unit for unit in order if not unit.is_done]
        return next((unit for unit in waiting if unit.required), waiting[0] if waiting else None)

    def module_of(self, key: UUID) -> ModuleLine | None:
        return next((m for m in self.modules if m.key == key or any(u.key == key for u in m.units)), None)

    def unit(self, key: UUID) -> UnitLine | None:
        return next((unit for unit in self.units if unit.key == key), None)

    def before(self, key: UUID) -> UnitLine | None:
        index = self._index(key)
        return self.units[index - 1] if index else None

    def after(self, key: UUID) -> UnitLine | None:
        index = self._index(key)
        return self.units[index + 1] if index is not None and index + 1 < len(self.units) else None

    def _index(self, key: UUID) -> int | None:
        return next((i for i, unit in enumerate(self.units) if unit.key == key), None)


def page_address(language: str, url_path: str) -> str:
    """The address of a page, from its path in the tree: the home page's own part gives way to the language."""
    return f"/{language}/" + url_path.split("/", 2)[2]


def completions_of(enrolment: Enrolment) -> dict[UUID, datetime]:
    """The learner's standing completions by unit key. One query."""
    rows = UnitCompletion.objects.standing().filter(enrolment=enrolment)
    return dict(rows.values_list("unit__key", "completed_at"))


def build_outline(edition: Edition, language: str, done: dict[UUID, datetime]) -> Outline:
    """The outline of an edition in a language. One query, for the titles and addresses of the live pages."""
    return build_outlines([(edition, done)], language)[0]


def build_outlines(parts: Iterable[tuple[Edition, dict[UUID, datetime]]], language: str) -> list[Outline]:
    """The outlines of several editions, each with what one learner has done. One query for all."""
    parts = list(parts)
    chosen = [(edition, edition.structure.variant_for(language), done) for edition, done in parts]
    keys = [
        UUID(key)
        for _, variant, _ in chosen
        for module in variant.modules
        for key in (module.key, *(unit.key for unit in module.units))
    ]
    languages = {language, *(variant.languages[0] for _, variant, _ in chosen)}
    pages = {
        (key, code): (title, page_address(code, path))
        for key, code, title, path in Page.objects.filter(
            translation_key__in=keys, locale__language_code__in=languages
        ).values_list("translation_key", "locale__language_code", "title", "url_path")
    }
    return [_outline(edition, variant, language, done, pages) for edition, variant, done in chosen]


def _outline(
    edition: Edition,
    variant: Variant,
    language: str,
    done: dict[UUID, datetime],
    pages: dict[tuple[UUID, str], tuple[str, str]],
) -> Outline:
    language = language if language in variant.languages else variant.languages[0]
    modules = []
    for number, module in enumerate(variant.modules, start=1):
        title, url = pages.get((UUID(module.key), language), (module.code, ""))
        units = []
        for unit in module.units:
            unit_title, unit_url = pages.get((UUID(unit.key), language), (unit.code, ""))
            units.append(
                UnitLine(
                    key=UUID(unit.key),
                    kind=unit.kind,
                    title=unit_title,
                    url=unit_url,
                    minutes=unit.minutes,
                    required=unit.required,
                    completed_at=done.get(UUID(unit.key)),
                )
            )
        modules.append(
            ModuleLine(
                key=UUID(module.key),
                number=number,
                title=title,
                url=url,
                units=tuple(units),
                is_complete=edition.structure.module_complete(module.key, set(done)),
            )
        )
    return Outline(variant=variant, language=language, edition_title=edition.title(language), modules=tuple(modules))
