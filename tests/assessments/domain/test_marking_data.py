"""What marking keeps about a person: handed out without the assessors' names, and let go of."""

import json

import pytest

from assessments.domain import judging, marking_data
from assessments.domain.judging import Written
from assessments.enums import SecondMark
from assessments.models import MarkChange, RubricAssessment
from courses.models import Enrolment
from elearn.people.domain import personal_data
from elearn.people.domain.personal_data import Identity
from tests.factories.marking import QUIET, judge, make_assessor, make_essays, make_practical_script

pytestmark = pytest.mark.django_db


def test_download_says_how_work_was_assessed_and_names_no_assessor(enrolment: Enrolment) -> None:
    assessor = make_assessor(printed_name="Asma Assessor")
    comments = {"aim": "Sharp indeed."}
    judge(make_practical_script(enrolment), assessor, levels=QUIET, reasons="Too quiet.", note="N.", comments=comments)
    (table,) = marking_data.collect(enrolment.person)
    (row,) = table.rows
    assert row["criteria"] == [
        {"criterion": "Aim", "level": "Sharp", "comment": "Sharp indeed."},
        {"criterion": "Voice", "level": "Low", "comment": ""},
    ]
    assert (row["reasons"], row["note"], row["passed"], row["assessed_by"]) == ("Too quiet.", "N.", False, "Assessor")
    assert "Asma" not in json.dumps(table.rows, default=str)
    assert marking_data.collect(assessor)[0].rows == []


def test_draft_is_in_no_download(enrolment: Enrolment) -> None:
    draft = judging.take(script=make_essays(enrolment, "One.")[0], person=make_assessor())
    judging.save_draft(assessment=draft, written=Written(reasons="Not yet."), version=0)
    assert marking_data.collect(enrolment.person)[0].rows == []


def test_first_of_two_marks_is_in_no_download(enrolment: Enrolment) -> None:
    judge(make_essays(enrolment, "One.", second=SecondMark.SAMPLE)[0], make_assessor(), points=7)
    assert marking_data.collect(enrolment.person)[0].rows == []


def test_erasure_keeps_the_mark_and_removes_what_was_written(enrolment: Enrolment) -> None:
    assessor = make_assessor()
    script = make_practical_script(enrolment)
    judge(script, assessor, levels=QUIET, reasons="Too quiet.", note="A note.", comments={"aim": "Sharp."})
    marking_data.erase(enrolment.person, Identity.of(enrolment.person))
    row = RubricAssessment.objects.get()
    assert (row.reasons, row.note, row.comments) == ("", "", {})
    assert (row.levels, str(row.fraction), row.passed) == (QUIET, "0.40000", False)


def test_erasing_an_assessor_keeps_the_marks(enrolment: Enrolment) -> None:
    assessor = make_assessor()
    judge(make_essays(enrolment, "One.")[0], assessor, points=7, reasons="Good.")
    marking_data.erase(assessor, Identity.of(assessor))
    assert RubricAssessment.objects.get().reasons == "Good."
    assert MarkChange.objects.get().comment == "Good."


def test_assessor_is_told_how_often_they_judged(enrolment: Enrolment) -> None:
    assessor = make_assessor()
    judge(make_essays(enrolment, "One.")[0], assessor, points=7)
    rows = personal_data.acts_of(assessor).rows
    assert {"record": "assessments.RubricAssessment.assessor", "times": 1} in rows
