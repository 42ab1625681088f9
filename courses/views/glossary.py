"""All words of a course, for those who may read it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.domain.access import access_to
from courses.domain.glossary import glossary_of
from courses.domain.tree import page_address
from courses.models import CoursePage


@require_safe
def of_course(request: HttpRequest, course_key: UUID) -> HttpResponse:
    pages = CoursePage.objects.live().filter(translation_key=course_key).select_related("locale")
    by_language = {page.locale.language_code: page for page in pages}
    page = by_language.get(get_language()) or next(iter(by_language.values()), None)
    if page is None:
        raise Http404
    access = access_to(request.user, course_key)
    address = page_address(page.locale.language_code, page.url_path)
    if not access.teaches and access.enrolment is None:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        messages.info(request, _("Enrol in the course first; then all its lessons are open to you."))
        return redirect(address)
    terms = glossary_of(page.key, get_language())
    return render(request, "courses/glossary.html", {"page": page, "address": address, "terms": terms})
