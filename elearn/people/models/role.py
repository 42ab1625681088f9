import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from elearn.people.enums import SCOPES_WITH_KEY, GrantState, Role, Scope
from elearn.people.models.institution import Action, Institution


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, now: datetime | None = None) -> "RoleGrantQuerySet":
        now = now or timezone.now()
        return self.filter(starts_at__lte=now).exclude(ends_at__lte=now)

    def not_ended(self, now: datetime | None = None) -> "RoleGrantQuerySet":
        """In force or still to come."""
        now = now or timezone.now()
        return self.filter(Q(ends_at=None) | (Q(ends_at__gt=now) & Q(ends_at__gt=models.F("starts_at"))))

    def overlapping(self, starts_at: datetime, ends_at: datetime | None) -> "RoleGrantQuerySet":
        """Those with a moment in common with the time from `starts_at` until `ends_at`."""
        rows = self.exclude(ends_at__lte=starts_at)
        return rows if ends_at is None else rows.filter(starts_at__lt=ends_at)

    def in_state(self, state: str, now: datetime | None = None) -> "RoleGrantQuerySet":
        """The rows whose `state_at` would answer this."""
        now = now or timezone.now()
        if state == GrantState.IN_FORCE:
            return self.in_force(now)
        if state == GrantState.COMING:
            return self.not_ended(now).filter(starts_at__gt=now)
        return self.exclude(pk__in=self.model._default_manager.not_ended(now).values("pk"))


class RoleGrant(models.Model):
    """A role that somebody gave to a person, with what it covers and for how long.

    Scopes in upper packages (a course, a cohort) are named by their language-neutral key in `scope_key`, since this
    package knows none of their models. A grant that was ended before it began has `ends_at == starts_at`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
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
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants_ended"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="role_grant_ends_not_before_it_starts",
            ),
            models.CheckConstraint(
                condition=(
                    Q(scope=Scope.PLATFORM, action=None, institution=None, scope_key=None)
                    | Q(scope=Scope.ACTION, action__isnull=False, institution=None, scope_key=None)
                    | Q(scope=Scope.INSTITUTION, institution__isnull=False, action=None, scope_key=None)
                    | Q(scope__in=SCOPES_WITH_KEY, scope_key__isnull=False, action=None, institution=None)
                ),
                name="role_grant_names_exactly_its_scope",
            ),
            models.CheckConstraint(
                condition=~Q(granted_by=models.F("person")), name="nobody_grants_a_role_to_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()} ({self.get_scope_display()})"

    @property
    def last_day(self) -> date | None:
        """The day on which the role is last held: an end at midnight belongs to the day before."""
        return timezone.localdate(self.ends_at - timedelta(microseconds=1)) if self.ends_at else None

    @property
    def state(self) -> GrantState:
        return self.state_at(timezone.now())

    def state_at(self, now: datetime) -> GrantState:
        if self.ends_at is not None and self.ends_at <= max(now, self.starts_at):
            return GrantState.ENDED
        return GrantState.COMING if self.starts_at > now else GrantState.IN_FORCE
