"""Surveys: answered once, frozen as they were asked, and anonymous where they say so."""

import json

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import Locale

from assessments.domain.surveys import SurveyRefused, submit_survey, survey_open_to
from assessments.domain.surveys.lint import lint
from assessments.domain.surveys.personal_data import CONTRIBUTION, PERIODS, texts_before
from assessments.domain.surveys.questions import questions_of
from assessments.domain.surveys.reading import read_survey
from assessments.domain.surveys.rules import describe, rules, tell
from assessments.models import SurveyAnswers, SurveyPage, SurveyResponse, SurveySheet
from courses.domain.releasing import plan_release, release
from courses.models import Course, CoursePage, Enrolment, ModulePage, Unit, UnitCompletion
from elearn.people.domain.personal_data import Identity
from elearn.people.domain.retention import apply_retention
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module
from tests.factories.surveys import QUESTIONS, answer_survey, answers, crowd, make_cohort, make_survey, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def module() -> ModulePage:
    return make_module(make_course_page(), "m1")


def released(module: ModulePage) -> Course:
    return release(page=CoursePage.objects.get(pk=module.get_parent().pk), by=None).course


@pytest.fixture
def anonymous(module: ModulePage) -> Unit:
    make_survey(module)
    make_lesson(module, "last")
    released(module)
    return Unit.objects.get(kind="survey")


@pytest.fixture
def named(module: ModulePage) -> Unit:
    make_survey(module, anonymous=False)
    make_lesson(module, "last")
    released(module)
    return Unit.objects.get(kind="survey")


def enrolled(unit: Unit, **fields: object) -> Enrolment:
    return EnrolmentFactory(course=unit.course, **fields)


# --- Answering ---------------------------------------------------------------------------------------------------


def test_submit_keeps_the_answers_and_completes_the_unit(named: Unit) -> None:
    enrolment = enrolled(named)
    assert survey_open_to(enrolment, named) is True
    answer_survey(enrolment, named, answers(4, words=" More\r\ncases. "))
    row = SurveyAnswers.objects.get()
    assert row.answers == {"plan": 4, "useful": 4, "length": "length-1", "ways": ["ways-1", "ways-2"]}
    assert row.texts == {"words": "More\ncases."}
    assert row.response == SurveyResponse.objects.get(enrolment=enrolment, unit=named)
    assert UnitCompletion.objects.standing().filter(enrolment=enrolment, unit=named).count() == 1
    assert survey_open_to(enrolment, named) is False


@pytest.mark.parametrize("anonymous_survey", [True, False])
def test_second_submit_changes_nothing(module: ModulePage, anonymous_survey: bool) -> None:
    make_survey(module, anonymous=anonymous_survey)
    released(module)
    unit = Unit.objects.get()
    enrolment = enrolled(unit)
    first = submit_survey(enrolment=enrolment, unit=unit, given=answers(2), language="en", revision=None)
    second = submit_survey(enrolment=enrolment, unit=unit, given=answers(5), language="en", revision=None)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.response == second.response
    assert [row.answers["plan"] for row in SurveyAnswers.objects.all()] == [2]


@pytest.mark.parametrize(
    "changed",
    [
        {"plan": None},
        {"plan": 6},
        {"plan": "4"},
        {"length": "ways-1"},
        {"length": ["length-1"]},
        {"ways": ["ways-1", "ways-1"]},
        {"ways": ["length-1"]},
        {"ways": []},
        {"words": "x" * 4_001},
    ],
)
def test_answer_that_does_not_fit_is_refused_and_nothing_is_stored(named: Unit, changed: dict) -> None:
    enrolment = enrolled(named)
    with pytest.raises(SurveyRefused):
        answer_survey(enrolment, named, answers(**changed))
    assert SurveyAnswers.objects.count() == SurveyResponse.objects.count() == UnitCompletion.objects.count() == 0


def test_survey_that_the_edition_does_not_hold_is_refused(named: Unit, module: ModulePage) -> None:
    enrolment = enrolled(named)
    make_survey(module, "later")
    released(module)
    later = Unit.objects.get(code="later")
    assert survey_open_to(enrolment, later) is False
    with pytest.raises(SurveyRefused):
        answer_survey(enrolment, later)


def test_lesson_is_no_survey(named: Unit) -> None:
    enrolment, lesson = enrolled(named), Unit.objects.get(code="last")
    assert survey_open_to(enrolment, lesson) is False
    with pytest.raises(SurveyRefused):
        answer_survey(enrolment, lesson)


