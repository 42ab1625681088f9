"""The tab of a cohort that leads to the results of its surveys."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.releasing import release
from courses.models import Unit
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.courses import make_course_page, make_lesson, make_module
from tests.factories.people import UserFactory
from tests.factories.surveys import crowd, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    page = make_course_page()
    module = make_module(page, "m1")
    make_lesson(module, "lesson")
    make_survey(module, "satisfaction", required=False)
    release(page=page, by=None)
    return Unit.objects.get(code="satisfaction")


def test_trainer_gets_from_the_cohort_to_its_results(client: Client, unit: Unit) -> None:
    cohort = CohortFactory(course=unit.course)
    crowd(unit, 5, cohort=cohort)
    make_member(cohort)
    client.force_login(cohort.trainer)
    page = client.get(reverse("assessments:cohort_surveys", args=[cohort.public_id])).content.decode()
    assert "5 of 6" in page
    results = f"{reverse('assessments:survey_results', args=[unit.key])}?group=1-{cohort.public_id}"
    assert f'href="{results}"' in page
    assert client.get(results).status_code == 200


def test_nobody_else_finds_the_tab(client: Client, unit: Unit) -> None:
    cohort, other = CohortFactory(course=unit.course), CohortFactory(course=unit.course)
    address = reverse("assessments:cohort_surveys", args=[cohort.public_id])
    assert client.get(address).headers["Location"].startswith("/accounts/login/")
    stranger: User = UserFactory()
    for person in (stranger, other.trainer, make_member(cohort).person):
        client.force_login(person)
        assert client.get(address).status_code == 404


def test_queries_do_not_grow_with_surveys(client: Client, unit: Unit, django_assert_num_queries: Callable) -> None:
    cohort = CohortFactory(course=unit.course)
    make_member(cohort)
    client.force_login(cohort.trainer)
    address = reverse("assessments:cohort_surveys", args=[cohort.public_id])
    client.get(address)
    for count in (1, 5):
        crowd(unit, count, cohort=cohort)
        with django_assert_num_queries(13):
            client.get(address)
