"""Reporting what does not belong, and what trainers do: remove, bring back, close. All of it leaves a trail."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.cohorts.rooms import Room
from courses.domain.cohorts.talking import TalkRefused, opens
from courses.domain.cohorts.telling import reason_of
from courses.models import Post, PostReport, Thread
from elearn.messages.models import Message
from elearn.people.domain import trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

HIDDEN, SHOWN = "talk.post_hidden", "talk.post_shown"
CLOSED, REOPENED = "talk.thread_closed", "talk.thread_reopened"
SETTLED = "talk.report_settled"


@transaction.atomic
def report(*, room: Room, post: Post, reason: str) -> None:
    """Tell the trainers that a post does not belong there. A second time changes nothing while the first one waits.

    Refusals: TalkRefused of one's own post, and of what is removed already; PersonErased.
    """
    by = lock_person(room.person.pk)
    if post.author_id == by.pk:
        raise TalkRefused(_("This is your own post. You can change it."))
    if post.hidden_at is not None:
        raise TalkRefused(_("A trainer has removed this already."))
    reason = reason.strip()[:300]
    told, created = PostReport.objects.get_or_create(post=post, person=by, defaults={"reason": reason})
    if not created and told.settled_at is not None:
        again = PostReport.objects.filter(pk=told.pk)
        again.update(settled_at=None, settled_by=None, reason=reason, created_at=timezone.now())


@transaction.atomic
def hide(*, room: Room, post: Post, reason: str) -> None:
    """Remove a post from sight, with a reason that its author reads.

    Effects: others see that a trainer removed it; with the post that opened it, the thread leaves the lists. Mails
    about it that wait are not sent. Reports of it are settled. An event in the author's trail.
    Refusals: TalkRefused without a reason, for those who do not moderate here, and of what is removed already.
    """
    _check_moderates(room)
    reason = reason.strip()[:300]
    if not reason:
        raise TalkRefused(_("Give a reason: the author reads it."))
    thread = Thread.objects.select_for_update().get(pk=post.thread_id)
    now = timezone.now()
    shown = Post.objects.shown().filter(pk=post.pk)
    if not shown.update(hidden_at=now, hidden_by=room.person, hidden_reason=reason):
        raise TalkRefused(_("Somebody else has removed this already."))
    told = [post]
    if opens(thread, post):
        Thread.objects.filter(pk=thread.pk).update(hidden_at=now)
        told = list(thread.posts.all())
    waiting = Message.objects.filter(reason__in=[reason_of(each) for each in told], work_done_at=None)
    waiting.update(useless_after=now)
    _settle(post, room.person)
    _put_in_order(thread)
    trail.record(HIDDEN, actor=room.person, subject=post.author, post=str(post.public_id), reason=reason)


@transaction.atomic
def bring_back(*, room: Room, post: Post) -> None:
    """Show again what was removed. Twice is once.

    Effects: an event in the author's trail. Refusals: TalkRefused for those who do not moderate here.
    """
    _check_moderates(room)
    thread = Thread.objects.select_for_update().get(pk=post.thread_id)
    hidden = Post.objects.filter(pk=post.pk, hidden_at__isnull=False)
    if not hidden.exists():
        return
    hidden.update(hidden_at=None, hidden_by=None, hidden_reason="")
    if opens(thread, post):
        Thread.objects.filter(pk=thread.pk).update(hidden_at=None)
    _put_in_order(thread)
    trail.record(SHOWN, actor=room.person, subject=post.author, post=str(post.public_id))


@transaction.atomic
def leave_it(*, room: Room, post: Post) -> None:
    """Settle the reports of a post without removing it. Refusals: TalkRefused for those who do not moderate here."""
    _check_moderates(room)
    if _settle(post, room.person):
        trail.record(SETTLED, actor=room.person, subject=post.author, post=str(post.public_id))


@transaction.atomic
def close(*, room: Room, thread: Thread, closed: bool) -> None:
    """End a discussion, or let it go on. What was written stays to be read.

    Effects: an event in the trail of who opened it. Refusals: TalkRefused for those who do not moderate here.
    """
    _check_moderates(room)
    rows = Thread.objects.filter(pk=thread.pk, closed_at__isnull=closed)
    if rows.update(closed_at=timezone.now() if closed else None):
        action = CLOSED if closed else REOPENED
        trail.record(action, actor=room.person, subject=thread.author, thread=str(thread.public_id))


def _check_moderates(room: Room) -> None:
    if not room.moderates:
        raise TalkRefused(_("Only the trainers do this."))


def _settle(post: Post, by: User) -> int:
    waiting = PostReport.objects.filter(post=post, settled_at=None)
    return waiting.update(settled_at=timezone.now(), settled_by=by) if waiting.exists() else 0


def _put_in_order(thread: Thread) -> None:
    """Lists are in the order of the latest post that is shown."""
    latest = thread.posts.shown().aggregate(at=Max("created_at"))["at"] or thread.created_at
    Thread.objects.filter(pk=thread.pk).update(last_post_at=latest)


def register_sentences() -> None:
    trail.register(HIDDEN, gettext_lazy("Removed a post of yours from a discussion"))
    trail.register(SHOWN, gettext_lazy("Brought a post of yours back"))
    trail.register(CLOSED, gettext_lazy("Closed a discussion that you had opened"))
    trail.register(REOPENED, gettext_lazy("Let a discussion that you had opened go on"))
    trail.register(SETTLED, gettext_lazy("Looked at a post of yours that was reported, and left it"))
