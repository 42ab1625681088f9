from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from assessments.forms import QuestionBankForm
from assessments.models import Question, QuestionBank


class QuestionBankViewSet(SnippetViewSet):
    model = QuestionBank
    icon = "folder-open-inverse"
    edit_handler = ObjectList(QuestionBank.panels, base_form_class=QuestionBankForm)
    # A copy would be a bank without its questions.
    copy_view_enabled = False
    list_display = ("title", "course_code", "key")
    list_filter = ("course_code",)
    search_fields = ("title", "key")


class QuestionViewSet(SnippetViewSet):
    model = Question
    icon = "help"
    list_display = ("key", "kind", "bank")
    list_filter = ("bank", "kind")
    search_fields = ("key", "prompt")


class AssessmentsViewSetGroup(SnippetViewSetGroup):
    items = (QuestionBankViewSet, QuestionViewSet)
    menu_icon = "help"
    menu_label = _("Questions")
    menu_name = "questions"
