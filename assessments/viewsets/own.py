"""Keeping every screen to the courses that were granted to a person."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.snippets.views.snippets import SnippetViewSet

from assessments.domain import authors
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


class OwnRows(SnippetViewSet):
    """Lists what `own` answers, and finds nothing else by its number."""

    own: Callable[[User], QuerySet]

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return only_own(super().construct_view(view_class, **kwargs), self.model)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return type(self).own(request.user)
