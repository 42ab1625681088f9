"""Rubrics in the CMS. As with banks, a person meets only those of their own courses."""

import uuid
from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import CopyView, CreateView, EditView

from assessments.domain import authors, rubric_rows
from assessments.forms.practicals import RubricForm
from assessments.models import Rubric
from assessments.viewsets.choosers import BankChooserViewSet
from assessments.viewsets.own import OwnRows
from assessments.viewsets.questions import SavesWhenTold


class OwnRubrics:
    def get_object_list(self) -> QuerySet:
        return authors.rubrics_of(self.request.user)  # type: ignore[attr-defined]


class ChooseRubricView(OwnRubrics, chooser.ChooseView):
    pass


class ChooseRubricResultsView(OwnRubrics, chooser.ChooseResultsView):
    pass


class ChosenRubricsView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: Iterable[str]) -> QuerySet:
        return authors.rubrics_of(self.request.user).filter(pk__in=pks)


class RubricChooserViewSet(BankChooserViewSet):
    choose_view_class = ChooseRubricView
    choose_results_view_class = ChooseRubricResultsView
    chosen_multiple_view_class = ChosenRubricsView


class AlignsTranslations(SavesWhenTold):
    """What earns points is the same in every language: the others follow the row that leads."""

    def save_instance(self) -> Rubric:
        instance: Rubric = super().save_instance()  # type: ignore[misc]
        rubric_rows.align_translations(instance)
        return instance


class AddRubricView(AlignsTranslations, CreateView):
    pass


class EditRubricView(AlignsTranslations, EditView):
    pass


class CopyRubricView(AlignsTranslations, CopyView):
    def get_initial_form_instance(self) -> Rubric:
        """A rubric of its own, with the same criteria, in this language."""
        rubric: Rubric = self.get_object()
        rubric.pk, rubric.key, rubric.latest_revision = None, "", None
        rubric.translation_key = uuid.uuid4()
        rubric.title = _("Copy of %s") % rubric.title
        rubric._state.adding = True
        return rubric


def _courses(request: HttpRequest) -> list[tuple[str, str]]:
    codes = authors.rubrics_of(request.user).order_by("course_code").values_list("course_code", flat=True).distinct()
    return [(code, code) for code in codes]


class RubricFilters(WagtailFilterSet):
    course_code = django_filters.ChoiceFilter(label=gettext_lazy("Course"))

    class Meta:
        model = Rubric
        fields = ("course_code",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["course_code"].extra["choices"] = _courses(self.request)


class RubricViewSet(OwnRows):
    model = Rubric
    own = staticmethod(authors.rubrics_of)
    add_view_class = AddRubricView
    edit_view_class = EditRubricView
    copy_view_class = CopyRubricView
    icon = "tasks"
    edit_handler = ObjectList(Rubric.panels, base_form_class=RubricForm)
    chooser_viewset_class = RubricChooserViewSet
    # Expert reviewers read rubrics and change none.
    inspect_view_enabled = True
    inspect_view_fields = ("title", "course_code", "key", "criteria")
    list_display = ("title", "course_code", "key")
    filterset_class = RubricFilters
    search_fields = ("title", "key")
