"""Talking, for everybody who takes part: questions under a lesson, the forum, a thread, and what one does in it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.domain.cohorts import moderating, talking, threads
from courses.domain.cohorts.rooms import Room, room_of, room_of_thread, room_of_unit
from courses.domain.cohorts.talking import TalkRefused
from courses.domain.moving import title_and_address
from courses.enums import ThreadKind
from courses.forms.talk import EditForm, EditOpeningForm, PostForm, QuestionForm, ReportForm, SwitchForm, TopicForm
from courses.models import CohortMember, Post, Thread, Unit
from courses.views.cohorts.entrance import of_own_cohort
from courses.views.cohorts.typed import keeps_typed, typed_before
from elearn.core.acts import act
from elearn.people.gate import turned_away

PAGE_ACTS = require_http_methods(["GET", "HEAD", "POST"])


def page_of(request: HttpRequest, rows: QuerySet, per_page: int = threads.THREADS_PER_PAGE) -> Page:
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


@PAGE_ACTS
@keeps_typed
def questions(request: HttpRequest, unit_key: UUID) -> HttpResponse:
    """The questions about a lesson in the reader's room, and a form to ask another one."""
    unit = get_object_or_404(Unit.objects.select_related("course"), key=unit_key)
    room = room_of_unit(request.user, unit)
    if room is None:
        raise Http404
    if answer := _guarded(request, room):
        return answer
    started, form = start(request, room, ThreadKind.QUESTION, QuestionForm, unit)
    if started:
        return redirect("cohorts:thread", started.public_id)
    page = page_of(request, threads.questions_about(room, unit))
    title, url = threads.lessons_of([unit.key], get_language()).get(unit.key, (unit.code, ""))
    context = {"room": room, "lesson": title, "lesson_url": url, "form": form, **listed(page)}
    return render(request, "courses/cohorts/questions.html", context, status=422 if form.errors else 200)


@PAGE_ACTS
@keeps_typed
@of_own_cohort
def forum(request: HttpRequest, member: CohortMember) -> HttpResponse:
    """The forum and the announcements of a cohort that one takes part in."""
    cohort = member.cohort
    room = room_of(request.user, cohort.course, cohort)
    if room is None:
        raise Http404
    started, form = start(request, room, ThreadKind.TOPIC, TopicForm)
    if started:
        return redirect("cohorts:thread", started.public_id)
    page = page_of(request, threads.forum_of(room))
    title, url = title_and_address(cohort.course, get_language())
    context = {
        "room": room,
        "announcements": threads.latest_announcements(cohort),
        "course_title": title,
        "course_url": url,
        "form": form,
        **listed(page),
    }
    return render(request, "courses/cohorts/forum.html", context, status=422 if form.errors else 200)


