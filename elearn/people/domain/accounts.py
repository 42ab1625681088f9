"""Closing an account, and opening it again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elearn.people.domain import rights, roles, trail
from elearn.people.models import User


class AccountRefused(ValueError):
    """The account cannot be closed or opened; the message says why, in words."""


def may_close(by: User, person: User) -> bool:
    """Whether this person may close or open that account: never one's own, nor an administrator's unless one is one,
    nor one that was erased."""
    return (
        by.pk != person.pk
        and person.erased_at is None
        and rights.reach(by, rights.CLOSE_ACCOUNTS).covers_person(person)
        and (by.is_superuser or not person.is_superuser)
    )


@transaction.atomic
def close_account(*, person: User, by: User, reason: str) -> None:
    """Keep a person out: nothing they have is deleted.

    Effects: no login, every session of theirs ends now, no role of theirs counts, no group of the CMS; an audit event
    with the reason. Refusals: AccountRefused as `may_close`, and without a reason.
    """
    if not may_close(by, person):
        raise AccountRefused(_("This account is not one that you can close."))
    if not reason.strip():
        raise AccountRefused(_("Give a reason; the person can read it in the trail about them."))
    now = timezone.now()
    if User.objects.filter(pk=person.pk, is_active=True).update(is_active=False, sessions_ended_at=now):
        person.refresh_from_db()
        roles.forget_grants(person)
        roles.align_groups(person)
        trail.record("people.account_closed", actor=by, subject=person, reason=reason.strip())


@transaction.atomic
def reopen_account(*, person: User, by: User) -> None:
    """Let the person in again, with the roles that still run. An audit event. Refusals: AccountRefused."""
    if not may_close(by, person):
        raise AccountRefused(_("This account is not one that you can open."))
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        person.refresh_from_db()
        roles.forget_grants(person)
        roles.align_groups(person)
        trail.record("people.account_reopened", actor=by, subject=person)
