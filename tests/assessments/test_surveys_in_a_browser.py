"""The pages of a survey in the style of the site: narrow, in both directions, by keyboard, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from assessments.models import SurveyPage
from courses.domain.releasing import release
from courses.models import CoursePage
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module
from tests.factories.surveys import crowd, make_survey
from tests.reporting import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

STYLE = (Path(settings.BASE_DIR) / "elearn/static/css/site.css").read_text()
SCREENS = ("form", "errors", "list", "results")


@pytest.fixture
def screens(learner: User, manager: User, client: Client) -> dict[str, str]:
    """Each screen as the site sends it. Made before the browser opens, whose loop forbids Django's database."""
    module = make_module(make_course_page(), "m1")
    before = make_survey(module, "before", survey_kind="before")
    make_survey(module, "after", survey_kind="after")
    course = release(page=CoursePage.objects.get(), by=None).course
    for unit in course.units.all():
        crowd(unit, 5, words="More cases, please.")
    unit = course.units.get(code="before")
    EnrolmentFactory(person=learner, course=course)
    client.force_login(learner)
    found = {
        "form": client.get(SurveyPage.objects.get(pk=before.pk).url),
        "errors": client.post(reverse("assessments:answer_survey", args=[unit.key]), {"q-plan": "3"}),
    }
    client.force_login(manager)
    found["list"] = client.get(reverse("assessments:surveys"))
    found["results"] = client.get(reverse("assessments:survey_results", args=[unit.key]))
    return {name: response.content.decode() for name, response in found.items()}


@pytest.fixture
def page(screens: dict[str, str]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route("**/*", lambda route: route.abort())
        yield page
        browser.close()


def show(page: Page, html: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(html)
    page.add_style_tag(content=STYLE)


def test_screens_never_scroll_sideways_and_are_accessible(page: Page, screens: dict[str, str]) -> None:
    assert tuple(screens) == SCREENS
    wrong = []
    for name, html in screens.items():
        for width in (320, 390, 1280):
            show(page, html, width)
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                wrong += [f"{name} at {width} {direction}: {beyond} px too wide"] if beyond else []
        found = Axe().run(page).response["violations"]
        wrong += [f"{name}: {one['id']}: {one['nodes'][0]['html'][:150]}" for one in found]
    assert wrong == [], "\n".join(wrong)


def test_scale_is_answered_by_keyboard_and_says_what_its_ends_mean(page: Page, screens: dict[str, str]) -> None:
    show(page, screens["form"], 390)
    group = page.get_by_role("group", name="I can plan a session.")
    group.get_by_role("radio", name="1 – I cannot do this yet", exact=True).focus()
    for _step in range(4):
        page.keyboard.press("ArrowRight")
    assert group.get_by_role("radio", name="5 – I can do this well and show others how").is_checked()


def test_links_of_the_error_summary_lead_to_the_fields(page: Page, screens: dict[str, str]) -> None:
    show(page, screens["errors"], 390)
    targets = page.locator(".notice.bad a").evaluate_all(
        "links => links.map(link => document.querySelector(link.getAttribute('href'))?.name)"
    )
    assert targets == ["q-useful", "q-length", "q-ways"]
    described = page.locator("fieldset[aria-describedby]").evaluate_all(
        "sets => sets.map(one => document.getElementById(one.getAttribute('aria-describedby'))?.textContent)"
    )
    assert described == ["Choose a number from 1 to 5.", "Choose an answer.", "Choose one answer at least."]
