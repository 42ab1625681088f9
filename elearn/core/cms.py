"""Screens of the CMS for recordings, and Wagtail's own where they do not say, or do, what they should."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.documents.views.documents import DeleteView as DocumentDeleteView
from wagtail.images.views.images import DeleteView as ImageDeleteView
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import SnippetViewSet

from elearn.core import files
from elearn.core.models import Recording

View = Callable[..., HttpResponse]
recording_policy = CollectionPermissionPolicy(Recording)
register_permission_policy(Recording, recording_policy)


class SaysWhereItIsUsed:
    """Before the question whether to delete: where the file is used, if it is, and back to its own screen."""

    def run_before_hook(self) -> HttpResponse | None:
        try:
            files.refuse_if_used([self.object])  # type: ignore[attr-defined]
        except files.FileInUse as refusal:
            messages.error(self.request, str(refusal))  # type: ignore[attr-defined]
            return redirect(self.back_to, self.object.pk)  # type: ignore[attr-defined]
        return None


class PictureDeleteView(SaysWhereItIsUsed, ImageDeleteView):
    back_to = "wagtailimages:edit"


class HandoutDeleteView(SaysWhereItIsUsed, DocumentDeleteView):
    back_to = "wagtaildocs:edit"


# --- Recordings: rights by collection, as for pictures and files -------------------------------------------------


def own(verb: str) -> Callable[[View], View]:
    """Answer "not found" where the address names a recording that the person has no such right on."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if "pk" in kwargs:
                row = get_object_or_404(Recording, pk=unquote(str(kwargs["pk"])))
                if not recording_policy.user_has_permission_for_instance(request.user, verb, row):
                    raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


class Choosable:
    def get_object_list(self) -> QuerySet:
        return recording_policy.instances_user_has_permission_for(self.request.user, "choose")  # type: ignore[attr-defined]


class ChooseRecordingView(Choosable, chooser.ChooseView):
    pass


class ChooseRecordingResultsView(Choosable, chooser.ChooseResultsView):
    pass


class ChosenRecordingsView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: Iterable[str]) -> QuerySet:
        return recording_policy.instances_user_has_permission_for(self.request.user, "choose").filter(pk__in=pks)


class RecordingChooserViewSet(chooser.SnippetChooserViewSet):
    """The list from which an author picks; `?kind=audio` shows only what can be heard."""

    choose_view_class = ChooseRecordingView
    choose_results_view_class = ChooseRecordingResultsView
    chosen_multiple_view_class = ChosenRecordingsView
    preserve_url_parameters = ["multiple", "kind"]
    url_filter_parameters = ["kind"]

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return own("choose")(super().construct_view(view_class, **kwargs))


class RecordingForm(WagtailAdminModelForm):
    """Offers the collections that the person may put recordings into."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None:
            allowed = recording_policy.collections_user_has_permission_for(self.for_user, "add")
            self.fields["collection"].queryset = allowed | Collection.objects.filter(
                pk=self.instance.collection_id if self.instance.pk else None
            )


class RecordingViewSet(SnippetViewSet):
    model = Recording
    icon = "media"
    edit_handler = ObjectList(Recording.panels, base_form_class=RecordingForm)
    chooser_viewset_class = RecordingChooserViewSet
    # A copy would be a second row on one file, which goes with the first of them.
    copy_view_enabled = False
    list_display = ("title", "kind", "length")
    list_filter = ("kind",)
    add_to_admin_menu = True
    menu_label = _("Recordings")
    menu_order = 450  # after pictures and files

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return own("change")(super().construct_view(view_class, **kwargs))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return recording_policy.instances_user_has_any_permission_for(request.user, ["add", "change", "delete"])


class PagesAPI(PagesAdminAPIViewSet):
    @transaction.atomic  # Wagtail writes "deleted" into its log first, and a refusal must take that back.
    def action_view(self, request: HttpRequest, pk: int, action_name: str) -> Any:
        return super().action_view(request, pk, action_name)
