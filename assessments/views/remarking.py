"""Marking a question again: the preview, the act, what it did, and taking back a pass."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.domain import remark_rights, remarking, voiding
from assessments.domain.reading.remarks import read_preview, read_remark, record_names_read
from assessments.forms.remarking import ReasonForm, RemarkForm, WayForm
from assessments.models import Attempt, Question, Remark
from elearn.people.gate import second_factor_first

DOUBTS_SHOWN = 100


def _question(request: HttpRequest, translation_key: UUID) -> Question:
    """The question, for whoever may see what marking it again would do; for others there is none."""
    question = Question.objects.filter(translation_key=translation_key).select_related("bank").order_by("pk").first()
    if question is None or not remark_rights.may_preview(request.user, question):
        raise Http404
    return question


@login_required
@second_factor_first
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remark(request: HttpRequest, translation_key: UUID) -> HttpResponse:
    """The preview; a post does it. Authors see how many change, editors and managers see who."""
    question = _question(request, translation_key)
    way = WayForm(request.POST if request.method == "POST" else request.GET)
    chosen = way.options()
    preview = remarking.preview(question=question, **chosen)
    may_act = remark_rights.may_remark(request.user, preview.courses)
    form = RemarkForm(request.POST if request.method == "POST" else None, initial=chosen)
    if request.method == "POST":
        if not may_act:
            raise PermissionDenied
        if form.is_valid():
            return _act(request, question, form)
    if may_act:
        record_names_read(request.user, [line.attempt for line in preview.lines], question.key)
    view = read_preview(question, preview, get_language(), with_names=may_act)
    context = {"view": view, "way": WayForm(initial=chosen), "form": form, "may_act": may_act}
    return render(request, "assessments/remark.html", context)


def _act(request: HttpRequest, question: Question, form: RemarkForm) -> HttpResponse:
    try:
        done = remarking.remark(
            question=question, by=request.user, reason=form.cleaned_data["reason"], **form.options()
        )
    except remarking.RemarkRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:remark", question.translation_key)
    if done.remark is None:
        messages.info(request, _("No mark differs from what it would be, so nothing was changed."))
        return redirect("assessments:remark", question.translation_key)
    if done.outstanding:
        messages.success(
            request, _("It has begun. These are many attempts, so it takes a few minutes; look again here.")
        )
    else:
        words = ngettext("%d mark was changed.", "%d marks were changed.", done.changed) % done.changed
        messages.success(request, f"{words} {_('The learners are told by mail.')}")
    return redirect("assessments:remarked", done.remark.public_id)


def _remark(request: HttpRequest, public_id: UUID) -> Remark:
    found = get_object_or_404(Remark.objects.select_related("done_by"), public_id=public_id)
    question = _question(request, found.translation_key)
    courses = remarking.courses_that_asked(question)
    if not remark_rights.may_remark(request.user, courses):
        raise Http404
    return found


@login_required
@second_factor_first
@never_cache
@require_http_methods(["GET", "HEAD"])
def remarked(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What an act of marking again did, and the passes that the old key alone had given."""
    done = _remark(request, public_id)
    doubts = voiding.all_in_doubt(done, DOUBTS_SHOWN) if done.work_done_at else []
    record_names_read(request.user, doubts, done.question_key)
    view = read_remark(done, doubts, get_language(), lambda course: remark_rights.may_void(request.user, course))
    return render(request, "assessments/remarked.html", {"view": view})


@login_required
@second_factor_first
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def void_pass(request: HttpRequest, public_id: UUID, attempt_id: UUID) -> HttpResponse:
    """Ask for the reason; a post takes the pass back."""
    done = _remark(request, public_id)
    rows = Attempt.objects.select_related("enrolment__person", "unit__course")
    attempt = get_object_or_404(rows, public_id=attempt_id)
    if not remark_rights.may_void(request.user, attempt.unit.course):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            voiding.void_pass(remark=done, attempt=attempt, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("The pass is taken back. %s is told by mail.") % attempt.enrolment.person)
        except remarking.RemarkRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("assessments:remarked", done.public_id)
    if not voiding.passes_in_doubt(done, [attempt]):
        raise Http404
    return render(request, "assessments/void_pass.html", {"remark": done, "attempt": attempt, "form": form})
