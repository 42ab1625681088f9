"""Rubrics: frozen when somebody begins to work towards one, and added up when somebody has judged by it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from assessments.models import Rubric, RubricVersion


@dataclass(frozen=True)
class Outcome:
    """What levels come to: points of points possible, criteria not judged yet, and those that had to be reached."""

    points: Decimal
    possible: Decimal
    open_criteria: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def fraction(self) -> Decimal:
        """From 0 to 1 of what can be had."""
        return (self.points / self.possible).quantize(Decimal("0.00001")) if self.possible else Decimal(0)

    def passes(self, pass_mark: int) -> bool:
        """`pass_mark` is in per cent of the points. A criterion that had to be reached and was not fails all."""
        enough = self.possible > 0 and self.points * 100 >= pass_mark * self.possible
        return enough and not self.missed and not self.open_criteria


def freeze(rubric: Rubric) -> RubricVersion:
    """The version of a rubric as it stands in all languages; made if no version is equal to it."""
    contents = contents_of(rubric)
    text = json.dumps(contents, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    versions = RubricVersion.objects.filter(rubric_key=rubric.translation_key)
    while True:
        known = versions.filter(digest=digest).first()
        if known is not None:
            return known
        last = versions.order_by("-number").values_list("number", flat=True).first() or 0
        try:
            with transaction.atomic():
                return RubricVersion.objects.create(
                    rubric_key=rubric.translation_key, number=last + 1, contents=contents, digest=digest
                )
        except IntegrityError:
            continue  # Somebody froze it at this moment; theirs is found now, or the next number is free.


def as_it_stands(rubric: Rubric) -> RubricVersion:
    """What `freeze` would make now, for somebody who only looks: nothing is written."""
    return RubricVersion(rubric_key=rubric.translation_key, contents=contents_of(rubric))


def contents_of(rubric: Rubric) -> dict[str, Any]:
    """A rubric as it stands, in all languages; see RubricVersion."""
    rows = Rubric.objects.filter(translation_key=rubric.translation_key).select_related("locale").order_by("locale__pk")
    return {row.locale.language_code: _content(row) for row in rows}


def _content(row: Rubric) -> dict[str, Any]:
    return {"title": row.title, "criteria": [_criterion(child) for child in row.criteria]}


def _criterion(child: Any) -> dict[str, Any]:
    levels = [
        {
            "id": level.id,
            "title": level.value["title"],
            "descriptor": level.value["descriptor"],
            "points": str(level.value["points"].normalize() + 0),
        }
        for level in child.value["levels"].bound_blocks
    ]
    wanted = (child.value["must_reach"] or "").strip()
    return {
        "id": child.id,
        "title": child.value["title"],
        "about": child.value["about"] or "",
        "must_reach": next((level["id"] for level in levels if level["title"] == wanted), ""),
        "levels": levels,
    }


def in_language(version: RubricVersion, language: str) -> dict[str, Any]:
    """The rubric in a language, or in the first one that it was written in."""
    contents: dict[str, dict[str, Any]] = version.contents
    return contents.get(language) or next(iter(contents.values()))


def score(version: RubricVersion, levels: Mapping[str, str]) -> Outcome:
    """What these levels come to ({criterion id: level id}). A level that the rubric does not have is not judged."""
    points = possible = Decimal(0)
    open_criteria, missed = [], []
    for criterion in next(iter(version.contents.values()))["criteria"]:
        by_id = {level["id"]: Decimal(level["points"]) for level in criterion["levels"]}
        possible += max(by_id.values(), default=Decimal(0))
        given = by_id.get(levels.get(criterion["id"], ""))
        if given is None:
            open_criteria.append(criterion["id"])
            continue
        points += given
        if criterion["must_reach"] and given < by_id[criterion["must_reach"]]:
            missed.append(criterion["id"])
    return Outcome(points, possible, tuple(open_criteria), tuple(missed))
