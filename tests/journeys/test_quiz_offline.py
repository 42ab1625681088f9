"""A quiz on a line that breaks, on two devices, and after the login ran out: no answer is lost, none is saved twice."""

import json
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

QUIZ = "/en/courses/training-of-trainers/trainer-and-adult-learning/module-1-quiz/"
QUESTIONS = 8
PASSWORD = "correct horse battery"

# Somebody of this test's own, enrolled: the people of the demo are in the middle of other tests.
ENROL = """
from allauth.account.models import EmailAddress
from courses.domain.enrolment import enrol
from courses.models import Course
from elearn.people.domain import notices
from elearn.people.models import User
person = User.objects.create_user({email!r}, {password!r}, printed_name="Lea Learner")
EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
notices.accept(person=person, version=notices.current_version(), language="en")
enrol(person=person, course=Course.objects.get(code="training-of-trainers"))
"""
# What is kept of this person's answers, in the order in which it arrived.
KEPT = """
import json
from assessments.models import Response
rows = Response.objects.filter(attempt__enrolment__person__email={email!r}).order_by("sequence")
print(json.dumps([[row.question_key, row.answer, row.displaces, row.attempt.state] for row in rows]))
"""


@dataclass(frozen=True)
class Learner:
    """Somebody enrolled in the shipped course, on as many devices as they open."""

    email: str
    site: str
    chromium: Browser
    run: Callable[[str], str]

    def device(self) -> Page:
        context = self.chromium.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.site}/accounts/login/")
        self.log_in(page)
        page.wait_for_url("**/en/desk/")
        return page

    def log_in(self, page: Page) -> None:
        page.fill("input[name=login]", self.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")

    def open_quiz(self, page: Page) -> None:
        page.goto(self.site + QUIZ)
        page.get_by_role("button", name="Start the quiz").or_(page.get_by_role("link", name="Go on with")).click()
        page.wait_for_url("**/attempts/**")

    def kept(self) -> list[list]:
        """Question, answer, whether it displaced what stood before, and the attempt's state, of every row."""
        return json.loads(self.run(KEPT.format(email=self.email)).strip().splitlines()[-1])


@pytest.fixture
def learner(site: str, site_variables: dict[str, str], chromium: Browser) -> Learner:
    def run(code: str) -> str:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=site_variables, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    email = f"quiz-{uuid.uuid4().hex[:12]}@demo.example"
    run(ENROL.format(email=email, password=PASSWORD))
    return Learner(email, site, chromium, run)


def boxes(page: Page) -> list[Locator]:
    found = page.locator("[data-question]").all()
    assert len(found) == QUESTIONS
    return found


def choose(box: Locator, place: int = 0) -> list[str]:
    """Choose one option; answers what the server will keep of it."""
    option = box.locator("input[name^=answer-]").nth(place)
    option.click()  # Not check(): where another device answered first, the page chooses that answer again at once.
    return [option.get_attribute("value") or ""]


def key_of(box: Locator) -> str:
    return box.get_attribute("data-question") or ""


def submit(page: Page) -> None:
    page.locator('button[name="then"][value="submit"]').click()
    page.wait_for_url("**/submit/")
    page.get_by_role("button", name="Submit my answers").click()
    page.wait_for_url("**/result/")


def reopened(page: Page) -> Page:
    """The same address in a new window of the same browser."""
    again = page.context.new_page()
    again.set_default_timeout(60_000)
    again.goto(page.url)
    return again


def close(*contexts: BrowserContext) -> None:
    for context in contexts:
        context.close()


def test_answers_given_without_a_line_are_sent_once_it_is_back(learner: Learner) -> None:
    page = learner.device()
    learner.open_quiz(page)
    line, status = page.locator("[data-line]"), page.get_by_text("Saved", exact=True)
    given = {key_of(box): choose(box) for box in boxes(page)[:2]}
    expect(status).to_have_count(2)
    expect(line).to_be_hidden()

    page.context.set_offline(True)
    expect(line).to_be_visible()
    given |= {key_of(box): choose(box) for box in boxes(page)[2:5]}
    expect(line).to_contain_text("There is no connection.")
    expect(line).to_contain_text("Answers that wait: 3")
    expect(page.locator("[data-status]", has_text="Kept on this device")).to_have_count(3)
    assert len(learner.kept()) == 2

    # The line comes back while the page is open.
    page.context.set_offline(False)
    expect(status).to_have_count(5)
    expect(line).to_be_hidden()

    # It breaks again, and the page is closed meanwhile.
    page.context.set_offline(True)
    given |= {key_of(box): choose(box) for box in boxes(page)[5:]}
    expect(line).to_contain_text("Answers that wait: 3")
    page.close()
    page.context.set_offline(False)
    page = reopened(page)
    expect(page.get_by_text("Saved", exact=True)).to_have_count(QUESTIONS)
    expect(page.locator("[data-answered]")).to_have_text(str(QUESTIONS))
    page.reload()
    assert {key_of(box): _chosen(box) for box in boxes(page)} == given

    submit(page)
    expect(page.locator("main")).to_contain_text("8 answers saved")
    assert sorted(learner.kept()) == sorted([key, answer, True, "submitted"] for key, answer in given.items())
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('attempt:'))") == []
    close(page.context)


