"""The glossary in the CMS. Whatever the address, a person meets only the terms of their own courses."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import django_filters
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.domain.glossary import may_work_on_term, terms_of
from courses.forms.courses import MadeKeyForm, OwnCourseField
from courses.models import GlossaryTerm

View = Callable[..., HttpResponse]


def only_own(view: View) -> View:
    """Answer "not found" where the address names a term of somebody else's course."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "pk" in kwargs:
            row = get_object_or_404(GlossaryTerm, pk=unquote(str(kwargs["pk"])))
            if not may_work_on_term(request.user, row.course_code):
                raise Http404
        return view(request, *args, **kwargs)

    return guarded


class GlossaryTermForm(MadeKeyForm):
    course_code = OwnCourseField(
        label=_("Course"), error_messages={"invalid_choice": _("You do not work on a course with this key.")}
    )
    key_from = "term"
    key_fallback = "term"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course_code"].offer_to(self.for_user, held=self.instance.course_code)


class OwnTerms:
    def get_object_list(self) -> QuerySet:
        return terms_of(self.request.user)


class ChooseTermView(OwnTerms, chooser.ChooseView):
    pass


class ChooseTermResultsView(OwnTerms, chooser.ChooseResultsView):
    pass


class ChosenTermsView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: Iterable[str]) -> QuerySet:
        return terms_of(self.request.user).filter(pk__in=pks)


class TermChooserViewSet(chooser.SnippetChooserViewSet):
    choose_view_class = ChooseTermView
    choose_results_view_class = ChooseTermResultsView
    chosen_multiple_view_class = ChosenTermsView

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return only_own(super().construct_view(view_class, **kwargs))


def _courses(request: HttpRequest) -> list[tuple[str, str]]:
    codes = terms_of(request.user).order_by("course_code").values_list("course_code", flat=True).distinct()
    return [(code, code) for code in codes]


class TermFilters(WagtailFilterSet):
    course_code = django_filters.ChoiceFilter(label=_("Course"))

    class Meta:
        model = GlossaryTerm
        fields = ("course_code",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["course_code"].extra["choices"] = _courses(self.request)


class GlossaryTermViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "openquote"
    edit_handler = ObjectList(GlossaryTerm.panels, base_form_class=GlossaryTermForm)
    chooser_viewset_class = TermChooserViewSet
    list_display = ("term", "course_code", "key")
    filterset_class = TermFilters
    search_fields = ("term", "key")
    add_to_admin_menu = True
    menu_label = _("Glossary")
    menu_order = 460  # after recordings

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return only_own(super().construct_view(view_class, **kwargs))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return terms_of(request.user)
