"""New since you finished: what the current edition has that a learner's had not, and what was rewritten since."""

from collections import Counter
from datetime import timedelta

import pytest

from courses.domain.news import desk_news, is_reworded, may_read_since, news_since
from courses.domain.progress import complete_unit
from courses.enums import EnrolmentState
from courses.models import Course, Enrolment, LessonPage, ModulePage, Unit
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, add_edition, make_lesson, make_released_course

WORDS = " ".join(f"word{number}" for number in range(100))


def finish(enrolment: Enrolment) -> Enrolment:
    """Complete every lesson as it is now."""
    for unit in Unit.objects.filter(course=enrolment.course):
        revision = LessonPage.objects.get(translation_key=unit.key).live_revision_id
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=revision)
    return fresh(enrolment)


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_related("edition", "course").get(pk=enrolment.pk)


def rewrite(key: str, text: str) -> LessonPage:
    lesson = LessonPage.objects.get(key=key)
    lesson.body = [("text", f"<p>{text}</p>")]
    lesson.save_revision().publish()
    return LessonPage.objects.get(key=key)


def published() -> dict:
    return dict(LessonPage.objects.values_list("translation_key", "last_published_at"))


def test_nothing_is_new_while_the_edition_is_current(
    course: Course, enrolment: Enrolment, django_assert_num_queries
) -> None:
    done = finish(enrolment)
    before = dict.fromkeys(published(), done.completed_at - timedelta(days=1))
    with django_assert_num_queries(0):
        assert news_since(done, "en", before) is None
        assert desk_news([done]) == {}


def test_nothing_is_news_for_somebody_who_has_not_finished(course: Course, enrolment: Enrolment) -> None:
    make_lesson(ModulePage.objects.get(key="m1"), "new")
    add_edition(course)
    assert news_since(fresh(enrolment), "en", published()) is None
    assert desk_news([fresh(enrolment)]) == {}


def test_new_lessons_since_finishing_are_named(course: Course, enrolment: Enrolment) -> None:
    finish(enrolment)
    make_lesson(ModulePage.objects.get(key="m1"), "new", title="A new lesson")
    make_quiz(ModulePage.objects.get(key="m2"))
    LessonPage.objects.filter(key="m2-l1").update(live=False)
    edition = add_edition(course)
    news = news_since(fresh(enrolment), "en")
    assert news is not None
    assert [(unit.title, unit.url) for unit in news.changes.new] == [
        ("A new lesson", "/en/courses/rescue-at-sea/m1/new/"),
        ("Quiz", "/en/courses/rescue-at-sea/m2/quiz/"),
    ]
    assert [unit.title for unit in news.changes.gone] == ["M2-l1"]
    assert (news.edition, news.reworded) == (edition, ())
    counts = desk_news([fresh(enrolment)])[enrolment.pk]
    assert (counts.lessons, counts.other_units) == (1, 1)


@pytest.mark.parametrize("courses", [1, 3])
def test_desk_news_takes_one_query_however_many_courses(db: None, courses: int, django_assert_num_queries) -> None:
    enrolments = []
    for number in range(courses):
        enrolment = EnrolmentFactory(course=make_released_course(f"course-{number}", modules=1, lessons=1))
        finish(enrolment)
        make_lesson(ModulePage.objects.last(), "new")
        add_edition(enrolment.course)
        enrolments.append(fresh(enrolment))
    with django_assert_num_queries(1):
        found = desk_news(enrolments)
    assert [news.lessons for news in found.values()] == [1] * courses


def test_edition_with_other_rules_alone_is_no_news_for_the_desk(course: Course, enrolment: Enrolment) -> None:
    finish(enrolment)
    LessonPage.objects.filter(key="m1-l1").update(required=False)
    add_edition(course)
    assert desk_news([fresh(enrolment)]) == {}
    news = news_since(fresh(enrolment), "en")
    assert news is not None
    assert [line.words for line in news.changes.rules] == [("Optional now",)]


def test_lesson_rewritten_since_is_named_and_one_with_a_typing_error_mended_is_not(
    course: Course, enrolment: Enrolment
) -> None:
    for key in ("m1-l1", "m1-l2", "m2-l1"):
        rewrite(key, WORDS)
    done = finish(enrolment)
    rewritten = rewrite("m1-l1", WORDS.replace("word1", "another"))
    rewrite("m1-l2", WORDS.replace("word42", "Word 42"))
    rewrite("m2-l1", WORDS)
    news = news_since(done, "en", published())
    assert news is not None
    assert [(unit.title, unit.published_at) for unit in news.reworded] == [("M1-l1", rewritten.last_published_at)]
    assert (news.edition, news.changes.any) == (None, False)


def test_lesson_whose_read_wording_is_not_kept_goes_by_the_date(course: Course, enrolment: Enrolment) -> None:
    done = finish(enrolment)
    done.completions.update(revision=None)
    rewrite("m1-l1", "Text of m1-l1.")
    news = news_since(done, "en", published())
    assert news is not None
    assert [unit.title for unit in news.reworded] == ["M1-l1"]


@pytest.mark.parametrize(
    ("before", "after", "reworded"),
    [
        (100, 100, False),
        (100, 110, False),
        (100, 111, True),
        (100, 89, True),
        (5000, 5059, False),
        (5000, 5060, True),
        (0, 1, True),
    ],
)
def test_words_that_came_or_went_decide(before: int, after: int, reworded: bool) -> None:
    assert is_reworded(Counter(map(str, range(before))), Counter(map(str, range(after)))) is reworded


def test_who_completed_may_read_what_the_current_edition_added_and_nobody_else(
    course: Course, enrolment: Enrolment
) -> None:
    active = EnrolmentFactory(course=course)
    finish(enrolment)
    draft = make_lesson(ModulePage.objects.get(key="m1"), "later")
    draft.unpublish()
    new = make_lesson(ModulePage.objects.get(key="m1"), "new")
    assert may_read_since(fresh(enrolment), new.translation_key) is False
    add_edition(course)
    assert may_read_since(fresh(enrolment), new.translation_key) is True
    assert may_read_since(fresh(enrolment), draft.translation_key) is False
    assert may_read_since(fresh(active), new.translation_key) is False
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.EXPIRED)
    assert may_read_since(fresh(enrolment), new.translation_key) is False
