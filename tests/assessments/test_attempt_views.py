"""Taking a quiz over HTTP, as a form and as the page's script does."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Attempt, MarkChange, ParkedAnswers, Question, QuizPage, Response
from courses.domain.releasing import release
from courses.enums import EnrolmentState
from courses.models import Enrolment, UnitCompletion
from elearn.people.models import User
from tests.factories.assessments import QuestionFactory, make_quiz
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


def test_introduction_is_cleaned_when_shown(quiz: QuizPage, learner: User, as_person: AsPerson) -> None:
    """By whatever door it came into the database."""
    text = "<p>Use the <b>guide</b>.</p><script>steal()</script>"
    QuizPage.objects.filter(pk=quiz.pk).update(introduction=text)
    page = as_person(learner).get(quiz.url).content.decode()
    assert "<p>Use the <b>guide</b>.</p>" in page
    assert "steal()" not in page


def test_whole_quiz_as_the_script_does(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    key = attempt.snapshot[0]["key"]
    data = {f"answer-{key}": "wrong-1", f"key-{key}": str(uuid.uuid4()), f"based-{key}": "0"}
    first = client.post(url("answer", attempt, key), data, headers=JSON).json()
    again = client.post(url("answer", attempt, key), data, headers=JSON).json()
    assert (first["saved"], first["stands"], first["sequence"], first["fields"]) == (True, True, 1, {"": ["wrong-1"]})
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


def without_what_is_random(html: str) -> str:
    """A page without the keys that are made anew each time it is shown."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
    return re.sub(r'(name="key-[^"]*") value="[-0-9a-f]{36}"', r"\1", html)


def test_page_of_questions_is_the_same_whatever_is_right(learner: User, as_person: AsPerson) -> None:
    page = make_course_page()
    quiz = make_quiz(make_module(page, "m1"), questions=1, draw=0, shuffle=False)
    QuestionFactory(bank=quiz.bank, key="many", multiple=True)
    QuestionFactory(bank=quiz.bank, key="whether", true_false=True)
    EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    client = as_person(learner)
    client.post(reverse("assessments:start", args=[quiz.translation_key]))
    attempt = Attempt.objects.get()
    client.post(url("attempt", attempt), page_data(attempt, "wrong-1", "right-1", ""), follow=True)
    before = client.get(url("attempt", attempt)).content.decode()

    for question in attempt.snapshot:
        for content in question["contents"].values():
            content["feedback"] = "<p>Something else.</p>"
            for option in content["options"]:
                option |= {"correct": not option.get("correct"), "feedback": "Something else."}
    attempt.save()

    after = client.get(url("attempt", attempt)).content.decode()
    assert [before.count(words) for words in ("Prompt of", "checked", "About ", "Overall.")] == [3, 2, 0, 0]
    assert without_what_is_random(after) == without_what_is_random(before)


def test_shuffled_options_do_not_give_the_right_one_away_by_their_place(learner: User, as_person: AsPerson) -> None:
    page = make_course_page()
    quiz = make_quiz(make_module(page, "m1"), questions=60, shuffle=True)
    EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    client = as_person(learner)
    client.post(reverse("assessments:start", args=[quiz.translation_key]))
    html = client.get(url("attempt", Attempt.objects.get())).content.decode()
    shown = [
        re.findall(r'type="radio" name="answer-[^"]*" value="([^"]*)"', box) for box in html.split("<fieldset>")[1:]
    ]
    assert len(shown) == 60
    # Each place would be empty of right answers once in ten thousand million runs.
    assert {options.index("right") for options in shown} == {0, 1, 2}


@pytest.mark.parametrize("state", [EnrolmentState.WITHDRAWN, EnrolmentState.EXPIRED])
def test_submit_after_the_enrolment_closed_shows_the_result(
    running: tuple[Client, Attempt], state: EnrolmentState
) -> None:
    client, attempt = running
    client.post(url("attempt", attempt), page_data(attempt, "right", "right", "right"))
    Enrolment.objects.update(state=state)

    assert client.post(url("submit", attempt)).headers["Location"] == url("result", attempt)

    result = client.get(url("result", attempt))
    assert (result.status_code, "Start a new attempt" in result.content.decode()) == (200, False)
    assert Attempt.objects.in_progress().count() == 0
    assert UnitCompletion.objects.count() == 0


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"draw": 0}, "<li>4 questions</li>"),
        ({"draw": 0, "shuffle": False}, "<li>4 questions</li>"),
        ({"draw": 4}, "<li>4 questions</li>"),
        ({"draw": 3}, "<li>3 questions, drawn at random for each attempt</li>"),
        ({"draw": 1}, "<li>1 question, drawn at random for each attempt</li>"),
        ({"draw": 3, "shuffle": False}, "<li>3 questions</li>"),
    ],
)
def test_quiz_page_says_how_many_questions_an_attempt_has(
    learner: User, as_person: AsPerson, rules: dict, said: str
) -> None:
    page = make_course_page()
    quiz = make_quiz(make_module(page, "m1"), questions=4, **rules)
    QuestionFactory(bank=quiz.bank, archived_at=timezone.now())
    EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    assert said in as_person(learner).get(quiz.url).content.decode()


