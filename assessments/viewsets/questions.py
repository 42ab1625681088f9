from functools import cache
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.panels import ObjectList, Panel
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import CreateView, EditView, UsageView

from assessments import questions
from assessments.domain import authors
from assessments.domain.remark_rights import may_preview
from assessments.domain.translations import align_translations
from assessments.domain.usage import uses_of
from assessments.forms.banks import QuestionForm
from assessments.models import Question
from assessments.panels import question_panels
from assessments.questions import QuestionType
from assessments.views import exchange, translate
from assessments.viewsets.choosers import QuestionChooserViewSet
from assessments.viewsets.listing import SEARCHED, QuestionFilters, QuestionIndexView, rows_of_list
from assessments.viewsets.own import OwnRows, only_own


@cache
def panel_of(kind: str) -> Panel:
    """The form of one type: what it has, and nothing else."""
    return ObjectList(question_panels(questions.get(kind)), base_form_class=QuestionForm).bind_to_model(Question)


class OfOneType:
    """Wagtail has one form for a model; here each type has its own."""

    def get_form_class(self) -> type:
        form_class: type = self.panel.get_form_class()  # type: ignore[attr-defined]
        return form_class


class SavesWhenTold:
    """Questions have no drafts: what the editor saved by itself, half a sentence, would be in the next attempt.

    A new one would besides be there twice once its author presses "Save".
    """

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)  # type: ignore[misc]
        self.autosave_enabled = False


class AddQuestionView(SavesWhenTold, OfOneType, CreateView):
    """First the type, then a form of that type."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        asked = request.POST.get("kind") or request.GET.get("kind") or ""
        self.kind: QuestionType | None = next((kind for kind in questions.all_types() if kind.key == asked), None)
        super().setup(request, *args, **kwargs)

    def get_panel(self) -> Panel:
        return panel_of(self.kind.key) if self.kind else super().get_panel()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kind is None:
            return self.choose_type(request)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kind is None:
            return self.choose_type(request)
        return super().post(request, *args, **kwargs)

    def choose_type(self, request: HttpRequest) -> HttpResponse:
        context = {"kinds": questions.all_types(), "language": request.GET.get("locale", "")}
        return render(request, "assessments/cms/choose_type.html", context)

    def get_initial_form_instance(self) -> Question:
        instance = super().get_initial_form_instance() or Question()
        instance.kind = self.kind.key if self.kind else ""
        return instance


class CopyQuestionView(generic.CopyViewMixin, AddQuestionView):
    """The form of a new question that begins like another one; it is sent to where questions are added."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        row = get_object_or_404(Question, pk=kwargs["pk"])
        super().setup(request, *args, **kwargs)
        self.kind = questions.get(row.kind)
        self.panel = self.get_panel()


class EditQuestionView(SavesWhenTold, OfOneType, EditView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = list(super().header_more_buttons)
        if may_preview(self.request.user, self.object):
            address = reverse("assessments:remark", args=[self.object.translation_key])
            buttons.append(Button(_("Mark again…"), address, icon_name="undo", priority=40))
        return buttons

    def get_panel(self) -> Panel:
        row = get_object_or_404(Question, pk=self.kwargs["pk"])
        return panel_of(row.kind)

    def save_instance(self) -> Question:
        row: Question = super().save_instance()
        aligned = align_translations(question=row, by=self.request.user)
        if aligned.changed:
            words = _("Type, points, category, tags, rules and what is right are now the same in: %(languages)s.")
            messages.info(self.request, words % {"languages": ", ".join(aligned.changed)})
        if aligned.to_translate:
            words = _("New options stand there in this language’s words. Translate them in: %(languages)s.")
            messages.warning(self.request, words % {"languages": ", ".join(aligned.to_translate)})
        return row


class QuestionUsageView(UsageView):
    """Which quizzes draw it, and in which languages it is; for readers too."""

    permission_required = None
    any_permission_required = ("add", "change", "delete", "view")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Question.objects.select_related("bank", "category", "locale").prefetch_related("tags")
        row = get_object_or_404(rows, pk=self.kwargs["pk"])
        languages = Question.objects.filter(translation_key=row.translation_key).select_related("locale")
        context = {"question": row, "uses": uses_of([row])[row.pk], "languages": languages}
        return render(request, "assessments/cms/usage.html", context)


class QuestionViewSet(OwnRows):
    model = Question
    add_view_class = AddQuestionView
    edit_view_class = EditQuestionView
    index_view_class = QuestionIndexView
    usage_view_class = QuestionUsageView
    own = staticmethod(authors.questions_of)
    icon = "help"
    edit_handler = ObjectList(question_panels(None), base_form_class=QuestionForm)
    chooser_viewset_class = QuestionChooserViewSet
    copy_view_class = CopyQuestionView
    # Expert reviewers read questions and change none.
    inspect_view_enabled = True
    inspect_view_fields = ("name", "key", "bank", "category", "kind", "weight", "prompt", "options", "feedback")
    list_per_page = 50
    filterset_class = QuestionFilters
    search_fields = SEARCHED

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return rows_of_list(authors.questions_of(request.user))

    def get_urlpatterns(self) -> list:
        return [
            *super().get_urlpatterns(),
            path("import/", exchange.begin, name="import"),
            path("import/<int:import_id>/", exchange.one, name="import_one"),
            path("translate/<int:pk>/", only_own(translate.translate, Question), name="translate"),
        ]
