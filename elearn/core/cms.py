"""Screens of Wagtail's where they do not say, or do, what they should."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.documents.views.documents import DeleteView as DocumentDeleteView
from wagtail.images.views.images import DeleteView as ImageDeleteView

from elearn.core import files


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


class PagesAPI(PagesAdminAPIViewSet):
    @transaction.atomic  # Wagtail writes "deleted" into its log first, and a refusal must take that back.
    def action_view(self, request: HttpRequest, pk: int, action_name: str) -> Any:
        return super().action_view(request, pk, action_name)
