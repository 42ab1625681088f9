"""Talking, for trainers: what waits for an answer, announcements, reported posts, and what they do about them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.domain.cohorts import moderating, rights, rooms, shared_notes, threads
from courses.domain.cohorts.rooms import Room, room_of
from courses.domain.cohorts.talking import TalkRefused
from courses.enums import ThreadKind
from courses.forms.talk import AnnouncementForm, HideForm, SwitchForm, TopicForm
from courses.models import Cohort, Post
from courses.views.cohorts import own_page
from courses.views.cohorts.entrance import Tab, frame_of, of_cohort, register_tab
from courses.views.cohorts.talk import PAGE_ACTS, address_of, find_post, find_thread, listed, page_of, start
from courses.views.cohorts.typed import keeps_typed
from elearn.core.acts import act
from elearn.people.domain.rights import holds
from elearn.people.gate import second_factor_first

KINDS = {
    "questions": (ThreadKind.QUESTION,),
    "forum": (ThreadKind.TOPIC,),
    "announcements": (ThreadKind.ANNOUNCEMENT,),
}


def register_talk_tab() -> None:
    register_tab(Tab("talk", gettext_lazy("Talk"), "cohorts:talk", rights.RUN, 50))
    own_page.register_section(
        own_page.Section(
            "announcements",
            10,
            "courses/cohorts/_own_announcements.html",
            lambda member: threads.latest_announcements(member.cohort),
        )
    )
    own_page.register_section(
        own_page.Section(
            "forum",
            20,
            "courses/cohorts/_own_forum.html",
            lambda member: threads.latest_threads(member.cohort, get_language()),
        )
    )


def _room(request: HttpRequest, cohort: Cohort) -> Room:
    room = room_of(request.user, cohort.course, cohort)
    if room is None:
        raise Http404
    return room


@of_cohort(rights.RUN)
@require_safe
def talk(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Questions that nobody has answered come first; below them what else there is."""
    shown = request.GET.get("show", "questions")
    shown = shown if shown in KINDS else "questions"
    rows = _room(request, cohort).threads()
    page = page_of(request, threads.unanswered_first(rows.filter(kind__in=KINDS[shown])))
    context = {
        **frame_of(request, cohort, "talk"),
        **listed(page),
        "shown": shown,
        "reports": threads.reported_posts(rows)[:25],
        "moderates_outside": holds(request.user, rooms.MODERATE),
    }
    return render(request, "courses/cohorts/talk.html", context)


@PAGE_ACTS
@keeps_typed
@of_cohort(rights.RUN)
def announce(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    started, form = start(request, _room(request, cohort), ThreadKind.ANNOUNCEMENT, AnnouncementForm)
    if started:
        messages.success(request, _("Announced. Everybody who takes part is told by mail."))
        return redirect("cohorts:thread", started.public_id)
    context = {**frame_of(request, cohort, "talk"), "form": form, "announces": True}
    return render(request, "courses/cohorts/announce.html", context, status=422 if form.errors else 200)


@PAGE_ACTS
@keeps_typed
@of_cohort(rights.RUN)
def topic(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    started, form = start(request, _room(request, cohort), ThreadKind.TOPIC, TopicForm)
    if started:
        return redirect("cohorts:thread", started.public_id)
    context = {**frame_of(request, cohort, "talk"), "form": form, "announces": False}
    return render(request, "courses/cohorts/announce.html", context, status=422 if form.errors else 200)


@login_required
@second_factor_first
@never_cache
@require_safe
def open_questions(request: HttpRequest) -> HttpResponse:
    """The questions of people who take courses on their own, and what was reported there."""
    if not holds(request.user, rooms.MODERATE):
        raise PermissionDenied
    page = page_of(request, threads.open_questions(request.user))
    reports = threads.reported_posts(rooms.open_rooms(request.user))[:25]
    return render(request, "courses/cohorts/open_questions.html", {**listed(page), "reports": reports})


def _moderated(request: HttpRequest, post_id: UUID) -> tuple[Post, Room]:
    post, room = find_post(request, post_id)
    if not room.moderates:
        raise Http404
    return post, room


@PAGE_ACTS
@login_required
@second_factor_first
@never_cache
def hide(request: HttpRequest, post_id: UUID) -> HttpResponse:
    post, room = _moderated(request, post_id)
    form = HideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            moderating.hide(room=room, post=post, reason=form.cleaned_data["reason"])
            messages.success(request, _("Removed. Who wrote it sees your reason."))
        except TalkRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(address_of(post))
    rows = threads.posts_of(post.thread, request.user).filter(pk=post.pk)
    line = threads.post_lines(room, post.thread, rows)[0]
    context = {"room": room, "line": line, "thread": post.thread, "form": form, "back": address_of(post)}
    return render(request, "courses/cohorts/hide_post.html", context, status=422 if form.errors else 200)


@act
@second_factor_first
def bring_back(request: HttpRequest, post_id: UUID) -> HttpResponse:
    post, room = _moderated(request, post_id)
    moderating.bring_back(room=room, post=post)
    messages.success(request, _("Everybody here can read it again."))
    return redirect(address_of(post))


@act
@second_factor_first
def leave_it(request: HttpRequest, post_id: UUID) -> HttpResponse:
    post, room = _moderated(request, post_id)
    moderating.leave_it(room=room, post=post)
    messages.success(request, _("Settled. The post stays."))
    return redirect(address_of(post))


@act
@second_factor_first
def close(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    found, room = find_thread(request, thread_id)
    if not room.moderates:
        raise Http404
    form = SwitchForm(request.POST)
    if form.is_valid():
        moderating.close(room=room, thread=found, closed=form.cleaned_data["on"])
    return redirect("cohorts:thread", found.public_id)


@of_cohort(rights.RUN)
@require_safe
def notes(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Who shares private notes with the trainers."""
    page = page_of(request, shared_notes.who_shares(cohort))
    return render(request, "courses/cohorts/shared_notes.html", {**frame_of(request, cohort, "talk"), "page": page})


@of_cohort(rights.RUN)
@require_safe
def notes_of(request: HttpRequest, cohort: Cohort, member_id: UUID) -> HttpResponse:
    member = shared_notes.who_shares(cohort).filter(public_id=member_id).first()
    if member is None:
        raise Http404
    found = shared_notes.read_notes_of(cohort=cohort, member=member, by=request.user, language=get_language())
    context = {**frame_of(request, cohort, "talk"), "member": member, "notes": found}
    return render(request, "courses/cohorts/shared_notes_of.html", context)
