"""A learner's acts in a course: enrol, complete a lesson, keep a note, fetch a file."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.domain import progress
from courses.domain.access import access_to
from courses.domain.cohorts.schedule import opens_later, schedule_of
from courses.domain.enrolment import EnrolmentRefused
from courses.domain.enrolment import enrol as enrol_person
from courses.domain.outline import build_outline
from courses.domain.reading import read_course
from courses.domain.tree import place_of
from courses.forms.courses import CompletionForm, ReflectionForm
from courses.models import Course, Enrolment, LessonPage, Unit
from courses.views.entrance import course_page
from elearn.core.acts import act, wants_json
from elearn.core.models import Handout


@act
def enrol(request: HttpRequest, course_key: UUID) -> HttpResponse:
    course = get_object_or_404(Course.objects.select_related("current_edition"), key=course_key)
    page = course_page(course.key)
    try:
        enrol_person(person=request.user, course=course)
    except EnrolmentRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url)
    resume = read_course(place_of(page), access_to(request.user, course.key)).resume
    return redirect(resume.url if resume and resume.url else page.url)


@act
def complete(request: HttpRequest, unit_key: UUID) -> HttpResponse:
    """Complete a lesson, and go on to what comes next. Other unit types are completed by passing them."""
    unit, enrolment = _unit_of(request, unit_key)
    page = get_object_or_404(LessonPage.objects.live(), translation_key=unit_key, locale__language_code=get_language())
    form = CompletionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else None
    was_completed = enrolment.completed_at is not None
    try:
        progress.complete_unit(enrolment=enrolment, unit=unit, language=get_language(), revision=revision)
    except progress.ProgressRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url)
    enrolment.refresh_from_db(fields=["completed_at"])
    if enrolment.completed_at and not was_completed:
        messages.success(request, _("You have completed the course. Your certificate is on your desk."))
        return redirect("desk")
    outline = build_outline(enrolment.edition, get_language(), {}, schedule_of(enrolment))
    following = outline.after(unit_key)
    goes_on = following is not None and following.url and not following.is_locked
    return redirect(following.url if following and goes_on else page.get_parent().url)


@act
def reflect(request: HttpRequest, unit_key: UUID, block_id: str) -> HttpResponse:
    unit, enrolment = _unit_of(request, unit_key)
    page = get_object_or_404(LessonPage.objects.live(), translation_key=unit_key, locale__language_code=get_language())
    if not any(child.id == block_id for child in page.body.blocks_by_name("reflection")):
        raise Http404
    if opens_later(enrolment, unit_key):
        raise Http404
    form = ReflectionForm(request.POST)
    saved = form.is_valid()
    if saved:
        shared = progress.save_reflection(
            enrolment=enrolment, unit=unit, block_id=block_id, text=form.cleaned_data["text"]
        )
        private = _("Your note is saved. Only you can read it.")
        message = _("Your note is saved. You share it with your trainers.") if shared else private
    else:
        message = " ".join(form.errors.get("text", []))
    if wants_json(request):
        return JsonResponse({"saved": saved, "message": message}, status=200 if saved else 422)
    (messages.success if saved else messages.error)(request, message)
    return redirect(f"{page.url}#reflection-{block_id}")


@login_required
@require_safe
def handout(request: HttpRequest, unit_key: UUID, pk: int) -> FileResponse:
    """A file that the lesson offers, to those who may read the lesson."""
    lesson = LessonPage.objects.live().filter(translation_key=unit_key, locale__language_code=get_language()).first()
    if lesson is None or not access_to(request.user, place_of(lesson).course_key).may_read(unit_key):
        raise Http404
    files = [child.value["file"] for child in lesson.body.blocks_by_name("download")]
    if not any(file is not None and file.pk == pk for file in files):
        raise Http404
    file = get_object_or_404(Handout, pk=pk)
    try:
        response = FileResponse(file.file.open("rb"), as_attachment=True, filename=file.filename)
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _unit_of(request: HttpRequest, unit_key: UUID) -> tuple[Unit, Enrolment]:
    """The unit and the person's enrolment that holds it; 404 for anybody else."""
    unit = get_object_or_404(Unit.objects.select_related("course"), key=unit_key)
    access = access_to(request.user, unit.course.key)
    if access.enrolment is None or access.enrolment.edition.structure.unit(unit.key) is None:
        raise Http404
    return unit, access.enrolment
