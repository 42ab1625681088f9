"""What an author, a reviewer and an editor do in /cms/, by the words on the screen, as docs/authors.md tells them to.

The journey walks through it, and `python -m tests.pictures` takes the pictures of the guide on the way.
"""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

Camera = Callable[..., None]
COURSE = "Meeting people at the counter"
LESSON = "A calm welcome"
MODULE = "The first minute"
QUIZ = "Quiz on the first minute"
BANK = "Questions on the first minute"
QUESTIONS = (
    (
        "Single choice",
        "A woman speaks a language that you do not know. What do you do first?",
        [
            ("I greet her and fetch an interpreter.", "She is heard, and you understand what she needs."),
            ("I ask her to come back with a relative.", "She may have nobody, or nobody to trust with this."),
        ],
    ),
    (
        "True or false",
        "A greeting takes no time from the people who wait.",
        [("True", "It shortens most conversations."), ("False", "Without it, most conversations take longer.")],
    ),
)
BODY = "[id$=-body-wrapper]"


def no_camera(page: Page, name: str, **options: object) -> None:
    """A journey that nobody photographs."""


def log_in(page: Page, site: str, person: str, then: str = "/cms/") -> None:
    page.goto(f"{site}/accounts/login/?next={then}")
    page.fill("input[name=login]", f"{person}@demo.example")
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**{then}")


def write(place: Locator, text: str) -> None:
    """Write into the editor for formatted text, which hands it to the form a moment later."""
    place.click()
    place.page.keyboard.insert_text(text)
    in_form = place.locator(
        "xpath=ancestor::div[contains(@class, 'Draftail-Editor__wrapper')]/preceding-sibling::input"
    )
    expect(in_form).to_have_value(re.compile(re.escape(text)))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messages .success")).to_be_visible()


def add_below(page: Page, kind: str) -> None:
    """Begin a page of this kind below the one whose list is on the screen."""
    page.get_by_role("link", name="Add child page").click()
    if "/add_subpage/" in page.url:
        page.get_by_role("link", name=re.compile(f"^{kind}")).click()
    expect(page.get_by_role("heading", name=f"New: {kind}")).to_be_visible()


def add_block(page: Page, name: str) -> Locator:
    """Append a block to the lesson, chosen from the menu, and answer the block."""
    blocks = page.locator("#body-root > [data-streamfield-stream-container] > [data-streamfield-child]")
    count = blocks.count()
    page.locator("#body-root > [data-streamfield-stream-container] > div > button[title='Insert a block']").last.click()
    page.get_by_role("option", name=name, exact=True).click()
    expect(blocks).to_have_count(count + 1)
    return blocks.last


# --- The author --------------------------------------------------------------------------------------------------


def write_course(page: Page, shoot: Camera = no_camera) -> None:
    shoot(page, "1-first-screen")
    page.get_by_role("link", name="New course").click()
    page.fill("#id_title", COURSE)
    page.fill("#id_summary", "Welcome people, find out what they need, and bring them to the right place.")
    page.fill("#id_purpose", "You meet everybody who comes to your counter in the same calm way, whoever they are.")
    page.fill("#id_audience", "Officers who work at a counter. No earlier training is needed.")
    add_objective(page, "Open a conversation so that the person tells you what they need.")
    page.select_option("#id_theme", index=1)
    page.mouse.wheel(0, -2000)
    shoot(page, "2-course")
    save(page)


def add_objective(page: Page, text: str) -> None:
    objectives = page.locator("[id$=objectives-wrapper]")
    objectives.get_by_title("Insert a block").last.click()
    objectives.get_by_role("textbox").last.fill(text)


def to_list(page: Page) -> None:
    """From the editor of a page to the list of what stands below it: by its title in the bar at the top."""
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").last.click()
    page.wait_for_url(lambda address: not address.endswith("/edit/"))


def write_module(page: Page, shoot: Camera = no_camera) -> None:
    add_below(page, "Module")
    page.fill("#id_title", MODULE)
    page.fill("#id_purpose", "What you say and do in the first minute, and why it decides about the rest.")
    add_objective(page, "Welcome a person in your own words.")
    shoot(page, "3-module")
    save(page)


def write_lesson(page: Page, shoot: Camera = no_camera) -> None:
    add_below(page, "Lesson")
    page.fill("#id_title", LESSON)
    page.fill("#id_purpose", "Welcome a person so that they can say what they need.")
    write(
        add_block(page, "Text").get_by_role("textbox"),
        "People who come to a counter have often waited for hours. They look at your face before they hear your words. "
        "Look up, greet them, say your name, and ask one open question.",
    )
    write(add_block(page, "Key point").get_by_role("textbox"), "Greet first, then ask, then look at the papers.")
    check = add_block(page, "Quick check")
    check.get_by_label("Question").fill("A man puts his papers on the counter and says nothing. What do you do first?")
    for place, (text, why) in enumerate(
        [("I greet him and say my name.", "He knows now who will listen."), ("I take the papers.", "He is not a file.")]
    ):
        option = check.locator(f"[name$='-options-{place}-value-text']")
        option.fill(text)
        check.locator(f"[name$='-options-{place}-value-feedback']").fill(why)
    check.locator("[name$='-options-0-value-correct']").check()
    reflection = add_block(page, "Reflection")
    reflection.get_by_label("Question").fill("Who welcomed you so that you remember it?")
    page.locator(BODY).get_by_title("Insert a block").last.click()
    page.locator(BODY).get_by_title("Insert a block").last.scroll_into_view_if_needed()
    shoot(page, "4-blocks")
    page.keyboard.press("Escape")
    save(page)


