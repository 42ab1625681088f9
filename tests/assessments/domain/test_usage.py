"""Which quizzes draw a question."""

from typing import Any

from assessments.domain.usage import Use, drawn, uses_of
from assessments.models import Question, QuestionBank, QuestionCategory, QuizPage
from courses.domain.releasing import release
from courses.models import ModulePage
from tests.factories.assessments import QuestionBankFactory, QuestionFactory, make_quiz
from tests.factories.courses import make_course_page, make_module


def rows() -> list[Question]:
    found = Question.objects.select_related("bank", "category").prefetch_related("tags")
    return list(found.order_by("key"))


def told() -> dict[str, list[tuple[str, int | None]]]:
    """By question: the titles of its quizzes, with the edition where it is one."""
    found = rows()
    uses = uses_of(found)
    by_filter = set(Question.objects.filter(drawn()).values_list("key", flat=True))
    assert by_filter == {row.key for row in found if uses[row.pk]}  # The list and its filter agree.
    return {row.key: [(use.title, use.edition) for use in uses[row.pk]] for row in found}


def make_world() -> tuple[ModulePage, QuestionBank]:
    """A bank with one question in a category below another, one with a tag, and one bare."""
    bank = QuestionBankFactory(course_code="sea")
    QuestionCategory.objects.create(bank=bank, path="Night")
    deep = QuestionCategory.objects.create(bank=bank, path="Night/Deep")
    QuestionFactory(bank=bank, key="a-deep", category=deep)
    QuestionFactory(bank=bank, key="b-tagged").tags.add("Wind")
    QuestionFactory(bank=bank, key="c-bare")
    return make_module(make_course_page("sea"), "module"), bank


def quiz_of(module: ModulePage, bank: QuestionBank, selection: list[tuple[str, Any]]) -> QuizPage:
    stream = [{"type": kind, "value": value} for kind, value in selection]
    return make_quiz(module, "quiz", questions=0, bank=bank, selection=stream)


def test_quiz_without_a_selection_draws_its_whole_bank(db: None) -> None:
    module, bank = make_world()
    QuestionFactory(key="d-elsewhere")
    page = quiz_of(module, bank, [])
    assert told() == {
        "a-deep": [("Quiz", None)],
        "b-tagged": [("Quiz", None)],
        "c-bare": [("Quiz", None)],
        "d-elsewhere": [],
    }
    assert uses_of(rows())[rows()[0].pk] == [Use("Quiz", "sea", page.pk)]


def test_quiz_draws_from_a_category_with_what_is_below_or_with_a_tag(db: None) -> None:
    module, bank = make_world()
    random = {"count": 1, "bank": None, "category": "Night", "tag": ""}
    tagged = {"count": 1, "bank": None, "category": "", "tag": "wind"}
    quiz_of(module, bank, [("random", random), ("random", tagged)])
    assert told() == {"a-deep": [("Quiz", None)], "b-tagged": [("Quiz", None)], "c-bare": []}


def test_quiz_with_an_unknown_category_draws_nothing(db: None) -> None:
    module, bank = make_world()
    quiz_of(module, bank, [("random", {"count": 1, "bank": None, "category": "Gone", "tag": ""})])
    assert set(map(len, told().values())) == {0}


def test_quiz_that_names_questions_draws_those(db: None) -> None:
    module, bank = make_world()
    fixed = {"questions": [{"type": "item", "value": Question.objects.get(key="c-bare").pk, "id": "x"}]}
    quiz_of(module, bank, [("fixed", fixed)])
    assert told() == {"a-deep": [], "b-tagged": [], "c-bare": [("Quiz", None)]}


def test_released_edition_stands_beside_the_page(db: None) -> None:
    module, bank = make_world()
    page = quiz_of(module, bank, [("random", {"count": 1, "bank": None, "category": "Night", "tag": ""})])
    release(page=module.get_parent().specific, by=None)
    QuizPage.objects.filter(pk=page.pk).update(live=False)
    assert told() == {"a-deep": [("Quiz", 1)], "b-tagged": [], "c-bare": []}


def test_number_of_queries_does_not_grow(db: None, django_assert_num_queries: Any) -> None:
    module, bank = make_world()
    fixed = {"questions": [{"type": "item", "value": Question.objects.get(key="c-bare").pk, "id": "x"}]}
    for count in (1, 3):
        while QuizPage.objects.count() < count:
            stream = [{"type": "fixed", "value": fixed}, {"type": "random", "value": {"count": 1, "bank": bank.pk}}]
            make_quiz(module, f"quiz-{QuizPage.objects.count()}", questions=0, bank=bank, selection=stream)
        found = rows()
        with django_assert_num_queries(5):
            uses_of(found)
