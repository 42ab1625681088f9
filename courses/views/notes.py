"""A learner's notes on one page, to read, print or take away. Nobody else's can be reached here."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.domain import notes
from courses.domain.moving import title_and_address
from courses.models import Course


@login_required
@never_cache
@require_safe
def of_all_courses(request: HttpRequest) -> HttpResponse:
    """All notes; only the list of courses where that would be too long a page."""
    found = notes.read_notes(person=request.user, language=get_language())
    shown_whole = sum(course.count for course in found) <= notes.MOST_ON_ONE_PAGE
    return render(request, "courses/notes.html", {"courses": found, "shown_whole": shown_whole})


@login_required
@never_cache
@require_safe
def of_course(request: HttpRequest, course_key: UUID) -> HttpResponse:
    found = _notes_of(request, course_key)
    if found is not None:
        return render(request, "courses/notes.html", {"courses": [found], "shown_whole": True, "course": found})
    title, url = title_and_address(Course.objects.get(key=course_key), get_language())
    return render(request, "courses/notes.html", {"courses": [], "course": {"title": title, "url": url}})


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, course_key: UUID) -> HttpResponse:
    found = _notes_of(request, course_key)
    if found is None:
        raise Http404
    response = HttpResponse(notes.as_text(notes=found, person=request.user), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="notes-{found.code}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _notes_of(request: HttpRequest, course_key: UUID) -> notes.CourseNotes | None:
    """The person's notes in a course, None when there are none yet; 404 for whoever never took it."""
    found = notes.read_notes(person=request.user, language=get_language(), course_key=course_key)
    if found:
        return found[0]
    if not notes.may_keep_notes(person=request.user, course_key=course_key):
        raise Http404
    return None
