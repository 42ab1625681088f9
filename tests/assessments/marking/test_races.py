"""Two people at the same script, at the same moment, on real connections."""

from decimal import Decimal

import pytest

from assessments.domain import judging
from assessments.domain.judging import MarkingRefused, Written
from assessments.enums import AssessmentPart, AssessmentState, ScriptState, SecondMark
from assessments.models import MarkChange, RubricAssessment, Script
from courses.models import UnitCompletion
from elearn.messages.models import Message
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.marking import CLEAR, judge, make_assessor, make_essays, make_practical_script
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def drafted(script: Script, *, points: int | None = None, **written: object) -> RubricAssessment:
    """A draft of somebody who has filled it in and given the script back."""
    person = make_assessor()
    draft = judging.take(script=Script.objects.get(pk=script.pk), person=person)
    typed = Decimal(points) if points is not None else None
    judging.save_draft(assessment=draft, written=Written(points=typed, **written), version=0)
    judging.give_back(script=script, person=person)
    return draft


def test_script_taken_by_many_at_once_is_one_persons() -> None:
    (script,) = make_essays(EnrolmentFactory(), "One.")
    people = [make_assessor() for _index in range(4)]
    results = at_once(*(lambda person=person: judging.take(script=script, person=person) for person in people))
    taken = [result for result in results if isinstance(result, RubricAssessment)]
    assert len(taken) == 1
    assert {type(result) for result in results} == {RubricAssessment, MarkingRefused}
    assert RubricAssessment.objects.get().assessor == Script.objects.get().taken_by


def test_script_taken_twice_by_one_person_is_one_draft() -> None:
    (script,) = make_essays(EnrolmentFactory(), "One.")
    person = make_assessor()
    results = at_once(*(lambda: judging.take(script=script, person=person) for _tab in range(4)))
    assert {type(result) for result in results} == {RubricAssessment}
    assert RubricAssessment.objects.count() == 1


def test_two_finals_of_the_same_part_at_once_are_one() -> None:
    script = make_practical_script(EnrolmentFactory())
    drafts = [drafted(script, levels=CLEAR, reasons=f"Reasons {number}.") for number in range(3)]
    results = at_once(*(lambda draft=draft: judging.finalise(assessment=draft) for draft in drafts))
    assert sorted(type(result).__name__ for result in results) == [
        "MarkingRefused",
        "MarkingRefused",
        "RubricAssessment",
    ]
    assert RubricAssessment.objects.filter(state=AssessmentState.FINAL).count() == 1
    assert (UnitCompletion.objects.count(), Message.objects.filter(reason__startswith="marked-").count()) == (1, 1)


def test_one_draft_finished_many_times_at_once_is_finished_once() -> None:
    (script,) = make_essays(EnrolmentFactory(), "One.")
    draft = drafted(script, points=7, reasons="Good.")
    results = at_once(*(lambda: judging.finalise(assessment=draft) for _click in range(4)))
    assert {type(result) for result in results} == {RubricAssessment}
    assert MarkChange.objects.count() == 1


def test_last_two_essays_finished_at_once_settle_the_attempt() -> None:
    course = make_released_course()
    for _time in range(3):
        essays = make_essays(EnrolmentFactory(course=course), "One.", "Two.", borderline=5)
        drafts = [drafted(script, points=9, reasons="Good.") for script in essays]
        results = at_once(*(lambda draft=draft: judging.finalise(assessment=draft) for draft in drafts))
        assert {type(result) for result in results} == {RubricAssessment}
        assert {script.state for script in Script.objects.filter(attempt=essays[0].attempt)} == {ScriptState.SETTLED}
        assert UnitCompletion.objects.filter(enrolment=essays[0].enrolment).count() == 1


def test_decision_and_another_decision_at_once_are_one() -> None:
    (script,) = make_essays(EnrolmentFactory(), "One.", second=SecondMark.SAMPLE)
    judge(script, make_assessor(), points=9)
    judge(script, make_assessor(), points=2)
    drafts = [drafted(script, points=points, reasons="Decided.") for points in (6, 7)]
    results = at_once(*(lambda draft=draft: judging.finalise(assessment=draft) for draft in drafts))
    assert sorted(type(result).__name__ for result in results) == ["MarkingRefused", "RubricAssessment"]
    assert RubricAssessment.objects.get(part=AssessmentPart.ADJUDICATION, state=AssessmentState.FINAL)
    assert MarkChange.objects.count() == 1


def test_saving_a_draft_while_it_is_finished_loses_or_changes_nothing() -> None:
    (script,) = make_essays(EnrolmentFactory(), "One.")
    draft = drafted(script, points=7, reasons="Good.")
    later = Written(points=Decimal(8), reasons="Good, and more.")
    results = at_once(
        lambda: judging.finalise(assessment=draft),
        lambda: judging.save_draft(assessment=draft, written=later, version=1),
    )
    unexpected = [each for each in results if isinstance(each, Exception) and not isinstance(each, MarkingRefused)]
    assert unexpected == []
    row = RubricAssessment.objects.get()
    assert row.state == AssessmentState.FINAL
    assert MarkChange.objects.get().fraction == row.fraction
    assert MarkChange.objects.get().comment == row.reasons


def test_moderations_at_once_both_stay_and_the_last_one_counts() -> None:
    (script,) = make_essays(EnrolmentFactory(), "One.")
    judge(script, make_assessor(), points=7)
    drafts = [drafted(script, points=points, reasons="Looked again.") for points in (6, 8)]
    results = at_once(*(lambda draft=draft: judging.finalise(assessment=draft) for draft in drafts))
    assert {type(result) for result in results} == {RubricAssessment}
    last = RubricAssessment.objects.filter(part=AssessmentPart.MODERATION).order_by("-final_at").first()
    assert [change.fraction for change in MarkChange.objects.order_by("pk")][-1] == last.fraction
    assert MarkChange.objects.count() == 3