@PAGE_ACTS
@keeps_typed
def thread(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """A thread with its posts, and a form to answer."""
    found, room = find_thread(request, thread_id)
    if answer := _guarded(request, room):
        return answer
    form = PostForm(
        request.POST if request.method == "POST" else None,
        writer=request.user.public_id,
        initial=typed_before(request) if request.method == "GET" else None,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            post = talking.reply(room=room, thread=found, text=data["text"], client_key=data["client_key"])
            return redirect(address_of(post))
        except TalkRefused as refusal:
            form.add_error(None, str(refusal))
    context = _thread_context(request, room, found) | {"form": form}
    return render(request, "courses/cohorts/thread.html", context, status=422 if form.errors else 200)


def _thread_context(request: HttpRequest, room: Room, found: Thread) -> dict[str, Any]:
    page = page_of(request, threads.posts_of(found, request.user), threads.POSTS_PER_PAGE)
    lessons = threads.lessons_of([found.unit.key] if found.unit else [], get_language())
    may_see = found.hidden_at is None or room.moderates or found.author_id == request.user.pk
    return {
        "room": room,
        "thread": found,
        "title": found.title if may_see else _("Removed by a trainer"),
        "lesson": lessons.get(found.unit.key) if found.unit else None,
        "page": page,
        "lines": threads.post_lines(room, found, page.object_list),
        "follows": threads.follows(found, request.user),
        "no_reply": talking.why_no_reply(room, found),
    }


@PAGE_ACTS
@keeps_typed
def edit(request: HttpRequest, post_id: UUID) -> HttpResponse:
    post, room = find_post(request, post_id)
    if answer := _guarded(request, room):
        return answer
    if post.author_id != request.user.pk:
        raise Http404
    opens = talking.opens(post.thread, post)
    kind = EditOpeningForm if opens else EditForm
    initial = {"text": post.text, "title": post.thread.title} | typed_before(request)
    form = kind(request.POST if request.method == "POST" else None, writer=request.user.public_id, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            talking.edit(room=room, post=post, text=form.cleaned_data["text"], title=form.cleaned_data.get("title", ""))
            return redirect(address_of(post))
        except TalkRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"room": room, "post": post, "thread": post.thread, "form": form, "back": address_of(post)}
    return render(request, "courses/cohorts/edit_post.html", context, status=422 if form.errors else 200)


@act
def useful(request: HttpRequest, post_id: UUID) -> HttpResponse:
    post, room = find_post(request, post_id)
    form = SwitchForm(request.POST)
    try:
        if form.is_valid():
            talking.mark_useful(room=room, post=post, useful=form.cleaned_data["on"])
    except TalkRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(address_of(post))


@act
def follow(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    found, _room = find_thread(request, thread_id)
    form = SwitchForm(request.POST)
    if form.is_valid():
        talking.follow(thread=found, by=request.user, wanted=form.cleaned_data["on"])
        messages.success(
            request,
            _("You are told by mail when somebody writes here.")
            if form.cleaned_data["on"]
            else _("You get no more mail about this discussion."),
        )
    return redirect("cohorts:thread", found.public_id)


@PAGE_ACTS
@login_required
@never_cache
def report(request: HttpRequest, post_id: UUID) -> HttpResponse:
    post, room = find_post(request, post_id)
    if answer := _guarded(request, room):
        return answer
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            moderating.report(room=room, post=post, reason=form.cleaned_data["reason"])
            messages.success(request, _("Thank you. The trainers will look at it."))
        except TalkRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(address_of(post))
    if post.hidden_at is not None:
        return redirect(address_of(post))
    context = {"room": room, "line": _line(room, post), "thread": post.thread, "form": form, "back": address_of(post)}
    return render(request, "courses/cohorts/report_post.html", context, status=422 if form.errors else 200)


def _line(room: Room, post: Post) -> threads.PostLine:
    rows = threads.posts_of(post.thread, room.person).filter(pk=post.pk)
    return threads.post_lines(room, post.thread, rows)[0]


def start(
    request: HttpRequest, room: Room, kind: ThreadKind, form_class: type[PostForm], unit: Unit | None = None
) -> tuple[Thread | None, PostForm]:
    """The thread that the form has started, or the form as it is to be shown."""
    if request.method != "POST":
        return None, form_class(writer=request.user.public_id, initial=typed_before(request))
    form = form_class(request.POST, writer=request.user.public_id)
    if not form.is_valid():
        return None, form
    data = form.cleaned_data
    try:
        started = talking.start_thread(
            room=room, kind=kind, title=data["title"], text=data["text"], client_key=data["client_key"], unit=unit
        )
    except TalkRefused as refusal:
        form.add_error(None, str(refusal))
        return None, form
    return started, form


def listed(page: Page) -> dict[str, Any]:
    return {"page": page, "lines": threads.lines_of(page.object_list, get_language())}


def find_thread(request: HttpRequest, thread_id: UUID) -> tuple[Thread, Room]:
    """The thread and its room as this person finds it; 404 for whoever is not in it."""
    rows = Thread.objects.select_related("course", "cohort", "unit", "author")
    found = get_object_or_404(rows, public_id=thread_id)
    room = room_of_thread(request.user, found)
    if room is None:
        raise Http404
    return found, room


def find_post(request: HttpRequest, post_id: UUID) -> tuple[Post, Room]:
    rows = Post.objects.select_related("thread__course", "thread__cohort", "thread__unit", "author")
    post = get_object_or_404(rows, public_id=post_id)
    room = room_of_thread(request.user, post.thread)
    if room is None:
        raise Http404
    return post, room


def address_of(post: Post) -> str:
    """Where a post stands: its page of the thread, and its place there."""
    before = Post.objects.filter(thread=post.thread_id, created_at__lt=post.created_at).count()
    number = before // threads.POSTS_PER_PAGE + 1
    query = f"?page={number}" if number > 1 else ""
    return f"{reverse('cohorts:thread', args=[post.thread.public_id])}{query}#post-{post.public_id}"


def _guarded(request: HttpRequest, room: Room) -> HttpResponse | None:
    """Whoever is here by a role, and not as a learner, needs the second step."""
    return None if room.learns else turned_away(request)
