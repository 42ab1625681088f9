"""Taking a quiz: start, answer, submit, see the result. Everything works as plain form posts."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.domain import attempts, parking
from assessments.domain.asking import AttemptQuestion, question_of
from assessments.domain.reading.attempt import AttemptView, question_views
from assessments.domain.reading.result import read_result
from assessments.forms.attempts import AnswerForm, answer_forms
from assessments.models import Attempt, QuizPage, Response
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


def attempt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page of questions. What a plain form brings when its login has run out is parked until after the next."""
    if request.method != "POST" or request.user.is_authenticated:
        return own_page(request, public_id=public_id)
    token = parking.park(public_id=public_id, posted=dict(request.POST.lists()))
    address = reverse("assessments:attempt", args=[public_id])
    if token is not None:
        messages.warning(request, _("You were logged out in the meantime. Log in: your answers are kept until then."))
        address = f"{address}?parked={token}"
    return redirect_to_login(address)


@own_attempt
def own_page(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """A post without JavaScript saves every answer on the page that changed."""
    if attempts.close_if_overdue(attempt=attempt) or not attempt.is_open:
        return _too_late(request, attempt)
    parked = parking.find(attempt, request.GET["parked"]) if "parked" in request.GET else []
    if parked and request.method != "POST":
        return render(request, "assessments/parked.html", {"view": _attempt_view(attempt, None), "fields": parked})
    posting = PostedPage(attempt, request.POST) if request.method == "POST" else None
    if posting is not None:
        posting.save()
        then = request.POST.get("then", "")
        if not posting.notices:
            if then == "submit":
                return redirect("assessments:submit", attempt.public_id)
            messages.success(request, _("Your answers are saved."))
            anchor = f"#question-{then.removeprefix('check:')}" if then else ""
            return redirect(reverse("assessments:attempt", args=[attempt.public_id]) + iri_to_uri(anchor))
    view = _attempt_view(attempt, posting)
    return render(request, "assessments/attempt.html", {"view": view}, status=409 if posting else 200)


def _too_late(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """To the result; what a plain form brings after the end is kept as late, and the learner is told."""
    if request.method == "POST":
        PostedPage(attempt, request.POST).save()
        messages.warning(
            request,
            _("Time was up before this arrived. Your attempt was submitted with the answers saved until then."),
        )
    return redirect("assessments:result", attempt.public_id)


class PostedPage:
    """The answers of a whole posted page, and what is to be told about those that could not be saved."""

    def __init__(self, attempt: Attempt, data: QueryDict) -> None:
        self.attempt = attempt
        self.forms = answer_forms(attempt, data)
        self.check = data.get("then", "").partition("check:")[2]
        self.notices: dict[str, str] = {}
        # What was sent and does not stand, by question.
        self.others: dict[str, Any] = {}

    def save(self) -> None:
        standing = attempts.standing_answers(self.attempt.responses.all())
        for form in self.forms:
            self._save(form, standing.get(form.key))

    def _save(self, form: AnswerForm, standing: Response | None) -> None:
        question = question_of(self.attempt, form.key)
        if question is None or not form.is_valid():
            self.notices[form.key] = _(
                "This answer could not be read, so the one saved before stands. Choose again and save."
            )
            return
        checked = form.key == self.check
        held = standing.answer if standing else None
        try:
            if not checked and question.kind.read_answer(form.posted, question.asked(get_language()), held) == held:
                return
        except ValueError:
            pass  # Said below, in words.
        try:
            saved = _save_response(self.attempt, form, checked=checked)
        except attempts.AttemptRefused as refusal:
            self.notices[form.key] = str(refusal)
            return
        if not saved.stands:
            self.notices[form.key] = _standing_message()
            self.others[form.key] = saved.response.answer


def _save_response(attempt: Attempt, form: AnswerForm, *, checked: bool) -> attempts.Saved:
    return attempts.save_response(
        attempt=attempt,
        question_key=form.key,
        posted=form.posted,
        client_key=form.cleaned_data["client_key"],
        based_on=form.cleaned_data["based_on"],
        language=get_language(),
        checked=checked,
    )


def _standing_message() -> str:
    return _("Another answer to this question was saved from another tab or device. Both are shown here: choose one.")


@act
@own_attempt
def answer(request: HttpRequest, attempt: Attempt, question_key: str) -> JsonResponse:
    """Save one answer, for the script of the page. Safe to send again."""
    question = question_of(attempt, question_key)
    if question is None:
        raise Http404
    form = AnswerForm(question_key, request.POST)
    if not form.is_valid():
        return JsonResponse({"saved": False, "message": _("This answer could not be read. Choose again.")}, status=422)
    checked = "check" in request.POST
    try:
        saved = _save_response(attempt, form, checked=checked)
    except attempts.AttemptRefused as refusal:
        status = 422 if isinstance(refusal, attempts.AnswerRefused) else 409
        return JsonResponse({"saved": False, "message": str(refusal)}, status=status)
    reply = {
        "saved": True,
        "stands": saved.stands,
        "late": saved.response.is_late,
        "sequence": saved.sequence,
        "fields": question.kind.fields_of(saved.answer),
        "client_key": str(uuid4()),
        "message": "",
    }
    if saved.response.is_late:
        reply["message"] = _("Time was up before this answer arrived. It is kept, and does not count.")
    elif not saved.stands:
        reply["message"] = _standing_message()
        reply["words"] = _plain_words(question, saved.response.answer)
        reply["standing_words"] = _plain_words(question, saved.answer)
    elif checked or question.kind.unfolds:
        reply["html"] = _question_html(request, attempt, question_key)
    return JsonResponse(reply)


def _plain_words(question: AttemptQuestion, answer: Any) -> list[str]:
    return question.kind.in_words(answer, question.asked(get_language())) or [_("No answer")]


def _question_html(request: HttpRequest, attempt: Attempt, question_key: str) -> str:
    """The question anew, as it is asked after its answer."""
    view = _attempt_view(attempt, None, only=question_key)
    return render_to_string("assessments/question.html", {"question": view.questions[0], "total": view.total}, request)


@own_attempt
@require_safe
def clock(request: HttpRequest, attempt: Attempt) -> JsonResponse:
    """The seconds left by the server's clock, for the countdown; and whether the attempt still runs."""
    attempts.close_if_overdue(attempt=attempt)
    left = (attempt.deadline - timezone.now()).total_seconds() if attempt.deadline else None
    return JsonResponse({"open": attempt.is_open and not attempts.is_overdue(attempt), "seconds_left": left})


@own_attempt
def submit(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Ask once more, naming what is unanswered; a post submits. A second one finds it done."""
    if request.method == "POST":
        page = _quiz_page(attempt.unit.key)
        attempts.submit_attempt(attempt=attempt, language=get_language(), revision=page.live_revision_id)
        return redirect("assessments:result", attempt.public_id)
    if attempts.close_if_overdue(attempt=attempt) or not attempt.is_open:
        return redirect("assessments:result", attempt.public_id)
    return render(request, "assessments/submit.html", {"view": _attempt_view(attempt, None)})


@own_attempt
@require_safe
def result(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    if attempts.close_if_overdue(attempt=attempt):
        attempt.refresh_from_db(fields=["state", "submitted_at", "ended_by", "receipt"])
    elif attempt.is_open:
        return redirect("assessments:attempt", attempt.public_id)
    view = read_result(attempt, _quiz_page(attempt.unit.key), get_language())
    return render(request, "assessments/result.html", {"view": view})


def _attempt_view(attempt: Attempt, posting: PostedPage | None, only: str = "") -> AttemptView:
    page = _quiz_page(attempt.unit.key)
    course = attempt.enrolment.course
    tree = tree_of(course.key, page.locale.language_code, course.wording)
    notices, others = (posting.notices, posting.others) if posting else ({}, {})
    return AttemptView(
        attempt=attempt,
        course_title=tree.course.title if tree else course.code,
        quiz_title=page.title,
        quiz_url=page.url,
        questions=question_views(attempt, get_language(), notices, others, only),
        save_url=reverse("assessments:attempt", args=[attempt.public_id]),
        submit_url=reverse("assessments:submit", args=[attempt.public_id]),
        clock_url=reverse("assessments:clock", args=[attempt.public_id]),
    )
