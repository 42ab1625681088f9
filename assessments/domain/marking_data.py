"""What marking keeps about a person: how their work was judged. The assessor is named in no download, only as a role.

What examiners write about somebody's answers is personal data of that somebody (Court of Justice of the European
Union, C-434/16, Nowak): the note for other markers is handed out too.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.domain import rubrics
from assessments.enums import AssessmentState, ScriptState
from assessments.models import RubricAssessment
from elearn.people.domain.personal_data import Contribution, Identity, Row, Table, in_role
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [Table("assessments", _("How your work was assessed"), _assessments(person))]


def _assessments(person: User) -> list[Row]:
    # Of a script that is not settled nothing counts yet.
    settled = Q(script=None) | Q(script__state=ScriptState.SETTLED)
    rows = RubricAssessment.objects.filter(settled, subject=person, state=AssessmentState.FINAL)
    rows = rows.select_related("assessor", "rubric", "script__unit__course", "cohort__course").order_by("pk")
    return [{**_about(row), **_judged(row), "assessed_by": in_role(row.assessor, person)} for row in rows]


def _about(row: RubricAssessment) -> dict[str, Any]:
    if row.script is None:
        course = row.cohort.course.code if row.cohort is not None else ""
        return {"course": course, "unit": "", "question": "", "observed_on": row.observed_on, "occasion": row.occasion}
    unit = row.script.unit
    return {
        "course": unit.course.code,
        "unit": unit.code,
        "question": row.script.question_key,
        "observed_on": None,
        "occasion": "",
    }


def _judged(row: RubricAssessment) -> dict[str, Any]:
    return {
        "part": row.part,
        "criteria": _criteria(row),
        "fraction": row.fraction,
        "passed": row.passed,
        "reasons": row.reasons,
        "note": row.note,
        "final_at": row.final_at,
    }


def _criteria(row: RubricAssessment) -> list[dict[str, str]]:
    if row.rubric is None:
        return []
    return [
        {
            "criterion": criterion["title"],
            "level": next((e["title"] for e in criterion["levels"] if e["id"] == row.levels.get(criterion["id"])), ""),
            "comment": row.comments.get(criterion["id"], ""),
        }
        for criterion in rubrics.in_language(row.rubric, get_language() or "")["criteria"]
    ]


def erase(person: User, identity: Identity) -> None:
    """The levels and the mark stay; what was written about the person goes, drafts too."""
    RubricAssessment.objects.filter(subject=person).update(comments={}, reasons="", note="", occasion="")


CONTRIBUTION = Contribution(
    name="marking",
    collect=collect,
    erase=erase,
    holds=frozenset(
        {
            "assessments.Script.enrolment",
            "assessments.Script.attempt",
            "assessments.RubricAssessment.subject",
            "assessments.RubricAssessment.script",
        }
    ),
    acts=frozenset({"assessments.RubricAssessment.assessor", "assessments.Script.taken_by"}),
)
