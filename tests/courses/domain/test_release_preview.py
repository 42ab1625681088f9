"""What the preview of a release says, in the words of the authors."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Locale

from assessments.models import QuizPage
from courses.domain.release_preview import Preview, preview_release
from courses.domain.releasing import plan_release, release
from courses.models import Course, CoursePage, LessonPage, ModulePage
from elearn.people.models import User
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, make_course, make_lesson, make_module


@pytest.fixture
def page(db: None) -> CoursePage:
    """Released: modules M1 and M2 with two lessons each, and a quiz in M1."""
    page = make_course()
    make_quiz(ModulePage.objects.get(key="m1"), draw=2)
    release(page=page, by=None)
    return page


def preview(page: CoursePage) -> Preview:
    page = CoursePage.objects.select_related("locale").get(pk=page.pk)
    return preview_release(page, plan_release(page))


def test_first_release_is_told_as_such(db: None) -> None:
    shown = preview(make_course())
    assert (shown.structure, shown.rules, shown.reworded) == ((), (), ())
    assert shown.learners == (
        "Full: a learner must complete 4 units.",
        "From the release on the course stands in the catalogue, and learners' records rest on its units.",
    )
    assert shown.certificate == ("It is called “Certificate of completion”.", "Full: it states 1 h of learning.")
    assert shown.may_release
    assert shown.summary == (
        "Edition 1 holds 2 modules with 4 units, in: English. An edition is not changed or taken back afterwards."
    )


def test_nothing_changed_is_told_and_cannot_be_released(page: CoursePage) -> None:
    shown = preview(page)
    assert (shown.plan.differs, shown.may_release, shown.structure, shown.rules) == (False, False, (), ())


def test_structure_is_told_by_title(page: CoursePage) -> None:
    new = make_module(page, "m3")
    make_lesson(new, "extra", title="Extra reading", required=False)
    LessonPage.objects.get(key="m1-l1").move(ModulePage.objects.get(key="m2"), pos="last-child")
    LessonPage.objects.get(key="m2-l2").move(LessonPage.objects.get(key="m2-l1"), pos="left")
    shown = preview(page)
    assert shown.structure == (
        "The module “M3” is new.",
        "New in “M3”: “Extra reading” (lesson, 15 minutes, optional).",
        "“M2-l2” stands in another place of “M2”.",
        "“M1-l1” moves from “M1” to “M2”.",
    )
    assert [row.title for row in shown.tables[0].rows if row.is_new] == ["Extra reading"]
    assert [row.title for row in shown.tables[0].rows if row.is_changed] == ["M2-l2", "M1-l1"]


def test_rules_are_told_in_sentences(page: CoursePage) -> None:
    LessonPage.objects.filter(key="m1-l1").update(required=False)
    LessonPage.objects.filter(key="m2-l1").update(minutes=45)
    QuizPage.objects.update(pass_mark=80, draw=3, attempts_allowed=2, shuffle=False)
    shown = preview(page)
    assert shown.rules == (
        "“M1-l1” is now optional.",
        "The pass mark of “Quiz” rises from 70 % to 80 %.",
        "“Quiz” asks 3 questions of its bank instead of 2.",
        "Attempts allowed at “Quiz”: 2 instead of as many as wanted.",
        "“Quiz” no longer mixes them.",
        "“M2-l1” states 45 minutes instead of 15.",
    )
    assert shown.certificate == ("Full: it states 2 h of learning instead of 1.5.",)


def test_what_it_means_for_learners_is_told(page: CoursePage, learner: User) -> None:
    EnrolmentFactory(person=learner, course=Course.objects.get())
    make_lesson(ModulePage.objects.get(key="m1"), "extra")
    assert preview(page).learners == (
        "Full: a learner must now complete 6 units instead of 5.",
        "Whoever enrols from the release on takes edition 2.",
        "1 person is taking edition 1 and stays on it, until they choose to move up.",
    )


def test_facts_of_the_certificate_are_told(page: CoursePage) -> None:
    CoursePage.objects.update(edition_title="Second", award="achievement")
    assert preview(page).certificate == (
        "It becomes a “Certificate of achievement” instead of a “Certificate of completion”.",
        "The title of the edition in English becomes “Second” instead of “–”.",
    )


def test_wording_that_changed_since_is_named_with_what_it_was(page: CoursePage, author: User) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    before = lesson.live_revision_id
    lesson.purpose = "Something else."
    lesson.save_revision(user=author).publish()
    same = LessonPage.objects.get(key="m1-l2")
    same.minutes = 20
    same.save_revision(user=author).publish()
    [found] = preview(page).reworded
    assert (found.page.key, found.before) == ("m1-l1", before)
    assert not LessonPage.objects.get(key="m1-l2").has_unpublished_changes


def test_new_title_of_the_course_is_told_with_the_certificate(db: None) -> None:
    page = make_course()
    page.save_revision().publish()
    release(page=page, by=None)
    page = CoursePage.objects.get()
    page.title = "Rescue for all"
    page.save_revision().publish()
    assert preview(page).certificate == (
        "New ones in English say “Rescue for all” already; earlier ones keep “Rescue at sea”.",
    )


def test_drafts_are_named_as_no_part_of_the_release(page: CoursePage) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.title = "Drafted"
    lesson.save_revision()
    make_lesson(ModulePage.objects.get(key="m2"), "fresh").unpublish()
    shown = preview(page)
    assert [(draft.page.title, draft.is_new) for draft in shown.drafts] == [("Drafted", False), ("Fresh", True)]
    assert not shown.plan.differs


def test_page_that_goes_live_later_is_named(page: CoursePage) -> None:
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.go_live_at = timezone.now() + timedelta(days=3)
    lesson.save_revision().publish()
    [found] = preview(page).scheduled
    assert (found.page.key, found.at, found.goes_live) == ("m1-l1", lesson.go_live_at, True)


def test_translation_older_than_its_source_is_named(page: CoursePage) -> None:
    french = Locale.objects.create(language_code="fr")
    page.get_parent().get_parent().copy_for_translation(french)
    page.get_parent().copy_for_translation(french)
    page.copy_for_translation(french)
    ModulePage.objects.get(key="m1", locale__language_code="en").copy_for_translation(french)
    translated = LessonPage.objects.get(key="m1-l1").copy_for_translation(french)
    translated.save_revision().publish()
    assert preview(page).lagging == ()
    long_ago = timezone.now() - timedelta(hours=1)
    LessonPage.objects.filter(key="m1-l1").update(first_published_at=long_ago, last_published_at=long_ago)
    source = LessonPage.objects.get(key="m1-l1", locale__language_code="en")
    source.purpose = "Something else."
    source.save_revision().publish()
    [found] = preview(page).lagging
    assert (found.page.pk, found.source.pk) == (translated.pk, source.pk)


@pytest.mark.parametrize("lessons", [1, 3])
def test_preview_takes_as_many_queries_however_long_the_course(
    db: None, django_assert_num_queries, lessons: int
) -> None:
    page = make_course(modules=lessons, lessons=lessons)
    for module in ModulePage.objects.all():
        make_quiz(module, f"quiz-{module.key}")
    release(page=page, by=None)
    for lesson in LessonPage.objects.all():
        lesson.purpose = "Something else."
        lesson.minutes = 20
        lesson.save_revision().publish()
        lesson.save_revision()
    page = CoursePage.objects.select_related("locale").get()
    Locale.get_default()
    with django_assert_num_queries(27):
        shown = preview_release(page, plan_release(page))
    assert (len(shown.reworded), len(shown.drafts)) == (lessons**2, lessons**2)
