"""Wagtail's own screens of our pages, where they do something else than Wagtail's."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import get_page_models

from courses.domain import review
from courses.models.pages import KeyedPage


class CoursePageCreateView(CreateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            # Half a title would become the address and the permanent key; and whoever presses "Save draft" while the
            # first draft is on its way would make the page twice and be told that its address is taken.
            response.context_data["autosave_enabled"] = False
        return response


class CoursePageEditView(EditView):
    def send_commenting_notifications(self, changes: dict[str, Any]) -> None:
        # Wagtail would send them while the person waits, and a mail server that is down would keep the page unsaved.
        review.tell_of_comments(self.page, changes, self.request.user)


class CourseContentViewSet(PageViewSet):
    add_view_class = CoursePageCreateView
    edit_view_class = CoursePageEditView
    parent_models: ClassVar[list] = []  # The lists of pages stay Wagtail's.


def course_content_viewsets() -> list[PageViewSet]:
    """One for each type of page, those of upper packages among them; asked for when all models are known."""
    return [CourseContentViewSet(model=model) for model in get_page_models() if issubclass(model, KeyedPage)]
