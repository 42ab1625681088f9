"""The read side of a course: its modules and units in one language, with what a learner has done."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField
from django.utils.translation import gettext as _

from courses.domain.cohorts.schedule import Schedule
from courses.domain.tree import CourseTree, PageLine, TreeKey, trees_of
from courses.models import Edition, Enrolment, UnitCompletion
from courses.models.edition import UnitEntry, Variant
from elearn.core.prepared import Prepared
from elearn.people.models import User


@dataclass(frozen=True)
class UnitLine:
    key: UUID
    kind: str
    title: str
    url: str
    minutes: int
    required: bool
    # Whether, not when: lists of units that look the same are the same (elearn.core.templatetags.kept).
    is_done: bool = False
    # The learner's cohort has not opened its module yet, and they have not done it before.
    is_locked: bool = False

    @property
    def length(self) -> str:
        return _("%(minutes)s min") % {"minutes": self.minutes}

    @property
    def note(self) -> str:
        """What stands beside the title in a list of units: done, a quiz, optional, how long."""
        notes = [_("Done")] if self.is_done else []
        notes += [_("Quiz")] if self.kind == "quiz" else []
        notes += [_("Survey")] if self.kind == "survey" else []
        notes += [] if self.required else [_("Optional")]
        return " · ".join([*notes, self.length])


@dataclass(frozen=True)
class ModuleLine:
    key: UUID
    number: int
    title: str
    url: str
    units: tuple[UnitLine, ...]
    # True also when the module was completed in another variant, in which case not every unit here is done.
    is_complete: bool
    # By the schedule of the learner's cohort: the day it opens where that is to come, and while it is not complete the
    # day it is due.
    opens_on: date | None = None
    due_on: date | None = None
    is_late: bool = False

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
    # The page of the course in `language`; None where it has none.
    course: PageLine | None
    modules: tuple[ModuleLine, ...]

    @cached_property
    def units(self) -> tuple[UnitLine, ...]:
        return tuple(unit for module in self.modules for unit in module.units)

    @cached_property
    def required(self) -> int:
        return sum(module.required for module in self.modules)

    @cached_property
    def done(self) -> int:
        return sum(module.required if module.is_complete else module.done for module in self.modules)

    @cached_property
    def percent(self) -> int:
        """Whole per cent of the required units done; 100 only when all are."""
        return self.done * 100 // self.required if self.required else 0

    @cached_property
    def started(self) -> bool:
        return any(unit.is_done for unit in self.units)

    @cached_property
    def resume(self) -> UnitLine | None:
        """Where to go on: the first unit not done after the last one done, then any left before.

        None at the end, and where all that is left is not open yet (`opens_next_on`).
        """
        last = max((i for i, unit in enumerate(self.units) if unit.is_done), default=-1)
        order = [*self.units[last + 1 :], *self.units[: last + 1]]
        waiting = [unit for unit in order if not unit.is_done and not unit.is_locked]
        return next((unit for unit in waiting if unit.required), waiting[0] if waiting else None)

    @cached_property
    def opens_next_on(self) -> date | None:
        """The next day on which a module opens to the learner."""
        return min((module.opens_on for module in self.modules if module.opens_on), default=None)

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


_standing = Prepared(
    lambda enrolment: (
        UnitCompletion.objects.standing().filter(enrolment=enrolment).values_list("unit__key", "completed_at")
    ),
    enrolment=BigIntegerField(),
)


def completions_of(enrolment: Enrolment) -> dict[UUID, datetime]:
    """The learner's standing completions by unit key. One query."""
    return dict(_standing(enrolment=enrolment.pk))


_standing_of = Prepared(
    lambda person: (
        UnitCompletion.objects.standing()
        .filter(enrolment__person=person)
        .values_list("enrolment", "unit__key", "completed_at")
    ),
    person=BigIntegerField(),
)


def completions_by_enrolment(person: User) -> dict[int, dict[UUID, datetime]]:
    """All standing completions of a person, by enrolment and unit key. One query."""
    done: dict[int, dict[UUID, datetime]] = defaultdict(dict)
    for enrolment, key, at in _standing_of(person=person.pk):
        done[enrolment][key] = at
    return done


def build_outline(
    edition: Edition, language: str, done: dict[UUID, datetime], schedule: Schedule | None = None
) -> Outline:
    """The outline of an edition in a language, with what one learner has done. `edition.course` must be loaded.

    `schedule` is what the learner's cohort opens when (courses.domain.cohorts.schedule).
    """
    return build_outlines([(edition, done)], language, [schedule])[0]


def build_outlines(
    parts: Iterable[tuple[Edition, dict[UUID, datetime]]],
    language: str,
    schedules: Iterable[Schedule | None] | None = None,
) -> list[Outline]:
    """The outlines of several editions. Two queries for all that no reader has asked for since their pages changed.

    `schedules`, where there are any: one to a part.
    """
    parts = list(parts)
    trees = trees_of(_tree_key(edition, language) for edition, _done in parts)
    times = list(schedules) if schedules is not None else [None] * len(parts)
    return [
        _outline(edition, trees.get(_tree_key(edition, language)), language, done, schedule)
        for (edition, done), schedule in zip(parts, times, strict=True)
    ]


def language_of(edition: Edition, language: str) -> str:
    """The language in which somebody who wants this one reads the edition."""
    languages = edition.structure.variant_for(language).languages
    return language if language in languages else languages[0]


def _tree_key(edition: Edition, language: str) -> TreeKey:
    return edition.course.key, language_of(edition, language), edition.course.wording


def _outline(
    edition: Edition, tree: CourseTree | None, language: str, done: dict[UUID, datetime], schedule: Schedule | None
) -> Outline:
    structure = edition.structure
    variant = structure.variant_for(language)
    pages = tree.pages if tree else {}
    finished = set(done)
    modules = []
    for number, module in enumerate(variant.modules, start=1):
        page = pages.get(module.uuid)
        is_complete = structure.module_complete(module.key, finished)
        dates = _dates(schedule, module.uuid, is_complete=is_complete) if schedule else {}
        locked = "opens_on" in dates
        modules.append(
            ModuleLine(
                key=module.uuid,
                number=number,
                title=page.title if page else module.code,
                url=page.url if page else "",
                units=tuple(_unit_line(unit, pages.get(unit.uuid), done, locked=locked) for unit in module.units),
                is_complete=is_complete,
                **dates,
            )
        )
    return Outline(
        variant=variant,
        language=language_of(edition, language),
        edition_title=edition.title(language),
        course=tree.course if tree else None,
        modules=tuple(modules),
    )


def _dates(schedule: Schedule, module: UUID, *, is_complete: bool) -> Mapping[str, Any]:
    """What the line of a module says of its times: when it opens, as long as that is to come, and when it is due."""
    if module not in schedule.modules:
        return {}
    times = schedule.of(module)
    opens = {} if times.is_open else {"opens_on": times.opens_on}
    return opens if is_complete else {**opens, "due_on": times.due_on, "is_late": times.is_late}


def _unit_line(unit: UnitEntry, page: PageLine | None, done: dict[UUID, datetime], *, locked: bool) -> UnitLine:
    return UnitLine(
        key=unit.uuid,
        kind=unit.kind,
        title=page.title if page else unit.code,
        url=page.url if page else "",
        minutes=unit.minutes,
        required=unit.required,
        is_done=unit.uuid in done,
        is_locked=locked and unit.uuid not in done,
    )