def test_withdrawn_learner_cannot_answer(named: Unit) -> None:
    enrolment = enrolled(named, state="withdrawn")
    assert survey_open_to(enrolment, named) is False
    with pytest.raises(SurveyRefused):
        answer_survey(enrolment, named)


# --- What was asked ----------------------------------------------------------------------------------------------


def reword(page: SurveyPage, questions: list[dict]) -> SurveyPage:
    page.questions = page._meta.get_field("questions").to_python(json.dumps(questions))
    page.save_revision().publish()
    return SurveyPage.objects.get(pk=page.pk)


def test_later_wording_changes_nothing_that_was_answered(named: Unit) -> None:
    enrolment, page = enrolled(named), SurveyPage.objects.get()
    answer_survey(enrolment, named)
    reword(page, [question("competency", "plan", "I can do something else.", competency="plan-a-session")])
    own = read_survey(SurveyPage.objects.get(), enrolment).own
    assert [(each.question.text, each.answers) for each in own] == [
        ("I can plan a session.", ["4"]),
        ("The course is useful.", ["4"]),
        ("How long was it?", ["Option 1 of length"]),
        ("How do you learn best?", ["Option 1 of ways", "Option 2 of ways"]),
        ("What should change?", []),
    ]


def test_edition_says_which_questions_are_asked_and_the_page_how(named: Unit, module: ModulePage) -> None:
    enrolment, page = enrolled(named), SurveyPage.objects.get()
    plan = question("competency", "plan", "I plan.", competency="plan-a-session")
    page = reword(page, [question("agreement", "new"), plan])
    assert [(q.id, q.text) for q in read_survey(page, enrolment).questions] == [("plan", "I plan.")]
    newer = enrolled(named, edition=release(page=CoursePage.objects.get(), by=None))
    assert [q.id for q in read_survey(page, newer).questions] == ["new", "plan"]


def test_anonymity_is_that_of_the_edition_whatever_the_page_says_by_now(anonymous: Unit) -> None:
    SurveyPage.objects.update(anonymous=False)
    answer_survey(enrolled(anonymous), anonymous)
    assert SurveyAnswers.objects.get().response is None


def test_everybody_who_was_asked_the_same_shares_a_sheet(named: Unit) -> None:
    crowd(named, 3)
    assert SurveySheet.objects.count() == 1
    reword(SurveyPage.objects.get(), [question("competency", "plan", "Now.", competency="plan-a-session")])
    crowd(named, 2)
    assert SurveySheet.objects.count() == 2


def test_translations_ask_the_same_questions_and_share_a_sheet(module: ModulePage) -> None:
    page = make_survey(module, anonymous=False)
    french = Locale.objects.create(language_code="fr")
    course_page = CoursePage.objects.get()
    catalogue = course_page.get_parent()
    for each in (catalogue.get_parent(), catalogue, course_page, module, page):
        each.specific.copy_for_translation(french).save_revision().publish()
    released(module)
    unit = Unit.objects.get()
    translated = SurveyPage.objects.get(locale=french)
    assert [q.id for q in questions_of(translated)] == [q.id for q in questions_of(page)]
    assert [q.options for q in questions_of(translated)] == [q.options for q in questions_of(page)]
    answer_survey(enrolled(unit), unit, language="fr")
    answer_survey(enrolled(unit), unit, language="en")
    assert set(SurveySheet.objects.get().asked[0]["texts"]) == {"en", "fr"}


# --- Anonymity ---------------------------------------------------------------------------------------------------


def test_anonymous_answers_lead_to_nobody(anonymous: Unit) -> None:
    """No field of the row points, however far, at a person, and its values are those of others as well."""
    enrolments = crowd(anonymous, 6)
    rows = SurveyAnswers.objects.values("response", "sheet", "edition", "cohort", "year", "answers", "texts")
    assert [row for row in rows if row != rows[0]] == []
    assert rows[0]["response"] is None
    assert rows[0]["year"] == timezone.localdate().year
    assert SurveyResponse.objects.filter(enrolment__in=enrolments).count() == 6
    names = {field.name for field in SurveyAnswers._meta.get_fields()}
    assert names == {"id", "response", "sheet", "edition", "cohort", "year", "answers", "texts"}


