"""Guards at the doors of the model: whoever deletes, unpublishes or moves pages from code is refused as in the CMS.

And what follows, whatever the door: rights in the CMS from a new course page or a grant, mail from a step of a review.
"""

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Locale, Page, TaskState, WorkflowState
from wagtail.signals import (
    post_page_move,
    pre_page_move,
    pre_validate_delete,
    task_submitted,
    workflow_approved,
    workflow_rejected,
)

from courses.domain import archiving, authors, review, tree
from courses.models import CoursePage
from elearn.people.models import RoleGrant, User


@receiver(pre_delete, sender=Page)
def refuse_deleting_recorded_page(instance: Page, **kwargs: object) -> None:
    archiving.refuse_if_recorded([instance])


@receiver(pre_save)
def refuse_unpublishing_recorded_page(instance: Model, raw: bool, **kwargs: object) -> None:
    # By every door (button, interface for scripts, expiry date) a page is taken down by storing it.
    if isinstance(instance, Page) and not raw:
        archiving.refuse_unpublishing_if_recorded(instance)


@receiver(pre_validate_delete, sender=Locale)
def refuse_deleting_locale_with_records(instance: Locale, **kwargs: object) -> None:
    archiving.refuse_locale_deletion(instance)


@receiver(pre_page_move)
def refuse_moving_recorded_page(instance: Page, parent_page_after: Page, **kwargs: object) -> None:
    archiving.refuse_move_if_recorded(instance, parent_page_after)


# --- Authors and their courses -----------------------------------------------------------------------------------


@receiver(post_save, sender=CoursePage)
def give_new_course_to_its_authors(instance: CoursePage, created: bool, raw: bool, **kwargs: object) -> None:
    # A course page is made by many doors (editor, copy, translation, import) that share nothing but the row.
    if created and not raw:
        authors.prepare_course(instance)


@receiver(post_save, sender=RoleGrant)
def make_group_of_granted_course(instance: RoleGrant, created: bool, raw: bool, **kwargs: object) -> None:
    if created and not raw:
        authors.prepare_grant(instance)


# --- Review ------------------------------------------------------------------------------------------------------


@receiver(task_submitted)
def ask_for_review(instance: TaskState, user: User | None = None, **kwargs: object) -> None:
    review.ask_for_review(instance, user)


@receiver(workflow_approved, sender=WorkflowState)
def tell_of_approval(instance: WorkflowState, user: User | None = None, **kwargs: object) -> None:
    review.tell_outcome(instance, user, approved=True)


@receiver(workflow_rejected, sender=WorkflowState)
def tell_of_changes_asked_for(instance: WorkflowState, user: User | None = None, **kwargs: object) -> None:
    review.tell_outcome(instance, user, approved=False)


# --- What readers share (elearn.core.shelf) -------------------------------------------------------------------

# Storing a draft touches these alone, and readers see nothing of it.
DRAFT_FIELDS = {"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"}


@receiver(post_save)
def move_wording_on(instance: Model, raw: bool, update_fields: frozenset[str] | None = None, **kwargs: object) -> None:
    # Pages are stored by many doors, and not every one of them announces that it published something.
    if isinstance(instance, Page) and not raw and not (update_fields and update_fields <= DRAFT_FIELDS):
        tree.changed(instance)


@receiver(post_delete, sender=Page)
def move_wording_on_without(instance: Page, **kwargs: object) -> None:
    tree.changed(instance)


@receiver(post_page_move)
def move_wording_of_both(instance: Page, parent_page_before: Page, **kwargs: object) -> None:
    tree.changed(instance)
    tree.changed(parent_page_before)
