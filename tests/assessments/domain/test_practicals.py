"""Practicals: begun, prepared, handed in once, observed, done again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.domain import marking_data, practical_data, practicals
from assessments.domain.practical_rules import PracticalRules, describe, tell
from assessments.domain.practicals import PracticalRefused
from assessments.enums import HandInState, ScriptState, SecondMark
from assessments.models import HandIn, HandInFile, PracticalPage, RubricAssessment, RubricVersion, Script
from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment, Unit, UnitCompletion
from elearn.people.domain.personal_data import Identity, PersonErased
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User
from tests.factories.courses import add_edition
from tests.factories.hand_ins import assessed, begun, enrolled, handed, pdf, practical_unit
from tests.factories.people import UserFactory
from tests.factories.practicals import make_cohort, make_practical, remove_files

pytestmark = pytest.mark.django_db

DATA = (practical_data, marking_data)


# --- The unit type -----------------------------------------------------------------------------------------------


def test_release_freezes_the_rules(learner: User) -> None:
    enrolment = enrolled(learner, asks_files=3, pass_mark=70, attempts_allowed=4, wait_hours=24, second_marks=10)
    page = PracticalPage.objects.get()
    entry = enrolment.edition.structure.unit(page.translation_key)
    assert entry is not None and entry.kind == "practical"
    assert PracticalRules.from_json(entry.rules) == PracticalRules(
        rubric=str(page.rubric.translation_key),
        rubric_key=page.rubric.key,
        asks_text=True,
        asks_files=3,
        pass_mark=70,
        attempts=4,
        wait_hours=24,
        second_marks=10,
    )


def test_rules_of_an_older_or_newer_edition_are_read() -> None:
    assert PracticalRules.from_json({"rubric": "x", "of_tomorrow": 1}) == PracticalRules(rubric="x")


def test_rules_in_words() -> None:
    assert describe(PracticalRules(asks_files=2, wait_hours=1).to_json()) == {
        "To hand in": "a text, and up to 2 files if you want",
        "Pass mark": "60 %",
        "Attempts": "2",
        "Before you hand in again": "1 hour",
    }
    assert describe(PracticalRules(asks_text=False, attempts=0).to_json()) == {
        "To hand in": "nothing: an assessor watches you do it",
        "Pass mark": "60 %",
        "Attempts": "as many as you want",
    }


def test_changes_between_editions_are_told() -> None:
    before = PracticalRules(rubric="a").to_json()
    after = PracticalRules(rubric="b", asks_text=False, asks_files=1, pass_mark=80, second_marks=5).to_json()
    assert tell("Session", before, before) == []
    assert tell("Session", before, after) == [
        "“Session” is judged by another rubric.",
        "What is handed in for “Session” changes: one file, instead of a text.",
        "The pass mark of “Session” rises from 60 % to 80 %.",
        "“Session” is marked by other rules.",
    ]


# --- Beginning ---------------------------------------------------------------------------------------------------


def test_begin_freezes_rules_and_rubric(learner: User) -> None:
    hand_in = begun(learner, pass_mark=70)
    page = PracticalPage.objects.get()
    frozen = hand_in.rubric.contents
    page.rubric.title = "Another"
    page.rubric.save()
    page.pass_mark = 90
    page.save_revision().publish()
    add_edition(hand_in.unit.course)
    hand_in = HandIn.objects.get()
    assert (hand_in.number, hand_in.state, hand_in.version, hand_in.text) == (1, HandInState.DRAFT, 0, "")
    assert hand_in.rules["pass_mark"] == 70
    assert hand_in.rubric.contents == frozen
    assert frozen["en"]["title"] == "Delivering a session"


def test_begin_twice_is_one_hand_in(learner: User) -> None:
    hand_in = begun(learner)
    again = practicals.begin(enrolment=hand_in.enrolment, unit=hand_in.unit, language="en")
    assert again.pk == hand_in.pk
    handed(hand_in)
    assert practicals.begin(enrolment=hand_in.enrolment, unit=hand_in.unit, language="en").pk == hand_in.pk
    assert (HandIn.objects.count(), RubricVersion.objects.count()) == (1, 1)


def test_begin_is_refused_outside_the_edition(learner: User) -> None:
    enrolment = enrolled(learner)
    Enrolment.objects.update(state=EnrolmentState.WITHDRAWN)
    with pytest.raises(PracticalRefused, match="not part of the edition"):
        practicals.begin(enrolment=enrolment, unit=practical_unit(), language="en")
    Enrolment.objects.update(state=EnrolmentState.ACTIVE)
    make_practical(PracticalPage.objects.get().get_parent(), "later")
    later = Unit.objects.create(
        course=enrolment.course, key=PracticalPage.objects.get(key="later").translation_key, code="later"
    )
    with pytest.raises(PracticalRefused, match="not part of the edition"):
        practicals.begin(enrolment=enrolment, unit=later, language="en")
    assert HandIn.objects.count() == 0


def test_begin_is_refused_where_nothing_is_handed_in(learner: User) -> None:
    with pytest.raises(PracticalRefused, match="an assessor watches you"):
        begun(learner, asks_text=False)


# --- The text ----------------------------------------------------------------------------------------------------


def test_text_is_saved_with_a_version(learner: User) -> None:
    hand_in = begun(learner)
    first = practicals.save_text(hand_in=hand_in, text="One\r\ntwo", version=0)
    second = practicals.save_text(hand_in=hand_in, text="One\ntwo\nthree", version=1)
    assert (first.stands, first.version, second.stands, second.version) == (True, 1, True, 2)
    assert HandIn.objects.get().text == "One\ntwo\nthree"


def test_page_out_of_date_displaces_nothing_and_learns_what_stands(learner: User) -> None:
    hand_in = begun(learner)
    practicals.save_text(hand_in=hand_in, text="From the telephone", version=0)
    stale = practicals.save_text(hand_in=hand_in, text="From the desk", version=0)
    assert (stale.stands, stale.text, stale.version) == (False, "From the telephone", 1)
    assert HandIn.objects.get().text == "From the telephone"
    chosen = practicals.save_text(hand_in=hand_in, text="From the desk", version=stale.version)
    assert (chosen.stands, HandIn.objects.get().text) == (True, "From the desk")


def test_text_sent_again_after_a_lost_reply_is_a_repeat(learner: User) -> None:
    hand_in = begun(learner)
    practicals.save_text(hand_in=hand_in, text="Mine", version=0)
    again = practicals.save_text(hand_in=hand_in, text="Mine", version=0)
    assert (again.stands, again.version) == (True, 1)


def test_text_too_long_keeps_the_one_before(learner: User) -> None:
    hand_in = begun(learner)
    practicals.save_text(hand_in=hand_in, text="x" * practicals.MOST_TEXT, version=0)
    with pytest.raises(PracticalRefused, match="100001 characters; at most 100000 fit"):
        practicals.save_text(hand_in=hand_in, text="x" * (practicals.MOST_TEXT + 1), version=1)
    assert len(HandIn.objects.get().text) == practicals.MOST_TEXT


def test_nothing_is_written_about_somebody_who_was_erased(learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    User.objects.filter(pk=learner.pk).update(erased_at=timezone.now())
    with pytest.raises(PersonErased):
        practicals.save_text(hand_in=hand_in, text="My name is Lea", version=0)
    with pytest.raises(PersonErased):
        practicals.add_file(hand_in=hand_in, file=pdf(), name="lea.pdf")
    with pytest.raises(PersonErased):
        practicals.hand_in_work(hand_in=hand_in, version=0)


# --- Handing in --------------------------------------------------------------------------------------------------


def test_hand_in_queues_a_script_by_the_rules(learner: User) -> None:
    hand_in = handed(begun(learner, anonymous_marking=True, second_marks=100))
    script = Script.objects.get()
    assert (hand_in.state, hand_in.handed_in_at is not None) == (HandInState.HANDED_IN, True)
    assert (script.hand_in, script.state, script.is_anonymous, script.second_mark) == (
        hand_in,
        ScriptState.WAITING,
        True,
        SecondMark.SAMPLE,
    )


def test_hand_in_twice_is_once(learner: User) -> None:
    hand_in = handed(begun(learner))
    again = practicals.hand_in_work(hand_in=hand_in, version=0)
    assert again.handed_in_at == HandIn.objects.get().handed_in_at
    assert Script.objects.count() == 1


def test_nothing_changes_after_handing_in(learner: User) -> None:
    hand_in = begun(learner, asks_files=2)
    row = practicals.add_file(hand_in=hand_in, file=pdf(), name="plan.pdf")
    handed(hand_in)
    for act in (
        lambda: practicals.save_text(hand_in=hand_in, text="Better", version=1),
        lambda: practicals.add_file(hand_in=hand_in, file=pdf(b"2"), name="late.pdf"),
        lambda: practicals.remove_file(hand_in=hand_in, file_id=row.public_id),
    ):
        with pytest.raises(PracticalRefused, match="handed in already and cannot be changed"):
            act()
    assert (HandIn.objects.get().text, list(HandInFile.objects.all())) == ("My plan.", [row])


def test_hand_in_needs_what_was_asked(learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    practicals.save_text(hand_in=hand_in, text=" \n ", version=0)
    with pytest.raises(PracticalRefused, match="A text is asked for, and yours is empty"):
        practicals.hand_in_work(hand_in=hand_in, version=1)
    # Where a text is asked for, files are an offer.
    assert handed(hand_in).state == HandInState.HANDED_IN


def test_hand_in_of_files_alone_needs_one(learner: User) -> None:
    hand_in = begun(learner, asks_text=False, asks_files=1)
    with pytest.raises(PracticalRefused, match="A file is asked for, and there is none yet"):
        practicals.hand_in_work(hand_in=hand_in, version=0)
    practicals.add_file(hand_in=hand_in, file=pdf(), name="plan.pdf")
    assert practicals.hand_in_work(hand_in=hand_in, version=0).state == HandInState.HANDED_IN


def test_hand_in_of_a_text_that_changed_since_is_refused(learner: User) -> None:
    hand_in = begun(learner)
    practicals.save_text(hand_in=hand_in, text="Looked at", version=0)
    practicals.save_text(hand_in=hand_in, text="Changed elsewhere", version=1)
    with pytest.raises(PracticalRefused, match="changed in another tab"):
        practicals.hand_in_work(hand_in=hand_in, version=1)
    assert HandIn.objects.get().state == HandInState.DRAFT


def test_hand_in_of_somebody_who_left_the_course_is_refused(learner: User) -> None:
    hand_in = begun(learner)
    practicals.save_text(hand_in=hand_in, text="Text", version=0)
    Enrolment.objects.update(state=EnrolmentState.WITHDRAWN)
    with pytest.raises(PracticalRefused, match="not enrolled"):
        practicals.hand_in_work(hand_in=hand_in, version=1)


# --- Assessed, and done again ------------------------------------------------------------------------------------


def test_pass_completes_the_unit_and_leaves_nothing_to_do(learner: User) -> None:
    hand_in = handed(begun(learner))
    assessed(hand_in, passed=True)
    assert HandIn.objects.get().state == HandInState.ASSESSED
    assert [row.unit for row in UnitCompletion.objects.all()] == [hand_in.unit]
    with pytest.raises(PracticalRefused, match="passed already"):
        practicals.begin(enrolment=hand_in.enrolment, unit=hand_in.unit, language="en")


def test_after_a_fail_it_may_be_done_again_as_often_as_allowed(learner: User) -> None:
    hand_in = handed(begun(learner, attempts_allowed=2))
    assessed(hand_in, passed=False)
    assert UnitCompletion.objects.count() == 0
    second = practicals.begin(enrolment=hand_in.enrolment, unit=hand_in.unit, language="en")
    assert (second.number, second.text, second.state) == (2, "", HandInState.DRAFT)
    assessed(handed(second), passed=False)
    with pytest.raises(PracticalRefused, match="handed in 2 times, as often as is allowed"):
        practicals.begin(enrolment=hand_in.enrolment, unit=hand_in.unit, language="en")


def test_after_a_fail_one_waits_from_when_it_was_assessed(learner: User) -> None:
    hand_in = handed(begun(learner, wait_hours=24))
    HandIn.objects.update(handed_in_at=timezone.now() - timedelta(days=5))
    assessed(hand_in, passed=False)
    with pytest.raises(PracticalRefused, match="You can begin again in 24 h 0 min"):
        practicals.begin(enrolment=hand_in.enrolment, unit=hand_in.unit, language="en")
    Script.objects.update(settled_at=timezone.now() - timedelta(hours=24))
    assert practicals.begin(enrolment=hand_in.enrolment, unit=hand_in.unit, language="en").number == 2


# --- Observed ----------------------------------------------------------------------------------------------------


@pytest.fixture
def observed(learner: User) -> Enrolment:
    enrolment = enrolled(learner, asks_text=False, second_marks=100, anonymous_marking=True)
    cohort = make_cohort(enrolment.course)
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
    enrolment.refresh_from_db()
    return enrolment


def assessor_of(cohort: Cohort, role: Role = Role.ASSESSOR) -> User:
    person = UserFactory()
    grant_role(person=person, role=role, granted_by=None, scope=Scope.COHORT, scope_key=cohort.public_id)
    return person


def test_assessor_opens_an_observation_once(observed: Enrolment) -> None:
    by = assessor_of(observed.cohort)
    first, again = (
        practicals.open_for_observation(enrolment=observed, unit=practical_unit(), by=by, language="en")
        for _click in range(2)
    )
    script = Script.objects.get()
    assert first.pk == again.pk
    assert (first.state, first.text, script.hand_in_id) == (HandInState.HANDED_IN, "", first.pk)
    assert (script.is_anonymous, script.second_mark) == (False, SecondMark.NONE)


def test_learner_and_own_trainer_open_no_observation(observed: Enrolment, learner: User) -> None:
    grant_role(person=learner, role=Role.ASSESSOR, granted_by=None)
    for by in (learner, assessor_of(observed.cohort, Role.TRAINER), UserFactory()):
        with pytest.raises(PracticalRefused, match="You cannot assess this person"):
            practicals.open_for_observation(enrolment=observed, unit=practical_unit(), by=by, language="en")
    assert HandIn.objects.count() == 0


def test_observation_of_what_is_handed_in_is_refused(learner: User) -> None:
    enrolment = enrolled(learner)
    by = UserFactory()
    grant_role(person=by, role=Role.ASSESSOR, granted_by=None)
    with pytest.raises(PracticalRefused, match="the learner hands something in"):
        practicals.open_for_observation(enrolment=enrolment, unit=practical_unit(), by=by, language="en")


# --- What is kept about a person ---------------------------------------------------------------------------------


def test_person_gets_what_they_handed_in_and_what_was_judged(learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    practicals.add_file(hand_in=hand_in, file=pdf(), name="plan.pdf")
    handed(hand_in)
    draft = RubricAssessment.objects.create(
        subject=learner, assessor=UserFactory(), part="first", script=hand_in.script, reasons="Not yet said."
    )
    tables = {table.key: table.rows for data in DATA for table in data.collect(learner)}
    assert [(row["text"], row["state"]) for row in tables["hand_ins"]] == [("My plan.", "handed_in")]
    assert [row["name"] for row in tables["hand_in_files"]] == ["plan.pdf"]
    assert tables["assessments"] == []
    assert [each.file.read() for each in practical_data.files(learner)] == [b"%PDF-1.7\n"]
    draft.delete()
    assessed(hand_in, passed=True, aim="sharp")
    (judged,) = {table.key: table.rows for table in marking_data.collect(learner)}["assessments"]
    assert (judged["reasons"], judged["criteria"][0]["level"]) == ("Because.", "Sharp")
    assert [table.rows for data in DATA for table in data.collect(UserFactory())] == [[], [], []]


def test_erasure_removes_texts_files_and_words_and_leaves_the_points(
    learner: User,
) -> None:
    hand_in = begun(learner, asks_files=1)
    row = practicals.add_file(hand_in=hand_in, file=pdf(), name="lea.pdf")
    handed(hand_in)
    assessment = assessed(hand_in, passed=True, aim="sharp")
    for data in DATA:
        data.erase(learner, Identity.of(learner))
    remove_files()
    assessment.refresh_from_db()
    assert (HandIn.objects.get().text, HandInFile.objects.count(), row.file.storage.exists(row.file.name)) == (
        "",
        0,
        False,
    )
    assert (assessment.reasons, assessment.levels, assessment.passed) == ("", {"aim": "sharp"}, True)
    for data in DATA:
        data.erase(learner, Identity.of(learner))


def test_old_hand_ins_lose_text_and_files_once_assessed(learner: User) -> None:
    kept = next(line for line in practical_data.PERIODS if line.key == "hand_ins")
    hand_in = handed(begun(learner))
    later = timezone.now() + timedelta(days=1)
    assert list(kept.due(later)) == []  # It still waits for its mark.
    assessed(hand_in, passed=True)
    assert list(kept.due(timezone.now() - timedelta(days=1))) == []
    assert list(kept.due(later)) == [hand_in]
    kept.apply([hand_in.pk])
    assert (HandIn.objects.get().text, list(kept.due(later))) == ("", [])