def test_completion_of_an_anonymous_survey_keeps_no_revision(anonymous: Unit) -> None:
    enrolment = enrolled(anonymous)
    submit_survey(enrolment=enrolment, unit=anonymous, given=answers(), language="en", revision=7)
    assert UnitCompletion.objects.get().revision is None


def test_anonymous_rows_do_not_lie_in_the_order_in_which_people_answered(anonymous: Unit) -> None:
    """That 40 rows lie in their order by chance happens once in 40! times."""
    texts = [f"Text {number:02}" for number in range(40)]
    for text in texts:
        crowd(anonymous, 1, words=text)
    order = "ctid" if connection.vendor == "postgresql" else "rowid"
    for name in (order, "id"):
        rows = SurveyAnswers.objects.raw(f"SELECT * FROM assessments_surveyanswers ORDER BY {name}")
        found = [row.texts["words"] for row in rows]
        assert sorted(found) == texts
        assert found != texts


def test_named_answers_keep_their_own_rows(named: Unit) -> None:
    enrolments = [*crowd(named, 4, rating=1), *crowd(named, 4, rating=5)]
    ratings = SurveyAnswers.objects.values_list("response__enrolment", "answers__plan")
    assert dict(ratings) == {e.pk: (1 if n < 4 else 5) for n, e in enumerate(enrolments)}


def test_learner_reads_their_own_answers_unless_they_are_anonymous(anonymous: Unit) -> None:
    enrolment = enrolled(anonymous)
    answer_survey(enrolment, anonymous)
    reading = read_survey(SurveyPage.objects.get(), enrolment)
    assert reading.own == []
    assert reading.answered_at is not None


# --- The person's data -------------------------------------------------------------------------------------------


def test_person_gets_named_answers_and_that_they_answered_others(anonymous: Unit, module: ModulePage) -> None:
    make_survey(module, "open", anonymous=False)
    edition = release(page=CoursePage.objects.get(), by=None)
    open_unit = Unit.objects.get(code="open")
    enrolment = enrolled(anonymous, edition=edition)
    answer_survey(enrolment, anonymous, answers(words="Hidden."))
    answer_survey(enrolment, open_unit, answers(words="Shown."))
    responses, own = CONTRIBUTION.collect(enrolment.person)
    assert [(row["unit"], row["anonymous"]) for row in responses.rows] == [("survey", True), ("open", False)]
    assert {row["unit"] for row in own.rows} == {"open"}
    assert [row["answered"] for row in own.rows if row["question"] == "words"] == [["Shown."]]


def test_erasure_removes_written_words_and_keeps_ratings(named: Unit) -> None:
    enrolment, other = enrolled(named), enrolled(named)
    answer_survey(enrolment, named, answers(3, words="I am Lea."))
    answer_survey(other, named, answers(3, words="Stays."))
    CONTRIBUTION.erase(enrolment.person, Identity.of(enrolment.person))
    assert SurveyAnswers.objects.get(response__enrolment=enrolment).texts == {}
    assert SurveyAnswers.objects.get(response__enrolment=enrolment).answers["plan"] == 3
    assert SurveyAnswers.objects.get(response__enrolment=other).texts == {"words": "Stays."}


def test_written_words_go_when_their_year_is_long_over(anonymous: Unit) -> None:
    crowd(anonymous, 2, words="Old.")
    old = SurveyAnswers.objects.first()
    SurveyAnswers.objects.filter(pk=old.pk).update(year=timezone.localdate().year - 6)
    due = texts_before(timezone.now().replace(year=timezone.localdate().year - 5))
    assert list(due) == [old]
    PERIODS[0].apply([old.pk])
    assert due.all().count() == 0
    assert SurveyAnswers.objects.get(pk=old.pk).answers == old.answers


def test_daily_run_deletes_written_words_of_long_ago_once(anonymous: Unit) -> None:
    crowd(anonymous, 2, words="Old.")
    SurveyAnswers.objects.update(year=2000)
    crowd(anonymous, 1, words="New.")
    SurveyAnswers.objects.filter(texts={"words": "New."}).update(year=timezone.localdate().year)
    for count in (2, 0):
        applied = {each.kept.key: each.count for each in apply_retention()}
        assert applied["survey_texts"] == count
    assert [row.texts for row in SurveyAnswers.objects.exclude(texts={})] == [{"words": "New."}]


# --- Rules and lint ----------------------------------------------------------------------------------------------


