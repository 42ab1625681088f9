"""When the modules of a cohort open and are due, for each learner where they live.

Read side, all in here: `schedule_of(enrolment)` for one learner on a page, `schedules_of(enrolments)` for several of
whatever cohorts, and `due_dates(cohort, enrolments)` for the learners of one cohort. Each answers a `Schedule`: ask it
`.of(module_key)` for a `ModuleTimes` with `opens_on`, `due_on`, `is_open`, `is_late`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, DateField, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import Cohort, Enrolment, Extension, ModuleDate, UnitCompletion
from elearn.core.prepared import Prepared
from elearn.people.domain.places import zone_named


@dataclass(frozen=True)
class ModuleTimes:
    """When one module opens and is due for one learner. Both days begin and end where the learner is (`zone`).

    `due_on` is the learner's own day where they were given more time (`is_extended`). `is_late` says that the due day
    is over; whether the module is done is for the caller to know, and one that is done is not late.
    """

    module: UUID
    zone: tzinfo = UTC
    now: datetime = field(default_factory=timezone.now)
    opens_on: date | None = None
    due_on: date | None = None
    is_extended: bool = False

    @property
    def opens_at(self) -> datetime | None:
        """The first moment of the day it opens; None for what is open from the start."""
        return _midnight(self.opens_on, self.zone) if self.opens_on else None

    @property
    def due_at(self) -> datetime | None:
        """The moment after which it is late: the midnight that ends the due day."""
        return _midnight(self.due_on + timedelta(days=1), self.zone) if self.due_on else None

    @property
    def is_open(self) -> bool:
        return self.opens_at is None or self.opens_at <= self.now

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at <= self.now


@dataclass(frozen=True)
class Schedule:
    """The times of one learner, module by module. One who is in no cohort has an empty one: all is open."""

    zone: tzinfo = UTC
    now: datetime = field(default_factory=timezone.now)
    modules: Mapping[UUID, ModuleTimes] = field(default_factory=dict)

    def of(self, module: UUID) -> ModuleTimes:
        return self.modules.get(module) or ModuleTimes(module, self.zone, self.now)


def schedule_of(enrolment: Enrolment) -> Schedule:
    """The learner's times. No query outside a cohort; inside one query, and another where `person` is not loaded."""
    if enrolment.cohort_id is None:
        return Schedule()
    dates: dict[UUID, tuple[date | None, date | None]] = {}
    extended: dict[UUID, tuple[int, date]] = {}
    for module, opens_on, due_on, extension in _rows(cohort=enrolment.cohort_id, enrolment=enrolment.pk):
        if extension:
            extended[module] = max(extended.get(module, (0, due_on)), (extension, due_on))
        else:
            dates[module] = (opens_on, due_on)
    own = {module: due_on for module, (_pk, due_on) in extended.items()}
    return _schedule(enrolment, dates, own, timezone.now())


def schedules_of(enrolments: Iterable[Enrolment]) -> dict[int, Schedule]:
    """The times of several learners in whatever cohorts, by the enrolment's number. Outside a cohort: an empty one.

    Two queries however many, none where nobody is in a cohort, and one more where not every `person` is loaded.
    """
    enrolments = list(enrolments)
    within = [enrolment for enrolment in enrolments if enrolment.cohort_id is not None]
    found = {enrolment.pk: Schedule() for enrolment in enrolments}
    if not within:
        return found
    if missing := [each for each in within if not Enrolment.person.is_cached(each)]:  # type: ignore[attr-defined]
        prefetch_related_objects(missing, "person")
    dates: dict[int, dict[UUID, tuple[date | None, date | None]]] = {}
    rows = ModuleDate.objects.filter(cohort__in={each.cohort_id for each in within})
    for cohort, module, opens_on, due_on in rows.values_list("cohort", "module", "opens_on", "due_on"):
        dates.setdefault(cohort, {})[module] = (opens_on, due_on)
    own: dict[tuple[int, int], dict[UUID, date]] = {}
    given = Extension.objects.filter(enrolment__in=within).order_by("pk")
    for learner, cohort, module, due_on in given.values_list("enrolment", "cohort", "module", "due_on"):
        own.setdefault((learner, cohort), {})[module] = due_on
    now = timezone.now()
    for each in within:
        if each.cohort_id is not None:
            extended = own.get((each.pk, each.cohort_id), {})
            found[each.pk] = _schedule(each, dates.get(each.cohort_id, {}), extended, now)
    return found


def due_dates(cohort: Cohort, enrolments: Iterable[Enrolment]) -> dict[int, Schedule]:
    """The times of learners of one cohort, by the enrolment's number. Two queries, however many learners and modules.

    Load `person` with the enrolments (`select_related("person")`), or it takes a third. A learner who has left the
    cohort is not in the answer.
    """
    return schedules_of(each for each in enrolments if each.cohort_id == cohort.pk)


def opens_later(enrolment: Enrolment, unit_key: UUID) -> ModuleTimes | None:
    """The times of the module of a unit that is not open to the learner yet; None where it is.

    Whoever has completed the course, or this unit, goes on reading. No query outside a cohort; inside one, and another
    for a module that is still closed.
    """
    if enrolment.cohort_id is None or enrolment.completed_at is not None:
        return None
    return closed_in(schedule_of(enrolment), enrolment, unit_key)


def closed_in(schedule: Schedule, enrolment: Enrolment, unit_key: UUID) -> ModuleTimes | None:
    """The same as `opens_later`, by a schedule that was read before."""
    module = enrolment.edition.structure.module_of(unit_key)
    times = schedule.of(module) if module is not None else None
    if times is None or times.is_open or enrolment.completed_at is not None:
        return None
    done = UnitCompletion.objects.standing().filter(enrolment=enrolment, unit__key=unit_key)
    return None if done.exists() else times


def in_words(times: ModuleTimes) -> str:
    """Why nothing can be done in a module that opens later, for the learner."""
    return _("This module opens for you on %(day)s. Until then nothing in it can be done.") % {
        "day": date_format(times.opens_on, "j E Y") if times.opens_on else ""
    }


def _rows_of(cohort: Any, enrolment: Any) -> QuerySet:
    no_day, no_number = Cast(Value(None), DateField()), Cast(Value(0), BigIntegerField())
    dates = ModuleDate.objects.filter(cohort=cohort)
    given = Extension.objects.filter(cohort=cohort, enrolment=enrolment).order_by()
    return dates.values_list("module", "opens_on", "due_on", no_number).union(
        given.values_list("module", no_day, "due_on", "pk"), all=True
    )


_rows = Prepared(_rows_of, cohort=BigIntegerField(), enrolment=BigIntegerField())


def _schedule(
    enrolment: Enrolment,
    dates: Mapping[UUID, tuple[date | None, date | None]],
    extended: Mapping[UUID, date],
    now: datetime,
) -> Schedule:
    zone = zone_named(enrolment.person.time_zone)
    modules = {}
    for module in dates.keys() | extended.keys():
        opens_on, due_on = dates.get(module, (None, None))
        own = extended.get(module)
        # More time is never less: the day of everybody may have moved on, or be gone, since it was given.
        is_extended = own is not None and due_on is not None and own > due_on
        modules[module] = ModuleTimes(module, zone, now, opens_on, own if is_extended else due_on, is_extended)
    return Schedule(zone, now, modules)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
