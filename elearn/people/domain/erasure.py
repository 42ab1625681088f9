"""Erasure: the identity goes, the evidence stays.

A request is a durable row with a day on which it is carried out; until then it can be taken back. Carrying it out is
one transaction over everything that the packages have registered (elearn.people.domain.personal_data). Afterwards the
person's row, its enrolments, marks and certificates are still there, and nothing in them says whose they were.
"""

import logging
import secrets
import uuid
from datetime import datetime, timedelta
from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elearn.core import audit
from elearn.people import signals
from elearn.people.domain import personal_data
from elearn.people.domain.personal_data import NEUTRAL_DOMAIN, NEUTRAL_NAME, Identity
from elearn.people.enums import ErasureOrigin
from elearn.people.models import ErasureRequest, RoleGrant, User

log = logging.getLogger(__name__)

KIND = "people.erasure"
# Something begun before an erasure and finished after it may have written a word again: for so long it is swept up.
SWEPT_FOR = timedelta(days=3)


class ErasureRefused(Exception):
    """The account cannot be erased now; the message says why and what to do, in words. Nothing was changed."""


def obstacle(person: User) -> str:
    """Why the account cannot be erased at the moment, in words for the person; empty when it can."""
    if person.erased_at is not None:
        return _("This account was erased already.")
    if person.is_superuser or person.is_staff:
        return _("This account administers the site. Another administrator has to take that right away first.")
    roles = [str(grant.get_role_display()) for grant in RoleGrant.objects.not_ended().filter(person=person)]
    if roles:
        return _(
            "You hold a role here (%(roles)s). Others rely on it, so ask the programme to end it first. Nothing was "
            "changed."
        ) % {"roles": ", ".join(dict.fromkeys(roles))}
    return ""


@transaction.atomic
def ask_for_erasure(
    *, person: User, origin: ErasureOrigin, reason: str = "", due_at: datetime | None = None
) -> ErasureRequest:
    """Ask for an account to be erased; answers the request that is open already, if there is one.

    Effects: a durable request, due after ERASURE_WAIT_DAYS or at `due_at`; an audit event; `erasure_asked`, in the same
    transaction. Refusals: ErasureRefused while the person holds a role or administers the site, and when `reason`,
    which is kept afterwards, names the person.
    """
    person = personal_data.lock_person(person.pk)
    refusal = obstacle(person)
    if refusal:
        raise ErasureRefused(refusal)
    if Identity.of(person).is_in(reason):
        raise ErasureRefused(_("The reason is kept after the erasure, so it must not name the person."))
    if origin == ErasureOrigin.OPERATOR and not reason.strip():
        raise ErasureRefused(_("Give the reason: it is kept as the proof that the erasure was right."))
    existing = ErasureRequest.objects.open().filter(person=person).first()
    if existing is not None and existing.origin == origin:
        return existing
    if existing is not None:
        _close(existing)  # A person who asks does not wait for the day of a warning.
    erasure = ErasureRequest.objects.create(
        person=person,
        origin=origin,
        reason=reason.strip(),
        work_due_at=due_at or timezone.now() + timedelta(days=settings.ERASURE_WAIT_DAYS),
    )
    actor = person if origin == ErasureOrigin.PERSON else None
    audit.record(action="privacy.erasure_asked", actor=actor, subject=person, origin=str(origin))
    signals.erasure_asked.send(sender=ErasureRequest, erasure=erasure)
    return erasure


@transaction.atomic
def withdraw(*, erasure: ErasureRequest) -> bool:
    """Take a request back; answers False when it was carried out or taken back before.

    Effects: an audit event; `erasure_withdrawn`, in the same transaction.
    """
    if not _close(erasure):
        return False
    audit.record(action="privacy.erasure_withdrawn", actor=erasure.person, subject=erasure.person)
    signals.erasure_withdrawn.send(sender=ErasureRequest, erasure=erasure)
    return True


def _close(erasure: ErasureRequest) -> bool:
    now = timezone.now()
    open_row = ErasureRequest.objects.open().filter(pk=erasure.pk)
    return bool(open_row.update(withdrawn_at=now, work_done_at=now, leased_until=None))


def keep_after_login(person: User) -> None:
    """Take back the warning of somebody who was away for long and has come back. One query when there is none."""
    for erasure in ErasureRequest.objects.open().filter(person=person, origin=ErasureOrigin.INACTIVITY):
        _close(erasure)