def mend_what_lacks(page: Page, shoot: Camera = no_camera) -> None:
    """The panel above the lesson names what is missing; once it is there and saved, nothing is named any more."""
    panel = page.locator("section[id$=what_it_still_lacks-section]")
    expect(panel).to_contain_text("What it still lacks: 1 thing")
    panel.get_by_role("button", name="Toggle section").click()
    expect(panel).to_contain_text("notes for facilitators")
    shoot(page, "6-lacks")
    write(page.locator("[id$=facilitator_notes-wrapper]").get_by_role("textbox"), "Let pairs try the first minute.")
    save(page)
    expect(page.get_by_role("heading", name="Nothing is missing here")).to_be_visible()


def preview(page: Page, shoot: Camera = no_camera) -> None:
    """Show the lesson as learners see it beside the editor, as on a phone, and put it away again."""
    page.get_by_role("button", name="Toggle preview").click()
    shown = page.frame_locator("#w-preview-iframe, iframe[title=Preview]").first
    expect(shown.get_by_role("heading", level=1, name=LESSON)).to_be_visible()
    shoot(page, "5-preview")
    page.get_by_role("button", name="Toggle preview").click()


def write_bank(page: Page, site: str, shoot: Camera = no_camera) -> None:
    page.goto(f"{site}/cms/snippets/assessments/questionbank/add/")
    page.fill("#id_title", BANK)
    page.select_option("#id_course_code", label=f"{COURSE} (meeting-people-at-the-counter)")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages .success")).to_be_visible()


def write_questions(page: Page, site: str, shoot: Camera = no_camera) -> None:
    """Two questions, the first option of each being the right one."""
    for kind, prompt, options in QUESTIONS:
        page.goto(f"{site}/cms/snippets/assessments/question/add/")
        page.get_by_role("link", name=kind, exact=True).click()
        page.get_by_role("button", name="Choose question bank").click()
        page.get_by_role("link", name=BANK).click()
        write(page.locator("[id$=prompt-wrapper]").get_by_role("textbox"), prompt)
        box = page.locator("[id$=options-wrapper]")
        for place, (text, feedback) in enumerate(options):
            box.get_by_title("Insert a block").last.click()
            option = box.locator("[data-streamfield-child]").nth(place)
            write(option.get_by_role("textbox").nth(0), text)
            write(option.get_by_role("textbox").nth(1), feedback)
        box.locator("[name='options-0-value-correct']").check()
        page.locator("[id$=prompt-section]").scroll_into_view_if_needed()
        shoot(page, "7-question")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".messages .success")).to_be_visible()


def write_quiz(page: Page, shoot: Camera = no_camera) -> None:
    add_below(page, "Quiz")
    page.fill("#id_title", QUIZ)
    page.fill("#id_purpose", "See whether you would welcome people as you mean to.")
    page.get_by_role("button", name="Choose question bank").click()
    page.get_by_role("link", name=BANK).click()
    page.fill("#id_draw", "2")
    page.fill("#id_minutes", "5")
    shoot(page, "8-quiz")
    save(page)


def submit(page: Page, shoot: Camera = no_camera) -> None:
    """Send the page in the editor for review."""
    page.get_by_role("button", name="More actions").click()
    shoot(page, "9-submit")
    page.get_by_role("button", name="Submit to Review and publish").click()
    expect(page.locator(".messages .success")).to_be_visible()


# --- Those who decide --------------------------------------------------------------------------------------------


def waiting(page: Page, title: str) -> Locator:
    return page.locator("#awaiting-review-content tr").filter(has=page.get_by_role("link", name=title, exact=True))


def decide(page: Page, title: str, choice: str) -> None:
    """Choose from the menu beside a page that waits on the first screen."""
    waiting(page, title).get_by_role("button", name="Actions").click()
    page.get_by_role("button", name=choice, exact=True).click()


def approve(page: Page, title: str, comment: str = "", shoot: Camera = no_camera) -> None:
    decide(page, title, "Approve with a comment" if comment else "Approve")
    if comment:
        page.locator(".modal #id_comment").fill(comment)
        shoot(page, "9-review")
        page.locator(".modal form [type=submit]").click()
    expect(waiting(page, title)).to_have_count(0)


def open_course(page: Page, site: str) -> None:
    """The list of the course's modules, from the first screen."""
    page.goto(f"{site}/cms/")
    page.locator("#your-courses-content").get_by_role("link", name=COURSE).click()


def release(page: Page, shoot: Camera = no_camera) -> None:
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Release…").locator("visible=true").click()
    expect(page.get_by_role("heading", name="What it means for learners")).to_be_visible()
    shoot(page, "10-release")
    page.get_by_role("button", name="Release edition 1").click()
    expect(page.locator(".messages .success")).to_contain_text("Edition 1 is released")


# --- All of it ---------------------------------------------------------------------------------------------------


def author_writes(page: Page, site: str, shoot: Camera = no_camera) -> None:
    """Everything up to the review, from the first screen on."""
    write_course(page, shoot)
    course = page.url
    to_list(page)
    write_module(page, shoot)
    module = page.url
    to_list(page)
    write_lesson(page, shoot)
    preview(page, shoot)
    mend_what_lacks(page, shoot)
    submit(page, shoot)
    write_bank(page, site)
    write_questions(page, site, shoot)
    page.goto(module)
    to_list(page)
    write_quiz(page, shoot)
    for address in (page.url, module, course):
        page.goto(address)
        submit(page)


def expert_approves(page: Page, site: str, shoot: Camera = no_camera) -> None:
    approve(page, LESSON, "Clear and kind.", shoot)
    for title in (QUIZ, MODULE, COURSE):
        approve(page, title)


def editor_releases(page: Page, site: str, shoot: Camera = no_camera) -> None:
    for title in (COURSE, MODULE, LESSON, QUIZ):
        approve(page, title)
    open_course(page, site)
    release(page, shoot)
