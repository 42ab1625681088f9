"""Checking stored pages: rules about courses, modules, units and lessons; drafts and what is published; queries."""

import pytest
from wagtail.models import Page

from assessments.models import QuizPage
from courses.domain.archiving import set_archived
from courses.domain.lint.checking import check_course, check_page
from courses.domain.lint.findings import all_rules
from courses.models import Course, CoursePage, LessonPage, ModulePage
from tests.factories.assessments import make_quiz
from tests.factories.courses import make_course, make_course_page, make_lesson, make_module

GOOD_BODY = [
    ("text", "<p>A sentence about the law of the sea.</p>"),
    ("key_point", {"text": "<p>Rescue comes first.</p>"}),
]
LONG_TEXT = "<h2>A</h2>" + "<p>Word word.</p>" * 200


def rules(page: Page) -> list[str]:
    return [finding.rule for finding in check_page(page.specific).findings]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"purpose": " "}, ["unit-purpose"]),
        ({"minutes": 0}, ["unit-minutes"]),
        ({"facilitator_notes": ""}, ["unit-notes"]),
        ({"body": []}, ["lesson-empty"]),
        ({"body": GOOD_BODY[:1]}, ["lesson-key-point"]),
        ({"body": [("text", "<p>40 % of people drown.</p>"), GOOD_BODY[1]]}, ["lesson-sources"]),
        ({"body": [("text", "<p>See Article 98.</p>"), GOOD_BODY[1]]}, ["lesson-sources"]),
        (
            {
                "body": [
                    ("text", "<p>40 % of people drown.</p>"),
                    GOOD_BODY[1],
                    ("sources", {"items": [{"title": "A book", "author": "", "year": "", "url": "", "note": ""}]}),
                ]
            },
            [],
        ),
        (
            {"body": [("text", "<p>40 %: <a href='https://example.org/'>Figures of 2025</a>.</p>"), GOOD_BODY[1]]},
            [],
        ),
        ({"minutes": 60}, ["lesson-minutes"]),
        (
            {"minutes": 1, "body": [("text", "<h2>A</h2>" + "<p>Word word.</p>" * 200), GOOD_BODY[1]]},
            ["lesson-minutes"],
        ),
        ({"title": "TODO"}, ["placeholder"]),
    ],
)
def test_lesson_lacks(db: None, changes: dict, expected: list[str]) -> None:
    module = make_module(make_course_page(), "m1")
    facts = {"minutes": 5, "facilitator_notes": "<p>Ask who has seen it.</p>", "body": GOOD_BODY}
    lesson = make_lesson(module, "l1", **{name: value for name, value in facts.items() if name not in changes})
    for name, value in changes.items():
        setattr(lesson, name, value)
    assert rules(lesson) == expected


def test_course_and_modules_lack(db: None) -> None:
    page = make_course_page()
    page.audience = ""
    assert rules(page) == ["course-summary", "course-empty", "course-objectives"]
    module = make_module(page, "m1")
    assert rules(page) == ["course-summary", "course-objectives"]
    assert rules(module) == ["module-objectives", "module-empty"]
    make_lesson(module, "l1")
    assert rules(page) == ["course-summary", "course-objectives", "course-check"]
    assert rules(module) == ["module-objectives", "module-check"]
    make_quiz(ModulePage.objects.get(), "q1")
    assert rules(page) == ["course-summary", "course-objectives"]
    assert rules(module) == ["module-objectives"]
    page.audience, module.purpose = "Everybody.", ""
    page.objectives = module.objectives = [("objective", "Rescue people")]
    assert (rules(page), rules(module)) == ([], ["module-purpose"])


def test_page_that_is_not_stored_lacks_nothing_yet(db: None) -> None:
    assert check_page(LessonPage(title="New")).findings == ()


def test_course_check_goes_by_module_and_unit_and_by_state(course: Course) -> None:
    page = CoursePage.objects.get()
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.title = "Lorem ipsum"
    lesson.save_revision()
    make_lesson(ModulePage.objects.get(key="m2"), "m2-draft").unpublish()

    [drafts], [published] = (check_course(page, drafts=state) for state in (True, False))

    assert [[p.page.key for p in module.pages] for module in drafts.modules] == [
        ["m1", "m1-l1", "m1-l2"],
        ["m2", "m2-l1", "m2-l2", "m2-draft"],
    ]
    assert [len(module.units) for module in published.modules] == [2, 2]
    assert [finding.rule for finding in drafts.modules[0].units[0].musts] == ["placeholder"]
    assert (drafts.modules[0].units[0].page.title, drafts.modules[0].units[0].page.pk) == ("Lorem ipsum", lesson.pk)
    assert (drafts.musts, published.musts) == (1, 0)


def test_archived_unit_is_not_checked(course: Course) -> None:
    set_archived(page=LessonPage.objects.get(key="m1-l1"), archived=True, by=None)
    [check] = check_course(CoursePage.objects.get(), drafts=True)
    assert [unit.page.key for unit in check.modules[0].units] == ["m1-l2"]


def test_draft_keeps_its_place_in_the_tree(course: Course) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.save_revision()
    lesson.move(ModulePage.objects.get(key="m2"), pos="last-child")
    [check] = check_course(CoursePage.objects.get(), drafts=True)
    assert [unit.page.key for unit in check.modules[1].units] == ["m2-l1", "m2-l2", "m1-l1"]


@pytest.mark.parametrize("lessons", [1, 3])
def test_check_takes_as_many_queries_however_long_the_course(db: None, django_assert_num_queries, lessons: int) -> None:
    page = make_course(modules=lessons, lessons=lessons)
    for module in ModulePage.objects.all():
        make_quiz(module, f"quiz-{module.key}")
    link = f'<p><a linktype="page" id="{page.pk}">The course</a> <a href="https://example.org/">A site</a></p>'
    for model in (LessonPage, QuizPage):
        for draft in model.objects.all():
            draft.facilitator_notes = link
            draft.save_revision()
    with django_assert_num_queries(12):
        [check] = check_course(page, drafts=True)
    assert sum(len(module.units) for module in check.modules) == lessons * (lessons + 1)


@pytest.mark.parametrize("lessons", [1, 3])
def test_check_of_one_page_takes_as_many_queries_whatever_stands_below(
    db: None, django_assert_num_queries, lessons: int
) -> None:
    page = CoursePage.objects.select_related("locale").get(pk=make_course(modules=lessons, lessons=lessons).pk)
    module = ModulePage.objects.select_related("locale").get(key="m1")
    lesson = LessonPage.objects.select_related("locale").get(key="m1-l1")
    for checked, queries in ((page, 6), (module, 7), (lesson, 0)):
        with django_assert_num_queries(queries):
            check_page(checked)


def test_every_rule_has_a_key_of_its_own_and_says_what_it_looks_for() -> None:
    found = [rule for _title, book in all_rules() for rule in book]
    assert len({rule.key for rule in found}) == len(found)
    assert [rule.key for rule in found if not str(rule.says).endswith(".")] == []
