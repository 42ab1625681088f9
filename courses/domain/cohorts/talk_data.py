"""What is kept about a person where people talk: what they wrote, reported, found useful and follow."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.cohorts import telling, writing
from courses.models import CohortMessage, Follow, Post, PostReport, Thread, UsefulMark
from elearn.messages.models import Message
from elearn.people.domain.personal_data import ERASED_WORDS, Contribution, Identity, Row, Table
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    marks = UsefulMark.objects.filter(person=person).select_related("post__thread").order_by("pk")
    reports = PostReport.objects.filter(person=person).select_related("post__thread").order_by("created_at")
    follows = Follow.objects.filter(person=person).select_related("thread").order_by("pk")
    return [
        Table("threads", _("Discussions you opened"), _threads(person)),
        Table("posts", _("What you wrote in discussions"), _posts(person)),
        Table("useful_marks", _("Answers you found useful"), [{"post": row.post.public_id} for row in marks]),
        Table(
            "post_reports",
            _("Posts you reported"),
            [{"post": row.post.public_id, "reason": row.reason, "reported_at": row.created_at} for row in reports],
        ),
        Table(
            "follows",
            _("Discussions you follow"),
            [{"thread": row.thread.public_id, "muted_at": row.muted_at} for row in follows],
        ),
    ]


def _threads(person: User) -> list[Row]:
    rows = Thread.objects.filter(author=person).select_related("course", "cohort", "unit").order_by("created_at")
    return [
        {
            "thread": row.public_id,
            "kind": row.kind,
            "course": row.course.code,
            "cohort": row.cohort.title if row.cohort else "",
            "unit": row.unit.code if row.unit else "",
            "title": row.title,
            "created_at": row.created_at,
            "closed_at": row.closed_at,
            "removed_at": row.hidden_at,
        }
        for row in rows
    ]


def _posts(person: User) -> list[Row]:
    rows = Post.objects.filter(author=person).select_related("thread").order_by("created_at")
    return [
        {
            "post": row.public_id,
            "thread": row.thread.public_id,
            "text": row.text,
            "created_at": row.created_at,
            "edited_at": row.edited_at,
            "removed_at": row.hidden_at,
            "reason_of_removal": row.hidden_reason,
        }
        for row in rows
    ]


def erase(person: User, identity: Identity) -> None:
    """Words go, in the mails about them too; that there was a post stays, or answers to it would hang in the air."""
    posts = Post.objects.filter(author=person)
    reasons = [telling.reason_of(post) for post in posts.only("public_id")]
    reasons += [writing.reason_of(row) for row in CohortMessage.objects.filter(by=person).only("public_id")]
    mails = Message.objects.filter(reason__in=reasons)
    mails.filter(work_done_at=None).update(work_done_at=timezone.now())
    # A digest holds a copy, also one that waits to be sent: what others had in it is collected anew.
    copies = Message.objects.filter(collected__in=mails)
    waiting = list(copies.filter(work_done_at=None).values_list("pk", flat=True))
    Message.objects.filter(digest__in=waiting).exclude(reason__in=reasons).update(digest=None, work_done_at=None)
    for pk in waiting:
        Message.objects.filter(pk=pk).update(work_done_at=timezone.now(), reason=f"digest-ended-{pk}")
    copies.exclude(body="").update(body="")
    mails.exclude(subject="", body="").update(subject="", body="")
    posts.exclude(text=ERASED_WORDS).update(text=ERASED_WORDS)
    posts.exclude(hidden_reason="").update(hidden_reason=ERASED_WORDS)
    Thread.objects.filter(author=person).exclude(title=ERASED_WORDS).update(title=ERASED_WORDS)
    PostReport.objects.filter(person=person).exclude(reason="").update(reason="")
    PostReport.objects.filter(post__author=person).exclude(reason="").update(reason="")
    Follow.objects.filter(person=person).delete()
    UsefulMark.objects.filter(person=person).delete()


def written_before(cutoff: datetime) -> QuerySet[Post]:
    return Post.objects.filter(created_at__lt=cutoff).exclude(text=ERASED_WORDS)


def _blank(pks: list[int]) -> None:
    posts = Post.objects.filter(pk__in=pks)
    later = Post.objects.filter(thread=OuterRef("pk")).exclude(text=ERASED_WORDS)
    threads = list(posts.values_list("thread", flat=True).distinct())
    posts.update(text=ERASED_WORDS)
    Thread.objects.filter(~Exists(later), pk__in=threads).update(title=ERASED_WORDS)


CONTRIBUTION = Contribution(
    name="discussions",
    collect=collect,
    erase=erase,
    holds=frozenset(
        {
            "courses.Follow.person",
            "courses.Follow.thread",
            "courses.Post.author",
            "courses.Post.thread",
            "courses.PostReport.person",
            "courses.PostReport.post",
            "courses.Thread.author",
            "courses.UsefulMark.person",
            "courses.UsefulMark.post",
        }
    ),
    acts=frozenset({"courses.CohortMessage.by", "courses.Post.hidden_by", "courses.PostReport.settled_by"}),
)

PERIODS = (
    Kept(
        key="discussions",
        what=gettext_lazy("What you wrote in discussions, from the day you wrote it"),
        why=gettext_lazy("So that you and those who learn with you can read it."),
        then=gettext_lazy("The words are deleted; that there was a post stays."),
        due=written_before,
        apply=_blank,
    ),
)
