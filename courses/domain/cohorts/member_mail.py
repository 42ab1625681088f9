"""What people are told when somebody else decides about their place in a cohort. It must be sent, and always is."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import CohortMember
from elearn.messages.domain import sending
from elearn.people.models import User


def tell_seated(member: CohortMember) -> None:
    with translation.override(_language(member)):
        subject = _("You take part in “%(cohort)s”")
        text = _(
            "you have a place in the cohort “%(cohort)s”, which begins on %(starts)s. What you have done in the course "
            "counts. If you do not want the place, you can give it back."
        )
        _write(member, "seated", subject, text)


def tell_waiting(member: CohortMember) -> None:
    with translation.override(_language(member)):
        subject = _("You are on the waiting list of “%(cohort)s”")
        text = _(
            "all places of the cohort “%(cohort)s” are taken at the moment, so you are on its waiting list. As soon as "
            "a place is free it is yours, and we tell you."
        )
        _write(member, "waits", subject, text)


def tell_turned_away(member: CohortMember) -> None:
    with translation.override(_language(member)):
        subject = _("You were not admitted to “%(cohort)s”")
        text = _("you were not admitted to the cohort “%(cohort)s”. The reason given: %(reason)s")
        _write(member, "declined", subject, text)


def tell_removed(member: CohortMember) -> None:
    with translation.override(_language(member)):
        subject = _("You are no longer in “%(cohort)s”")
        text = _(
            "you were taken out of the cohort “%(cohort)s”. The reason given: %(reason)s\n\n"
            "What you have done stays, and you can go on with the course by yourself."
        )
        _write(member, "removed", subject, text)


def send_invitation(member: CohortMember, by: User | None) -> None:
    """Mail the link of an invitation, in the language that the list gave, or else in the cohort's."""
    with translation.override(_language(member)):
        words = _words(member) | {
            "by": by.printed_name if by else member.cohort.title,
            "until": date_format(member.expires_at.date(), "DATE_FORMAT") if member.expires_at else "",
            "page": settings.SITE_URL + reverse("cohorts:invitation", args=[member.token]),
        }
        sending.write_to_address(
            address=member.email,
            reason=f"cohort-invitation-{member.public_id}",
            subject=_("You are invited: %(cohort)s") % words,
            body=_(
                "Hello %(name)s,\n\n%(by)s invites you to a course at %(site)s: “%(cohort)s”, which begins on "
                "%(starts)s. It costs nothing.\n\nSee what it is, and take your place:\n%(page)s\n\n"
                "A place is kept for you until %(until)s. If you do not want it, do nothing: no account is made, and "
                "you get no more mail about it unless somebody invites you again.\n"
            )
            % words,
            useless_after=member.expires_at,
            about=member.cohort.public_id,
        )


def _language(member: CohortMember) -> str:
    return str(member.person.language if member.person else member.language or member.cohort.language)


def _words(member: CohortMember) -> dict[str, str]:
    return {
        "name": member.person.printed_name if member.person else member.name or member.email,
        "cohort": member.cohort.title,
        "starts": date_format(member.cohort.starts_on, "DATE_FORMAT"),
        "site": settings.SITE_NAME,
        "reason": member.reason or "–",
    }


def _write(member: CohortMember, what: str, subject: str, text: str) -> None:
    if member.person is None:
        return
    words = _words(member)
    page = settings.SITE_URL + reverse("desk")
    # Somebody may come, leave and come again: each decision is a cause of its own.
    moment = member.decided_at or member.asked_at
    sending.write(
        person=member.person,
        reason=f"cohort-{what}-{member.public_id}-{moment:%Y%m%d%H%M%S%f}",
        subject=subject % words,
        body=_("Hello %(name)s,\n\n%(text)s\n\n%(page)s\n")
        % {"name": words["name"], "text": text % words, "page": page},
        about=member.cohort.public_id,
    )