def test_rules_freeze_kind_anonymity_and_structure(module: ModulePage) -> None:
    page = make_survey(module, questions=QUESTIONS[:3], survey_kind="before")
    assert rules(page) == {
        "kind": "before",
        "anonymous": True,
        "questions": [
            {"id": "plan", "kind": "competency", "required": True, "competency": "plan-a-session", "options": []},
            {"id": "useful", "kind": "agreement", "required": True, "competency": "", "options": []},
            {
                "id": "length",
                "kind": "one_choice",
                "required": True,
                "competency": "",
                "options": ["length-1", "length-2", "length-3"],
            },
        ],
    }
    assert describe(rules(page)) == {"Survey": "Before the course", "Questions": "3", "Anonymous": "yes"}


def test_changes_are_told_in_sentences(module: ModulePage) -> None:
    before = rules(make_survey(module, "one", questions=QUESTIONS[:3]))
    after = rules(make_survey(module, "two", questions=[QUESTIONS[1], QUESTIONS[0], QUESTIONS[4]], anonymous=False))
    assert tell("Survey", before, after) == [
        "“Survey” is no longer anonymous.",
        "“Survey” asks 1 more question.",
        "“Survey” leaves out 1 question.",
        "Questions of “Survey” have another order, other answers, or may now be left out.",
    ]
    assert tell("Survey", before, before) == []


def test_release_after_release_without_a_change_finds_none(named: Unit) -> None:
    assert plan_release(CoursePage.objects.get()).differs is False


def test_lint_finds_a_survey_without_questions(module: ModulePage) -> None:
    assert [f.rule for f in lint([make_survey(module, questions=())])] == ["survey-empty"]
    assert lint([make_survey(module, "full")]) == []


def test_lint_finds_a_before_without_an_after_in_the_same_course(module: ModulePage) -> None:
    elsewhere = make_module(make_course_page("other"), "m1")
    make_survey(elsewhere, "after", survey_kind="after")
    before = make_survey(module, "before", survey_kind="before")
    assert [f.rule for f in lint([before])] == ["survey-before-alone"]
    after = make_survey(module, "after", survey_kind="after")
    assert lint([before]) == lint([before, after]) == []


def test_lint_finds_competencies_of_one_survey_alone(module: ModulePage) -> None:
    more = question("competency", "lead", "I can lead.", competency="lead")
    before = make_survey(module, "before", survey_kind="before", questions=[*QUESTIONS, more])
    after = make_survey(module, "after", survey_kind="after")
    findings = lint([before, after])
    assert [(f.rule, f.page, f.anchor) for f in findings] == [
        ("survey-competency-alone", before.pk, "#block-lead-section")
    ]


@pytest.mark.parametrize(
    ("required", "months", "found"),
    [
        (True, 0, ["survey-follow-up-required", "survey-follow-up-when"]),
        (False, 0, ["survey-follow-up-when"]),
        (True, 3, ["survey-months-required"]),
        (False, 3, []),
    ],
)
def test_lint_finds_a_follow_up_that_is_required_or_never_sent(
    module: ModulePage, required: bool, months: int, found: list[str]
) -> None:
    page = make_survey(module, survey_kind="follow-up", required=required, months_after=months)
    assert [f.rule for f in lint([page])] == found


def test_lint_finds_a_competency_twice(module: ModulePage) -> None:
    again = question("competency", "again", "I can plan.", competency="plan-a-session")
    assert [f.rule for f in lint([make_survey(module, questions=[*QUESTIONS, again])])] == ["survey-competency-twice"]


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("I can plan a session.", "i-can-plan-a-session"),
        ("أستطيع أن أخطط", "c-"),
    ],
)
def test_competency_without_a_key_gets_one_made_from_its_words(module: ModulePage, statement: str, key: str) -> None:
    block = SurveyPage._meta.get_field("questions").stream_block.child_blocks["competency"]
    cleaned = [
        block.clean(block.to_python({"text": text, "optional": False, "competency": ""}))["competency"]
        for text in (statement, statement, f"{statement} 2")
    ]
    assert cleaned[0].startswith(key)
    assert cleaned[0] == cleaned[1] != cleaned[2]


def test_cohort_of_the_day_stays_with_the_answers(named: Unit) -> None:
    cohort = make_cohort(named.course)
    (enrolment,) = crowd(named, 1, cohort=cohort)
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=None)
    assert SurveyAnswers.objects.get().cohort == cohort
