from typing import Any

import django_filters
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.snippets.views.snippets import IndexView

from assessments.domain import authors
from assessments.forms.banks import QuestionBankForm
from assessments.models import QuestionBank
from assessments.views import bank
from assessments.viewsets.choosers import BankChooserViewSet
from assessments.viewsets.own import OwnRows, only_own


def _courses(request: HttpRequest) -> list[tuple[str, str]]:
    codes = authors.banks_of(request.user).order_by("course_code").values_list("course_code", flat=True).distinct()
    return [(code, code) for code in codes]


class BankFilters(WagtailFilterSet):
    course_code = django_filters.ChoiceFilter(label=_("Course"))

    class Meta:
        model = QuestionBank
        fields = ("course_code",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["course_code"].extra["choices"] = _courses(self.request)


class BankIndexView(IndexView):
    def get_list_more_buttons(self, instance: QuestionBank) -> list:
        questions = reverse("wagtailsnippets_assessments_question:list")
        buttons = [MenuItem(_("Questions"), f"{questions}?bank={instance.pk}", icon_name="help", priority=1)]
        if self.user_has_permission("change"):
            address = reverse("wagtailsnippets_assessments_questionbank:categories", args=[instance.pk])
            buttons.append(MenuItem(_("Categories and tags"), address, icon_name="tag", priority=15))
        return [*buttons, *super().get_list_more_buttons(instance)]


class QuestionBankViewSet(OwnRows):
    model = QuestionBank
    own = staticmethod(authors.banks_of)
    index_view_class = BankIndexView
    icon = "folder-open-inverse"
    edit_handler = ObjectList(QuestionBank.panels, base_form_class=QuestionBankForm)
    chooser_viewset_class = BankChooserViewSet
    # A copy would be a bank without its questions.
    copy_view_enabled = False
    list_display = ("title", "course_code", "key")
    filterset_class = BankFilters
    search_fields = ("title", "key")

    def get_urlpatterns(self) -> list:
        categories = only_own(bank.categories, QuestionBank)
        return [*super().get_urlpatterns(), path("categories/<int:pk>/", categories, name="categories")]
