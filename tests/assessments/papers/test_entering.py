import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from assessments.domain.attempts import save_response, start_attempt, submit_attempt
from assessments.domain.marking import fold, result_of
from assessments.domain.papers.entering import AnswersRefused, EnteredBefore, PaperRefused, enter_paper
from assessments.domain.papers.places import can_be_printed, in_signs, questions_of_form, read_cell
from assessments.enums import AttemptMode, Ending
from assessments.models import Attempt, PaperEntry, PaperForm, Response, Script
from assessments.questions import all_types
from courses.models import CohortMember, UnitCompletion
from elearn.core.models import AuditEvent
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.papers import make_form, make_paper_cohort
from tests.factories.questions import RIGHT

pytestmark = pytest.mark.django_db

WRONG = {
    "single_choice": {"": ["wrong"]},
    "multiple_choice": {"": ["right-1", "wrong"]},
    "true_false": {"": ["false"]},
    "matching": {"m1": ["m2"], "m2": ["m2"]},
    "ordering": {"a": ["1"], "b": ["3"], "c": ["2"]},
    "short_text": {"": ["Nairobi"]},
    "numeric": {"": ["12"]},
    "gap_fill": {"g1": ["1950"], "g2": ["g2a"]},
    "scenario": {"s1": ["wait"]},
}


def answers(given: dict) -> dict:
    return {kind.replace("_", "-"): posted for kind, posted in given.items()}


def enter(form: PaperForm, member: CohortMember, given: dict | None = None, **changed: object) -> PaperEntry:
    values = {
        "form": form,
        "member": member,
        "by": form.cohort.trainer,
        "sat_on": timezone.localdate(),
        "posted": answers(RIGHT if given is None else given),
    }
    return enter_paper(**{**values, **changed})


@pytest.fixture
def form() -> PaperForm:
    cohort = make_paper_cohort()
    form = make_form(cohort)
    form.cohort = cohort
    return form


def online(form: PaperForm, member: CohortMember, given: dict) -> Attempt:
    attempt = start_attempt(enrolment=member.enrolment, unit=form.unit, language="en")
    for key, posted in answers(given).items():
        save_response(attempt=attempt, question_key=key, posted=posted, client_key=uuid4(), based_on=0, language="en")
    return submit_attempt(attempt=attempt, language="en", revision=None)


@pytest.mark.parametrize("given", [RIGHT, WRONG, {}], ids=["right", "wrong", "open"])
def test_paper_earns_what_the_same_answers_earn_online(form: PaperForm, given: dict) -> None:
    on_paper = enter(form, make_member(form.cohort), given).attempt
    on_screen = online(form, make_member(form.cohort), given)
    assert fold(on_paper.mark_changes.all()) == fold(on_screen.mark_changes.all())
    assert result_of(on_paper).percent == result_of(on_screen).percent
    stored = [dict(a.responses.values_list("question_key", "answer")) for a in (on_paper, on_screen)]
    assert stored[0] == stored[1]


def test_every_type_can_be_printed() -> None:
    assert [kind.key for kind in all_types() if not can_be_printed(kind.template)] == []


def test_attempt_says_that_it_was_on_paper_and_who_entered_it(form: PaperForm) -> None:
    member = make_member(form.cohort)
    entry = enter(form, member)
    attempt = Attempt.objects.get()
    assert (attempt.mode, attempt.ended_by, attempt.number) == (AttemptMode.PAPER, Ending.PAPER, 1)
    assert (attempt.snapshot, attempt.pass_mark, attempt.deadline) == (form.snapshot, 50, None)
    assert attempt.started_at <= attempt.submitted_at
    assert (entry.attempt, entry.entered_by, entry.sat_on) == (attempt, form.cohort.trainer, timezone.localdate())
    event = AuditEvent.objects.get(action="assessments.paper_entered")
    assert (event.actor, event.subject) == (form.cohort.trainer, member.person)


def test_essay_waits_for_a_person_and_a_pass_without_one_completes_the_unit() -> None:
    cohort = make_paper_cohort("single_choice", "essay")
    form = make_form(cohort)
    form.cohort = cohort
    enter(form, make_member(cohort))
    assert (Script.objects.count(), UnitCompletion.objects.count()) == (1, 0)
    other = make_paper_cohort("single_choice", key="border")
    passed = make_form(other)
    passed.cohort = other
    enter(passed, make_member(other))
    assert UnitCompletion.objects.get().unit == passed.unit


