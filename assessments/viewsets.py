"""Banks and questions in the CMS. Whatever the address, a person meets only those of their own courses."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import django_filters
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet, SnippetViewSetGroup

from assessments.domain import authors
from assessments.forms import QuestionBankForm, QuestionForm
from assessments.models import Question, QuestionBank
from elearn.people.models import User

View = Callable[..., HttpResponse]


def only_own(view: View, model: type[Model]) -> View:
    """Answer "not found" where the address names a row of somebody else's course."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "pk" in kwargs:
            row = get_object_or_404(model, pk=unquote(str(kwargs["pk"])))
            if not authors.may_work_on(request.user, row):
                raise Http404
        return view(request, *args, **kwargs)

    return guarded


# --- Choosing a bank for a quiz ----------------------------------------------------------------------------------


class OwnBanks:
    def get_object_list(self) -> QuerySet:
        return authors.banks_of(self.request.user)


class ChooseBankView(OwnBanks, chooser.ChooseView):
    pass


class ChooseBankResultsView(OwnBanks, chooser.ChooseResultsView):
    pass


class ChosenBanksView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: Iterable[str]) -> QuerySet:
        return authors.banks_of(self.request.user).filter(pk__in=pks)


class BankChooserViewSet(chooser.SnippetChooserViewSet):
    choose_view_class = ChooseBankView
    choose_results_view_class = ChooseBankResultsView
    chosen_multiple_view_class = ChosenBanksView

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return only_own(super().construct_view(view_class, **kwargs), self.model)


class NothingToChooseView(chooser.ChooseView):
    def get_object_list(self) -> QuerySet:
        return self.model_class.objects.none()


class NothingToChooseResultsView(chooser.ChooseResultsView):
    def get_object_list(self) -> QuerySet:
        return self.model_class.objects.none()


class NothingChosenView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: Iterable[str]) -> QuerySet:
        return self.model_class.objects.none()


class QuestionChooserViewSet(BankChooserViewSet):
    """Wagtail makes one for every model; nothing asks for a single question."""

    choose_view_class = NothingToChooseView
    choose_results_view_class = NothingToChooseResultsView
    chosen_multiple_view_class = NothingChosenView


# --- Banks and questions -----------------------------------------------------------------------------------------


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


class QuestionFilters(WagtailFilterSet):
    bank = django_filters.ModelChoiceFilter(label=_("Question bank"), queryset=lambda r: authors.banks_of(r.user))

    class Meta:
        model = Question
        fields = ("bank", "kind")


class OwnRows(SnippetViewSet):
    """Lists what `own` answers, and finds nothing else by its number."""

    own: Callable[[User], QuerySet]

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return only_own(super().construct_view(view_class, **kwargs), self.model)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return type(self).own(request.user)


class QuestionBankViewSet(OwnRows):
    model = QuestionBank
    own = staticmethod(authors.banks_of)
    icon = "folder-open-inverse"
    edit_handler = ObjectList(QuestionBank.panels, base_form_class=QuestionBankForm)
    chooser_viewset_class = BankChooserViewSet
    # A copy would be a bank without its questions.
    copy_view_enabled = False
    list_display = ("title", "course_code", "key")
    filterset_class = BankFilters
    search_fields = ("title", "key")


class SavesWhenTold:
    """Questions have no drafts: what the editor saved by itself, half a sentence, would be in the next attempt.

    A new one would besides be there twice once its author presses "Save".
    """

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)  # type: ignore[misc]
        self.autosave_enabled = False


class AddQuestionView(SavesWhenTold, CreateView):
    pass


class EditQuestionView(SavesWhenTold, EditView):
    pass


class QuestionViewSet(OwnRows):
    model = Question
    add_view_class = AddQuestionView
    edit_view_class = EditQuestionView
    own = staticmethod(authors.questions_of)
    icon = "help"
    edit_handler = ObjectList(Question.panels, base_form_class=QuestionForm)
    chooser_viewset_class = QuestionChooserViewSet
    # Expert reviewers read questions and change none.
    inspect_view_enabled = True
    inspect_view_fields = ("key", "bank", "kind", "weight", "prompt", "options", "feedback")
    list_display = ("in_words", "kind", "bank")
    filterset_class = QuestionFilters
    search_fields = ("key", "prompt")


class AssessmentsViewSetGroup(SnippetViewSetGroup):
    items = (QuestionBankViewSet, QuestionViewSet)
    menu_icon = "help"
    menu_label = _("Questions")
    menu_name = "questions"
    menu_order = 200  # after pages, before pictures and files
