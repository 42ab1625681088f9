"""The sessions of a cohort for those who run it: the list, planning, changing and cancelling."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain.cohorts import rights
from courses.domain.cohorts.session_times import lines_of
from courses.domain.cohorts.sessions import (
    SessionRefused,
    cancel_session,
    change_session,
    create_sessions,
    plan_of,
    sessions_of,
)
from courses.domain.outline import build_outline
from courses.forms.sessions import CancelForm, LikeForm, SessionForm
from courses.models import Cohort, CohortMember, LiveSession
from courses.views.cohorts.entrance import Tab, frame_of, of_cohort, register_tab
from elearn.core.acts import act

HERE = "sessions"


def register() -> None:
    register_tab(Tab(HERE, gettext_lazy("Live sessions"), "cohorts:sessions", rights.RUN, 40))


def session_in(cohort: Cohort, session_id: UUID) -> LiveSession:
    session = get_object_or_404(LiveSession, cohort=cohort, public_id=session_id)
    session.cohort = cohort
    return session


@of_cohort(rights.RUN)
@require_safe
def sessions(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """What is to come and what was, with how many were there."""
    lines = lines_of(sessions_of(cohort), request.user.time_zone)
    counting = sum(line.session.counts and not line.is_cancelled for line in lines)
    context = {
        **frame_of(request, cohort, HERE),
        "upcoming": [line for line in lines if not line.is_over],
        "past": [line for line in reversed(lines) if line.is_over],
        "learners": CohortMember.objects.seated().filter(cohort=cohort).count(),
        "rule_without_sessions": cohort.attendance_percent > 0 and not counting,
    }
    return render(request, "courses/cohorts/sessions.html", context)


@of_cohort(rights.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Plan a session or a weekly series; `?like=` begins with what another one has."""
    form = _form(request, cohort, is_new=True, initial=_like(request, cohort))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            saved = create_sessions(
                cohort=cohort, by=request.user, plan=form.plan, key=data["key"], weeks=data["weeks"]
            )
        except SessionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Planned. Those who take part and the trainers are told by mail."))
            return _warned(request, saved.warnings, redirect("cohorts:sessions", cohort.public_id))
    context = {**frame_of(request, cohort, HERE), "form": form}
    return render(request, "courses/cohorts/session_form.html", context, status=422 if form.is_bound else 200)


def _like(request: HttpRequest, cohort: Cohort) -> dict[str, Any]:
    form = LikeForm(request.GET)
    like = form.is_valid() and LiveSession.objects.filter(cohort=cohort, public_id=form.cleaned_data["like"]).first()
    if not like:
        return {"day": cohort.starts_on if cohort.starts_on > timezone.localdate() else timezone.localdate()}
    like.cohort = cohort
    return {**vars(plan_of(like)), "day": plan_of(like).day + timedelta(weeks=1)}


@of_cohort(rights.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, cohort: Cohort, session_id: UUID) -> HttpResponse:
    session = session_in(cohort, session_id)
    initial = {**vars(plan_of(session)), "seen": session.sequence}
    form = _form(request, cohort, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = change_session(session=session, by=request.user, plan=form.plan, seen=form.cleaned_data["seen"])
        except SessionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. If people see the session otherwise now, they are told by mail."))
            target = redirect("cohorts:session", cohort.public_id, session.public_id)
            return _warned(request, saved.warnings, target)
    context = {**frame_of(request, cohort, HERE), "form": form, "session": session, "cancel": CancelForm()}
    return render(request, "courses/cohorts/session_form.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, cohort: Cohort, *, is_new: bool, initial: dict[str, Any]) -> SessionForm:
    outline = build_outline(cohort.edition, get_language() or cohort.language, {})
    modules = [(module.key, module.title) for module in outline.modules]
    return SessionForm(request.POST or None, modules=modules, is_new=is_new, initial=initial)


def _warned(request: HttpRequest, warnings: list[str], response: HttpResponse) -> HttpResponse:
    for warning in warnings:
        messages.warning(request, warning)
    return response


@act
@of_cohort(rights.RUN)
def cancel(request: HttpRequest, cohort: Cohort, session_id: UUID) -> HttpResponse:
    session = session_in(cohort, session_id)
    if not CancelForm(request.POST).is_valid():
        messages.error(request, _("Nothing was cancelled: tick that you are sure."))
        return redirect("cohorts:session_change", cohort.public_id, session.public_id)
    try:
        cancel_session(session=session, by=request.user)
    except SessionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The session is cancelled. If it was still to come, everybody is told by mail."))
    return redirect("cohorts:sessions", cohort.public_id)