def test_entering_again_is_refused_and_says_what_stands(form: PaperForm) -> None:
    member = make_member(form.cohort)
    first = enter(form, member)
    with pytest.raises(EnteredBefore) as refused:
        enter(form, member, WRONG)
    assert refused.value.entry == first
    assert (Attempt.objects.count(), PaperEntry.objects.count()) == (1, 1)


def test_answer_that_does_not_fit_is_refused_by_its_printed_number(form: PaperForm) -> None:
    wrong = {**RIGHT, "single_choice": {"": ["right", "wrong"]}, "ordering": {"a": ["9"]}}
    numbers = {q.question.kind.key: q.number for q in questions_of_form(form)}
    with pytest.raises(AnswersRefused) as refused:
        enter(form, make_member(form.cohort), wrong)
    assert refused.value.numbers == sorted([numbers["single_choice"], numbers["ordering"]])
    assert (Attempt.objects.count(), Response.objects.count()) == (0, 0)


def test_who_may_not_be_entered(form: PaperForm) -> None:
    own = make_member(form.cohort, form.cohort.trainer)
    elsewhere = make_member(CohortFactory(course=form.cohort.course))
    for member in (own, elsewhere):
        with pytest.raises(PaperRefused):
            enter(form, member)
    assert Attempt.objects.count() == 0


def test_attempt_running_online_and_attempts_used_up_refuse() -> None:
    cohort = make_paper_cohort("single_choice", attempts_allowed=1)
    form = make_form(cohort)
    form.cohort = cohort
    running, done = make_member(cohort), make_member(cohort)
    start_attempt(enrolment=running.enrolment, unit=form.unit, language="en")
    online(form, done, {"single_choice": {"": ["wrong"]}})
    for member, word in ((running, "in the middle"), (done, "used all attempts")):
        with pytest.raises(PaperRefused, match=word):
            enter(form, member)
    # And a paper uses up an attempt online.
    written = make_member(cohort)
    enter(form, written, {"single_choice": {"": ["wrong"]}})
    with pytest.raises(Exception, match="used your attempt"):
        start_attempt(enrolment=written.enrolment, unit=form.unit, language="en")


def test_time_limit_does_not_apply_to_paper() -> None:
    cohort = make_paper_cohort("single_choice", time_limit=10, wait_hours=48)
    form = make_form(cohort)
    form.cohort = cohort
    member = make_member(cohort)
    online(form, member, {"single_choice": {"": ["wrong"]}})
    PaperForm.objects.update(created_at=timezone.now() - datetime.timedelta(days=3))
    form.refresh_from_db(fields=["created_at"])
    attempt = enter(form, member, sat_on=timezone.localdate() - datetime.timedelta(days=2)).attempt
    attempt.refresh_from_db()
    assert (attempt.ended_by, attempt.deadline, result_of(attempt).percent) == (Ending.PAPER, None, Decimal("100.0"))


@pytest.mark.parametrize("days", [-1, 1])
def test_day_that_cannot_be_is_refused(form: PaperForm, days: int) -> None:
    with pytest.raises(PaperRefused, match="day of the sitting"):
        enter(form, make_member(form.cohort), sat_on=timezone.localdate() + datetime.timedelta(days=days))


def test_closed_cohort_takes_nothing(form: PaperForm) -> None:
    form.cohort.closed_at = timezone.now()
    with pytest.raises(PaperRefused, match="closed"):
        enter(form, make_member(form.cohort))


def cells(form: PaperForm, given: dict) -> dict[str, str]:
    """What a trainer would type into a table, by question."""
    return {
        q.key: in_signs(q, answers(given)[q.key]).replace(";", "")
        for q in questions_of_form(form)
        if q.key in answers(given)
    }


def test_cells_of_an_upload_say_the_same_as_the_page(form: PaperForm) -> None:
    for given in (RIGHT, WRONG):
        wanted, typed = answers(given), cells(form, given)
        for question in questions_of_form(form):
            if question.key not in typed:
                continue
            cell = typed[question.key]
            if question.template == "gap_fill":
                cell = cell.replace("(1) ", "").replace(" (2) ", " | ")
            assert {part: sorted(values) for part, values in read_cell(question, cell).items()} == {
                part: sorted(values) for part, values in wanted[question.key].items()
            }
