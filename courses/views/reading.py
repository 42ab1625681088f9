"""The pages that a course is read on.

They are found by their address and not by Wagtail's way down the tree, which would cost more than all the rest.
"""

from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.views import serve as serve_other_page

from courses.domain import reading, tree, unit_types
from courses.domain.arriving import arrive
from courses.domain.catalogue import read_catalogue
from courses.domain.cohorts.groups import groups_to_join
from courses.forms.courses import PageNumberForm
from courses.models import CataloguePage, CoursePage, ModulePage
from courses.views.entrance import not_open_yet, turn_away
from elearn.core.prepared import Prepared

_catalogue_page = Prepared(
    lambda pk: CataloguePage.objects.live().filter(pk=pk).only("title", "introduction"),
    pk=BigIntegerField(),
)


@require_safe
def page(request: HttpRequest, address: str) -> HttpResponse:
    """The catalogue or a page of a course; any other page of the CMS is left to Wagtail."""
    language = get_language()
    if f"/{language}/{address}" == tree.catalogue_addresses().get(language):
        return catalogue(request, language)
    arrival = arrive(request.user, language, address)
    if arrival is None:
        return serve_other_page(request, address)
    place, access = arrival.place, arrival.access
    if issubclass(place.page.model, CoursePage):
        groups = groups_to_join(place.course_key, request.user, access)
        return render(request, CoursePage.template, {"reading": reading.read_course(place, access), "groups": groups})
    if issubclass(place.page.model, ModulePage):
        return render(request, ModulePage.template, {"reading": reading.read_module(place, access)})
    if (times := access.opens_later(place.page.key)) is not None:
        return not_open_yet(request, place, times)
    if not access.may_read(place.page.key):
        return turn_away(request, place.course_url)
    more = unit_types.what_shows(place.page.model, place.page.pk, access.enrolment)
    return render(request, place.page.model.template, {"reading": reading.read_unit(place, access), **more})


def catalogue(request: HttpRequest, language: str) -> HttpResponse:
    own = next(iter(_catalogue_page(pk=tree.catalogue_pk(language))), None)
    if own is None:  # Taken down within the last minute.
        raise Http404
    courses = read_catalogue(request.user, language, page=PageNumberForm.number(request.GET))
    return render(request, CataloguePage.template, {"page": own, "courses": courses})
