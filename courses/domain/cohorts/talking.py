"""Asking, answering, announcing; editing, finding useful, following."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.domain.cohorts.rights import trainers_of
from courses.domain.cohorts.rooms import Room
from courses.enums import ThreadKind
from courses.models import Follow, Post, Thread, Unit, UsefulMark
from elearn.core import pending
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

WORK = "courses.post"

TITLE_LENGTH = 200
TEXT_LENGTH = 10_000
# A person writes so many posts in an hour, not more.
MOST_AN_HOUR = 20
HOUR = timedelta(hours=1)
# So long one may change what one wrote, even after somebody answered.
EDIT_FOR = timedelta(minutes=30)


class TalkRefused(Exception):
    """The act cannot be done; the message says why, in words for the person."""


@transaction.atomic
def start_thread(
    *, room: Room, kind: ThreadKind, title: str, text: str, client_key: UUID, unit: Unit | None = None
) -> Thread:
    """Ask a question, open a topic or announce something in a room.

    Effects: a thread with its first post, once per `client_key`; its author and the trainers of the cohort follow it,
    and a worker tells them or, of an announcement, everybody who takes part.
    Refusals: TalkRefused for an announcement by others than trainers, in a closed room, and beyond MOST_AN_HOUR;
    PersonErased.
    """
    by = lock_person(room.person.pk)
    client_key = uuid5(client_key, f"{kind}\n{title}\n{text}")
    if sent := _sent_before(by, client_key):
        return sent.thread
    if kind == ThreadKind.ANNOUNCEMENT and not room.moderates:
        raise TalkRefused(_("Only trainers announce something."))
    _check_may_write(room, by)
    now = timezone.now()
    thread = Thread.objects.create(
        course=room.course,
        cohort=room.cohort,
        unit=unit,
        kind=kind,
        author=by,
        title=" ".join(title.split())[:TITLE_LENGTH],
        created_at=now,
        last_post_at=now,
    )
    if kind != ThreadKind.ANNOUNCEMENT:
        trainers = trainers_of(room.cohort) if room.cohort else []
        people = {by.pk, *(trainer.pk for trainer in trainers)}
        Follow.objects.bulk_create(Follow(thread=thread, person_id=pk) for pk in sorted(people))
    _write(thread, room, by, text, client_key, now)
    return thread


@transaction.atomic
def reply(*, room: Room, thread: Thread, text: str, client_key: UUID) -> Post:
    """Answer in a thread.

    Effects: a post, once per `client_key`; the thread moves up in the lists; whoever answers follows it, unless they
    said that they do not want to; a worker tells the others who follow.
    Refusals: TalkRefused in a thread that is closed or was removed, under an announcement, in a closed room, and beyond
    MOST_AN_HOUR; PersonErased.
    """
    by = lock_person(room.person.pk)
    client_key = uuid5(client_key, f"{thread.pk}\n{text}")
    if sent := _sent_before(by, client_key):
        return sent
    _check_may_write(room, by)
    thread = Thread.objects.select_for_update().get(pk=thread.pk)
    if refusal := why_no_reply(room, thread):
        raise TalkRefused(refusal)
    now = timezone.now()
    Thread.objects.filter(pk=thread.pk).update(last_post_at=now)
    Follow.objects.get_or_create(thread=thread, person=by)
    return _write(thread, room, by, text, client_key, now)


def why_no_reply(room: Room, thread: Thread) -> str:
    """Why nobody answers in a thread, in words; empty where they may."""
    if not room.is_open:
        return _("This cohort is closed. What was written stays, and nobody writes any more.")
    if thread.hidden_at is not None:
        return _("This was removed by a trainer, so nobody can answer it.")
    if thread.closed_at is not None:
        return _("A trainer has closed this discussion. It can be read, and nobody writes in it any more.")
    if thread.kind == ThreadKind.ANNOUNCEMENT:
        return _("This is an announcement. Ask in the forum if you have a question about it.")
    return ""


def _sent_before(by: User, client_key: UUID) -> Post | None:
    """A post that the same sending wrote. The key is made of what was written too: other words are another post."""
    return Post.objects.filter(author=by, client_key=client_key).select_related("thread").first()


def _check_may_write(room: Room, by: User) -> None:
    if not room.is_open:
        raise TalkRefused(_("This cohort is closed. What was written stays, and nobody writes any more."))
    now = timezone.now()
    lately = Post.objects.filter(author=by, created_at__gt=now - HOUR).order_by("-created_at")
    times = list(lately.values_list("created_at", flat=True)[:MOST_AN_HOUR])
    if len(times) == MOST_AN_HOUR:
        again = date_format(timezone.localtime(times[-1] + HOUR + timedelta(minutes=1)), "TIME_FORMAT")
        raise TalkRefused(
            _("You have written %(number)d times within an hour. What you typed is kept here: send it after %(time)s.")
            % {"number": MOST_AN_HOUR, "time": again}
        )


def _write(thread: Thread, room: Room, by: User, text: str, client_key: UUID, now: datetime) -> Post:
    post = Post.objects.create(
        thread=thread,
        author=by,
        text=plain(text),
        by_trainer=room.moderates,
        client_key=client_key,
        created_at=now,
    )
    pending.wake(WORK, post.pk)
    return post


def plain(text: str) -> str:
    """A text as it is stored: plain line ends, no NUL, which PostgreSQL does not take."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()[:TEXT_LENGTH]