def carry_out(erasure: ErasureRequest) -> None:
    """Do the work of a request whose day has come. A second time changes nothing.

    Effects: as `_erase`. A person who was warned for not having logged in, and has since, keeps the account; so does
    whoever has confirmed the address of an account that was to go for want of it.
    Refusals: ErasureRefused when the person was given a role meanwhile; the request stays open and is tried again.
    """
    with transaction.atomic():
        # The person first, then the request: in the order of every other act that locks a person.
        person = User.objects.select_for_update(no_key=True).get(pk=erasure.person_id)
        row = ErasureRequest.objects.select_for_update().get(pk=erasure.pk)
        if not row.is_open:
            return
        if _is_no_longer_due(row, person):
            _close(row)
            return
        refusal = obstacle(person) if person.erased_at is None else ""
        if refusal:
            raise ErasureRefused(refusal)
        _announce(person)
        _erase(person)
        ErasureRequest.objects.filter(pk=row.pk).update(applied_at=timezone.now())


def _is_no_longer_due(row: ErasureRequest, person: User) -> bool:
    """Whether the reason has gone since the request was made, of those that the person can take away by coming back."""
    if row.origin == ErasureOrigin.INACTIVITY:
        return person.last_login is not None and person.last_login > row.asked_at
    if row.origin == ErasureOrigin.UNVERIFIED:
        confirmed = EmailAddress.objects.filter(user=person, verified=True)
        return person.last_login is not None or confirmed.exists()
    return False


def erase_now(*, person: User, origin: ErasureOrigin, reason: str = "") -> ErasureRequest:
    """Erase an account at once: the act of an operator, or of retention. Refusals: ErasureRefused.

    A request of another origin that is still waiting gives way to this one.
    """
    with transaction.atomic():
        erasure = ask_for_erasure(person=person, origin=origin, reason=reason, due_at=timezone.now())
        carry_out(erasure)
        ErasureRequest.objects.filter(pk=erasure.pk).update(work_done_at=timezone.now(), leased_until=None)
    erasure.refresh_from_db()
    return erasure


def _announce(person: User) -> None:
    """Tell of an erasure, after the commit, with the address that is kept nowhere else then."""
    address, language = person.email, person.language
    transaction.on_commit(partial(signals.person_erased.send_robust, sender=User, address=address, language=language))
    transaction.on_commit(partial(log.info, "Account %d was erased.", person.pk))
    audit.record(action="privacy.erased", actor=None, subject=person)


def _erase(person: User) -> None:
    """Let every package remove what names the person. The caller has locked the person.

    Files go by work that is as durable as the request, so that a process which dies in between leaves none.
    """
    identity = Identity.of(person)
    # The lower packages first: enrolments are locked before attempts and certificates, as everywhere.
    for contribution in personal_data.contributions():
        contribution.erase(person, identity)
    # The row itself last: changing its unique columns makes whoever points at it wait, and they may hold what is
    # wanted above.
    _neutralise(person)


def _neutralise(person: User) -> None:
    """Make the row name nobody; once more changes nothing unless a stale copy of the row was saved meanwhile."""
    now = timezone.now()
    if not person.email.endswith(f"@{NEUTRAL_DOMAIN}"):
        person.email = f"erased-{secrets.token_hex(12)}@{NEUTRAL_DOMAIN}"
        person.public_id = uuid.uuid4()
    person.printed_name, person.latin_name = NEUTRAL_NAME, ""
    person.country = person.gender = person.age_band = ""
    person.statistics_consent_at = person.last_login = None
    person.language, person.time_zone = settings.LANGUAGE_CODE, "UTC"
    person.is_active = person.is_staff = person.is_superuser = False
    if person.has_usable_password():
        person.set_unusable_password()
    person.sessions_ended_at = person.sessions_ended_at or now
    person.erased_at = person.erased_at or now
    person.save()


def erase_again() -> int:
    """Erase once more whoever was erased in the last days; answers how many accounts were looked at.

    A request that was under way at the moment of the erasure may have saved the person's row as it had read it.
    """
    since = timezone.now() - SWEPT_FOR
    pks = ErasureRequest.objects.filter(applied_at__gte=since).values_list("person", flat=True).distinct()
    for pk in pks:
        with transaction.atomic():
            _erase(User.objects.select_for_update(no_key=True).get(pk=pk))
    return len(pks)


def open_request(person: User) -> ErasureRequest | None:
    return ErasureRequest.objects.open().filter(person=person).first()


def erase_unverified(pks: list[int]) -> None:
    for person in User.objects.filter(pk__in=pks):
        _unless_refused(partial(erase_now, person=person, origin=ErasureOrigin.UNVERIFIED))


def warn_inactive(pks: list[int]) -> None:
    """Ask for the erasure of accounts that nobody uses; the request is the warning, and a login takes it back."""
    due_at = timezone.now() + timedelta(days=settings.INACTIVITY_WARNING_DAYS)
    for person in User.objects.filter(pk__in=pks):
        _unless_refused(partial(ask_for_erasure, person=person, origin=ErasureOrigin.INACTIVITY, due_at=due_at))


def _unless_refused(act: partial) -> None:
    try:
        act()
    except (ErasureRefused, personal_data.PersonErased, IntegrityError) as refusal:
        log.info("An account stays: %s", refusal)
