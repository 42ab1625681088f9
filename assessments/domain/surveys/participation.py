"""How many were asked and how many have answered, for any number of surveys at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from assessments.domain.surveys.small_groups import ALL, Path
from assessments.domain.surveys.waves import months_before
from assessments.models import SurveyAnswers, SurveyResponse
from assessments.models.survey import MONTHS_AFTER
from courses.domain.editions import editions
from courses.enums import READING_STATES
from courses.models import Edition, Enrolment, Unit


@dataclass(frozen=True)
class Participation:
    """`invited` are those who have answered and those who still can."""

    answered: int = 0
    invited: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Per cent of those invited, to the nearest whole one; None when nobody was."""
        if not self.invited:
            return None
        return (Decimal(100) * self.answered / self.invited).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def participation_of(units: Collection[Unit]) -> dict[int, dict[Path, Participation]]:
    """By survey and group of one cohort within an edition. Five queries at most, however many surveys.

    Whoever has answered counts in the edition and cohort of that day; whoever has not, in that of today.
    """
    answered = _answered(units)
    waiting = _waiting(units)
    return {
        unit.pk: {
            path: Participation(
                answered[unit.pk].get(path, 0), answered[unit.pk].get(path, 0) + waiting[unit.pk].get(path, 0)
            )
            for path in sorted(answered[unit.pk].keys() | waiting[unit.pk].keys())
        }
        for unit in units
    }


def sum_of(groups: dict[Path, Participation], path: Path = ALL) -> Participation:
    """Of a group and everything in it."""
    inside = [each for below, each in groups.items() if below[: len(path)] == path]
    return Participation(sum(each.answered for each in inside), sum(each.invited for each in inside))


def _answered(units: Collection[Unit]) -> dict[int, dict[Path, int]]:
    rows = SurveyAnswers.objects.filter(sheet__unit__in=units).order_by()
    found: dict[int, dict[Path, int]] = defaultdict(dict)
    for unit, edition, cohort, count in rows.values_list("sheet__unit", "edition", "cohort").annotate(
        count=Count("pk")
    ):
        found[unit][edition, cohort or 0] = count
    return found


def _waiting(units: Collection[Unit]) -> dict[int, dict[Path, int]]:
    """Enrolments under which a survey can still be answered: all that hold it and for which its time has come, but for
    those that have."""
    courses = {unit.course_id for unit in units}
    held = editions(Edition.objects.filter(course__in=courses).values_list("pk", flat=True))
    enrolments = Enrolment.objects.filter(course__in=courses, state__in=READING_STATES).order_by()
    now = timezone.now()
    come = {
        f"after_{months}": Count("pk", filter=Q(completed_at__lte=months_before(now, months)))
        for months, _when in MONTHS_AFTER
        if months
    }
    by_group: list[Any] = list(enrolments.values("edition", "cohort").annotate(after_0=Count("pk"), **come))
    done = SurveyResponse.objects.filter(unit__in=units, enrolment__state__in=READING_STATES).order_by()
    groups = done.values_list("unit", "enrolment__edition", "enrolment__cohort").annotate(count=Count("pk"))
    have = {(unit, edition, cohort): count for unit, edition, cohort, count in groups}
    found: dict[int, dict[Path, int]] = defaultdict(dict)
    for unit in units:
        for group in by_group:
            edition, cohort = group["edition"], group["cohort"]
            entry = held[edition].structure.unit(unit.key)
            if entry is not None:
                count = group[f"after_{entry.rules.get('months_after', 0)}"]
                found[unit.pk][edition, cohort or 0] = max(count - have.get((unit.pk, edition, cohort), 0), 0)
    return found
