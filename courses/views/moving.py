"""Moving up to the newest edition of a course: a learner's own screen, and the one in /cms/ for everybody at once."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.domain import moving
from courses.forms.courses import MoveForm, MoveManyForm
from courses.models import Course, CoursePage, Edition, Enrolment
from elearn.people.domain.roles import holds_role
from elearn.people.enums import Role
from elearn.people.models import User


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move_up(request: HttpRequest, course_key: UUID) -> HttpResponse:
    """The preview; a post does what the preview showed. For whoever has no enrolment there is no such page."""
    enrolments = Enrolment.objects.of(request.user).filter(course__key=course_key).readable().latest_first()
    enrolment = enrolments.select_related("edition", "course__current_edition", "cohort").first()
    if enrolment is None:
        raise Http404
    title, url = moving.title_and_address(enrolment.course, get_language())
    if request.method == "POST":
        return _act(request, enrolment, url)
    preview = moving.preview_move(enrolment=enrolment, language=get_language())
    if preview is None:
        messages.info(request, _("There is no newer edition for you to move to."))
        return redirect(url)
    form = MoveForm(initial={"edition": preview.edition.pk})
    return render(
        request, "courses/move_up.html", {"preview": preview, "form": form, "course_title": title, "course_url": url}
    )


def _act(request: HttpRequest, enrolment: Enrolment, course_url: str) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Http404
    edition = get_object_or_404(Edition, course=enrolment.course, pk=form.cleaned_data["edition"])
    try:
        move = moving.move_up(enrolment=enrolment, to_edition=edition, moved_by=request.user)
    except moving.MoveRefused as refusal:
        messages.error(request, str(refusal))
        still_open = Enrolment.objects.movable().filter(pk=enrolment.pk).exists()
        return redirect("courses:move_up", enrolment.course.key) if still_open else redirect(course_url)
    if move.enrolment.completed_at is not None:
        messages.success(request, _("You have completed the course. Your certificate is on your desk."))
        return redirect("desk")
    messages.success(request, _("You take edition %d now. What you had finished still counts.") % edition.number)
    return redirect(course_url)


# --- In /cms/, beside the release ---------------------------------------------------------------------------------

AT_ONCE = 200  # More would keep the manager's browser waiting; the rest takes another press of the button.


def may_move_many(person: User, course_key: UUID) -> bool:
    """Whose enrolments change is for the programme to say, not for who writes the course."""
    return person.is_superuser or holds_role(person, Role.MANAGER, course_key=course_key)


@require_http_methods(["GET", "HEAD", "POST"])
def move_many(request: HttpRequest, page_id: int) -> HttpResponse:
    """Preview of moving a course's active learners up, and the act."""
    page = get_object_or_404(CoursePage, pk=page_id)
    if not may_move_many(request.user, page.translation_key):
        raise PermissionDenied
    course = get_object_or_404(Course.objects.select_related("current_edition"), key=page.translation_key)
    form = MoveManyForm(request.POST or None)
    chosen = form.is_valid() and form.cleaned_data["with_groups"]
    plan = moving.plan_moves(course=course, with_groups=chosen)
    if plan is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["edition"] != plan.edition.pk:
            messages.error(request, _("A newer edition was released in the meantime, so nobody was moved."))
        else:
            _tell(request, moving.move_many(plan=plan, moved_by=request.user, at_most=AT_ONCE))
        return redirect("courses_cms:move_many", page.pk)
    form = MoveManyForm(initial={"edition": plan.edition.pk})
    return render(request, "courses/cms/move_many.html", {"page": page, "plan": plan, "form": form})


def _tell(request: HttpRequest, done: moving.MovesDone) -> None:
    words = _("%(moved)d learners moved up and were told by mail; %(completed)d of them completed the course by it.")
    messages.success(request, words % {"moved": done.moved, "completed": done.completed})
    for reason, count in done.refused.items():
        messages.warning(request, f"{count}: {reason}")
    if done.left:
        messages.info(request, _("%d are left. Press the button again.") % done.left)
