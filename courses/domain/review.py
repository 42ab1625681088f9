"""Review before publishing: an expert of the field first, then the editor, whose approval publishes the page.

The steps and their states are Wagtail's workflow; here stands who is asked, and what they are told.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import (
    Comment,
    Page,
    PageSubscription,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)
from wagtail.users.models import UserProfile

from courses.models import ReviewTask
from courses.models.review import course_key_of
from elearn.messages.domain import sending
from elearn.people.enums import Role, Scope
from elearn.people.models import RoleGrant, User

# Names as they are stored; whoever administers the site may call them otherwise.
WORKFLOW = "Review and publish"
STEPS = ((Role.REVIEWER, "Expert review"), (Role.EDITOR, "Editor's approval"))


@transaction.atomic
def ensure_workflow(pages: Iterable[Page]) -> Workflow:
    """Have every page below these go through the review.

    Runs after every `migrate`. The workflow is made once; what an administrator makes of it afterwards (other steps,
    another workflow for a part of the tree, none at all) stays.
    """
    tasks = [_step(role, name) for role, name in STEPS]
    workflow = Workflow.objects.filter(workflow_tasks__task__in=tasks).order_by("pk").first()
    if workflow is None:
        workflow = Workflow.objects.create(name=WORKFLOW)
        for order, task in enumerate(tasks):
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    if workflow.active:
        for page in pages:
            WorkflowPage.objects.get_or_create(page=page, defaults={"workflow": workflow})
    return workflow


def _step(role: Role, name: str) -> ReviewTask:
    task = ReviewTask.objects.filter(role=role).order_by("pk").first()
    return task or ReviewTask.objects.create(role=role, name=name)


def deciders(task: ReviewTask, page: Page) -> QuerySet[User]:
    """Who holds a deciding role for the page's course now. Administrators, who may everything, are not asked."""
    where = Q(scope=Scope.PLATFORM)
    key = course_key_of(page)
    if key is not None:
        where |= Q(scope=Scope.COURSE, scope_key=key)
    grants = RoleGrant.objects.in_force().filter(where, role__in=task.deciding_roles)
    return User.objects.filter(is_active=True, role_grants__in=grants).distinct().order_by("pk")


# --- What people are told ----------------------------------------------------------------------------------------


def ask_for_review(task_state: TaskState, by: User | None) -> None:
    """Write to those whose review a page now waits for, except the person who sent it there."""
    task = task_state.task.specific
    page = task_state.workflow_state.content_object
    if not isinstance(task, ReviewTask) or not isinstance(page, Page):
        return
    for person in deciders(task, page):
        if person != by and _wants(person, "submitted"):
            with translation.override(person.language):
                subject = _("Waiting for you: “%(title)s” (%(step)s)") % {"title": _title(page), "step": task.name}
                text = _("%(who)s asks for your review of “%(title)s”.") % {
                    "who": by or _("Somebody"),
                    "title": _title(page),
                }
                _write(person, f"review.asked.{task_state.pk}", subject, [text], page)


def tell_outcome(workflow_state: WorkflowState, by: User | None, *, approved: bool) -> None:
    """Write to the person who asked for the review how it ended, unless they ended it themselves."""
    person, page = workflow_state.requested_by, workflow_state.content_object
    if person is None or person == by or not isinstance(page, Page) or not person.is_active:
        return
    if not _wants(person, "approved" if approved else "rejected"):
        return
    last = workflow_state.current_task_state
    with translation.override(person.language):
        if approved:
            subject = _("Published: “%s”") % _title(page)
            lines = [_("“%s” was approved and is published, or will be at the time you set.") % _title(page)]
        else:
            subject = _("Changes asked for: “%s”") % _title(page)
            lines = [
                _("%(who)s asks for changes to “%(title)s”.") % {"who": by or _("Somebody"), "title": _title(page)}
            ]
        if last is not None and last.comment:
            lines.append(last.comment)
        reason = f"review.ended.{workflow_state.pk}.{last.pk if last else 0}"
        _write(person, reason, subject, lines, page)


def tell_of_comments(page: Page, changes: dict[str, Any], by: User) -> None:
    """Write to those who follow the page's comments, or take part in a thread, what was said and by whom.

    `changes` is what Wagtail's editor answers after saving: new, deleted and resolved comments, and new replies.
    """
    new, gone, resolved = changes["new_comments"], changes["deleted_comments"], changes["resolved_comments"]
    replied = [(comment, list(replies)) for comment, replies in changes["new_replies"]]
    if not (new or gone or resolved or replied):
        return
    followers = set(
        PageSubscription.objects.filter(page=page, comment_notifications=True).values_list("user_id", flat=True)
    )
    reason = f"review.comments.{page.pk}.{timezone.now():%Y%m%d%H%M%S%f}"
    threads = {comment.pk: _people_in(comment) for comment in [*resolved, *(comment for comment, _new in replied)]}
    for person in User.objects.filter(pk__in=followers.union(*threads.values()), is_active=True).exclude(pk=by.pk):
        if not _wants(person, "updated_comments"):
            continue
        follows = person.pk in followers
        with translation.override(person.language):
            lines = [_("New comment: %s") % comment.text for comment in new if follows]
            lines += [_("Comment removed: %s") % comment.text for comment in gone if follows]
            mine = [comment for comment in resolved if follows or person.pk in threads[comment.pk]]
            lines += [_("Comment resolved: %s") % comment.text for comment in mine]
            for comment, replies in replied:
                if follows or person.pk in threads[comment.pk]:
                    lines.append(_("Replies to: %s") % comment.text)
                    lines += [f"  – {reply.text}" for reply in replies]
            first = _("%(who)s has commented on “%(title)s”.") % {"who": by, "title": _title(page)}
            subject = _("Comments on “%s”") % _title(page)
            if lines:
                _write(person, reason, subject, [first, "\n".join(lines)], page)


def _people_in(comment: Comment) -> set[int]:
    return {comment.user_id, *comment.replies.values_list("user_id", flat=True)}


def _wants(person: User, what: str) -> bool:
    """What the person has chosen in the CMS, under their account."""
    return bool(getattr(UserProfile.get_for_user(person), f"{what}_notifications"))


def _title(page: Page) -> str:
    return str(page.draft_title or page.title)


def _write(person: User, reason: str, subject: str, paragraphs: list[str], page: Page) -> None:
    address = settings.SITE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk])
    body = "\n\n".join([*paragraphs, _("The page in the editor: %s") % address, settings.SITE_NAME])
    sending.write(person=person, reason=reason, subject=subject[:400], body=body)
