"""Judging: leases, drafts, what is final, and what follows from one mark, two, or somebody's decision."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.domain import judging
from assessments.domain.judging import MarkingRefused, Written
from assessments.domain.marking_desk import Filters
from assessments.enums import AssessmentState, ScriptState
from assessments.models import MarkChange, RubricAssessment, Script
from courses.models import Enrolment
from elearn.core.models import AuditEvent
from elearn.messages.models import Message
from elearn.people.domain import trail
from elearn.people.domain.personal_data import PersonErased
from elearn.people.domain.roles import forget_grants
from elearn.people.enums import Role
from elearn.people.models import RoleGrant, User
from tests.factories.marking import (
    AIMLESS,
    QUIET,
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


def now_of(script: Script) -> Script:
    return Script.objects.select_related("attempt", "hand_in__rubric").get(pk=script.pk)


def states(*scripts: Script) -> list[str]:
    return [now_of(script).state for script in scripts]


# --- Taking ------------------------------------------------------------------------------------------------------


def test_script_that_somebody_has_is_refused_and_told(enrolment: Enrolment, one: User, two: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    judging.take(script=script, person=one)
    with pytest.raises(MarkingRefused, match="A colleague has this one until"):
        judging.take(script=now_of(script), person=two)
    assert RubricAssessment.objects.get().assessor == one


def test_taking_twice_renews_the_lease_and_goes_on_with_the_draft(enrolment: Enrolment, one: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    draft = judging.take(script=script, person=one)
    Script.objects.update(taken_until=timezone.now() + timedelta(minutes=1))
    assert judging.take(script=now_of(script), person=one) == draft
    assert now_of(script).taken_until > timezone.now() + timedelta(minutes=29)


def test_lease_that_ran_out_or_was_given_back_holds_nobody(enrolment: Enrolment, one: User, two: User) -> None:
    old, returned = make_essays(enrolment, "One.", "Two.")
    judging.take(script=old, person=one)
    Script.objects.filter(pk=old.pk).update(taken_until=timezone.now() - timedelta(seconds=1))
    judging.take(script=returned, person=one)
    judging.give_back(script=returned, person=one)
    assert judging.take(script=now_of(old), person=two).assessor == two
    assert judging.take(script=now_of(returned), person=two).assessor == two


def test_giving_back_does_not_end_somebody_elses_lease(enrolment: Enrolment, one: User, two: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    judging.take(script=script, person=one)
    judging.give_back(script=script, person=two)
    assert now_of(script).taken_by == one


@pytest.mark.parametrize("role", [None, Role.FOCAL_POINT])
def test_whoever_may_not_assess_takes_nothing(
    enrolment: Enrolment, stranger: User, focal_point: User, role: Role | None
) -> None:
    (script,) = make_essays(enrolment, "One.")
    with pytest.raises(MarkingRefused):
        judging.take(script=script, person=focal_point if role else stranger)
    assert RubricAssessment.objects.count() == 0
    assert now_of(script).taken_by is None


def test_next_script_is_the_one_at_hand_then_what_nobody_has(enrolment: Enrolment, one: User, two: User) -> None:
    first, second, third = make_essays(enrolment, "One.", "Two.", "Three.")
    judging.take(script=first, person=two)
    assert judging.next_script(person=one, filters=Filters()).script == second
    judging.take(script=third, person=one)
    Script.objects.filter(pk=second.pk).update(taken_by=None, taken_until=None)
    assert judging.next_script(person=one, filters=Filters()).script == third


def test_next_script_of_an_empty_queue_is_none(one: User) -> None:
    assert judging.next_script(person=one, filters=Filters()) is None


# --- Drafts ------------------------------------------------------------------------------------------------------


def test_draft_is_kept_and_renews_the_lease(enrolment: Enrolment, one: User) -> None:
    script = make_practical_script(enrolment)
    draft = judging.take(script=script, person=one)
    Script.objects.update(taken_until=timezone.now() + timedelta(minutes=1))
    written = Written({"aim": "clear"}, {"aim": "Good.\r\nReally. "}, None, " Reasons ", "Note")
    saved = judging.save_draft(assessment=draft, written=written, version=0)
    row = RubricAssessment.objects.get()
    assert (row.levels, row.comments) == ({"aim": "clear"}, {"aim": "Good.\nReally."})
    assert (row.reasons, row.note, row.version, row.state) == ("Reasons", "Note", 1, AssessmentState.DRAFT)
    assert (saved.joined, saved.others_until) == (False, None)
    assert now_of(script).taken_until > timezone.now() + timedelta(minutes=29)


def test_draft_keeps_nothing_that_the_rubric_does_not_have(enrolment: Enrolment, one: User) -> None:
    draft = judging.take(script=make_practical_script(enrolment), person=one)
    written = Written({"aim": "heard", "gone": "x", "voice": "low"}, {"gone": "Text."}, Decimal(5))
    judging.save_draft(assessment=draft, written=written, version=0)
    row = RubricAssessment.objects.get()
    assert (row.levels, row.comments, row.fraction) == ({"voice": "low"}, {}, None)


def test_same_draft_sent_again_changes_nothing(enrolment: Enrolment, one: User) -> None:
    draft = judging.take(script=make_essays(enrolment, "One.")[0], person=one)
    written = Written(points=Decimal("3.5"), reasons="Thin.")
    judging.save_draft(assessment=draft, written=written, version=0)
    again = judging.save_draft(assessment=draft, written=written, version=0)
    assert (again.joined, again.assessment.version, again.written.reasons) == (False, 1, "Thin.")


def test_two_windows_lose_nothing_and_are_told(enrolment: Enrolment, one: User) -> None:
    draft = judging.take(script=make_practical_script(enrolment), person=one)
    here = Written({"aim": "clear"}, {"aim": "From here."}, None, "Reasons of here.")
    there = Written({"aim": "sharp", "voice": "low"}, {"aim": "From there."}, None, "Reasons of there.")
    judging.save_draft(assessment=draft, written=here, version=0)
    saved = judging.save_draft(assessment=draft, written=there, version=0)
    assert saved.joined
    assert saved.written.levels == {"aim": "clear", "voice": "low"}
    assert saved.written.comments == {"aim": "From here.\n\nFrom there."}
    assert saved.written.reasons == "Reasons of here.\n\nReasons of there."
    # A repeat of what is in it already is no third version.
    assert judging.save_draft(assessment=draft, written=there, version=0).written.reasons == saved.written.reasons


def test_text_that_grew_in_an_old_window_is_not_doubled(enrolment: Enrolment, one: User) -> None:
    draft = judging.take(script=make_essays(enrolment, "One.")[0], person=one)
    judging.save_draft(assessment=draft, written=Written(reasons="It lacks"), version=0)
    saved = judging.save_draft(assessment=draft, written=Written(reasons="It lacks a reason."), version=0)
    assert saved.written.reasons == "It lacks a reason."


@pytest.mark.parametrize("points", ["-0.01", "10.01"])
def test_points_that_cannot_be_had_are_refused(enrolment: Enrolment, one: User, points: str) -> None:
    draft = judging.take(script=make_essays(enrolment, "One.")[0], person=one)
    with pytest.raises(MarkingRefused, match="not so many points"):
        judging.save_draft(assessment=draft, written=Written(points=Decimal(points)), version=0)
    assert RubricAssessment.objects.get().fraction is None


@pytest.mark.parametrize("points", ["0", "0.01", "1", "2.33", "3"])
def test_points_come_back_as_they_were_typed(enrolment: Enrolment, one: User, points: str) -> None:
    draft = judging.take(script=make_essays(enrolment, "One.", points="3")[0], person=one)
    saved = judging.save_draft(assessment=draft, written=Written(points=Decimal(points)), version=0)
    assert saved.written.points == Decimal(points)


def test_draft_is_kept_while_a_colleague_has_the_script(enrolment: Enrolment, one: User, two: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    draft = judging.take(script=script, person=one)
    Script.objects.update(taken_until=timezone.now() - timedelta(seconds=1))
    judging.take(script=now_of(script), person=two)
    written = Written(points=Decimal(7), reasons="Well.")
    saved = judging.save_draft(assessment=draft, written=written, version=0)
    assert saved.others_until == now_of(script).taken_until
    assert RubricAssessment.objects.get(pk=draft.pk).reasons == "Well."
    with pytest.raises(MarkingRefused, match="A colleague has this one"):
        judging.finalise(assessment=draft)
    assert states(script) == [ScriptState.WAITING]


def test_nothing_is_written_about_somebody_erased(enrolment: Enrolment, one: User) -> None:
    draft = judging.take(script=make_essays(enrolment, "One.")[0], person=one)
    User.objects.filter(pk=enrolment.person_id).update(erased_at=timezone.now())
    with pytest.raises(PersonErased):
        judging.save_draft(assessment=draft, written=Written(reasons="About her."), version=0)
    with pytest.raises(PersonErased):
        judging.finalise(assessment=draft)


# --- Finishing ---------------------------------------------------------------------------------------------------


def test_final_mark_never_changes(enrolment: Enrolment, one: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    final = judge(script, one, points=7, reasons="Well argued.")
    with pytest.raises(MarkingRefused, match="not changed"):
        judging.save_draft(assessment=final, written=Written(points=Decimal(1)), version=1)
    again = judging.finalise(assessment=final)
    assert (again.fraction, again.final_at) == (Decimal("0.70000"), final.final_at)
    assert MarkChange.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize("levels", [{}, {"aim": "clear"}])
def test_every_criterion_is_judged_before_finishing(enrolment: Enrolment, one: User, levels: dict) -> None:
    with pytest.raises(MarkingRefused, match="every criterion"):
        judge(make_practical_script(enrolment), one, levels=levels)
    assert states(Script.objects.get()) == [ScriptState.WAITING]


def test_points_are_given_before_finishing(enrolment: Enrolment, one: User) -> None:
    with pytest.raises(MarkingRefused, match="Give the points"):
        judge(make_essays(enrolment, "One.")[0], one)


@pytest.mark.parametrize("levels", [QUIET, AIMLESS])
def test_whoever_fails_is_told_why(enrolment: Enrolment, one: User, levels: dict) -> None:
    script = make_practical_script(enrolment)
    with pytest.raises(MarkingRefused, match="Write the reasons"):
        judge(script, one, levels=levels, reasons=" ")
    judge(script, one, levels=levels, reasons="The aim is missing.")
    assert states(script) == [ScriptState.SETTLED]


def test_essay_below_the_pass_mark_is_told_why(enrolment: Enrolment, one: User) -> None:
    low, high = make_essays(enrolment, "One.", "Two.")
    with pytest.raises(MarkingRefused, match="Write the reasons"):
        judge(low, one, points="5.99", reasons="")
    judge(high, one, points=6, reasons="")
    assert states(low, high) == [ScriptState.WAITING, ScriptState.SETTLED]


def test_whoever_lost_the_role_finishes_nothing(enrolment: Enrolment, one: User) -> None:
    (script,) = make_essays(enrolment, "One.")
    draft = judging.take(script=script, person=one)
    judging.save_draft(assessment=draft, written=Written(points=Decimal(7)), version=0)
    RoleGrant.objects.filter(person=one).update(ends_at=timezone.now())
    forget_grants(one)
    with pytest.raises(MarkingRefused):
        judging.finalise(assessment=RubricAssessment.objects.get())
    assert MarkChange.objects.count() == 0


def test_finishing_is_in_the_trail_of_the_learner(enrolment: Enrolment, one: User) -> None:
    judge(make_essays(enrolment, "One.")[0], one, points=7)
    (event,) = AuditEvent.objects.filter(action="assessments.first")
    assert (event.actor, event.subject) == (one, enrolment.person)
    assert trail.in_words([event])[0].what == "Marked work of yours"
