"""A practical assessment as its learner goes through it: begin, write, add files, hand in, read what came of it.
Everything works as plain form posts."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.domain import practicals
from assessments.domain.assessors import scripts_for
from assessments.domain.practicals import PracticalRefused
from assessments.domain.reading.practical import HandInView, read_hand_in
from assessments.enums import HandInState
from assessments.forms.practicals import FileForm, HandInForm, TextForm
from assessments.models import HandIn, HandInFile, PracticalPage
from courses.domain.access import access_to
from courses.domain.tree import tree_of
from courses.models import Unit
from elearn.core.acts import act, wants_json
from elearn.people.domain import trail
from elearn.people.gate import turned_away


def _page(unit_key: UUID) -> PracticalPage:
    """The practical in the language of the page, or in the first language that has it."""
    pages = PracticalPage.objects.filter(translation_key=unit_key).select_related("locale")
    by_language = {page.locale.language_code: page for page in pages}
    page = by_language.get(get_language()) or next(iter(by_language.values()), None)
    if page is None:
        raise Http404
    return page


def own_hand_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view the person's own hand-in; anybody else's does not exist for them."""

    @login_required
    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, public_id: UUID, **kwargs: Any) -> HttpResponse:
        rows = HandIn.objects.select_related(
            "unit", "rubric", "script", "enrolment__edition", "enrolment__course", "enrolment__person"
        )
        hand_in = get_object_or_404(rows, public_id=public_id, enrolment__person=request.user)
        return view(request, hand_in, **kwargs)

    return inner


def _view_of(hand_in: HandIn) -> HandInView:
    page = _page(hand_in.unit.key)
    course = hand_in.enrolment.course
    tree = tree_of(course.key, page.locale.language_code, course.wording)
    return read_hand_in(hand_in, page, tree.course.title if tree else course.code, get_language())


@act
def begin(request: HttpRequest, unit_key: UUID) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.select_related("course"), key=unit_key)
    enrolment = access_to(request.user, unit.course.key).enrolment
    if enrolment is None:
        raise Http404
    page = _page(unit_key)
    try:
        hand_in = practicals.begin(enrolment=enrolment, unit=unit, language=get_language())
    except PracticalRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url)
    return redirect("assessments:hand_in", hand_in.public_id)


@own_hand_in
def hand_in(request: HttpRequest, hand_in: HandIn) -> HttpResponse:
    """While it is prepared, the page to work on; afterwards what was handed in, and once assessed what came of it."""
    if request.method == "POST":
        return _save(request, hand_in)
    name = "work" if hand_in.state == HandInState.DRAFT else "outcome"
    context = {"view": _view_of(hand_in), "form": FileForm()}
    return render(request, f"assessments/practical_{name}.html", context)


def _save(request: HttpRequest, hand_in: HandIn) -> HttpResponse:
    """Save the text of a page without JavaScript, and go on to where its button leads."""
    form = TextForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The text could not be read, so the one saved before stands. Save it once more."))
        return redirect("assessments:hand_in", hand_in.public_id)
    text, version = form.cleaned_data["text"], form.cleaned_data["version"]
    try:
        saved = practicals.save_text(hand_in=hand_in, text=text, version=version)
    except PracticalRefused as refusal:
        messages.error(request, str(refusal))
        return _work(request, hand_in, text, other=None, version=version)
    if not saved.stands:
        return _work(request, hand_in, text, other=saved.text, version=saved.version)
    if request.POST.get("then") == "confirm":
        return redirect("assessments:hand_in_confirm", hand_in.public_id)
    messages.success(request, _("Your text is saved."))
    return redirect("assessments:hand_in", hand_in.public_id)


def _work(request: HttpRequest, hand_in: HandIn, text: str, *, other: str | None, version: int) -> HttpResponse:
    """The page once more, with a text that does not stand, and the one that does beside it."""
    hand_in.refresh_from_db()
    name = "work" if hand_in.state == HandInState.DRAFT else "outcome"
    unsaved = {"text": text.replace("\r\n", "\n"), "version": version, "other": other}
    context = {"view": _view_of(hand_in), "form": FileForm(), "unsaved": unsaved}
    return render(request, f"assessments/practical_{name}.html", context, status=409)


@act
@own_hand_in
def text(request: HttpRequest, hand_in: HandIn) -> JsonResponse:
    """Save the text as it is typed, for the script of the page. Safe to send again."""
    form = TextForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"saved": False, "message": _("This text could not be read.")}, status=422)
    try:
        saved = practicals.save_text(hand_in=hand_in, **form.cleaned_data)
    except PracticalRefused as refusal:
        return JsonResponse({"saved": False, "message": str(refusal)}, status=409)
    message = (
        "" if saved.stands else _("Another text was saved from another tab or device. Both are shown: choose one.")
    )
    return JsonResponse(
        {
            "saved": saved.stands,
            "conflict": not saved.stands,
            "version": saved.version,
            "text": "" if saved.stands else saved.text,
            "message": message,
        },
        status=200 if saved.stands else 409,
    )


@act
@own_hand_in
def add_file(request: HttpRequest, hand_in: HandIn) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    said, message = messages.error, _("Choose a file first. Nothing was added.")
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = practicals.add_file(hand_in=hand_in, file=file, name=file.name)
            said, message = messages.success, _("“%s” is added.") % row.name
        except PracticalRefused as refusal:
            message = str(refusal)
    if wants_json(request):
        return JsonResponse({"saved": said is messages.success, "message": message})
    said(request, message)
    return redirect("assessments:hand_in", hand_in.public_id)


@act
@own_hand_in
def remove_file(request: HttpRequest, hand_in: HandIn, file_id: UUID) -> HttpResponse:
    try:
        practicals.remove_file(hand_in=hand_in, file_id=file_id)
        messages.success(request, _("The file is removed."))
    except PracticalRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:hand_in", hand_in.public_id)


@own_hand_in
def confirm(request: HttpRequest, hand_in: HandIn) -> HttpResponse:
    """Show what would be handed in and ask once more; a post hands it in. A second one finds it done."""
    if request.method == "POST":
        form = HandInForm(request.POST)
        version = form.cleaned_data["version"] if form.is_valid() else -1
        try:
            practicals.hand_in_work(hand_in=hand_in, version=version)
        except PracticalRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("assessments:hand_in_confirm", hand_in.public_id)
        return redirect("assessments:hand_in", hand_in.public_id)
    if hand_in.state != HandInState.DRAFT:
        return redirect("assessments:hand_in", hand_in.public_id)
    return render(request, "assessments/practical_confirm.html", {"view": _view_of(hand_in)})


@login_required
@never_cache
@require_safe
def file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A file that was handed in: for its learner, and once it is handed in for those who may mark it."""
    rows = HandInFile.objects.select_related("hand_in__enrolment__person", "hand_in__script")
    row = get_object_or_404(rows, public_id=public_id)
    learner = row.hand_in.enrolment.person
    if learner != request.user:
        script = getattr(row.hand_in, "script", None)
        if script is None or not scripts_for(request.user).filter(pk=script.pk).exists():
            raise Http404
        answer = turned_away(request)
        if answer is not None:
            return answer
        trail.record("assessments.file_opened", actor=request.user, subject=learner, file=row.pk)
    try:
        response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
