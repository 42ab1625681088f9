"""The results of surveys: figures, before and after, and who sees which groups."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.domain.surveys import results_of
from assessments.domain.surveys.access import reach_of
from assessments.domain.surveys.participation import Participation
from assessments.domain.surveys.results import NoSuchGroup, Results, lines_of, surveys_seen_by
from assessments.domain.surveys.table import table_of
from assessments.models import SurveyPage
from courses.domain.releasing import release
from courses.models import Course, CoursePage, Enrolment, ModulePage, Unit
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module
from tests.factories.people import ActionFactory, UserFactory
from tests.factories.surveys import QUESTIONS, crowd, make_cohort, make_survey, question

pytestmark = pytest.mark.django_db


def surveyed_course(key: str = "rescue-at-sea", surveys: int = 1) -> Course:
    module = make_module(make_course_page(key), "m1")
    for number in range(surveys):
        make_survey(module, f"survey-{number}")
    make_lesson(module, "last")
    return release(page=CoursePage.objects.get(key=key), by=None).course


@pytest.fixture
def unit() -> Unit:
    return surveyed_course().units.get(kind="survey")


def seen(person: User, unit: Unit, group: str | None = None) -> Results:
    return results_of(person=person, unit=unit, group=group)


def group_names(person: User, unit: Unit) -> list[str]:
    return [group.label for group in seen(person, unit).groups]


# --- Figures -----------------------------------------------------------------------------------------------------


def test_results_hold_distribution_mean_and_texts(unit: Unit, manager: User) -> None:
    crowd(unit, 3, rating=2, words="More cases.", ways=["ways-1"])
    crowd(unit, 4, rating=5, length="length-3")
    EnrolmentFactory.create_batch(2, course=unit.course)
    results = seen(manager, unit)
    assert results.participation == Participation(answered=7, invited=9)
    assert results.participation.rate == 78
    plan, useful, length, ways, words = results.questions
    assert (plan.count, plan.mean) == (7, Decimal("3.7"))
    assert [(bar.label, bar.count, bar.percent) for bar in plan.bars] == [
        ("1 – I cannot do this yet", 0, 0),
        ("2", 3, 43),
        ("3", 0, 0),
        ("4", 0, 0),
        ("5 – I can do this well and show others how", 4, 57),
    ]
    assert (length.mean, useful.mean) == (None, Decimal("3.7"))
    assert [(bar.label, bar.count) for bar in length.bars] == [
        ("Option 1 of length", 3),
        ("Option 2 of length", 0),
        ("Option 3 of length", 4),
    ]
    assert [(bar.count, bar.percent) for bar in ways.bars] == [(7, 100), (4, 57), (0, 0)]
    assert words.texts == ("More cases.",) * 3


def test_results_of_four_are_withheld_and_of_five_shown(unit: Unit, manager: User) -> None:
    crowd(unit, 4, words="Secret.")
    results = seen(manager, unit)
    assert results.is_shown is False
    assert results.participation == Participation(answered=4, invited=4)
    assert {(f.is_withheld, f.count, f.bars, f.mean, f.texts) for f in results.questions} == {(True, 0, (), None, ())}
    crowd(unit, 1)
    assert seen(manager, unit).is_shown is True


def test_question_that_few_answered_is_withheld_by_itself(manager: User) -> None:
    module = make_module(make_course_page(), "m1")
    make_survey(module, questions=[question("agreement", "plan"), question("agreement", "useful", optional=True)])
    unit = release(page=CoursePage.objects.get(), by=None).course.units.get()
    for number in range(6):
        crowd(unit, 1, useful=3 if number < 4 else None, length=None, ways=None)
    plan, useful = seen(manager, unit).questions
    assert (plan.is_withheld, plan.count) == (False, 6)
    assert (useful.is_withheld, useful.count, useful.bars) == (True, 0, ())


def test_small_cohort_is_withheld_and_so_is_what_would_give_it_away(unit: Unit, manager: User) -> None:
    large, middle, small = (make_cohort(unit.course, title) for title in ("Large", "Middle", "Small"))
    crowd(unit, 9, cohort=large)
    crowd(unit, 6, cohort=middle)
    crowd(unit, 2, cohort=small)
    shown = {group.label: seen(manager, unit, group.value).is_shown for group in seen(manager, unit).groups}
    assert shown == {
        "All editions": True,
        "Edition 1": True,
        "Edition 1: Large": True,
        "Edition 1: Middle": False,
        "Edition 1: Small": False,
    }


def test_results_by_edition_count_where_people_answered(unit: Unit, manager: User) -> None:
    crowd(unit, 5, rating=1)
    make_lesson(ModulePage.objects.get(), "more")
    edition = release(page=CoursePage.objects.get(), by=None)
    unit.course.refresh_from_db()
    crowd(unit, 6, rating=5)
    assert group_names(manager, unit) == ["All editions", "Edition 2", "Edition 1"]
    Enrolment.objects.update(edition=edition)
    means = {group.value: seen(manager, unit, group.value).questions[0].mean for group in seen(manager, unit).groups}
    assert means == {"": Decimal("3.2"), "2": Decimal("5.0"), "1": Decimal("1.0")}


def test_invited_are_those_who_answered_and_those_who_still_can(unit: Unit, manager: User) -> None:
    answered = crowd(unit, 2)
    Enrolment.objects.filter(pk=answered[0].pk).update(state="withdrawn")
    EnrolmentFactory(course=unit.course)
    EnrolmentFactory(course=unit.course, state="withdrawn")
    EnrolmentFactory(course=unit.course, state="requested")
    assert seen(manager, unit).participation == Participation(answered=2, invited=3)


def test_question_taken_out_keeps_its_results(unit: Unit, manager: User) -> None:
    crowd(unit, 5)
    page = SurveyPage.objects.get()
    del page.questions[0]
    page.save_revision().publish()
    crowd(unit, 5)
    assert {figures.question.id: figures.count for figures in seen(manager, unit).questions} == {
        "useful": 10,
        "length": 10,
        "ways": 10,
        "words": 0,
        "plan": 5,
    }


# --- Before and after --------------------------------------------------------------------------------------------


@pytest.fixture
def pair() -> tuple[Unit, Unit]:
    module = make_module(make_course_page(), "m1")
    own = question("competency", "only", "I can do this.", competency="only-after")
    make_survey(module, "before", survey_kind="before")
    # Another id, the same competency.
    renamed = {**QUESTIONS[0], "id": "plan-again", "value": {**QUESTIONS[0]["value"], "text": "I can plan one now."}}
    make_survey(module, "after", survey_kind="after", questions=[renamed, own], anonymous=False)
    course = release(page=CoursePage.objects.get(), by=None).course
    return course.units.get(code="before"), course.units.get(code="after")


def test_before_and_after_are_compared_by_the_key_of_the_competency(pair: tuple[Unit, Unit], manager: User) -> None:
    before, after = pair
    crowd(before, 6, rating=2)
    crowd(before, 1, rating=3)
    crowd(after, 5, **{"plan-again": 4, "only": 1})
    for unit, statement in ((before, "I can plan a session."), (after, "I can plan one now.")):
        (compared,) = seen(manager, unit).comparison
        assert compared.statement == statement
        assert (compared.before.mean, compared.before.count) == (Decimal("2.1"), 7)
        assert (compared.after.mean, compared.after.count) == (Decimal("4.0"), 5)
        assert compared.difference == Decimal("1.9")


def test_comparison_withholds_the_side_that_is_too_small(pair: tuple[Unit, Unit], manager: User) -> None:
    before, after = pair
    crowd(before, 6, rating=2)
    crowd(after, 4, **{"plan-again": 4, "only": 1})
    (compared,) = seen(manager, before).comparison
    assert (compared.before.is_withheld, compared.after.is_withheld, compared.difference) == (False, True, None)


def test_surveys_of_another_kind_or_course_are_not_compared(pair: tuple[Unit, Unit], manager: User) -> None:
    other = surveyed_course("other").units.get(kind="survey")
    crowd(pair[0], 5)
    crowd(other, 5)
    assert seen(manager, other).comparison == []


# --- Who sees what -----------------------------------------------------------------------------------------------


def role(role: Role, **scope: object) -> User:
    person = UserFactory()
    grant_role(person=person, role=role, granted_by=None, **scope)
    return person


def test_each_role_sees_its_own(unit: Unit) -> None:
    other = surveyed_course("other").units.get(kind="survey")
    action = ActionFactory()
    cohort = make_cohort(unit.course, "Ours", action=action)
    make_cohort(unit.course, "Theirs")
    key, cohort_scope = {"scope_key": unit.course.key}, {"scope": Scope.COHORT, "scope_key": cohort.public_id}
    people = {
        "manager": role(Role.MANAGER),
        "manager of the Action": role(Role.MANAGER, action=action),
        "author": role(Role.AUTHOR),
        "author of the course": role(Role.AUTHOR, **key),
        "editor of the course": role(Role.EDITOR, **key),
        "trainer of the cohort": role(Role.TRAINER, **cohort_scope),
        "trainer of the course": role(Role.TRAINER, **key),
        "trainer": role(Role.TRAINER),
        "reviewer": role(Role.REVIEWER),
        "assessor": role(Role.ASSESSOR, **cohort_scope),
        "stranger": UserFactory(),
    }
    everything, own = {unit, other}, {unit}
    expected: dict[str, set[Unit]] = {name: set() for name in people} | {
        "manager": everything,
        "author": everything,
        "manager of the Action": own,
        "author of the course": own,
        "editor of the course": own,
        "trainer of the cohort": own,
    }
    assert {name: set(surveys_seen_by(person)) for name, person in people.items()} == expected
    by_predicate = {
        name: {each for each in everything if reach_of(person).covers(each)} for name, person in people.items()
    }
    assert by_predicate == expected


def test_trainer_of_a_cohort_sees_that_cohort_and_nothing_around_it(unit: Unit) -> None:
    own, theirs = make_cohort(unit.course, "Ours"), make_cohort(unit.course, "Theirs")
    crowd(unit, 5, cohort=own, rating=2, words="Ours.")
    crowd(unit, 6, cohort=theirs, rating=5, words="Theirs.")
    crowd(unit, 7, words="Without.")
    trainer = role(Role.TRAINER, scope=Scope.COHORT, scope_key=own.public_id)
    results = seen(trainer, unit)
    assert group_names(trainer, unit) == ["Edition 1: Ours"]
    assert results.participation == Participation(answered=5, invited=5)
    assert results.questions[0].mean == Decimal("2.0")
    assert set(results.questions[-1].texts) == {"Ours."}
    for value in ("", "1", "1-none", f"1-{theirs.public_id}", "nonsense"):
        with pytest.raises(NoSuchGroup):
            seen(trainer, unit, value)
    (line,) = lines_of(trainer, list(surveys_seen_by(trainer)))
    assert line.participation == Participation(answered=5, invited=5)


def test_trainer_of_an_empty_cohort_sees_that_nobody_is_there(unit: Unit) -> None:
    crowd(unit, 6)
    trainer = role(Role.TRAINER, scope=Scope.COHORT, scope_key=make_cohort(unit.course).public_id)
    results = seen(trainer, unit)
    assert (results.groups, results.is_shown, results.participation) == ([], False, Participation())


# --- The table, and queries --------------------------------------------------------------------------------------


def test_table_has_the_figures_of_the_screen(unit: Unit, manager: User) -> None:
    crowd(unit, 5, rating=3, words="=1+1")
    results = seen(manager, unit)
    rows = [row[3:] for row in table_of(results)]
    assert rows[1:3] == [["Taking part", "", "Invited", 5, None, None], ["Taking part", "", "Answered", 5, 100, None]]
    kind = "Rating of one’s own competency"
    assert rows[3:9] == [
        [kind, "I can plan a session.", "1 – I cannot do this yet", 0, 0, None],
        [kind, "I can plan a session.", "2", 0, 0, None],
        [kind, "I can plan a session.", "3", 5, 100, None],
        [kind, "I can plan a session.", "4", 0, 0, None],
        [kind, "I can plan a session.", "5 – I can do this well and show others how", 0, 0, None],
        [kind, "I can plan a session.", "All answers", 5, None, Decimal("3.0")],
    ]
    assert rows[-1] == ["Free text", "What should change?", "=1+1", None, None, None]


def test_table_of_a_withheld_group_has_no_figures(unit: Unit, manager: User) -> None:
    crowd(unit, 4, words="Secret.")
    rows = [row[5:] for row in table_of(seen(manager, unit))][3:]
    assert rows == [["withheld: too few answers", None, None, None]] * 5


def test_results_and_lists_take_as_many_queries_however_much_there_is(manager: User) -> None:
    counts = []
    for surveys, people in ((1, 5), (3, 50)):
        course = surveyed_course(f"course-{surveys}", surveys=surveys)
        units = list(course.units.filter(kind="survey"))
        cohort = make_cohort(course)
        for each in units[:1]:
            crowd(each, people, cohort=cohort)
        for each in units[1:]:
            crowd(each, 5)
        seen(manager, units[0])
        with CaptureQueriesContext(connection) as one:
            seen(manager, units[0])
        with CaptureQueriesContext(connection) as many:
            assert len(lines_of(manager, list(surveys_seen_by(manager).filter(course=course)))) == surveys
        counts.append((len(one), len(many)))
    assert counts[0] == counts[1]
