"""Selecting questions for a quiz in the CMS: among those of one's own courses."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from assessments.models import Question, QuizPage
from elearn.people.domain.roles import forget_grants, grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User
from tests.factories.assessments import QUIZ_RULES, QuestionBankFactory, QuestionFactory, make_quiz
from tests.factories.courses import make_course_page, make_module
from tests.factories.people import UserFactory

AsPerson = Callable[[User | None], Client]


@pytest.fixture
def quiz(db: None) -> QuizPage:
    return make_quiz(make_module(make_course_page(), "m1"), questions=1)


@pytest.fixture
def own_author(quiz: QuizPage) -> User:
    """Author of the quiz's course, and of no other."""
    person = UserFactory()
    key = quiz.get_parent().get_parent().translation_key
    grant_role(person=person, role=Role.AUTHOR, granted_by=None, scope=Scope.COURSE, scope_key=key)
    forget_grants(person)
    return person


@pytest.fixture
def foreign(quiz: QuizPage) -> Question:
    return QuestionFactory(bank=QuestionBankFactory(course_code="another"), prompt="<p>Somebody else's?</p>")


def post_selection(client: Client, quiz: QuizPage, question: Question) -> list[str]:
    """What the page editor says of a selection of this one question."""
    chosen = {"count": 1, "0-deleted": "", "0-order": "0", "0-id": "", "0-value": question.pk}
    data = {
        "title": quiz.title,
        "slug": quiz.slug,
        "key": quiz.key,
        "purpose": "P",
        "introduction": rich_text("<p></p>"),
        "bank": quiz.bank.pk,
        "draw": 1,
        "pass_mark": 70,
        "attempts_allowed": 0,
        "selection": streamfield([("fixed", {"questions": chosen})]),
        **QUIZ_RULES,
        "minutes": 5,
        "stands_for": "",
        "facilitator_notes": rich_text("<p></p>"),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }
    response = client.post(reverse("wagtailadmin_pages:edit", args=[quiz.pk]), nested_form_data(data))
    return list(response.context["form"].errors["selection"]) if response.status_code == 200 else []


def test_chooser_offers_the_questions_of_ones_own_courses(
    quiz: QuizPage, own_author: User, foreign: Question, as_person: AsPerson
) -> None:
    own = quiz.bank.questions.get()
    gone = QuestionFactory(bank=quiz.bank, prompt="<p>Archived?</p>", archived_at=timezone.now())
    page = as_person(own_author).get(reverse("wagtailsnippetchoosers_assessments_question:choose"))
    listed = page.json()["html"]
    assert [row.in_words() in listed for row in (own, gone, foreign)] == [True, False, False]


def test_selection_of_ones_own_question_is_kept(quiz: QuizPage, own_author: User, as_person: AsPerson) -> None:
    own = quiz.bank.questions.get()
    assert post_selection(as_person(own_author), quiz, own) == []
    (block,) = QuizPage.objects.get().get_latest_revision_as_object().selection
    assert list(block.value["questions"]) == [own]


def test_selection_of_a_question_of_another_course_is_refused(
    quiz: QuizPage, own_author: User, foreign: Question, as_person: AsPerson
) -> None:
    assert post_selection(as_person(own_author), quiz, foreign) == ["Choose banks and questions of your courses."]
    assert len(QuizPage.objects.get().get_latest_revision_as_object().selection) == 0
