"""The table of question statistics in the CMS."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.domain import item_analysis, statistics
from assessments.domain.reading.statistics import read_statistics
from assessments.models import StatisticsRun
from courses.models import Edition
from elearn.core import pending
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.people import UserFactory
from tests.factories.taken_quizzes import make_taken_course, take

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]


def computed(key: str = "rescue-at-sea", *, questions: int = 2) -> Edition:
    course, _quiz = make_taken_course(key, questions=questions)
    take(course, chosen=("right",) * questions)
    take(course, chosen=("right", *("wrong-1",) * (questions - 1)))
    run = statistics.ask_for(course.current_edition)
    assert pending.work(statistics.KIND, run.pk)
    return course.current_edition


URL = "assessments_cms:statistics"


def test_an_author_sees_the_questions_of_their_course_alone(
    manager: User, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_analysis, "FEWEST", 2)
    mine, other = computed("my-course"), computed("other-course")
    person = UserFactory()
    grant_role(person=person, role=Role.AUTHOR, granted_by=manager, scope_key=mine.course.key)
    client = as_person(person)
    text = client.get(reverse(URL)).content.decode()
    assert "my-course" in text
    assert "Nobody chooses this wrong answer: “Option wrong-2”" in text
    assert "other-course" not in text
    text = client.get(reverse(URL), {"edition": other.pk}).content.decode()
    assert "other-course" not in text
    client.post(reverse("assessments_cms:compute_statistics", args=[other.pk]))
    assert StatisticsRun.objects.get(edition=other).work_done_at is not None


@pytest.mark.parametrize("who", ["stranger", "learner", "trainer"])
def test_nobody_else_comes_in(who: str, as_person: AsPerson, request: pytest.FixtureRequest) -> None:
    computed()
    response = as_person(request.getfixturevalue(who)).get(reverse(URL))
    assert "What to look at" not in response.content.decode()


def test_too_few_answers_are_said_in_words(author: User, as_person: AsPerson) -> None:
    computed()
    text = as_person(author).get(reverse(URL)).content.decode()
    assert text.count("Too few answers to say.") == 2


def test_the_button_asks_for_the_work(author: User, as_person: AsPerson) -> None:
    edition = computed()
    response = as_person(author).post(reverse("assessments_cms:compute_statistics", args=[edition.pk]))
    assert response.status_code == 302
    assert StatisticsRun.objects.get().work_done_at is None


def test_sorting_and_filtering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_analysis, "FEWEST", 2)
    edition = computed()
    facilities = [line.facility for line in read_statistics(edition, sort="facility").lines]
    assert facilities == [50, 100]
    assert [line.facility for line in read_statistics(edition, sort="-facility").lines] == [100, 50]
    assert [line.facility for line in read_statistics(edition, flag="easy").lines] == [100]
    assert read_statistics(edition, flag="few").lines == []
    assert [column.sorted for column in read_statistics(edition, sort="-facility").columns] == [
        "",
        "",
        "descending",
        "",
        "",
    ]


@pytest.mark.parametrize("query", ["edition=999", "edition=x", "sort=nonsense", "flag=nonsense"])
def test_an_address_that_makes_no_sense_shows_the_first_edition(query: str, author: User, as_person: AsPerson) -> None:
    computed()
    response = as_person(author).get(f"{reverse(URL)}?{query}")
    assert (response.status_code, response.context["table"].edition) == (200, Edition.objects.get())


def test_as_many_queries_for_three_questions_as_for_one() -> None:
    counts = []
    for number, key in ((1, "one"), (3, "three")):
        edition = computed(key, questions=number)
        with CaptureQueriesContext(connection) as queries:
            assert len(read_statistics(edition).lines) == number
        counts.append(len(queries))
    assert counts == [3, 3]
