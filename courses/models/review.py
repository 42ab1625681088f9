from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task, TaskState, WorkflowState

from courses.models.pages import COURSE_DEPTH, CoursePage
from elearn.people.domain.roles import course_keys_of, holds_role
from elearn.people.enums import Role
from elearn.people.models import User


def course_key_of(page: Page) -> UUID | None:
    """The translation key of the course that a page is, or stands in; None above the courses."""
    path = page.path[: COURSE_DEPTH * Page.steplen]
    return CoursePage.objects.filter(path=path).values_list("translation_key", flat=True).first()


class ReviewTask(Task):
    """A step of the review that falls to whoever holds a role for the course of the page.

    One workflow serves every course: who decides follows from role grants, not from a list kept with the task.
    """

    # A manager stands in for an editor who is away; nobody stands in for the expert.
    DECIDERS: ClassVar[dict[str, tuple[Role, ...]]] = {
        Role.REVIEWER: (Role.REVIEWER,),
        Role.EDITOR: (Role.EDITOR, Role.MANAGER),
    }

    role = models.CharField(
        _("role"),
        max_length=20,
        choices=[(role.value, role.label) for role in (Role.REVIEWER, Role.EDITOR)],
        help_text=_("Who decides at this step: those who hold this role for the course."),
    )

    admin_form_fields: ClassVar[list[str]] = [*Task.admin_form_fields, "role"]

    class Meta:
        verbose_name = _("review by role")
        verbose_name_plural = _("reviews by role")

    def start(self, workflow_state: WorkflowState, user: User | None = None) -> TaskState:
        """Begin this step; where the page comes back with changes, begin the review anew.

        Wagtail would go on where changes were asked for, and what the author rewrote for the editor would reach
        learners without the expert having seen it. What reviewers put right themselves is approved with their step.
        """
        before = workflow_state.task_states.order_by("pk").last()
        first = workflow_state.workflow.tasks.first()
        if before is not None and before.status == TaskState.STATUS_REJECTED and first.pk != self.pk:
            return first.specific.start(workflow_state, user=user)
        return super().start(workflow_state, user=user)

    @property
    def deciding_roles(self) -> tuple[Role, ...]:
        return self.DECIDERS[self.role]

    def may_decide(self, page: Page, person: User) -> bool:
        return person.is_superuser or holds_role(person, *self.deciding_roles, course_key=course_key_of(page))

    def user_can_access_editor(self, obj: Page, user: User) -> bool:
        return self.may_decide(obj, user)

    def locked_for_user(self, obj: Page, user: User) -> bool:
        return not self.may_decide(obj, user)

    def user_can_lock(self, obj: Page, user: User) -> bool:
        return self.may_decide(obj, user)

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, Any, bool]]:
        if not self.may_decide(obj, user) or self._asks_for_own(obj, user):
            return []
        return [
            ("reject", _("Ask for changes"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def _asks_for_own(self, page: Page, person: User) -> bool:
        """Nobody is the expert reviewer of what they themselves sent for review."""
        state = page.current_workflow_state
        return self.role == Role.REVIEWER and state is not None and state.requested_by_id == person.pk

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> QuerySet:
        """The same as `may_decide`, as a filter."""
        states = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        keys = None if user.is_superuser else course_keys_of(user, *self.deciding_roles)
        if keys is None:
            return states
        pages = Page.objects.none()
        for path in CoursePage.objects.filter(translation_key__in=keys).values_list("path", flat=True):
            pages |= Page.objects.filter(path__startswith=path)
        return states.filter(workflow_state__object_id__in=[str(pk) for pk in pages.values_list("pk", flat=True)])

    @classmethod
    def get_description(cls) -> str:
        return _("Those who hold the role for the course of the page decide")  # type: ignore[return-value]
