"""What people read where they talk: lists of threads, one thread with its posts, what waits for a moderator."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.safestring import mark_safe
from wagtail.models import Page

from courses.domain.cohorts.rooms import Room, open_rooms
from courses.domain.cohorts.talking import may_edit
from courses.domain.tree import page_address
from courses.enums import ThreadKind
from courses.models import Cohort, Follow, Post, PostReport, Thread, Unit, UsefulMark
from elearn.core.html import clean_learner_text
from elearn.people.models import User

THREADS_PER_PAGE = 25
POSTS_PER_PAGE = 50


@dataclass(frozen=True)
class ThreadLine:
    """A thread as lists show it. `lesson` is empty for what is not about one."""

    thread: Thread
    lesson: str
    answers: int
    is_answered: bool
    has_useful: bool
    by_trainer: bool

    @property
    def url(self) -> str:
        return reverse("cohorts:thread", args=[self.thread.public_id])


@dataclass(frozen=True)
class PostLine:
    """A post as one person sees it; `html` is empty for whom it was removed."""

    post: Post
    is_first: bool
    is_own: bool
    is_read: bool
    useful: int
    found_useful: bool
    reported: bool
    may_edit: bool
    may_mark: bool

    @property
    def html(self) -> str:
        return mark_safe(clean_learner_text(self.post.text)) if self.is_read else ""


def with_facts(rows: QuerySet[Thread]) -> QuerySet[Any]:
    """The threads with what their lines show, in one query."""
    posts = Post.objects.shown().filter(thread=OuterRef("pk"))
    answers = posts.order_by().values("thread").annotate(number=Count("pk")).values("number")
    marks = UsefulMark.objects.filter(post__thread=OuterRef("pk"), post__hidden_at=None)
    others = posts.exclude(author=OuterRef("author"))
    return rows.select_related("author", "unit").annotate(
        shown_posts=Coalesce(Subquery(answers, output_field=IntegerField()), 0),
        answered=Exists(others),
        useful=Exists(marks),
        trainer_answered=Exists(others.filter(by_trainer=True)),
    )


def unanswered_first(rows: QuerySet[Thread]) -> QuerySet[Any]:
    """Those that nobody but who asked has written in come first, the oldest of them at the top."""
    waits = Case(When(answered=False, then="last_post_at"))
    return with_facts(rows).order_by("answered", waits, "-last_post_at", "-pk")


def lines_of(threads: Iterable[Any], language: str) -> list[ThreadLine]:
    """Threads from `with_facts` as lines. One query, for the titles of the lessons."""
    threads = list(threads)
    lessons = lessons_of({thread.unit.key for thread in threads if thread.unit}, language)
    return [
        ThreadLine(
            thread=thread,
            lesson=lessons.get(thread.unit.key, (thread.unit.code, ""))[0] if thread.unit else "",
            answers=max(0, thread.shown_posts - (thread.hidden_at is None)),
            is_answered=thread.answered,
            has_useful=thread.useful,
            by_trainer=thread.trainer_answered,
        )
        for thread in threads
    ]


def lessons_of(keys: Iterable[UUID], language: str) -> dict[UUID, tuple[str, str]]:
    """What units are called, and where they are: in this language, or in the first that has them. One query."""
    wanted = set(keys)
    if not wanted:
        return {}
    pages = Page.objects.filter(translation_key__in=wanted).order_by("path")
    found: dict[UUID, tuple[str, str]] = {}
    for key, code, title, path, live in pages.values_list(
        "translation_key", "locale__language_code", "title", "url_path", "live"
    ):
        if key not in found or code == language:
            found[key] = (title, page_address(code, path) if live else "")
    return found


def questions_about(room: Room, unit: Unit) -> QuerySet[Any]:
    return with_facts(room.threads().filter(unit=unit, kind=ThreadKind.QUESTION))


def forum_of(room: Room) -> QuerySet[Any]:
    return with_facts(room.threads().filter(kind=ThreadKind.TOPIC))


@dataclass(frozen=True)
class Announcement:
    thread: Thread
    html: str


def latest_announcements(cohort: Cohort, number: int = 3) -> list[Announcement]:
    """The latest announcements that are shown, with their text. Two queries."""
    rows = Thread.objects.shown().filter(cohort=cohort, kind=ThreadKind.ANNOUNCEMENT)
    threads = list(rows.select_related("author").order_by("-created_at", "-pk")[:number])
    texts: dict[int, str] = {}
    for post in Post.objects.shown().filter(thread__in=threads).order_by("created_at", "pk"):
        texts.setdefault(post.thread_id, post.text)
    return [Announcement(row, mark_safe(clean_learner_text(texts.get(row.pk, "")))) for row in threads]


def latest_threads(cohort: Cohort, language: str, number: int = 5) -> list[ThreadLine]:
    """The questions and topics in which somebody wrote last, as a learner may see them. Two queries."""
    rows = Thread.objects.shown().filter(cohort=cohort).exclude(kind=ThreadKind.ANNOUNCEMENT)
    return lines_of(with_facts(rows)[:number], language)


def posts_of(thread: Thread, person: User) -> QuerySet[Any]:
    """The posts of a thread in their order, with what one person did with them, in one query."""
    marks = UsefulMark.objects.filter(post=OuterRef("pk"))
    reports = PostReport.objects.filter(post=OuterRef("pk"), person=person, settled_at=None)
    counted = marks.order_by().values("post").annotate(number=Count("pk")).values("number")
    return thread.posts.select_related("author", "hidden_by").annotate(
        useful=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        found_useful=Exists(marks.filter(person=person)),
        reported=Exists(reports),
    )


def post_lines(room: Room, thread: Thread, posts: Iterable[Any]) -> list[PostLine]:
    """Posts from `posts_of` as one person sees them. Two queries, whatever the number."""
    first = thread.posts.order_by("created_at", "pk").values_list("pk", flat=True).first()
    others = thread.posts.shown().exclude(author=room.person).order_by("-created_at")
    answered_at = others.values_list("created_at", flat=True).first()
    is_open = room.is_open and thread.closed_at is None
    lines = []
    for post in posts:
        is_own = post.author_id == room.person.pk
        shown = post.hidden_at is None
        answers = thread.kind != ThreadKind.ANNOUNCEMENT and post.pk != first
        lines.append(
            PostLine(
                post=post,
                is_first=post.pk == first,
                is_own=is_own,
                is_read=shown or is_own or room.moderates,
                useful=post.useful,
                found_useful=post.found_useful,
                reported=post.reported,
                may_edit=is_open and may_edit(post, by=room.person, answered_at=answered_at),
                may_mark=shown and not is_own and answers,
            )
        )
    return lines


def follows(thread: Thread, person: User) -> bool:
    return Follow.objects.filter(thread=thread, person=person, muted_at=None).exists()


def reported_posts(threads: QuerySet[Thread]) -> QuerySet[PostReport]:
    """What was reported in these threads and nobody has looked at, the oldest first."""
    rows = PostReport.objects.filter(post__thread__in=threads, settled_at=None)
    return rows.select_related("post__thread", "post__author", "person").order_by("created_at", "pk")


def open_questions(person: User) -> QuerySet[Any]:
    """The questions of people who learn on their own, as far as the person moderates them."""
    return unanswered_first(open_rooms(person).filter(kind=ThreadKind.QUESTION).select_related("course"))
