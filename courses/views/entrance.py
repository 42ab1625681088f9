"""What views of a course begin with: its page in the reader's language, and the way for who may not come in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.domain.cohorts.schedule import ModuleTimes
from courses.domain.tree import Place
from courses.models import CoursePage


def course_page(course_key: UUID) -> CoursePage:
    """The live page in the language of the request, or in the first that has one. Raises Http404."""
    pages = CoursePage.objects.live().filter(translation_key=course_key).select_related("locale")
    by_language = {page.locale.language_code: page for page in pages}
    page = by_language.get(get_language()) or next(iter(by_language.values()), None)
    if page is None:
        raise Http404
    return page


def not_open_yet(request: HttpRequest, place: Place, times: ModuleTimes) -> HttpResponse:
    """What somebody finds at a unit of a module that their cohort has not opened yet."""
    context = {
        "title": place.page.title,
        "times": times,
        "zone": str(times.zone),
        "course": place.course_title,
        "course_url": place.course_url,
    }
    return render(request, "courses/not_open_yet.html", context, status=403)


def turn_away(request: HttpRequest, course_address: str) -> HttpResponse:
    """To the login, or to the course, where one enrols."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    messages.info(request, _("Enrol in the course first; then all its lessons are open to you."))
    return redirect(course_address)
