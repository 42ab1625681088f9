"""Hooks only register; what they do stands in domain."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from assessments.domain.reading import read_quiz
from assessments.models import QuizPage
from assessments.viewsets import AssessmentsViewSetGroup

register_snippet(AssessmentsViewSetGroup)


@hooks.register("before_serve_page", order=10)
def prepare_quiz(page: Page, request: HttpRequest, args: tuple, kwargs: dict) -> None:
    """Runs after courses has checked access and put `reading` on the request."""
    if isinstance(page, QuizPage):
        request.quiz = read_quiz(page, request.reading.enrolment)
