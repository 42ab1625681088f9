"""The rows of rubrics, one for each language: read as plain data, written, and kept alike in all languages.

What earns points is never translated. The first row of a rubric leads: criteria and levels, their order and ids, points
and what must be reached are its own in every language.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.fields import StreamField
from wagtail.models import Locale

from assessments.models import Rubric
from courses.domain.packages.values import tidy, tidy_line


@dataclass(frozen=True)
class LevelData:
    key: str
    title: str
    descriptor: str
    points: Decimal


@dataclass(frozen=True)
class CriterionData:
    """A criterion in one language. `key` and those of its levels are the ids in the stream; `must_reach` is one of
    the levels' or empty."""

    key: str
    title: str
    about: str
    must_reach: str
    levels: tuple[LevelData, ...]

    def level(self, key: str) -> LevelData | None:
        return next((level for level in self.levels if level.key == key), None)


@dataclass(frozen=True)
class RubricData:
    """A rubric in one language."""

    title: str
    criteria: tuple[CriterionData, ...]

    def criterion(self, key: str) -> CriterionData | None:
        return next((criterion for criterion in self.criteria if criterion.key == key), None)


# --- From and to a stream ----------------------------------------------------------------------------------------


def read_stream(stream: Iterable[Any]) -> tuple[CriterionData, ...]:
    """The criteria that a row, or a form of the CMS, holds."""
    return tuple(_read_criterion(child) for child in stream)


def _read_criterion(child: Any) -> CriterionData:
    levels = tuple(
        LevelData(
            level.id or "",
            tidy_line(level.value["title"] or ""),
            tidy(level.value["descriptor"] or ""),
            level.value["points"] if level.value["points"] is not None else Decimal(0),
        )
        for level in child.value["levels"].bound_blocks
    )
    wanted = tidy_line(child.value["must_reach"] or "")
    reached = next((level.key for level in levels if wanted and level.title == wanted), "")
    return CriterionData(
        child.id or "", tidy_line(child.value["title"] or ""), tidy(child.value["about"] or ""), reached, levels
    )


def to_stream(criteria: Sequence[CriterionData]) -> Any:
    """The way back."""
    stream = [
        {
            "type": "criterion",
            "id": criterion.key,
            "value": {
                "title": criterion.title,
                "about": criterion.about,
                "must_reach": _title_of(criterion),
                "levels": [
                    {
                        "type": "item",
                        "id": level.key,
                        "value": {
                            "title": level.title,
                            "descriptor": level.descriptor,
                            "points": str(level.points),
                        },
                    }
                    for level in criterion.levels
                ],
            },
        }
        for criterion in criteria
    ]
    field: StreamField = Rubric._meta.get_field("criteria")
    return field.to_python(json.dumps(stream))


def _title_of(criterion: CriterionData) -> str:
    level = criterion.level(criterion.must_reach)
    return level.title if level else ""


# --- What makes sense --------------------------------------------------------------------------------------------


def refuse_nonsense(stream: Iterable[Any]) -> None:
    """Raise ValidationError, in words for an author, unless somebody can be judged by these criteria."""
    blocks = list(stream)
    problems: list[str] = []
    if not blocks:
        problems.append(_("Write at least one criterion."))
    for block, criterion in zip(blocks, read_stream(blocks), strict=True):
        problems += [f"{criterion.title}: {words}" for words in _nonsense(block, criterion)]
    titles = [criterion.title for criterion in read_stream(blocks)]
    if len(set(titles)) != len(titles):
        problems.append(_("Two criteria have the same name. Name each differently."))
    if blocks and not problems and not any(c.levels[-1].points for c in read_stream(blocks)):
        problems.append(_("No level earns any points, so nobody could pass."))
    if problems:
        raise ValidationError(problems)


