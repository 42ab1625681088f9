"""What is done with many questions of the list at once."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction

from assessments.domain import authors, bank
from assessments.domain.exchange.exporting import prepare_export, write_export
from assessments.domain.exchange.file_formats import FORMATS
from assessments.forms.banks import ExportForm, MoveToCategoryForm, TagsForm
from assessments.models import Question
from assessments.viewsets.listing import as_listed

SHOWN = 20


class QuestionsAction(BulkAction):
    """Acts on chosen questions, or on all that the list shows under its filters; never on those of other courses."""

    models = [Question]
    template_name = "assessments/cms/bulk.html"
    about: Any = ""
    permission = "assessments.change_question"

    def rows(self) -> QuerySet[Question]:
        own = authors.questions_of(self.request.user)
        if not self.request.user.has_perm(self.permission):
            return own.none()
        chosen = self.request.GET.getlist("id")
        if "all" in chosen:
            return as_listed(own, QueryDict(urlsplit(self.next_url).query), self.request)
        return own.filter(pk__in=[pk for pk in chosen if pk.isdecimal()])

    def get_actionable_objects(self) -> tuple[list[Question], dict[str, list]]:
        found = list(self.rows().select_related("bank", "category"))
        if not found:
            raise Http404
        return found, {"items_with_no_access": []}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        items = context["items"]
        return {**context, "title": self.display_name, "about": self.about, "shown": items[:SHOWN], "count": len(items)}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        words = ngettext("%(count)d question changed.", "%(count)d questions changed.", num_parent_objects)
        return words % {"count": num_parent_objects}

    def get_execution_context(self) -> dict[str, Any]:
        return dict(self.cleaned_form.cleaned_data)


class MoveAction(QuestionsAction):
    display_name = _("Move to category")
    aria_label = _("Move the selected questions to a category")
    action_type = "move"
    about = _("Their translations move too.")
    action_priority = 10
    form_class = MoveToCategoryForm

    @classmethod
    def execute_action(cls, objects: list[Question], path: str = "", **kwargs: Any) -> tuple[int, int]:
        return bank.move_to_category(questions=objects, path=path), 0


class AddTagsAction(QuestionsAction):
    display_name = _("Add tags")
    aria_label = _("Add tags to the selected questions")
    action_type = "add_tags"
    action_priority = 20
    form_class = TagsForm

    @classmethod
    def execute_action(cls, objects: list[Question], names: list[str], **kwargs: Any) -> tuple[int, int]:
        return bank.add_tags(questions=objects, names=names), 0


class RemoveTagsAction(QuestionsAction):
    display_name = _("Remove tags")
    aria_label = _("Remove tags from the selected questions")
    action_type = "remove_tags"
    action_priority = 21
    form_class = TagsForm

    @classmethod
    def execute_action(cls, objects: list[Question], names: list[str], **kwargs: Any) -> tuple[int, int]:
        return bank.remove_tags(questions=objects, names=names), 0


class ArchiveAction(QuestionsAction):
    display_name = _("Archive")
    aria_label = _("Archive the selected questions")
    action_type = "archive"
    about = _("Quizzes draw them no longer. Attempts that hold them keep them.")
    action_priority = 22

    @classmethod
    def execute_action(cls, objects: list[Question], **kwargs: Any) -> tuple[int, int]:
        return bank.set_archived(questions=objects, archived=True), 0


class RestoreAction(QuestionsAction):
    display_name = _("Take out of the archive")
    aria_label = _("Take the selected questions out of the archive")
    action_type = "restore"
    action_priority = 23

    @classmethod
    def execute_action(cls, objects: list[Question], **kwargs: Any) -> tuple[int, int]:
        return bank.set_archived(questions=objects, archived=False), 0


class ExportAction(QuestionsAction):
    """Says first what the format does not hold, then gives the file."""

    display_name = _("Export")
    aria_label = _("Export the selected questions")
    action_type = "export"
    action_priority = 15
    permission = "assessments.view_question"
    form_class = ExportForm

    def form_valid(self, form: ExportForm) -> HttpResponse:
        file_format = form.cleaned_data["file_format"]
        export = prepare_export(self.rows(), file_format, tell=not form.is_told)
        if not form.is_told or not export.items:
            told = ExportForm(initial={"file_format": file_format, "told": file_format})
            told.fields["file_format"].widget = forms.HiddenInput()
            context = self.get_context_data(form=told, export=export, format=FORMATS[file_format])
            return self.render_to_response(context)
        response = HttpResponse(write_export(export, file_format), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="questions.{FORMATS[file_format].extension}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


ACTIONS = (MoveAction, AddTagsAction, RemoveTagsAction, ArchiveAction, RestoreAction, ExportAction)
