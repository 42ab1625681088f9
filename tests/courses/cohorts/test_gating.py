"""What a learner of a cohort can open, and when."""

import datetime
from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.domain.attempts import AttemptRefused, start_attempt
from assessments.models import Attempt
from courses.domain.progress import ProgressRefused, complete_unit
from courses.domain.releasing import release
from courses.models import Cohort, CoursePage, Enrolment, LessonPage, ModuleDate, Unit, UnitCompletion
from elearn.people.models import User
from tests.factories.assessments import make_quiz
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import make_course_page, make_lesson, make_module
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]
TONGA, PAGO_PAGO = "Pacific/Tongatapu", "Pacific/Pago_Pago"


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


def opens_second_module(cohort: Cohort, on: datetime.date, due: datetime.date | None = None) -> UUID:
    module: UUID = cohort.edition.structure.module_keys[1]
    ModuleDate.objects.create(cohort=cohort, module=module, opens_on=on, due_on=due)
    return module


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def test_lesson_of_a_module_that_opens_later_says_when_and_leads_back(cohort: Cohort, as_person: AsPerson) -> None:
    opens_second_module(cohort, datetime.date(2199, 3, 8))
    client = as_person(make_member(cohort, UserFactory(time_zone=TONGA)).person)
    answer = client.get(LessonPage.objects.get(key="m2-l1").url)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "This module opens for you on 8 March 2199, at midnight in your time zone." in text
    assert "Pacific/Tongatapu" in text
    assert f'<a class="button" href="{CoursePage.objects.get().url}">' in text
    assert "Text of m2-l1." not in text
    assert client.get(LessonPage.objects.get(key="m1-l1").url).status_code == 200


def test_same_lesson_is_open_in_tonga_and_closed_in_pago_pago(cohort: Cohort, as_person: AsPerson) -> None:
    opens_second_module(cohort, timezone.now().astimezone(ZoneInfo(TONGA)).date())
    url = LessonPage.objects.get(key="m2-l1").url
    statuses = [
        as_person(make_member(cohort, UserFactory(time_zone=zone)).person).get(url).status_code
        for zone in (TONGA, PAGO_PAGO)
    ]
    assert statuses == [200, 403]


def test_learner_of_the_course_outside_the_cohort_reads_everything(cohort: Cohort, as_person: AsPerson) -> None:
    opens_second_module(cohort, in_days(30))
    outside = Enrolment.objects.create(person=UserFactory(), course=cohort.course, edition=cohort.edition)
    assert as_person(outside.person).get(LessonPage.objects.get(key="m2-l1").url).status_code == 200


def test_trainer_of_the_cohort_reads_everything_with_the_notes(cohort: Cohort, as_person: AsPerson) -> None:
    opens_second_module(cohort, in_days(30))
    page = LessonPage.objects.get(key="m2-l1")
    LessonPage.objects.filter(pk=page.pk).update(facilitator_notes="<p>For the room.</p>")
    answer = as_person(cohort.trainer).get(page.url)
    assert answer.status_code == 200
    assert "For the room." in answer.content.decode()


def test_trainer_of_a_cohort_of_another_course_reads_nothing_here(cohort: Cohort, as_person: AsPerson) -> None:
    page = make_course_page("other-course")
    lesson = make_lesson(make_module(page, "o1"), "other-lesson")
    release(page=page, by=None)
    assert as_person(cohort.trainer).get(lesson.url).status_code == 302


def test_lesson_done_before_stays_open(cohort: Cohort, as_person: AsPerson) -> None:
    enrolment = make_member(cohort).enrolment
    complete_unit(enrolment=enrolment, unit=Unit.objects.get(code="m2-l1"), language="en", revision=None)
    opens_second_module(cohort, in_days(30))
    client = as_person(enrolment.person)
    assert client.get(LessonPage.objects.get(key="m2-l1").url).status_code == 200
    assert client.get(LessonPage.objects.get(key="m2-l2").url).status_code == 403


