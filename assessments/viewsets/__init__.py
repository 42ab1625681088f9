"""Banks, questions and rubrics in the CMS. Whatever the address, a person meets only those of their own courses."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from assessments.viewsets.banks import QuestionBankViewSet
from assessments.viewsets.questions import QuestionViewSet
from assessments.viewsets.rubrics import RubricViewSet


class AssessmentsViewSetGroup(SnippetViewSetGroup):
    items = (QuestionBankViewSet, QuestionViewSet, RubricViewSet)
    menu_icon = "help"
    menu_label = _("Questions")
    menu_name = "questions"
    menu_order = 200  # after pages, before pictures and files


__all__ = ["AssessmentsViewSetGroup"]
