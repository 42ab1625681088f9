"""Mail about surveys: at the end, three and six months later, and once more; and surveys that open only then."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from assessments.domain.surveys import SurveyRefused, inviting, survey_open_to
from assessments.domain.surveys.participation import participation_of, sum_of
from assessments.domain.surveys.reading import read_survey
from assessments.domain.surveys.results import lines_of_cohort
from assessments.domain.surveys.waves import months_before, opens_at
from assessments.models import SurveyAnswers, SurveyPage, SurveyResponse
from courses.domain.releasing import release
from courses.enums import EnrolmentState
from courses.models import Cohort, Course, Enrolment, Unit
from elearn.messages.enums import Category
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module
from tests.factories.people import UserFactory
from tests.factories.surveys import answer_survey, crowd, make_survey

pytestmark = pytest.mark.django_db
Clock = Callable[[str], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def turn(moment: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(moment).replace(tzinfo=UTC))

    return turn


@pytest.fixture
def course() -> Course:
    """A lesson, and surveys at the end, after three months and after six; none is required."""
    page = make_course_page()
    module = make_module(page, "m1")
    make_lesson(module, "lesson")
    make_survey(module, "satisfaction", required=False)
    for months, key in ((3, "three"), (6, "six")):
        make_survey(module, key, survey_kind="follow-up", months_after=months, required=False)
    return release(page=page, by=None).course


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return CohortFactory(course=course, starts_on=date(2031, 1, 1), ends_on=date(2031, 3, 10))


def unit_of(key: str) -> Unit:
    return Unit.objects.get(code=key)


def completed(course: Course, at: str, **fields: object) -> Enrolment:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return EnrolmentFactory(course=course, state=EnrolmentState.COMPLETED, completed_at=moment, **fields)


def subjects(person: User) -> list[str]:
    return list(person.mail.order_by("pk").values_list("subject", flat=True))


# --- When a survey opens -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("completed_on", "months", "opens_on"),
    [
        ("2031-01-15", 3, "2031-04-15"),
        ("2031-11-30", 3, "2032-03-01"),  # 2032 has a 29 February, but no 30th.
        ("2031-08-31", 6, "2032-03-01"),
        ("2031-08-28", 6, "2032-02-28"),
        ("2031-10-31", 6, "2032-05-01"),
        ("2031-12-15", 6, "2032-06-15"),
    ],
)
def test_survey_opens_after_whole_months(completed_on: str, months: int, opens_on: str) -> None:
    done, opens = datetime.fromisoformat(completed_on), datetime.fromisoformat(opens_on)
    assert opens_at(done, months) == opens
    assert months_before(opens, months) >= done
    assert months_before(opens - timedelta(seconds=1), months) < done


def test_survey_months_after_is_closed_until_its_time_has_come(course: Course, clock: Clock) -> None:
    unit, page = unit_of("three"), SurveyPage.objects.get(months_after=3)
    under_way, done = EnrolmentFactory(course=course), completed(course, "2031-01-15")
    clock("2031-04-14T23:59")
    assert (survey_open_to(under_way, unit), survey_open_to(done, unit)) == (False, False)
    with pytest.raises(SurveyRefused, match="has not come"):
        answer_survey(done, unit)
    assert (SurveyResponse.objects.count(), SurveyAnswers.objects.count()) == (0, 0)
    assert (read_survey(page, under_way).months_after, read_survey(page, under_way).opens_at) == (3, None)
    assert read_survey(page, done).opens_at == datetime(2031, 4, 15, tzinfo=UTC)
    clock("2031-04-15")
    assert (survey_open_to(under_way, unit), survey_open_to(done, unit)) == (False, True)
    assert read_survey(page, done).months_after == 0
    answer_survey(done, unit)
    assert not survey_open_to(done, unit)


def test_only_those_whose_time_has_come_count_as_invited(course: Course, clock: Clock) -> None:
    units = [unit_of(key) for key in ("satisfaction", "three", "six")]
    EnrolmentFactory(course=course)
    completed(course, "2031-01-15")
    completed(course, "2031-03-15")
    clock("2031-05-01")
    numbers = participation_of(units)
    assert [sum_of(numbers[unit.pk]).invited for unit in units] == [3, 1, 0]


def test_rules_of_older_editions_have_no_months(course: Course) -> None:
    structure = course.current_edition.structure
    months = {unit.code: unit.rules.get("months_after") for unit in structure.variants[0].units()}
    assert months == {"lesson": None, "satisfaction": None, "three": 3, "six": 6}


# --- Mail --------------------------------------------------------------------------------------------------------


def test_cohort_is_asked_when_it_has_ended_where_the_learner_is(cohort: Cohort, clock: Clock) -> None:
    lisbon, tonga = make_member(cohort).person, make_member(cohort, UserFactory(time_zone="Pacific/Tongatapu")).person
    clock("2031-03-10T10:59")
    assert inviting.invite_all() == 0
    clock("2031-03-10T11:00")
    assert inviting.invite_all() == 1
    assert (subjects(lisbon), subjects(tonga)) == ([], ["Please tell us: Satisfaction"])
    clock("2031-03-11T00:00")
    assert [inviting.invite_all(), inviting.invite_all()] == [1, 0]
    told = Message.objects.get(person=lisbon)
    assert (told.category, told.about) == (Category.SURVEY, cohort.public_id)
    assert "/en/courses/rescue-at-sea/m1/satisfaction/" in told.body


def test_closing_a_cohort_ends_it(cohort: Cohort, clock: Clock) -> None:
    make_member(cohort)
    Cohort.objects.update(closed_at=datetime(2031, 3, 1, tzinfo=UTC), closed_by=cohort.trainer)
    clock("2031-03-01T00:01")
    assert inviting.invite_all() == 1


def test_who_learns_alone_is_asked_at_the_end_and_in_waves(course: Course, clock: Clock) -> None:
    enrolment = completed(course, "2031-01-15T12:00")
    steps = {
        "2031-01-15T11:59": [],
        "2031-01-15T12:01": ["Please tell us: Satisfaction"],
        "2031-01-22T12:00": ["Please tell us: Satisfaction"],
        "2031-01-22T12:02": ["Please tell us: Satisfaction", "Once more: Satisfaction"],
        "2031-02-20T12:00": ["Please tell us: Satisfaction", "Once more: Satisfaction"],
        "2031-04-15T12:01": ["Please tell us: Three"],
        "2031-04-23T12:00": ["Please tell us: Three", "Once more: Three"],
        "2031-07-15T12:01": ["Please tell us: Six"],
        "2031-07-23T12:00": ["Please tell us: Six", "Once more: Six"],
        "2031-12-01T12:00": [],
    }
    for moment, there in steps.items():
        clock(moment)
        for _sweep in range(2):
            inviting.invite_all()
        assert subjects(enrolment.person)[-len(there) or 99 :] == there, moment
    assert len(subjects(enrolment.person)) == 6


def test_who_has_answered_is_not_asked_and_who_answered_meanwhile_not_again(course: Course, clock: Clock) -> None:
    before, after = completed(course, "2031-01-15"), completed(course, "2031-01-15")
    clock("2031-01-16")
    answer_survey(before, unit_of("satisfaction"))
    inviting.invite_all()
    answer_survey(after, unit_of("satisfaction"))
    clock("2031-01-30")
    assert inviting.invite_all() == 0
    assert (subjects(before.person), len(subjects(after.person))) == ([], 1)


def test_nobody_is_asked_long_after(course: Course, clock: Clock) -> None:
    completed(course, "2031-01-15")
    clock("2031-02-15")
    assert inviting.invite_all() == 0
    clock("2031-05-16")
    assert inviting.invite_all() == 0


def test_who_left_is_not_asked(course: Course, clock: Clock) -> None:
    for state in (EnrolmentState.WITHDRAWN, EnrolmentState.EXPIRED):
        enrolment = completed(course, "2031-01-15")
        Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    clock("2031-01-16")
    assert inviting.invite_all() == 0


def test_mail_about_an_anonymous_survey_leads_to_no_answer(course: Course, clock: Clock) -> None:
    enrolment = completed(course, "2031-01-15")
    clock("2031-01-16")
    inviting.invite_all()
    answer_survey(enrolment, unit_of("satisfaction"))
    message, answers = Message.objects.get(), SurveyAnswers.objects.get()
    assert str(answers.pk) not in message.reason + message.body
    assert answers.response is None
    assert [f.name for f in SurveyAnswers._meta.local_fields if f.related_model in (Message, User, Enrolment)] == []


def test_queries_do_not_grow_with_learners(course: Course, clock: Clock, django_assert_num_queries: Callable) -> None:
    clock("2031-01-16")
    completed(course, "2031-01-15")
    inviting.invite_all()  # What all share is read once.
    for count in (1, 3):
        for _each in range(count):
            completed(course, "2031-01-15")
        with django_assert_num_queries(9):
            assert inviting.invite_all() == count


# --- For the trainer ---------------------------------------------------------------------------------------------


def test_trainer_of_the_cohort_finds_its_surveys_and_others_nothing(cohort: Cohort) -> None:
    crowd(unit_of("satisfaction"), 5, cohort=cohort)
    make_member(cohort)
    other = CohortFactory(course=cohort.course)
    lines = lines_of_cohort(cohort.trainer, cohort)
    found = {line.about.title: (line.participation.answered, line.participation.invited) for line in lines}
    assert found == {"Satisfaction": (5, 6), "Three": (0, 0), "Six": (0, 0)}
    assert {line.group for line in lines} == {f"1-{cohort.public_id}"}
    assert lines_of_cohort(other.trainer, cohort) == []
