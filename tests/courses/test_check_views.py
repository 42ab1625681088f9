"""The course check, the panel in the editor, the preview of a release and the command for authors."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from courses.domain.releasing import ReleaseRefused, release
from courses.models import Course, CoursePage, LessonPage, ModulePage
from elearn.people.models import User
from tests.factories.assessments import make_quiz
from tests.factories.courses import make_course, make_lesson

AsPerson = Callable[[User | None], Client]
CHECK_PAGE = 14


@pytest.fixture
def course_with_gaps(course: Course) -> CoursePage:
    """Released. One lesson has a draft with a placeholder, and one published lesson states figures without a source."""
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.body = [("text", "<p>TODO</p>")]
    lesson.save_revision()
    make_lesson(ModulePage.objects.get(key="m2"), "figures", body=[("text", "<p>40 % of people.</p>")])
    return CoursePage.objects.get()


def test_check_shows_drafts_with_links_into_the_editor(
    course_with_gaps: CoursePage, author: User, as_person: AsPerson
) -> None:
    response = as_person(author).get(reverse("courses_cms:check", args=[course_with_gaps.pk]))
    lesson = LessonPage.objects.get(key="m1-l1")
    block = lesson.get_latest_revision_as_object().body[0].id
    content = response.content.decode()
    assert response.status_code == 200
    assert "“TODO” looks like a placeholder." in content
    assert f'href="{reverse("wagtailadmin_pages:edit", args=[lesson.pk])}#block-{block}-section"' in content
    assert "1 thing must be mended before a release" in content
    assert "It states figures or law but names no source." in content


def test_check_of_what_is_published_leaves_drafts_out(
    course_with_gaps: CoursePage, author: User, as_person: AsPerson
) -> None:
    address = reverse("courses_cms:check", args=[course_with_gaps.pk])
    content = as_person(author).get(address, {"state": "published"}).content.decode()
    assert "looks like a placeholder" not in content
    assert "It states figures or law but names no source." in content
    assert "0 things must be mended before a release" in content


@pytest.mark.parametrize("who", ["learner", "stranger", "trainer", None])
def test_check_is_closed_to_others(
    course_with_gaps: CoursePage, who: str | None, as_person: AsPerson, request: pytest.FixtureRequest
) -> None:
    client = as_person(request.getfixturevalue(who) if who else None)
    response = client.get(reverse("courses_cms:check", args=[course_with_gaps.pk]))
    assert response.status_code in (302, 403, 404)
    assert "placeholder" not in response.content.decode()


@pytest.mark.parametrize("lessons", [1, 3])
def test_check_page_takes_as_many_queries_however_long_the_course(
    admin: User, as_person: AsPerson, django_assert_num_queries, lessons: int
) -> None:
    page = make_course(modules=lessons, lessons=lessons)
    client, address = as_person(admin), reverse("courses_cms:check", args=[page.pk])
    client.get(address)
    with django_assert_num_queries(CHECK_PAGE):
        assert client.get(address).status_code == 200


def test_editor_says_what_the_draft_lacks(course_with_gaps: CoursePage, author: User, as_person: AsPerson) -> None:
    client = as_person(author)
    lesson = LessonPage.objects.get(key="m1-l1")
    content = client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    assert "What it still lacks: 1 thing to mend, 3 things to look at" in content
    assert "“TODO” looks like a placeholder." in content
    for page in (course_with_gaps, ModulePage.objects.get(key="m1"), make_quiz(ModulePage.objects.get(key="m1"))):
        content = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert "What it still lacks:" in content


def test_editor_of_a_new_page_opens(course: Course, author: User, as_person: AsPerson) -> None:
    module = ModulePage.objects.get(key="m1")
    response = as_person(author).get(reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", module.pk]))
    assert response.status_code == 200
    assert "What it still lacks" not in response.content.decode()


# --- Releasing ---------------------------------------------------------------------------------------------------


def test_preview_is_in_the_words_of_the_authors(
    course_with_gaps: CoursePage, manager: User, admin: User, as_person: AsPerson
) -> None:
    content = as_person(admin).get(reverse("courses_cms:release", args=[course_with_gaps.pk])).content.decode()
    for words in (
        "New in “M2”: “Figures” (lesson, 15 minutes, required).",
        "a learner must now complete 5 units instead of 4",
        "has changes that are not published",
        "The course check names",
        "Edition 2 holds 2 modules with 5 units, in: English.",
    ):
        assert words in content, words
    assert "m1-l1" not in content.replace("m1-l1/", "")


def test_what_must_be_mended_keeps_a_course_from_being_released(
    course_with_gaps: CoursePage, admin: User, as_person: AsPerson
) -> None:
    LessonPage.objects.get(key="m1-l1").get_latest_revision().publish()
    address = reverse("courses_cms:release", args=[course_with_gaps.pk])
    shown = as_person(admin).get(address)
    assert "It cannot be released yet:" in shown.content.decode()
    assert "Release edition 2</button>" not in shown.content.decode()
    with pytest.raises(ReleaseRefused, match="looks like a placeholder"):
        release(page=course_with_gaps, by=admin)
    assert Course.objects.get().current_edition.number == 1


def test_release_with_nothing_changed_says_so(course: Course, admin: User, as_person: AsPerson) -> None:
    page = CoursePage.objects.get()
    content = as_person(admin).get(reverse("courses_cms:release", args=[page.pk])).content.decode()
    assert "so there is nothing to release" in content
    assert 'type="submit"' not in content.partition('class="nice-padding"')[2].partition("</main>")[0]


# --- For authors who work with packages --------------------------------------------------------------------------


def run(*args: str) -> str:
    out = StringIO()
    call_command("check_course", *args, stdout=out)
    return out.getvalue()


def test_command_names_what_is_lacking_and_fails_on_what_blocks(course_with_gaps: CoursePage) -> None:
    assert "“40 %" not in run("rescue-at-sea", "--published")
    assert "It states figures or law but names no source." in run("rescue-at-sea", "--published")
    with pytest.raises(CommandError, match="must be mended before a release: 1"):
        run("rescue-at-sea")


def test_command_speaks_to_programs(course_with_gaps: CoursePage) -> None:
    [data] = json.loads(run("rescue-at-sea", "--published", "--json"))
    assert (data["language"], data["state"], data["musts"]) == ("en", "published", 0)
    [lesson] = [page for page in data["pages"] if page["key"] == "figures"]
    assert {
        "rule": "lesson-sources",
        "level": "should",
        "block": 1,
        "where": "block 1, Text",
        "words": "It states figures or law but names no source. Add a block of sources, or a link.",
    } in lesson["findings"]


def test_command_lists_every_rule() -> None:
    listed = run("--rules")
    assert "| `placeholder` | must | No text is a placeholder: lorem ipsum, TODO, TBD, FIXME. |" in listed
    assert "| `quiz-draws-too-many` | must |" in listed


@pytest.mark.parametrize("args", [["unknown"], [], ["rescue-at-sea", "--language", "fr"]])
def test_command_says_that_there_is_no_such_course(course: Course, args: list[str]) -> None:
    with pytest.raises(CommandError, match="no course with this key"):
        run(*args)
