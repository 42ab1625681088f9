import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elearn.people.enums import InstitutionKind, InstitutionState, MembershipState


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def known(self) -> "InstitutionQuerySet":
        return self.filter(state=InstitutionState.KNOWN)

    def claimable_by(self, person: models.Model) -> "InstitutionQuerySet":
        """Those a person may name as theirs: the known ones, and what they have proposed themselves."""
        return self.filter(Q(state=InstitutionState.KNOWN) | Q(state=InstitutionState.PROPOSED, proposed_by=person))


class Institution(models.Model):
    """A body that sends or trains officials. `email_domains` are its own, in lower case, without the @.

    A proposed one is seen by whoever proposed it and by managers alone, until a manager accepts it, merges it into a
    known one, or declines it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=InstitutionKind.choices, default=InstitutionKind.OTHER)
    country = models.CharField(max_length=2)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    email_domains = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=InstitutionState.choices, default=InstitutionState.KNOWN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="institutions_proposed"
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "country"], name="one_institution_per_name_and_country"),
            models.CheckConstraint(
                condition=Q(state=InstitutionState.MERGED, merged_into__isnull=False)
                | (~Q(state=InstitutionState.MERGED) & Q(merged_into=None)),
                name="merged_institution_names_the_other",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="institution_is_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Action(models.Model):
    """A project of the programme: what an institution's request became."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=200)
    # Values of elearn.people.enums.Theme, and codes of countries.
    themes: "models.JSONField[list[str]]" = models.JSONField(default=list, blank=True)
    countries: "models.JSONField[list[str]]" = models.JSONField(default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    institutions = models.ManyToManyField(Institution, blank=True, related_name="actions")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="action_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def running(self) -> "MembershipQuerySet":
        return self.filter(ends_on=None)

    def confirmed(self) -> "MembershipQuerySet":
        """The ones that count: confirmed and not ended."""
        return self.running().filter(state=MembershipState.CONFIRMED)


class Membership(models.Model):
    """A person's post in an institution. Only a confirmed one that runs counts.

    Who decided: `decided_by`, or `email_domain`, the domain of the institution at which the person's address is
    verified. History stays: an ended membership keeps what it was.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="memberships")
    post = models.CharField(_("post"), max_length=150, blank=True)
    state = models.CharField(max_length=10, choices=MembershipState.choices, default=MembershipState.CLAIMED)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    email_domain = models.CharField(max_length=253, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships_ended"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=Q(ends_on__isnull=True),
                name="one_running_membership_per_institution",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state=MembershipState.CLAIMED) | Q(decided_at__isnull=False),
                name="membership_decision_has_a_time",
            ),
            models.CheckConstraint(condition=~Q(decided_by=models.F("person")), name="nobody_confirms_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.institution}"
