"""What follows from one mark, from two, near the pass mark, and from somebody's decision."""

from decimal import Decimal

import pytest

from assessments.domain import judging, second_marks
from assessments.domain.judging import MarkingRefused
from assessments.domain.marking import result_of
from assessments.enums import AssessmentPart, AssessmentState, HandInState, MarkReason, ScriptState, SecondMark
from assessments.models import Attempt, HandIn, MarkChange, RubricAssessment, Script
from courses.models import Enrolment, UnitCompletion
from elearn.messages.models import Message
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory
from tests.factories.marking import (
    AIMLESS,
    CLEAR,
    QUIET,
    SHARP,
    judge,
    make_assessor,
    make_essays,
    make_practical_script,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> User:
    return make_assessor()


@pytest.fixture
def two() -> User:
    return make_assessor()


@pytest.fixture
def three() -> User:
    return make_assessor()


def now_of(script: Script) -> Script:
    return Script.objects.select_related("attempt", "hand_in__rubric").get(pk=script.pk)


def states(*scripts: Script) -> list[str]:
    return [now_of(script).state for script in scripts]


def fraction_of(script: Script) -> Decimal:
    found = second_marks.verdict(second_marks.finals_of(now_of(script)))
    assert found is not None
    return found.fraction


# --- One mark ----------------------------------------------------------------------------------------------------


def test_one_mark_settles_an_essay(enrolment: Enrolment, one: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    judge(script, one, points=6, reasons="Enough.")
    change = MarkChange.objects.get()
    assert (change.fraction, change.reason, change.comment) == (Decimal("0.6"), MarkReason.MANUAL, "Enough.")
    assert change.marked_by == one
    assert states(script) == [ScriptState.SETTLED]
    assert result_of(Attempt.objects.get()).passed
    assert UnitCompletion.objects.get().unit == script.unit
    assert now_of(script).taken_by is None


def test_one_mark_settles_a_practical(enrolment: Enrolment, one: User) -> None:
    script = make_practical_script(enrolment)
    final = judge(script, one, levels=CLEAR)
    assert (final.fraction, final.passed) == (Decimal("0.8"), True)
    assert HandIn.objects.get().state == HandInState.ASSESSED
    assert UnitCompletion.objects.get().unit == script.unit


def test_practical_that_fails_completes_nothing(enrolment: Enrolment, one: User) -> None:
    script = make_practical_script(enrolment)
    assert judge(script, one, levels=AIMLESS).passed is False
    assert HandIn.objects.get().state == HandInState.ASSESSED
    assert UnitCompletion.objects.count() == 0


def test_learner_is_told_once_when_nothing_waits_any_more(enrolment: Enrolment, one: User) -> None:
    first, second = make_essays(enrolment, "One.", "Two.")
    judge(first, one, points=7)
    assert Message.objects.count() == 0
    judge(second, one, points=7)
    message = Message.objects.get()
    assert message.person == enrolment.person
    assert f"/en/attempts/{first.attempt.public_id}/result/" in message.body
    assert "7" not in message.subject


# --- Two marks ---------------------------------------------------------------------------------------------------


def test_sample_waits_for_a_second_mark(enrolment: Enrolment, one: User) -> None:
    (script,) = make_essays(enrolment, "One.", second=SecondMark.SAMPLE)
    judge(script, one, points=7)
    assert states(script) == [ScriptState.WAITING]
    assert (MarkChange.objects.count(), Message.objects.count()) == (0, 0)
    with pytest.raises(MarkingRefused):
        judging.take(script=now_of(script), person=one)


@pytest.mark.parametrize(("first", "second", "mean"), [(7, 8, "0.75"), (6, 7, "0.65"), (10, 9, "0.95"), (1, 2, "0.15")])
def test_two_that_agree_give_their_mean(
    enrolment: Enrolment, one: User, two: User, first: int, second: int, mean: str
) -> None:
    (script,) = make_essays(enrolment, "One.", second=SecondMark.SAMPLE)
    judge(script, one, points=first, reasons="Of one.")
    judge(script, two, points=second, reasons="Of two.")
    change = MarkChange.objects.get()
    assert (change.fraction, change.comment, change.marked_by) == (Decimal(mean), "Of one.\n\nOf two.", two)
    assert states(script) == [ScriptState.SETTLED]


@pytest.mark.parametrize(("first", "second"), [(7, "8.01"), ("5.99", "6"), (6, "5.5"), (10, 0)])
def test_two_that_differ_wait_for_somebody_who_decides(
    enrolment: Enrolment, one: User, two: User, first: object, second: object
) -> None:
    (script,) = make_essays(enrolment, "One.", second=SecondMark.SAMPLE)
    judge(script, one, points=first)
    judge(script, two, points=second)
    assert states(script) == [ScriptState.DISPUTED]
    assert MarkChange.objects.count() == 0


def test_two_of_a_practical_that_agree_give_their_mean(enrolment: Enrolment, one: User, two: User) -> None:
    script = make_practical_script(enrolment, second=SecondMark.SAMPLE, pass_mark=70)
    judge(script, one, levels=SHARP)
    with pytest.raises(MarkingRefused):
        judging.take(script=now_of(script), person=one)
    judge(script, two, levels=CLEAR)
    # 10 and 8 of 10: twice the tolerance.
    assert states(script) == [ScriptState.DISPUTED]
    other = make_practical_script(EnrolmentFactory(course=enrolment.course), second=SecondMark.SAMPLE)
    judge(other, one, levels=CLEAR)
    judge(other, two, levels=CLEAR)
    assert (states(other), fraction_of(other)) == ([ScriptState.SETTLED], Decimal("0.8"))


def test_near_marks_that_part_at_a_level_to_be_reached_are_disputed(enrolment: Enrolment, one: User, two: User) -> None:
    rubric = make_practical_script(enrolment, second=SecondMark.SAMPLE, pass_mark=50)
    judge(rubric, one, levels=CLEAR)
    judge(rubric, two, levels=AIMLESS)
    assert states(rubric) == [ScriptState.DISPUTED]


# --- Near the pass mark ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("points", "second"), [("5.5", "borderline"), ("6.5", "borderline"), ("5.49", ""), ("7", "")])
def test_essay_near_the_pass_mark_gets_a_second_mark(
    enrolment: Enrolment, one: User, two: User, points: str, second: str
) -> None:
    (script,) = make_essays(enrolment, "One.", borderline=5)
    judge(script, one, points=points)
    assert now_of(script).second_mark == second
    assert states(script) == [ScriptState.WAITING if second else ScriptState.SETTLED]


def test_practical_near_the_pass_mark_gets_a_second_mark(enrolment: Enrolment, one: User, two: User) -> None:
    script = make_practical_script(enrolment, pass_mark=75, borderline=5)
    judge(script, one, levels=CLEAR)
    assert (now_of(script).second_mark, states(script)) == (SecondMark.BORDERLINE, [ScriptState.WAITING])
    judge(script, two, levels=CLEAR)
    assert states(script) == [ScriptState.SETTLED]
    assert UnitCompletion.objects.count() == 1


def test_whole_attempt_is_looked_at_once_all_its_essays_have_a_mark(enrolment: Enrolment, one: User, two: User) -> None:
    near = make_essays(enrolment, "One.", "Two.", borderline=5)
    judge(near[0], one, points=3)
    assert states(*near) == [ScriptState.WAITING] * 2
    judge(near[1], one, points=9)  # 12 of 20 is 60 per cent.
    assert [now_of(script).second_mark for script in near] == [SecondMark.BORDERLINE] * 2
    judge(near[0], two, points=3)
    judge(near[1], two, points=9)
    assert states(*near) == [ScriptState.SETTLED] * 2
    far = make_essays(enrolment, "One.", "Two.", borderline=5)
    judge(far[0], one, points=9)
    judge(far[1], one, points=9)
    assert states(*far) == [ScriptState.SETTLED] * 2


def test_sample_among_the_essays_does_not_hold_up_the_others(enrolment: Enrolment, one: User, two: User) -> None:
    plain, sample = make_essays(enrolment, "One.", "Two.", borderline=5)
    Script.objects.filter(pk=sample.pk).update(second_mark=SecondMark.SAMPLE)
    judge(plain, one, points=9)
    judge(sample, one, points=9)
    assert states(plain, sample) == [ScriptState.SETTLED, ScriptState.WAITING]
    judge(sample, two, points=9)
    assert states(sample) == [ScriptState.SETTLED]
    assert result_of(Attempt.objects.get()).percent == Decimal("90.0")


def test_marks_that_make_the_attempt_pass_and_fail_are_disputed(enrolment: Enrolment, one: User, two: User) -> None:
    # Each mark of the first essay is below 60 per cent of it; the attempt passes with one and fails with the other.
    essays = make_essays(enrolment, "One.", "Two.", borderline=5)
    judge(essays[0], one, points=4)
    judge(essays[1], one, points=8)
    judge(essays[0], two, points="3.5")
    assert states(*essays) == [ScriptState.DISPUTED, ScriptState.WAITING]


# --- Decisions ---------------------------------------------------------------------------------------------------


def test_adjudicator_gives_the_mark_that_counts_with_reasons(
    enrolment: Enrolment, one: User, two: User, three: User
) -> None:
    script = make_practical_script(enrolment, second=SecondMark.SAMPLE)
    judge(script, one, levels=CLEAR)
    judge(script, two, levels=QUIET)
    with pytest.raises(MarkingRefused, match="Write the reasons"):
        judge(script, three, levels=SHARP, reasons="")
    final = judge(script, three, levels=SHARP, reasons="Both missed the plan.")
    assert (final.part, states(script)) == (AssessmentPart.ADJUDICATION, [ScriptState.SETTLED])
    assert fraction_of(script) == 1
    assert UnitCompletion.objects.count() == 1
    assert RubricAssessment.objects.filter(state=AssessmentState.FINAL).count() == 3


@pytest.mark.parametrize("who", ["one", "two", "trainer"])
def test_nobody_else_decides(enrolment: Enrolment, one: User, two: User, who: str) -> None:
    (script,) = make_essays(enrolment, "One.", second=SecondMark.SAMPLE)
    judge(script, one, points=9)
    judge(script, two, points=2)
    person = {"one": one, "two": two, "trainer": make_assessor(Role.TRAINER)}[who]
    with pytest.raises(MarkingRefused):
        judging.take(script=now_of(script), person=person)


def test_moderation_counts_from_then_on_and_is_told(enrolment: Enrolment, one: User, two: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    judge(script, one, points=3, reasons="Too short.")
    settled_at = now_of(script).settled_at
    with pytest.raises(MarkingRefused, match="Write the reasons"):
        judge(script, two, points=8, reasons="")
    judge(script, two, points=8, reasons="Short, and all of it there.")
    marks = MarkChange.objects.order_by("pk").values_list("fraction", "comment", "marked_by")
    assert list(marks) == [
        (Decimal("0.30000"), "Too short.", one.pk),
        (Decimal("0.80000"), "Short, and all of it there.", two.pk),
    ]
    assert (fraction_of(script), now_of(script).settled_at) == (Decimal("0.8"), settled_at)
    assert UnitCompletion.objects.count() == 1
    assert Message.objects.count() == 2


def test_pass_that_was_given_stays_after_a_moderation(enrolment: Enrolment, one: User, two: User) -> None:
    script = make_practical_script(enrolment)
    judge(script, one, levels=CLEAR)
    judge(script, two, levels=QUIET)
    assert fraction_of(script) == Decimal("0.4")
    assert UnitCompletion.objects.filter(voided_at=None).count() == 1


def test_nobody_moderates_a_mark_of_their_own(enrolment: Enrolment, one: User, two: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    judge(script, one, points=7)
    judge(script, two, points=8)
    for person in (one, two):
        with pytest.raises(MarkingRefused):
            judging.take(script=now_of(script), person=person)


def test_last_moderation_counts(enrolment: Enrolment, one: User, two: User, three: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    judge(script, one, points=7)
    judge(script, two, points=8)
    judge(script, three, points="6.5")
    assert fraction_of(script) == Decimal("0.65")
    assert result_of(Attempt.objects.get()).percent == Decimal("65.0")
