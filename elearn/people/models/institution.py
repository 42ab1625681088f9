from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from elearn.people.enums import InstitutionKind, MembershipState


class Institution(models.Model):
    """A body that sends or trains officials. `email_domains` are its own, in lower case, without the @."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=InstitutionKind.choices, default=InstitutionKind.OTHER)
    country = models.CharField(max_length=2)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    email_domains = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name", "country"], name="one_institution_per_name_and_country")]

    def __str__(self) -> str:
        return self.name


class Action(models.Model):
    """A project of the programme: what an institution's request became."""

    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=200)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    institutions = models.ManyToManyField(Institution, blank=True, related_name="actions")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="action_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Membership(models.Model):
    """A person's post in an institution. Only a confirmed one counts."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="memberships")
    post = models.CharField(_("post"), max_length=150, blank=True)
    state = models.CharField(max_length=10, choices=MembershipState.choices, default=MembershipState.CLAIMED)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=models.Q(ends_on__isnull=True),
                name="one_running_membership_per_institution",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(state=MembershipState.CLAIMED) | models.Q(decided_at__isnull=False),
                name="membership_decision_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.institution}"
