"""The marking desk: the queue, one piece of work, a decision where two marks differ, and what is settled."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.domain import judging, marking_desk, marking_lists, marking_pages
from assessments.domain.assessors import ASSESS
from assessments.domain.marking_desk import MODERATE
from assessments.forms.marking import JudgementForm, QueueForm
from assessments.models import HandInFile, RubricAssessment, Script
from assessments.views.judgement import JudgementPage, address_of
from elearn.core.acts import act, wants_json
from elearn.people.domain import rights, trail
from elearn.people.gate import second_factor_first
from elearn.people.models import User

PER_PAGE = 25


def for_markers(right: rights.Right) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view for whoever holds the right over anything at all; over what, the view asks."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @second_factor_first
        @never_cache
        @wraps(view)
        def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not rights.holds(request.user, right):
                raise PermissionDenied
            return view(request, **kwargs)

        return inner

    return decorate


def _queue_form(request: HttpRequest, person: User) -> QueueForm:
    data = request.POST if request.method == "POST" else request.GET
    return QueueForm(data, choices=marking_lists.choices_in(marking_desk.to_mark(person), get_language()))


@for_markers(ASSESS)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this person's mark, without names."""
    person = request.user
    form = _queue_form(request, person)
    rows = marking_desk.queue(person, form.filters()).select_related("unit__course")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "asked": [(name, value) for name, value in query.items() if name in form.fields],
        "lines": marking_lists.queue_lines(page.object_list, person, get_language()),
        "counts": marking_desk.counted(marking_desk.to_mark(person)),
        "moderates": rights.holds(person, MODERATE),
    }
    return render(request, "assessments/marking/queue.html", context)


@act
@for_markers(ASSESS)
def next_one(request: HttpRequest) -> HttpResponse:
    """Take the next one of the queue as it is filtered, and go there."""
    filters = _queue_form(request, request.user).filters()
    draft = judging.next_script(person=request.user, filters=filters)
    if draft is None:
        messages.info(request, _("Nothing waits for you here at the moment."))
        return redirect("assessments:marking")
    return redirect(address_of(draft))


@for_markers(MODERATE)
@require_safe
def settled(request: HttpRequest) -> HttpResponse:
    """What has been marked, for whoever moderates; without names."""
    person = request.user
    every = marking_desk.settled_for(person)
    form = QueueForm(request.GET, choices=marking_lists.choices_in(every, get_language()))
    rows = marking_desk.narrowed(every, form.filters()).select_related("unit__course")
    page = Paginator(rows.prefetch_related("assessments"), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "lines": marking_lists.settled_lines(page.object_list, get_language()),
        "moderates": True,
    }
    return render(request, "assessments/marking/settled.html", context)


def _script_of(request: HttpRequest, public_id: UUID) -> Script:
    """The piece of work, for whoever may open it; 404 for anybody else, so that nobody learns what there is."""
    rows = marking_desk.open_to(request.user).select_related(
        "attempt", "hand_in__rubric", "unit__course", "enrolment__person"
    )
    return get_object_or_404(rows.prefetch_related("assessments__assessor", "hand_in__files"), public_id=public_id)


@act
@for_markers(ASSESS)
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take one piece of work, and go there."""
    script = _script_of(request, public_id)
    try:
        draft = judging.take(script=script, person=request.user)
    except judging.MarkingRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("assessments:marking")
    return redirect(address_of(draft))


@for_markers(ASSESS)
def script(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One piece of work, to be marked; or as it stands for this person. Opening it is written down."""
    return _judge(request, JudgementPage(_script_of(request, public_id), request.user, decides=False))


@for_markers(MODERATE)
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same with all judgements side by side: to adjudicate where two differ, or to moderate what is settled."""
    page = JudgementPage(_script_of(request, public_id), request.user, decides=True)
    if not page.may_see_judgements:
        raise Http404
    return _judge(request, page)


def _judge(request: HttpRequest, page: JudgementPage) -> HttpResponse:
    if request.method == "POST":
        return _post(request, page)
    work = page.work()
    trail.record(
        marking_desk.WORK_OPENED,
        actor=request.user,
        subject=page.script.enrolment.person,
        script=str(page.script.public_id),
    )
    return render(request, "assessments/marking/script.html", {"page": page, "work": work, "form": page.form()})


def _post(request: HttpRequest, page: JudgementPage) -> HttpResponse:
    draft = page.draft
    if draft is None:
        raise Http404
    if request.POST.get("then") == "give_back":
        judging.give_back(script=page.script, person=request.user)
        messages.success(request, _("Given back. What you had written is kept for you."))
        return redirect("assessments:marking")
    form = page.form(request.POST)
    if not form.is_valid():
        return _unreadable(request, page, form)
    try:
        saved = judging.save_draft(assessment=draft, written=form.written(), version=form.cleaned_data["version"])
        if wants_json(request):
            return JsonResponse(page.saved_as_data(saved))
        if request.POST.get("then") == "finish" and not saved.joined:
            judging.finalise(assessment=draft)
            return _after_finishing(request, draft)
    except judging.MarkingRefused as refusal:
        if wants_json(request):
            return JsonResponse({"saved": False, "message": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return redirect(page.url)
    for tone, words in page.words_on(saved):
        messages.add_message(request, tone, words)
    return redirect(page.url)


def _unreadable(request: HttpRequest, page: JudgementPage, form: JudgementForm) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"saved": False, "message": page.words_on_errors(form)}, status=422)
    page.type_again(request.POST)
    context = {"page": page, "work": page.work(), "form": form}
    return render(request, "assessments/marking/script.html", context, status=422)


def _after_finishing(request: HttpRequest, draft: RubricAssessment) -> HttpResponse:
    messages.success(request, _("Finished. What you gave stands and cannot be changed."))
    if draft.part in judging.DECISIONS:
        return redirect("assessments:marking" if draft.part == "adjudication" else "assessments:marking_settled")
    following = judging.next_script(person=request.user, filters=marking_desk.Filters(unit=draft.script.unit.key))
    return redirect(address_of(following) if following is not None else "assessments:marking")


@for_markers(ASSESS)
@require_safe
def file(request: HttpRequest, public_id: UUID, file_id: UUID) -> FileResponse:
    """A file of a hand-in, under a name that tells nobody's where it is marked without names."""
    script = _script_of(request, public_id)
    if script.hand_in is None:
        raise Http404
    files = list(script.hand_in.files.all())
    number, found = next(((n, each) for n, each in enumerate(files, start=1) if each.public_id == file_id), (0, None))
    if found is None:
        raise Http404
    return _download(found, marking_pages.file_name(script, found, number))


def _download(file: HandInFile, name: str) -> FileResponse:
    try:
        response = FileResponse(file.file.open("rb"), as_attachment=True, filename=name)
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
