"""All words of a course, for those who may read it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from courses.domain.access import access_to
from courses.domain.glossary import glossary_of
from courses.domain.tree import page_address
from courses.views.entrance import course_page, turn_away


@require_safe
def of_course(request: HttpRequest, course_key: UUID) -> HttpResponse:
    page = course_page(course_key)
    access = access_to(request.user, course_key)
    address = page_address(page.locale.language_code, page.url_path)
    if not access.teaches and access.enrolment is None:
        return turn_away(request, address)
    terms = glossary_of(page.key, get_language())
    return render(request, "courses/glossary.html", {"page": page, "address": address, "terms": terms})
