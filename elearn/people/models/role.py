from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from elearn.people.enums import SCOPES_WITH_KEY, Role, Scope
from elearn.people.models.institution import Action, Institution


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, now: datetime | None = None) -> "RoleGrantQuerySet":
        now = now or timezone.now()
        return self.filter(starts_at__lte=now).exclude(ends_at__lte=now)


class RoleGrant(models.Model):
    """A role that somebody gave to a person, with what it covers and for how long.

    Scopes in upper packages (a course, a cohort) are named by their language-neutral key in `scope_key`, since this
    package knows none of their models.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    scope = models.CharField(max_length=20, choices=Scope.choices, default=Scope.PLATFORM)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, blank=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True)
    scope_key = models.UUIDField(null=True, blank=True)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="role_grants_given"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="role_grant_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(scope=Scope.PLATFORM, action=None, institution=None, scope_key=None)
                    | models.Q(scope=Scope.ACTION, action__isnull=False, institution=None, scope_key=None)
                    | models.Q(scope=Scope.INSTITUTION, institution__isnull=False, action=None, scope_key=None)
                    | models.Q(scope__in=SCOPES_WITH_KEY, scope_key__isnull=False, action=None, institution=None)
                ),
                name="role_grant_names_exactly_its_scope",
            ),
            models.CheckConstraint(
                condition=~models.Q(granted_by=models.F("person")), name="nobody_grants_a_role_to_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()} ({self.get_scope_display()})"
