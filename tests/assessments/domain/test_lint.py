"""What quizzes and their questions lack."""

import pytest
from wagtail.models import Locale

from assessments.domain.lint import lint
from assessments.models import Question, QuizPage
from courses.models import ModulePage
from tests.factories.assessments import QuestionFactory, make_quiz, option
from tests.factories.courses import make_course_page, make_module


@pytest.fixture
def module(db: None) -> ModulePage:
    return make_module(make_course_page(), "m1")


def rules(*pages: QuizPage) -> list[str]:
    return [finding.rule for finding in lint(pages)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"draw": 2}, []),
        ({"draw": 3, "attempts_allowed": 1}, []),
        ({"draw": 3}, ["quiz-same-each-time"]),
        ({"draw": 0}, ["quiz-same-each-time"]),
        ({"draw": 4}, ["quiz-draws-too-many"]),
        ({"draw": 2, "questions": 0}, ["quiz-bank-empty"]),
        ({"draw": 2, "pass_mark": 0}, ["quiz-pass-mark"]),
        ({"draw": 2, "pass_mark": 40}, ["quiz-pass-mark"]),
        ({"draw": 2, "pass_mark": 100}, ["quiz-pass-mark"]),
    ],
)
def test_quiz_lacks(module: ModulePage, fields: dict, expected: list[str]) -> None:
    assert rules(make_quiz(module, **fields)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"options": [option("a", correct=True), option("b", correct=True)]}, ["question-invalid"]),
        ({"prompt": "<p> </p>"}, ["question-empty"]),
        ({"prompt": "<p>Lorem ipsum?</p>"}, ["placeholder"]),
        ({"feedback": "<p>TBD</p>"}, ["placeholder"]),
    ],
)
def test_question_lacks(module: ModulePage, fields: dict, expected: list[str]) -> None:
    quiz = make_quiz(module, draw=2)
    QuestionFactory(bank=quiz.bank, key="bad", locale=module.locale, **fields)
    assert rules(quiz) == expected


def test_option_without_feedback_is_named_unless_the_question_has_some(module: ModulePage) -> None:
    quiz = make_quiz(module, draw=2)
    silent = [option("a", correct=True), option("b")]
    silent[1]["value"]["feedback"] = ""
    QuestionFactory(bank=quiz.bank, key="with", locale=module.locale, options=silent)
    assert rules(quiz) == []
    QuestionFactory(bank=quiz.bank, key="without", locale=module.locale, options=silent, feedback="")
    [finding] = lint([quiz])
    assert finding.words.startswith("1 of its options have no feedback.")
    assert finding.place.words == "question “Prompt of without?” (without)"


def test_bank_with_fewer_questions_in_this_language_is_named(module: ModulePage) -> None:
    quiz = make_quiz(module, draw=2)
    French = Locale.objects.create(language_code="fr")
    QuestionFactory.create_batch(4, bank=quiz.bank, locale=French)
    assert rules(quiz) == ["quiz-untranslated"]


def test_archived_question_is_not_counted(module: ModulePage) -> None:
    quiz = make_quiz(module, draw=2)
    from django.utils import timezone

    Question.objects.update(archived_at=timezone.now())
    assert rules(quiz) == ["quiz-bank-empty"]


@pytest.mark.parametrize("quizzes", [1, 3])
def test_quizzes_are_checked_in_two_queries(module: ModulePage, django_assert_num_queries, quizzes: int) -> None:
    for number in range(quizzes):
        make_quiz(module, f"quiz-{number}", draw=2)
    pages = list(QuizPage.objects.select_related("locale"))
    with django_assert_num_queries(2):
        assert lint(pages) == []


@pytest.mark.parametrize(
    ("kind", "shares", "expected"),
    [
        ("single_choice", ["100", "50"], []),
        ("single_choice", ["80", "0"], ["question-whole-point"]),
        ("multiple_choice", ["33.33333", "33.33333", "33.33333", "-50"], []),
        ("multiple_choice", ["60", "20"], ["question-whole-point"]),
    ],
)
def test_question_whose_best_answer_is_worth_less_is_named(
    module: ModulePage, kind: str, shares: list[str], expected: list[str]
) -> None:
    quiz = make_quiz(module, draw=2)
    options = [option(f"o{place}", correct=share[0] != "-") for place, share in enumerate(shares)]
    for entry, share in zip(options, shares, strict=True):
        entry["value"]["share"] = share
    QuestionFactory(bank=quiz.bank, key="graded", locale=module.locale, kind=kind, options=options)
    assert rules(quiz) == expected