def may_edit(post: Post, *, by: User, answered_at: datetime | None) -> bool:
    """Whether somebody may change what they wrote: for half an hour, and as long as nobody has answered since."""
    if post.author_id != by.pk or post.hidden_at is not None:
        return False
    return timezone.now() - post.created_at < EDIT_FOR or answered_at is None or answered_at < post.created_at


@transaction.atomic
def edit(*, room: Room, post: Post, text: str, title: str = "") -> None:
    """Change what one wrote oneself, and the title of what one opened.

    Effects: the post says that it was edited. Nobody is told.
    Refusals: TalkRefused after half an hour when somebody has answered, in a closed thread, and of what a trainer has
    removed; PersonErased.
    """
    by = lock_person(room.person.pk)
    thread = Thread.objects.select_for_update().get(pk=post.thread_id)
    post = Post.objects.get(pk=post.pk)
    others = Post.objects.shown().filter(thread=thread).exclude(author=by).order_by("-created_at")
    answered_at = others.values_list("created_at", flat=True).first()
    if not room.is_open or thread.closed_at or not may_edit(post, by=by, answered_at=answered_at):
        raise TalkRefused(_("This can no longer be changed. Write another post to correct it."))
    title = " ".join(title.split())[:TITLE_LENGTH]
    if title and opens(thread, post):
        Thread.objects.filter(pk=thread.pk).update(title=title)
    Post.objects.filter(pk=post.pk).update(text=plain(text), edited_at=timezone.now())


def opens(thread: Thread, post: Post) -> bool:
    """Whether the post is the one that opened the thread."""
    return thread.posts.order_by("created_at", "pk").values_list("pk", flat=True).first() == post.pk


@transaction.atomic
def mark_useful(*, room: Room, post: Post, useful: bool) -> None:
    """Say that somebody else's answer is useful, or no longer.

    Refusals: TalkRefused for one's own posts, for questions and announcements, and for what was removed; PersonErased.
    """
    by = lock_person(room.person.pk)
    if post.author_id == by.pk:
        raise TalkRefused(_("Others say whether your answer is useful."))
    if post.hidden_at is not None or post.thread.kind == ThreadKind.ANNOUNCEMENT or opens(post.thread, post):
        raise TalkRefused(_("Only answers are marked as useful."))
    if useful:
        UsefulMark.objects.get_or_create(post=post, person=by)
    else:
        UsefulMark.objects.filter(post=post, person=by).delete()


@transaction.atomic
def follow(*, thread: Thread, by: User, wanted: bool) -> None:
    """Be told about new posts of a thread by mail, or no longer. Refusals: PersonErased."""
    by = lock_person(by.pk)
    muted_at = None if wanted else timezone.now()
    Follow.objects.update_or_create(thread=thread, person=by, defaults={"muted_at": muted_at})
