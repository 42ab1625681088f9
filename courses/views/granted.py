"""What keeps a person in /cms/ within the courses granted to them, where Wagtail's own rights leave gaps.

Wagtail asks for rights on most of its screens, and on a few (choosers, one report, its interface for scripts) for none.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.views.chooser import BrowseView
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page
from wagtail.permissions import policy_registry

from courses.domain.authors import may_open, works_everywhere

View = Callable[..., HttpResponse]

# The arguments of addresses under /cms/ that name a page.
NAMES_OF_PAGES = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
# Counts and titles over every course; for those who see every course.
FOR_ALL_COURSES = frozenset({"page_types_usage", "page_types_usage_results"})


def within_granted_courses(view: View) -> View:
    """Answer "not found", for every address of /cms/, where it names a page of a course that was not granted."""

    @wraps(view)
    def fenced(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("wagtailadmin.access_admin") or works_everywhere(request.user):
            return view(request, *args, **kwargs)
        address = request.resolver_match.url_name
        if address in FOR_ALL_COURSES:
            raise Http404
        named = [kwargs[name] for name in NAMES_OF_PAGES if kwargs.get(name)]
        if address == "wagtailadmin_choose_page_chosen_multiple":
            named = [pk for pk in request.GET.getlist("id") if pk.isdecimal()]
        for pk in named:
            if not may_open(request.user, get_object_or_404(Page, pk=pk)):
                raise Http404
        if address == "wagtailadmin_choose_page":
            # Wagtail would begin at the page that all of the wanted type have in common, whosesoever it is.
            return BrowseView.as_view()(request, parent_page_id=_root_of(request).pk)
        return view(request, *args, **kwargs)

    return fenced


def _root_of(request: HttpRequest) -> Page:
    root = policy_registry.get_by_type(Page).explorable_root_instance(request.user)
    return root or Page.get_first_root_node()


def choosable_pages(pages: QuerySet, request: HttpRequest) -> QuerySet:
    """What the page chooser may list: the pages that the person finds in the explorer."""
    if works_everywhere(request.user):
        return pages
    explorable = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(pk__in=explorable.values("pk"))


class OwnFiles:
    """The interface for scripts lists the files that the person may choose from, as the chooser does."""

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()  # type: ignore[misc]
        allowed = policy_registry.get_by_type(self.model).instances_user_has_any_permission_for(
            self.request.user, ["choose", "change"]
        )
        return rows.filter(pk__in=allowed.values("pk"))


class OwnPicturesAPI(OwnFiles, ImagesAdminAPIViewSet):
    pass


class OwnHandoutsAPI(OwnFiles, DocumentsAdminAPIViewSet):
    pass
