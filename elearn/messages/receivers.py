"""Mail about where people work and what they may do there: what was decided, in the reader's own language."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from elearn.messages.domain import sending
from elearn.people import signals
from elearn.people.domain import scopes
from elearn.people.enums import MembershipOutcome, Role
from elearn.people.models import Membership, RoleGrant


@receiver(signals.membership_changed)
def tell_about_membership(membership: Membership, what: MembershipOutcome, **kwargs: Any) -> None:
    with translation.override(membership.person.language):
        subject, text = _wording(membership, what)
        page = settings.SITE_URL + reverse("people:profile")
        sending.write(
            person=membership.person,
            reason=_cause(membership, what),
            subject=subject,
            body=_("Hello %(name)s,\n\n%(text)s\n\nYour profile shows all your memberships:\n%(page)s\n")
            % {"name": membership.person.printed_name, "text": text, "page": page},
        )


@receiver(signals.membership_claimed)
def ask_focal_points(membership: Membership, **kwargs: Any) -> None:
    """The mail names nobody: who it is stands behind the login, where the look is written down."""
    institution = membership.institution
    grants = RoleGrant.objects.in_force().filter(role=Role.FOCAL_POINT, institution=institution, person__is_active=True)
    for grant in grants.exclude(person=membership.person).select_related("person"):
        with translation.override(grant.person.language):
            page = settings.SITE_URL + reverse("directory:member", args=[membership.public_id])
            names = {"name": grant.person.printed_name, "institution": institution.name, "page": page}
            sending.write(
                person=grant.person,
                reason=f"membership-claimed-{membership.public_id}",
                subject=_("Somebody says that they work in your institution"),
                body=_(
                    "Hello %(name)s,\n\nsomebody says that they work in %(institution)s. You are its focal point: "
                    "please look whether it is true, and confirm or refuse it:\n%(page)s\n"
                )
                % names,
            )


@receiver(signals.role_changed)
def tell_about_role(grant: RoleGrant, given: bool, **kwargs: Any) -> None:
    with translation.override(grant.person.language):
        words = {
            "name": grant.person.printed_name,
            "role": grant.get_role_display(),
            "covers": scopes.titles_of([grant])[grant.pk] or grant.get_scope_display(),
            "times": render_to_string("people/_grant_times.html", {"grant": grant}),
            "site": settings.SITE_NAME,
            "page": settings.SITE_URL + reverse("people:seen"),
            "contact": settings.OPERATOR_CONTACT,
        }
        if given:
            subject = _("You were given a role: %(role)s")
            body = _(
                "Hello %(name)s,\n\nyou were given a role at %(site)s: %(role)s (%(covers)s), %(times)s.\n\n"
                "With a role you may see what concerns other people, and they can see that you did. Log in here:\n"
                "%(page)s\n\nIs this a mistake? Tell us: %(contact)s\n"
            )
        else:
            subject = _("Your role has ended: %(role)s")
            body = _(
                "Hello %(name)s,\n\nyour role at %(site)s has ended: %(role)s (%(covers)s). What you did with it "
                "stays. Your own courses, notes and certificates are as they were.\n\n"
                "Is this a mistake? Tell us: %(contact)s\n"
            )
        sending.write(
            person=grant.person,
            reason=f"role-{'given' if given else 'ended'}-{grant.public_id}",
            subject=subject % words,
            body=body % words,
        )


def _cause(membership: Membership, what: MembershipOutcome) -> str:
    """A claim may be decided again, so every decision is a cause of its own; so is every address that goes."""
    start = f"membership-{membership.public_id}-{what}"
    if what == MembershipOutcome.ADDRESS_GONE or membership.decided_at is None:
        return f"{start}-{membership.person.mail.filter(reason__startswith=start).count()}"
    return f"{start}-{membership.decided_at:%Y%m%d%H%M%S%f}"


def _wording(membership: Membership, what: MembershipOutcome) -> tuple[str, str]:
    names = {"institution": membership.institution.name, "site": settings.SITE_NAME, "reason": membership.reason}
    if what == MembershipOutcome.CONFIRMED:
        subject = _("Your membership is confirmed")
        text = _("your membership of %(institution)s is now confirmed at %(site)s.")
    elif what == MembershipOutcome.REFUSED:
        subject = _("Your membership was not confirmed")
        text = _(
            "your membership of %(institution)s was not confirmed at %(site)s. The reason given: %(reason)s\n\n"
            "If this is a mistake, correct your profile and claim it again, or ask the institution's focal point."
        )
    elif what == MembershipOutcome.ENDED:
        subject = _("Your membership has ended")
        text = _("your membership of %(institution)s was ended at %(site)s. It stays in your history.")
    else:
        subject = _("Your membership needs to be confirmed again")
        text = _(
            "the e-mail address that confirmed your membership of %(institution)s is no longer yours at %(site)s. The "
            "membership stays, and the institution's focal point or a manager can confirm it. Adding an address at the "
            "institution confirms it at once."
        )
    return subject, text % names