def _chosen(box: Locator) -> list[str]:
    return [option.get_attribute("value") or "" for option in box.locator("input[name^=answer-]:checked").all()]


def test_line_that_breaks_while_nothing_waits_is_said_and_taken_back(learner: Learner) -> None:
    page = learner.device()
    learner.open_quiz(page)
    page.context.set_offline(True)
    expect(page.locator("[data-line]")).to_be_visible()
    expect(page.locator("[data-line] [data-waiting]")).to_have_text("")
    page.context.set_offline(False)
    expect(page.locator("[data-line]")).to_be_hidden()
    close(page.context)


def test_reply_that_was_lost_does_not_keep_the_answer_twice(learner: Learner) -> None:
    page = learner.device()
    learner.open_quiz(page)
    arrived: list[str] = []

    def lose_reply(route) -> None:  # type: ignore[no-untyped-def]
        if arrived:
            route.continue_()
        else:
            arrived.append(route.fetch().text())
            route.abort()

    page.route("**/answers/**", lose_reply)
    box = boxes(page)[0]
    answer = choose(box)
    expect(box.locator("[data-status]")).to_have_text("Saved")
    assert [json.loads(text)["stands"] for text in arrived] == [True]
    assert learner.kept() == [[key_of(box), answer, True, "in_progress"]]
    close(page.context)


def test_two_devices_with_two_answers_are_asked_which_counts(learner: Learner) -> None:
    phone, desk = learner.device(), learner.device()
    for page in (phone, desk):
        learner.open_quiz(page)
    assert phone.url == desk.url
    kept: dict[str, list[str]] = {}
    rows = []
    for place, decision in ((0, "Take the one from here"), (1, "Keep the saved one")):
        on_phone, on_desk = boxes(phone)[place], boxes(desk)[place]
        first = choose(on_phone, 0)
        expect(on_phone.locator("[data-status]")).to_have_text("Saved")
        second = choose(on_desk, 1)
        expect(on_desk.locator("[data-notice]")).to_contain_text("Another answer to this question was saved")
        words = [on_phone.locator("label").nth(option).inner_text() for option in (0, 1)]
        texts = [on_desk.locator(f"[data-{which}-words]").inner_text() for which in ("standing", "other")]
        assert texts == words
        assert _chosen(on_desk) == first
        on_desk.get_by_role("button", name=decision).click()
        expect(on_desk.locator("[data-notice]")).to_be_hidden()
        expect(on_desk.locator("[data-status]")).to_have_text("Saved")
        takes = decision.startswith("Take")
        kept[key_of(on_desk)] = second if takes else first
        rows += [[key_of(on_desk), first, True], [key_of(on_desk), second, False]]
        rows += [[key_of(on_desk), second, True]] if takes else []
        assert [row[:3] for row in learner.kept()] == rows
    for page in (phone, desk):
        page.reload()
        assert {key_of(box): _chosen(box) for box in boxes(page)[:2]} == kept
    close(phone.context, desk.context)


@pytest.mark.parametrize("where", ["same window", "other window"])
def test_login_that_ran_out_keeps_answers_until_it_is_renewed(learner: Learner, where: str) -> None:
    page = learner.device()
    learner.open_quiz(page)
    first, second = boxes(page)[:2]
    given = {key_of(first): choose(first)}
    expect(first.locator("[data-status]")).to_have_text("Saved")

    page.context.clear_cookies(name=re.compile("sessionid"))
    given[key_of(second)] = choose(second)
    expect(second.locator("[data-notice]")).to_contain_text("You have been logged out.")
    expect(second.locator("[data-status]")).to_contain_text("Kept on this device")
    assert len(learner.kept()) == 1

    link = second.get_by_role("link", name="Log in")
    if where == "same window":
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        link.click()
        learner.log_in(page)
        page.wait_for_url("**/attempts/**")
        assert asked == []  # Nothing is lost by leaving, so nothing is asked.
    else:
        other = page.context.new_page()
        other.goto(learner.site + (link.get_attribute("href") or ""))
        learner.log_in(other)
        other.wait_for_url("**/attempts/**")
        other.close()
    expect(page.get_by_text("Saved", exact=True)).to_have_count(2, timeout=45_000)
    expect(page.locator("[data-notice]:visible")).to_have_count(0)
    assert sorted(learner.kept()) == sorted([key, answer, True, "in_progress"] for key, answer in given.items())
    close(page.context)