def _nonsense(block: Any, criterion: CriterionData) -> list[str]:
    found = []
    points = [level.points for level in criterion.levels]
    if len(points) < 2:
        found.append(_("A criterion needs at least two levels."))
    if points != sorted(points):
        found.append(_("The levels go from the lowest to the highest: their points must not fall."))
    if len({level.title for level in criterion.levels}) != len(points):
        found.append(_("Two levels of a criterion have the same name. Name each differently."))
    wanted = tidy_line(block.value["must_reach"] or "")
    if wanted and not criterion.must_reach:
        found.append(
            _("“%(name)s” is no level of it. Write the name of the level that must be reached.") % {"name": wanted}
        )
    return found


# --- Alike in all languages --------------------------------------------------------------------------------------


def leader_of(rubric: Rubric) -> Rubric | None:
    """The row whose points count in every language, where it is another one than this."""
    first = Rubric.objects.filter(translation_key=rubric.translation_key).order_by("pk").first()
    return first if first is not None and first.pk != rubric.pk else None


def aligned(criteria: Sequence[CriterionData], leader: Sequence[CriterionData]) -> tuple[CriterionData, ...]:
    """The wording of `criteria` with everything else as the leader has it; the leader's wording where there is none."""
    own = {criterion.key: criterion for criterion in criteria}
    return tuple(_aligned(own.get(led.key), led) for led in leader)


def _aligned(own: CriterionData | None, led: CriterionData) -> CriterionData:
    if own is None:
        return led
    levels = []
    for level in led.levels:
        worded = own.level(level.key)
        levels.append(replace(level, title=worded.title, descriptor=worded.descriptor) if worded else level)
    return replace(led, title=own.title, about=own.about, levels=tuple(levels))


@transaction.atomic
def align_translations(rubric: Rubric) -> int:
    """Bring the other languages of a rubric to the criteria, levels and points of its leading row.

    Effects: rows that differ are saved with a revision; a criterion that is new stands in the leader's words until it
    is translated. Answers how many rows were changed; none when this row does not lead.
    """
    if leader_of(rubric) is not None:
        return 0
    leader = read_stream(rubric.criteria)
    changed = 0
    others = Rubric.objects.select_for_update().filter(translation_key=rubric.translation_key).exclude(pk=rubric.pk)
    for row in others:
        now = read_stream(row.criteria)
        wanted = aligned(now, leader)
        if wanted != now:
            row.criteria = to_stream(wanted)
            row.save(update_fields=["criteria"])
            row.save_revision()
            changed += 1
    return changed


# --- As packages have them ---------------------------------------------------------------------------------------


class RubricRows:
    """The rubrics of one course."""

    def __init__(self, course_key: str) -> None:
        self.course_key = course_key

    def dump(self, languages: list[str]) -> dict[str, dict[str, RubricData]]:
        """By key, then by language; a language that has not all criteria of the first is left out."""
        rows = Rubric.objects.filter(course_code=self.course_key, locale__language_code__in=languages)
        held: dict[str, dict[str, RubricData]] = {}
        for row in sorted(
            rows.select_related("locale"), key=lambda row: (row.key, languages.index(row.locale.language_code))
        ):
            data = RubricData(tidy_line(row.title), read_stream(row.criteria))
            others = held.setdefault(row.key, {})
            leader = next(iter(others.values()), None)
            if leader is not None:
                if _keys(data) != _keys(leader):
                    continue
                data = replace(data, criteria=aligned(data.criteria, leader.criteria))
            others[row.locale.language_code] = data
        return held

    def save(self, key: str, language: str, data: RubricData) -> None:
        same = Rubric.objects.filter(course_code=self.course_key, key=key)
        row = same.filter(locale__language_code=language).first()
        if row is None:
            known = same.values_list("translation_key", flat=True).first()
            row = Rubric(
                course_code=self.course_key,
                key=key,
                locale=Locale.objects.get_or_create(language_code=language)[0],
                # The same on every site, so that an edition's manifest means the same rubric everywhere.
                translation_key=known or uuid5(NAMESPACE_URL, f"rubric:{self.course_key}/{key}"),
            )
        row.title = data.title
        row.criteria = to_stream(data.criteria)
        row.save()
        row.save_revision()


def _keys(data: RubricData) -> set[tuple[str, str]]:
    return {(criterion.key, level.key) for criterion in data.criteria for level in criterion.levels}
