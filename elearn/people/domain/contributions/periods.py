"""How long this package keeps things; the lines of the packages above stand beside their own records."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elearn.core.models import AuditEvent
from elearn.people.domain import erasure, exports
from elearn.people.domain.retention import Kept
from elearn.people.models import DataExport, ErasureRequest, RoleGrant, User


def _ordinary_people() -> QuerySet[User]:
    """Accounts that retention may end: nobody who holds a role or administers, and nobody erased or being erased."""
    return User.objects.filter(
        ~Exists(RoleGrant.objects.not_ended().filter(person=OuterRef("pk"))),
        ~Exists(ErasureRequest.objects.open().filter(person=OuterRef("pk"))),
        erased_at=None,
        is_staff=False,
        is_superuser=False,
    )


def never_confirmed(cutoff: datetime) -> QuerySet[User]:
    """Accounts of before `cutoff` whose address was never proved, and with which nobody ever logged in."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return _ordinary_people().filter(~Exists(verified), last_login=None, date_joined__lt=cutoff)


def long_unused(cutoff: datetime) -> QuerySet[User]:
    """Accounts that are due a warning, by their last login or else by the day they were made."""
    warned_from = cutoff + timedelta(days=settings.INACTIVITY_WARNING_DAYS)
    used = Q(last_login__gte=warned_from) | Q(last_login=None, date_joined__gte=warned_from)
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return _ordinary_people().filter(~used, Q(last_login__isnull=False) | Exists(verified))


def _forget_statistics(pks: list[int]) -> None:
    User.objects.filter(pk__in=pks).update(gender="", age_band="", statistics_consent_at=None)


def _forget_events(pks: list[int]) -> None:
    AuditEvent.objects.filter(pk__in=pks).delete()


def _forget_logins(pks: list[int]) -> None:
    UserSession.objects.filter(pk__in=pks).delete()


def _forget_sessions() -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


PERIODS = (
    Kept(
        key="account",
        what=_("Your account: name, e-mail address, language, country, where you work"),
        why=_("To let you in, to write to you, and to print your name on certificates."),
        how_long=_("as long as the account exists"),
        then=_("It is erased when you ask for it, or when it was not used for long."),
    ),
    Kept(
        key="inactive",
        what=_("An account that nobody uses, from the last login on"),
        why=_("So that you can come back to your courses and certificates."),
        then=_("You are warned by mail in good time, and a login keeps it. Otherwise it is erased."),
        due=long_unused,
        apply=erasure.warn_inactive,
    ),
    Kept(
        key="unverified",
        what=_("An account whose e-mail address was never confirmed"),
        why=_("So that you can still confirm the address."),
        then=_("It is erased."),
        due=never_confirmed,
        apply=erasure.erase_unverified,
    ),
    Kept(
        key="statistics",
        what=_("Gender and age band, if you gave them"),
        why=_("To count who is reached; only with your consent."),
        then=_("They are deleted, unless you give your consent again."),
        due=lambda cutoff: User.objects.filter(statistics_consent_at__lt=cutoff),
        apply=_forget_statistics,
    ),
    Kept(
        key="logins",
        what=_("Where you were logged in: address on the network, and browser"),
        why=_("So that you can see, and end, a login that is not yours."),
        then=_("It is deleted."),
        due=lambda cutoff: UserSession.objects.filter(last_seen_at__lt=cutoff),
        apply=_forget_logins,
    ),
    Kept(
        key="exports",
        what=_("The file with your own data, when you asked for it"),
        why=_("So that you can fetch it."),
        then=_("It is deleted. You can ask for a new one at any time."),
        due=lambda cutoff: DataExport.objects.filter(work_done_at__lt=cutoff),
        apply=exports.discard,
    ),
    Kept(
        key="audit",
        what=_("Who saw, exported or changed data of other people"),
        why=_("So that misuse can be found."),
        then=_("It is deleted."),
        due=lambda cutoff: AuditEvent.objects.filter(at__lt=cutoff),
        apply=_forget_events,
    ),
    Kept(
        key="notices",
        what=_("Which privacy notices you accepted, and requests to erase the account"),
        why=_("To show that you were told, and that a request was carried out."),
        how_long=_("for good"),
        then=_("After an erasure they no longer say whose they were."),
    ),
)


def tidy() -> None:
    """What has no period of its own: logins that have run out, and what an erasure may have missed."""
    _forget_sessions()
    erasure.erase_again()
