"""Hooks only register; what they do stands in domain."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from assessments.domain import bank
from assessments.models import Question
from assessments.views import statistics
from assessments.viewsets import AssessmentsViewSetGroup
from assessments.viewsets.bulk import ACTIONS

register_snippet(AssessmentsViewSetGroup)

for action in ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("before_delete_snippet")
def refuse_deleting_drawn_questions(request: HttpRequest, objects: list) -> HttpResponse | None:
    questions = [row for row in objects if isinstance(row, Question)]
    if not questions:
        return None
    try:
        bank.refuse_if_drawn(questions)
    except bank.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailsnippets_assessments_question:list")
    return None


@hooks.register("register_admin_urls")
def register_cms_views() -> list:
    routes = [
        path("question-statistics/", statistics.table, name="statistics"),
        path("question-statistics/<int:edition_id>/compute/", statistics.compute, name="compute_statistics"),
    ]
    return [path("", include((routes, "assessments_cms")))]


@hooks.register("register_reports_menu_item")
def statistics_menu_item() -> MenuItem:
    address = reverse("assessments_cms:statistics")
    return MenuItem(_("Question statistics"), address, name="question-statistics", icon_name="table", order=900)
