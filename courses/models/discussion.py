import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.enums import ThreadKind
from courses.models.cohort import Cohort
from courses.models.course import Course, Unit
from elearn.core.models import PendingWork


class ThreadQuerySet(models.QuerySet["Thread"]):
    def shown(self) -> "ThreadQuerySet":
        return self.filter(hidden_at=None)


class Thread(models.Model):
    """A question under a lesson, a topic in a cohort's forum, or an announcement; its first post opens it.

    With a cohort it is read by that cohort and its trainers. Without one, by those who take the course on their own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="threads")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="threads")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="threads")
    kind = models.CharField(max_length=12, choices=ThreadKind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads")
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    # The time of the latest post that is shown: lists are in this order.
    last_post_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["-last_post_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=ThreadKind.QUESTION) | models.Q(unit__isnull=False),
                name="question_is_about_a_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ThreadKind.QUESTION) | models.Q(cohort__isnull=False),
                name="forum_belongs_to_a_cohort",
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "last_post_at"], name="threads_of_cohort"),
            models.Index(fields=["unit", "cohort"], name="threads_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title


class PostQuerySet(models.QuerySet["Post"]):
    def shown(self) -> "PostQuerySet":
        return self.filter(hidden_at=None)


class Post(PendingWork):
    """What somebody wrote in a thread: plain text, shown with its line breaks and links.

    The work left to do on the row is to tell those who follow the thread, or to whom it is announced.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    text = models.TextField(max_length=10_000, blank=True)
    # Written as a trainer of the place, which it stays when they are no longer one.
    by_trainer = models.BooleanField(default=False)
    # What the browser gave the sending, so that a double click writes one post.
    client_key = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="post_due"),
            models.Index(fields=["author", "created_at"], name="posts_by_author"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_key"], name="one_post_per_sending"),
            models.CheckConstraint(
                condition=models.Q(hidden_at=None) | ~models.Q(hidden_reason=""), name="hidden_post_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread} ({self.created_at:%Y-%m-%d %H:%M})"


class UsefulMark(models.Model):
    """Somebody found a post useful."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="useful_marks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="useful_once_per_person")]

    def __str__(self) -> str:
        return f"{self.post}: {self.person}"


class PostReport(models.Model):
    """Somebody says that a post does not belong there; a moderator has to look."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="one_report_per_person")]

    def __str__(self) -> str:
        return f"{self.post}: {self.person}"


class Follow(models.Model):
    """Somebody is told by mail about new posts of a thread. `muted_at`: they were, and do not want to be any more."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    muted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="followed_once")]

    def __str__(self) -> str:
        return f"{self.thread}: {self.person}"


class CohortMessage(PendingWork):
    """What a trainer wrote to learners of a cohort: {language: {"subject", "body"}}. Its mails name it as cause.

    The work left to do on the row is to write a mail to each of `to`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    texts = models.JSONField()
    # Primary keys of the members to whom it goes, as they were when it was sent.
    to: "models.JSONField[list[int]]" = models.JSONField(default=list)
    # What the browser gave the sending, so that a double click sends once.
    client_key = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["by", "client_key"], name="one_message_per_sending")]
        indexes = [
            models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="cohort_message_due")
        ]

    def __str__(self) -> str:
        return f"{self.cohort} ({self.created_at:%Y-%m-%d %H:%M})"

    @property
    def recipients(self) -> int:
        return len(self.to)
