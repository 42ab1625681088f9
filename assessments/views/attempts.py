"""Taking a quiz: start, answer, submit, see the result. Everything works as plain form posts."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.domain import attempts, reading
from assessments.forms import AnswerForm, answer_forms
from assessments.models import Attempt, QuizPage
from courses.domain.access import access_to
from courses.domain.tree import tree_of
from courses.models import Unit
from elearn.core.acts import act


def _quiz_page(unit_key: UUID) -> QuizPage:
    """The quiz in the language of the page, or in the first language that has it."""
    pages = QuizPage.objects.filter(translation_key=unit_key).select_related("locale")
    by_language = {page.locale.language_code: page for page in pages}
    page = by_language.get(get_language()) or next(iter(by_language.values()), None)
    if page is None:
        raise Http404
    return page


def own_attempt(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view the person's own attempt; anybody else's does not exist for them."""

    @login_required
    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, public_id: UUID, **kwargs: Any) -> HttpResponse:
        attempt = get_object_or_404(
            Attempt.objects.select_related("unit", "enrolment__edition", "enrolment__course"),
            public_id=public_id,
            enrolment__person=request.user,
        )
        return view(request, attempt, **kwargs)

    return inner


@act
def start(request: HttpRequest, unit_key: UUID) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.select_related("course"), key=unit_key)
    enrolment = access_to(request.user, unit.course.key).enrolment
    if enrolment is None:
        raise Http404
    try:
        attempt = attempts.start_attempt(enrolment=enrolment, unit=unit, language=get_language())
    except attempts.AttemptRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(_quiz_page(unit_key).url)
    return redirect("assessments:attempt", attempt.public_id)


@own_attempt
def attempt(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """The page of questions; a post without JavaScript saves every answer on it that changed."""
    if not attempt.is_open:
        return redirect("assessments:result", attempt.public_id)
    notices: dict[str, str] = {}
    if request.method == "POST":
        for form in answer_forms(attempt, request.POST):
            notice = _save(attempt, form)
            if notice:
                notices[form.key] = notice
        if not notices and request.POST.get("then") == "submit":
            return redirect("assessments:submit", attempt.public_id)
        if not notices:
            messages.success(request, _("Your answers are saved."))
            saved = request.POST.get("then", "")
            anchor = f"#question-{saved}" if any(q["key"] == saved for q in attempt.snapshot) else ""
            return redirect(reverse("assessments:attempt", args=[attempt.public_id]) + anchor)
    view = _attempt_view(attempt, notices)
    return render(request, "assessments/attempt.html", {"view": view}, status=409 if notices else 200)


def _save(attempt: Attempt, form: AnswerForm) -> str:
    """Save one answer of a whole posted page, if it changed; answers what to tell the learner, or nothing."""
    if not form.is_valid():
        return _("This answer could not be read, so the one saved before stands. Choose again and save.")
    standing = attempts.standing_answers(list(attempt.responses.filter(question_key=form.key))).get(form.key)
    chosen = sorted(form.cleaned_data["option_ids"])
    if chosen == (standing.option_ids if standing else []):
        return ""
    try:
        saved = _save_response(attempt, form)
    except attempts.AttemptRefused as refusal:
        return str(refusal)
    return "" if saved.stands else _standing_message()


def _save_response(attempt: Attempt, form: AnswerForm) -> attempts.Saved:
    return attempts.save_response(
        attempt=attempt,
        question_key=form.key,
        option_ids=form.cleaned_data["option_ids"],
        client_key=form.cleaned_data["client_key"],
        based_on=form.cleaned_data["based_on"],
        language=get_language(),
    )


def _standing_message() -> str:
    return _(
        "A newer answer to this question was saved from another tab or device. It stands and is shown here; "
        "choose again if you want another."
    )


@act
@own_attempt
def answer(request: HttpRequest, attempt: Attempt, question_key: str) -> JsonResponse:
    """Save one answer, for the script of the page. Safe to send again."""
    question = attempt.question(question_key)
    if question is None:
        raise Http404
    form = AnswerForm(question, request.POST)
    if not form.is_valid():
        return JsonResponse({"saved": False, "message": _("This answer could not be read. Choose again.")}, status=422)
    try:
        saved = _save_response(attempt, form)
    except attempts.AttemptRefused as refusal:
        return JsonResponse({"saved": False, "message": str(refusal)}, status=409)
    return JsonResponse(
        {
            "saved": True,
            "stands": saved.stands,
            "sequence": saved.standing.sequence,
            "option_ids": saved.standing.option_ids,
            "client_key": str(uuid4()),
            "message": "" if saved.stands else _standing_message(),
        }
    )


@own_attempt
def submit(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Ask once more, naming what is unanswered; a post submits. A second one finds it done."""
    if request.method == "POST":
        page = _quiz_page(attempt.unit.key)
        attempts.submit_attempt(attempt=attempt, language=get_language(), revision=page.live_revision_id)
        return redirect("assessments:result", attempt.public_id)
    if not attempt.is_open:
        return redirect("assessments:result", attempt.public_id)
    return render(request, "assessments/submit.html", {"view": _attempt_view(attempt, {})})


@own_attempt
@require_safe
def result(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    if attempt.is_open:
        return redirect("assessments:attempt", attempt.public_id)
    view = reading.read_result(attempt, _quiz_page(attempt.unit.key), get_language())
    return render(request, "assessments/result.html", {"view": view})


def _attempt_view(attempt: Attempt, notices: dict[str, str]) -> reading.AttemptView:
    page = _quiz_page(attempt.unit.key)
    course = attempt.enrolment.course
    tree = tree_of(course.key, page.locale.language_code, course.wording)
    return reading.AttemptView(
        attempt=attempt,
        course_title=tree.course.title if tree else course.code,
        quiz_title=page.title,
        quiz_url=page.url,
        questions=reading.question_views(attempt, get_language(), notices),
        save_url=reverse("assessments:attempt", args=[attempt.public_id]),
        submit_url=reverse("assessments:submit", args=[attempt.public_id]),
    )