def test_quiz_page_of_a_shrunken_bank_says_what_is_left(quiz: QuizPage, learner: User, as_person: AsPerson) -> None:
    Question.objects.filter(pk=Question.objects.first().pk).update(archived_at=timezone.now())
    assert "<li>2 questions</li>" in as_person(learner).get(quiz.url).content.decode()


def test_result_tells_no_answer_from_a_wrong_one(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    client.post(url("attempt", attempt), page_data(attempt, "right", "wrong-1", ""))
    client.post(url("submit", attempt))
    html = client.get(url("result", attempt)).content.decode()
    headings = [re.sub(r"<[^>]*>", "", heading) for heading in re.findall(r"<h3.*?</h3>", html)]
    assert headings == ["Question 1: right", "Question 2: not right", "Question 3: No answer"]


def test_points_are_said_where_a_question_has_more_than_one(quiz: QuizPage, learner: User, as_person: AsPerson) -> None:
    heavy = Question.objects.first()
    Question.objects.filter(pk=heavy.pk).update(weight=2)
    client = as_person(learner)
    client.post(reverse("assessments:start", args=[quiz.translation_key]))
    html = client.get(url("attempt", Attempt.objects.get())).content.decode()
    assert re.findall(r"\d points?", html) == ["2 points"]


def test_result_answers_a_head_request(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    client.post(url("submit", attempt))
    assert client.head(url("result", attempt)).status_code == 200
    assert client.post(url("result", attempt)).status_code == 405


def test_time_of_an_attempt_is_the_learners_own(running: tuple[Client, Attempt], quiz: QuizPage, learner: User) -> None:
    client, attempt = running
    client.post(url("submit", attempt))
    at = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    Attempt.objects.update(submitted_at=at)
    User.objects.filter(pk=learner.pk).update(time_zone="Africa/Nairobi")
    assert "1 Apr 2026, 01:30 EAT" in client.get(quiz.url).content.decode()


# --- A login that ran out, in a browser without scripts ----------------------------------------------------------


def test_answers_of_a_login_that_ran_out_are_kept_until_the_next(
    running: tuple[Client, Attempt], learner: User
) -> None:
    client, attempt = running
    client.logout()
    response = client.post(url("attempt", attempt), page_data(attempt, "right", "right", ""))
    assert response.status_code == 302
    assert Response.objects.count() == 0
    back = parse_qs(urlsplit(response.headers["Location"]).query)["next"][0]
    client.force_login(learner)
    page = client.get(back)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode())
    client.post(url("attempt", attempt), dict(fields))
    assert [response.answer for response in Response.objects.order_by("sequence")] == [["right"], ["right"]]


def test_parked_answers_are_shown_to_nobody_else(
    running: tuple[Client, Attempt], stranger: User, as_person: AsPerson
) -> None:
    client, attempt = running
    client.logout()
    location = client.post(url("attempt", attempt), page_data(attempt, "right", "", "")).headers["Location"]
    back = parse_qs(urlsplit(location).query)["next"][0]
    assert as_person(stranger).get(back).status_code == 404


def test_too_much_is_not_parked(running: tuple[Client, Attempt]) -> None:
    client, attempt = running
    client.logout()
    data = page_data(attempt, "right", "", "") | {f"answer-{attempt.snapshot[1]['key']}": "x" * 500_001}
    assert "parked" not in client.post(url("attempt", attempt), data).headers["Location"]
    assert ParkedAnswers.objects.count() == 0
    for _time in range(7):
        client.post(url("attempt", attempt), page_data(attempt, "right", "", ""))
    assert ParkedAnswers.objects.count() == 5