def test_closed_lesson_is_not_completed_by_its_address(cohort: Cohort, as_person: AsPerson) -> None:
    enrolment = make_member(cohort).enrolment
    opens_second_module(cohort, datetime.date(2199, 3, 8))
    unit = Unit.objects.get(code="m2-l1")
    client = as_person(enrolment.person)
    client.post(reverse("courses:complete", args=[unit.key]))
    with pytest.raises(ProgressRefused, match=r"^This module opens for you on 8 March 2199"):
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    assert UnitCompletion.objects.count() == 0
    assert client.post(reverse("courses:reflect", args=[unit.key, "x"])).status_code == 404


def test_after_the_last_open_lesson_one_lands_on_its_module(cohort: Cohort, as_person: AsPerson) -> None:
    enrolment = make_member(cohort).enrolment
    opens_second_module(cohort, in_days(30))
    answer = as_person(enrolment.person).post(reverse("courses:complete", args=[Unit.objects.get(code="m1-l2").key]))
    assert answer.headers["Location"] == LessonPage.objects.get(key="m1-l2").get_parent().url


def test_quiz_of_a_closed_module_is_not_begun() -> None:
    page = make_course_page()
    make_lesson(make_module(page, "m1"), "m1-l1")
    quiz = make_quiz(make_module(page, "m2"), questions=1)
    cohort = CohortFactory(course=release(page=page, by=None).course)
    enrolment = make_member(cohort).enrolment
    opens_second_module(cohort, in_days(30))
    with pytest.raises(AttemptRefused, match=r"^This module opens for you on"):
        start_attempt(enrolment=enrolment, unit=Unit.objects.get(key=quiz.translation_key), language="en")
    assert Attempt.objects.count() == 0


def test_course_and_module_page_show_when_it_opens_and_is_due(cohort: Cohort, as_person: AsPerson) -> None:
    enrolment = make_member(cohort).enrolment
    opens_second_module(cohort, datetime.date(2199, 3, 8), datetime.date(2199, 3, 20))
    ModuleDate.objects.create(
        cohort=cohort, module=cohort.edition.structure.module_keys[0], due_on=datetime.date(2001, 3, 1)
    )
    client = as_person(enrolment.person)
    course = client.get(CoursePage.objects.get().url).content.decode()
    assert "Opens on 8 March 2199" in course
    assert "Due 20 March 2199" in course
    assert '<b class="tag warn">Late</b> It was due on 1 March 2001' in course
    lesson = LessonPage.objects.get(key="m2-l1")
    assert f'href="{lesson.url}"' not in course
    module = client.get(lesson.get_parent().url).content.decode()
    assert "Opens on 8 March 2199" in module


def test_module_that_is_complete_is_not_late(cohort: Cohort, as_person: AsPerson) -> None:
    enrolment = make_member(cohort).enrolment
    for unit in Unit.objects.filter(code__startswith="m1"):
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    first = cohort.edition.structure.module_keys[0]
    ModuleDate.objects.create(cohort=cohort, module=first, due_on=datetime.date(2001, 3, 1))
    opens_second_module(cohort, datetime.date(2199, 3, 8))
    client = as_person(enrolment.person)
    course = client.get(CoursePage.objects.get().url).content.decode()
    assert "Late" not in course
    assert "You have done what is open. The next module opens on 8 March 2199." in course
    assert "The next module opens on 8 March 2199." in client.get("/en/desk/").content.decode()


def test_reading_in_a_cohort_takes_one_query_more(
    cohort: Cohort, as_person: AsPerson, django_assert_num_queries
) -> None:
    enrolment = make_member(cohort).enrolment
    for module in cohort.edition.structure.module_keys:
        ModuleDate.objects.create(cohort=cohort, module=module, due_on=in_days(30))
    lesson = LessonPage.objects.get(key="m1-l1")
    client = as_person(enrolment.person)
    for url in (CoursePage.objects.get().url, lesson.get_parent().url, lesson.url):
        client.get(url)
        with django_assert_num_queries(6):
            assert client.get(url).status_code == 200
    client.get("/en/desk/")
    with django_assert_num_queries(11):
        assert client.get("/en/desk/").status_code == 200
