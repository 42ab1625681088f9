"""Quizzes as learners took them: attempts with answers, quick to make, with the marks that the site gives."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from assessments.domain.attempts import save_response, start_attempt, submit_attempt
from assessments.models import Attempt, Question, QuizPage
from courses.domain.releasing import release
from courses.models import Course, CoursePage, Enrolment, Unit
from elearn.people.models import User
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module


def make_taken_course(key: str = "rescue-at-sea", *, questions: int = 2, **rules: object) -> tuple[Course, QuizPage]:
    """A released course whose only unit is a quiz that asks all its questions in the order of the bank."""
    page = make_course_page(key)
    quiz = make_quiz(make_module(page, "m1"), f"{key}-quiz", questions=questions, **{"shuffle": False, **rules})
    return release(page=CoursePage.objects.get(pk=page.pk), by=None).course, quiz


def questions_in(quiz: QuizPage) -> list[Question]:
    return list(quiz.bank.questions.order_by("position", "pk"))


def begin(course: Course, person: User | None = None, *, enrolment: Enrolment | None = None) -> Attempt:
    enrolment = enrolment or EnrolmentFactory(course=course, **({"person": person} if person else {}))
    return start_attempt(enrolment=enrolment, unit=Unit.objects.get(course=course, kind="quiz"), language="en")


def answer(attempt: Attempt, number: int, *chosen: str) -> None:
    """Answer the question with this number, from 1."""
    save_response(
        attempt=attempt,
        question_key=attempt.snapshot[number - 1]["key"],
        posted={"": list(chosen)},
        client_key=uuid4(),
        based_on=0,
        language="en",
    )


def take(
    course: Course, person: User | None = None, *, chosen: tuple[str, ...] = (), enrolment: Enrolment | None = None
) -> Attempt:
    """Begin, answer the questions in their order ("" leaves one open), and submit."""
    attempt = begin(course, person, enrolment=enrolment)
    for number, option in enumerate(chosen, start=1):
        if option:
            answer(attempt, number, option)
    return submit_attempt(attempt=attempt, language="en", revision=None)


def set_right(question: Question, *right: str) -> Question:
    """Correct the key of a question: these options are right, and no others."""
    raw = [dict(child) for child in question.options.raw_data]
    for child in raw:
        child["value"] = {**child["value"], "correct": child["id"] in right}
    question.options = raw
    question.save()
    return Question.objects.get(pk=question.pk)


def answered_at(attempt: Attempt, *seconds: int) -> None:
    """Move the start to now, and the answers to so many seconds after it, in their order."""
    start: datetime = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(started_at=start)
    for response, after in zip(attempt.responses.order_by("sequence"), seconds, strict=True):
        type(response).objects.filter(pk=response.pk).update(received_at=start + timedelta(seconds=after))
