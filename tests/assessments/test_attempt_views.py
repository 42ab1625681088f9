"""Taking a quiz over HTTP, as a form and as the page's script does."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Attempt, MarkChange, QuizPage, Response
from courses.domain.releasing import release
from courses.models import UnitCompletion
from elearn.people.models import User
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module

AsPerson = Callable[[User | None], Client]
JSON = {"Accept": "application/json"}


@pytest.fixture
def quiz(learner: User) -> QuizPage:
    page = make_course_page()
    quiz = make_quiz(make_module(page, "m1"), questions=3, pass_mark=70, attempts_allowed=2)
    EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    return quiz


@pytest.fixture
def running(quiz: QuizPage, learner: User, as_person: AsPerson) -> tuple[Client, Attempt]:
    client = as_person(learner)
    client.post(reverse("assessments:start", args=[quiz.translation_key]))
    return client, Attempt.objects.get()


def page_data(attempt: Attempt, *options: str, based_on: int = 0) -> dict[str, str]:
    """What a browser without JavaScript posts: every question of the page."""
    data = {}
    for question, option in zip(attempt.snapshot, options, strict=True):
        key = question["key"]
        data |= {f"key-{key}": str(uuid.uuid4()), f"based-{key}": str(based_on)}
        if option:
            data[f"answer-{key}"] = option
    return data


def url(name: str, attempt: Attempt, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[attempt.public_id, *more])


def test_whole_quiz_as_forms(running: tuple[Client, Attempt], quiz: QuizPage) -> None:
    client, attempt = running
    assert client.get(quiz.url).status_code == 200
    assert client.get(url("attempt", attempt)).status_code == 200
    saved = client.post(url("attempt", attempt), page_data(attempt, "right", "", ""))
    assert saved.headers["Location"] == url("attempt", attempt)
    data = page_data(attempt, "right", "right", "right", based_on=1) | {"then": "submit"}
    assert client.post(url("attempt", attempt), data).headers["Location"] == url("submit", attempt)
    assert client.get(url("submit", attempt)).status_code == 200
    for _click in range(2):
        assert client.post(url("submit", attempt)).headers["Location"] == url("result", attempt)
    assert Response.objects.count() == 3
    assert MarkChange.objects.count() == 3
    assert UnitCompletion.objects.count() == 1
    result = client.get(url("result", attempt)).content.decode()
    assert "About right." in result
    assert client.get(url("attempt", attempt)).headers["Location"] == url("result", attempt)


def test_whole_quiz_as_the_script_does(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    key = attempt.snapshot[0]["key"]
    data = {f"answer-{key}": "wrong-1", f"key-{key}": str(uuid.uuid4()), f"based-{key}": "0"}
    first = client.post(url("answer", attempt, key), data, headers=JSON).json()
    again = client.post(url("answer", attempt, key), data, headers=JSON).json()
    assert (first["saved"], first["stands"], first["sequence"], first["option_ids"]) == (True, True, 1, ["wrong-1"])
    assert again["sequence"] == 1
    assert Response.objects.count() == 1


def test_answer_from_an_older_tab_is_kept_and_said(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    client.post(url("attempt", attempt), page_data(attempt, "right", "", ""))
    response = client.post(url("attempt", attempt), page_data(attempt, "wrong-1", "", ""))
    assert response.status_code == 409
    assert "another tab or device" in response.content.decode()
    assert [r.displaces for r in Response.objects.order_by("sequence")] == [True, False]


def test_pages_and_posts_of_an_attempt_are_its_owners_alone(
    running: tuple[Client, Attempt], stranger: User, trainer: User, as_person: AsPerson
) -> None:
    _client, attempt = running
    key = attempt.snapshot[0]["key"]
    for person in (stranger, trainer):
        client = as_person(person)
        assert client.get(url("attempt", attempt)).status_code == 404
        assert client.get(url("submit", attempt)).status_code == 404
        assert client.get(url("result", attempt)).status_code == 404
        assert client.post(url("submit", attempt)).status_code == 404
        assert client.post(url("answer", attempt, key), {}).status_code == 404
    assert as_person(None).get(url("attempt", attempt)).headers["Location"].startswith("/accounts/login/")
    assert Attempt.objects.in_progress().count() == 1


def test_stranger_cannot_start(quiz: QuizPage, stranger: User, as_person: AsPerson) -> None:
    response = as_person(stranger).post(reverse("assessments:start", args=[quiz.translation_key]))
    assert response.status_code == 404
    assert Attempt.objects.count() == 0


def test_hostile_posts_are_refused_in_words(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    key = attempt.snapshot[0]["key"]
    for data in (
        {f"answer-{key}": "no-such-option", f"key-{key}": str(uuid.uuid4()), f"based-{key}": "0"},
        {f"answer-{key}": "right", f"key-{key}": "not-a-uuid", f"based-{key}": "0"},
        {f"answer-{key}": "right", f"key-{key}": str(uuid.uuid4()), f"based-{key}": "-1"},
        {},
    ):
        response = client.post(url("answer", attempt, key), data, headers=JSON)
        assert (response.status_code, response.json()["saved"]) == (422, False)
    assert client.post(url("answer", attempt, "no-such-question"), {}, headers=JSON).status_code == 404
    assert Response.objects.count() == 0


def test_answer_after_submitting_is_refused_for_the_script(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    client.post(url("submit", attempt))
    key = attempt.snapshot[0]["key"]
    data = {f"answer-{key}": "right", f"key-{key}": str(uuid.uuid4()), f"based-{key}": "0"}
    response = client.post(url("answer", attempt, key), data, headers=JSON)
    assert (response.status_code, response.json()["saved"]) == (409, False)


def test_quiz_page_counts_attempts_down(running: tuple[Client, Attempt], quiz: QuizPage) -> None:
    client, attempt = running
    client.post(url("submit", attempt))
    client.post(reverse("assessments:start", args=[quiz.translation_key]))
    second = Attempt.objects.in_progress().get()
    client.post(url("submit", second))
    response = client.post(reverse("assessments:start", args=[quiz.translation_key]), follow=True)
    assert "all 2 attempts" in response.content.decode()
    assert Attempt.objects.count() == 2


def test_wording_of_the_right_answer_is_not_in_the_page_of_questions(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    page = client.get(url("attempt", attempt)).content.decode()
    assert "About right." not in page
    assert "correct" not in page
