"""The page of an attempt with every type of question: accessible, by keyboard alone, and without any script."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from assessments import questions
from assessments.domain.attempts import standing_answers
from assessments.enums import Moment
from assessments.models import Attempt, MarkChange, Response
from assessments.models.options import to_stream
from assessments.questions import Asked, Rules
from courses.domain.releasing import release
from elearn.people.models import User
from tests.assessments.test_questions import CASE, EXAMPLES
from tests.factories.assessments import QuestionBankFactory, QuestionFactory, make_quiz
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module
from tests.reporting import CHROMIUM

STYLE = (Path(settings.BASE_DIR) / "elearn/static/css/site.css").read_text()
ESSAY = Asked(prompt="<p>Explain.</p>", template="Dear colleague,", rules=Rules(min_words=5, max_words=50))
ALL = {
    **{kind: question for kind, (question, _answer) in EXAMPLES.items()},
    "scenario": CASE,
    "essay": ESSAY,
    "information": Asked(prompt="<p>Read this first.</p>"),
}
PATH = ["start-wait", "office-ask"]
TEXT = "Dear colleague, a text of my own."
# What there is to fill in: a name for each control, or the name of its group, and what is typed or chosen.
CONTROLS = "input:not([type=hidden]), select, textarea, button"


@pytest.fixture
def attempt(learner: User) -> Attempt:
    """In progress, with a question of every type, of which single ones may be checked."""
    assert set(ALL) == {kind.key for kind in questions.all_types()}
    bank = QuestionBankFactory(course_code="rescue-at-sea", key="all")
    for place, (kind, question) in enumerate(ALL.items()):
        QuestionFactory(
            bank=bank,
            key=kind.replace("_", "-"),
            kind=kind,
            position=place,
            prompt=question.prompt,
            template=question.template,
            options=to_stream(question.options),
            **question.rules.to_json(),
        )
    page = make_course_page()
    quiz = make_quiz(make_module(page, "m1"), questions=0, bank=bank, shuffle=False, show_marks=Moment.DURING)
    EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    client = Client()
    client.force_login(learner)
    client.post(reverse("assessments:start", args=[quiz.translation_key]))
    return Attempt.objects.get()


def url(name: str, attempt: Attempt) -> str:
    return reverse(f"assessments:{name}", args=[attempt.public_id])


@contextmanager
def opened(html: str) -> Iterator[Page]:
    """The page as the site sends it, in its own style and without its scripts."""
    html = re.sub(r'<(link|script)[^>]+(href|src)="[^"]*"[^>]*>', "", html)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content(html.replace("</head>", f"<style>{STYLE}</style></head>"))
        yield page
        browser.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found]


@pytest.mark.browser
def test_every_type_of_question_is_accessible(attempt: Attempt, learner: User, as_person: Callable) -> None:
    html = as_person(learner).get(url("attempt", attempt)).content.decode()
    with opened(html) as page:
        assert page.locator(".question").count() == len(ALL)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for language, direction in (("en", "ltr"), ("ar", "rtl")):
                page.evaluate(
                    "([lang, dir]) => Object.assign(document.documentElement, {lang, dir})", [language, direction]
                )
                assert (width, direction, violations(page)) == (width, direction, [])
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        nameless = page.locator(f"form[data-attempt] :is({CONTROLS}):visible").evaluate_all(
            """found => found.filter(one => {
              const said = one.tagName == "BUTTON" ? [one] : [...(one.labels || [])];
              return !(one.getAttribute("aria-label") || said.map(part => part.textContent).join("").trim());
            }).map(one => one.outerHTML)"""
        )
        assert nameless == []


@pytest.mark.browser
def test_every_type_of_question_is_answered_by_keyboard_alone(
    attempt: Attempt, learner: User, as_person: Callable
) -> None:
    html = as_person(learner).get(url("attempt", attempt)).content.decode()
    with opened(html) as page:
        page.locator("form[data-attempt]").evaluate("form => { form.tabIndex = -1; form.focus() }")
        reached = []
        for _step in range(200):
            page.keyboard.press("Tab")
            name, kind = page.evaluate(
                "[document.activeElement.name || '', document.activeElement.type || document.activeElement.tagName]"
            )
            if name == "then" and page.evaluate("document.activeElement.value") == "submit":
                break
            if name.startswith("answer-"):
                reached.append(name)
                fill_in_by_keyboard(page, kind, len(reached))
        given = page.locator("form[data-attempt]").evaluate("form => Object.fromEntries(new FormData(form))")
        asked = page.locator("form[data-attempt] [name^=answer-]").evaluate_all(
            "found => [...new Set(found.map(one => one.name))]"
        )
    assert set(asked) <= set(reached)
    assert [name for name in asked if not given.get(name)] == []


def fill_in_by_keyboard(page: Page, kind: str, turn: int) -> None:
    if kind in ("radio", "checkbox"):
        page.keyboard.press("Space")
    elif kind == "select-one":
        # A list takes the first letters of an option, or the arrows; places differ from list to list.
        page.keyboard.press("ArrowDown")
    else:
        page.keyboard.type(f" {turn}")


def posted(attempt: Attempt, page: str, answers: dict[str, dict[str, list[str]]]) -> dict[str, str | list[str]]:
    """What a browser posts of the whole page: what it holds in hidden fields, and these answers by kind and field."""
    data: dict[str, str | list[str]] = dict(re.findall(r'name="((?:key|based)-[^"]+)" value="([^"]+)"', page))
    for kind, fields in answers.items():
        key = kind.replace("_", "-")
        data |= {f"answer-{key}{part and '.' + part}": values for part, values in fields.items()}
    return data


def test_every_type_is_answered_saved_and_submitted_by_plain_forms(
    attempt: Attempt, learner: User, as_person: Callable
) -> None:
    client = as_person(learner)

    def post(answers: dict[str, dict[str, list[str]]], then: str = "") -> None:
        page = client.get(url("attempt", attempt)).content.decode()
        response = client.post(url("attempt", attempt), {**posted(attempt, page, answers), "then": then})
        assert response.status_code == 302, re.findall(r"data-notice-text>([^<]+)", response.content.decode())

    given = {kind: questions.get(kind).fields_of(answer) for kind, (_asked, answer) in EXAMPLES.items()}
    given["essay"] = {"": [TEXT]}
    # The case goes on only from what was saved, so its second step is asked after the first.
    assert "office-ask" not in client.get(url("attempt", attempt)).content.decode()
    post({**given, "scenario": {"start": ["start-wait"]}})
    page = client.get(url("attempt", attempt)).content.decode()
    assert "office-ask" in page and "start-refuse" not in page
    post({**given, "scenario": {"office": ["office-ask"]}})
    assert "The case ends here." in client.get(url("attempt", attempt)).content.decode()

    # Checked, it stands: the page shows its mark, and asks it no more.
    post(given, then="check:single-choice")
    page = client.get(url("attempt", attempt)).content.decode()
    assert 'name="answer-single-choice"' not in page and 'value="check:multiple-choice"' in page
    without_it = {kind: fields for kind, fields in given.items() if kind != "single_choice"}
    post(without_it, then="submit")

    standing = {key: row.answer for key, row in standing_answers(Response.objects.all()).items()}
    assert standing == {
        **{kind.replace("_", "-"): answer for kind, (_asked, answer) in EXAMPLES.items()},
        "scenario": PATH,
        "essay": TEXT,
    }
    # One row for each answer, one more for each further step and for what was checked.
    assert Response.objects.count() == len(standing) + 2
    assert client.post(url("submit", attempt)).headers["Location"] == url("result", attempt)
    marks = {change.question_key: change.fraction for change in MarkChange.objects.all()}
    assert marks == dict.fromkeys(set(standing) - {"essay"}, 1)
    assert "waits for its mark" in client.get(url("result", attempt)).content.decode()


@pytest.mark.parametrize("checked", [False, True], ids=["saved", "checked"])
def test_answer_posted_again_with_the_page_is_no_second_one(
    attempt: Attempt, learner: User, as_person: Callable, checked: bool
) -> None:
    client = as_person(learner)
    data = {
        "key-true-false": str(uuid.uuid4()),
        "based-true-false": "0",
        "answer-true-false": "true",
        "then": "check:true-false" if checked else "true-false",
    }
    for _press in range(2):
        assert client.post(url("attempt", attempt), data).status_code == 302
    assert [(row.answer, row.checked) for row in Response.objects.all()] == [(["true"], checked)]
