"""Surveys answered by two at once, and twice by one: on real connections, each in a thread of its own."""

from collections import Counter

import pytest

from assessments.domain.surveys import submit_survey
from assessments.domain.surveys.answering import Submitted
from assessments.models import SurveyAnswers, SurveyResponse, SurveySheet
from courses.domain.releasing import release
from courses.models import CoursePage, Unit, UnitCompletion
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module
from tests.factories.surveys import answers, make_survey
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("anonymous", [True, False])
def test_survey_sent_many_times_at_once_is_answered_once(anonymous: bool) -> None:
    unit = make_unit(anonymous=anonymous)
    enrolment = EnrolmentFactory(course=unit.course)
    results = at_once(
        *(
            lambda rating=rating: submit_survey(
                enrolment=enrolment, unit=unit, given=answers(rating), language="en", revision=None
            )
            for rating in (1, 2, 3, 4, 5)
        )
    )
    assert [type(result) for result in results] == [Submitted] * 5
    assert sorted(result.is_new for result in results if isinstance(result, Submitted)) == [False] * 4 + [True]
    assert SurveyResponse.objects.count() == SurveyAnswers.objects.count() == UnitCompletion.objects.count() == 1


def test_many_people_at_once_lose_no_anonymous_answer() -> None:
    """Each takes the place of another row: two that choose the same one must not write over each other."""
    unit = make_unit(anonymous=True)
    expected: Counter[str] = Counter()
    for round_ in range(6):
        enrolments = EnrolmentFactory.create_batch(6, course=unit.course)
        words = [f"Words {round_}-{number}" for number in range(6)]
        expected.update(words)
        results = at_once(
            *(
                lambda enrolment=enrolment, text=text: submit_survey(
                    enrolment=enrolment, unit=unit, given=answers(words=text), language="en", revision=None
                )
                for enrolment, text in zip(enrolments, words, strict=True)
            )
        )
        assert [result for result in results if isinstance(result, Exception)] == []
    assert Counter(row.texts["words"] for row in SurveyAnswers.objects.all()) == expected
    assert SurveySheet.objects.count() == 1


def make_unit(*, anonymous: bool) -> Unit:
    make_survey(make_module(make_course_page(), "m1"), anonymous=anonymous)
    release(page=CoursePage.objects.get(), by=None)
    return Unit.objects.select_related("course").get()
