"""How a person logs in: addresses, second steps, logins by an institution, and where they are logged in."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.utils.translation import gettext as _

from elearn.people.domain.personal_data import Contribution, Identity, Table
from elearn.people.models import User


def _social_accounts(person: User) -> Any:
    """Logins by an institution; the package for them is not installed everywhere."""
    if not apps.is_installed("allauth.socialaccount"):
        return []
    model: type[Model] = apps.get_model("socialaccount.SocialAccount")
    return model._default_manager.filter(user=person)


def collect(person: User) -> list[Table]:
    addresses = EmailAddress.objects.filter(user=person).order_by("pk").values("email", "verified", "primary")
    # Never the secrets: whoever has this file must not be able to log in with it.
    steps = Authenticator.objects.filter(user=person).order_by("pk").values("type", "created_at", "last_used_at")
    sessions = UserSession.objects.filter(user=person).order_by("pk")
    return [
        Table("email_addresses", _("Your e-mail addresses"), list(addresses)),
        Table("second_steps", _("Second steps of your login (without their secrets)"), list(steps)),
        Table(
            "institution_logins",
            _("Logins by your institution"),
            [
                {
                    "provider": row.provider,
                    "id_there": row.uid,
                    "first_at": row.date_joined,
                    "last_at": row.last_login,
                    "told_us": row.extra_data,
                }
                for row in _social_accounts(person)
            ],
        ),
        Table(
            "sessions",
            _("Where you are logged in"),
            list(sessions.values("created_at", "last_seen_at", "ip", "user_agent")),
        ),
    ]


def erase(person: User, identity: Identity) -> None:
    UserSession.objects.filter(user=person).delete()
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            session.delete()
    Authenticator.objects.filter(user=person).delete()
    for account in _social_accounts(person):
        account.delete()
    EmailAddress.objects.filter(user=person).delete()


CONTRIBUTION = Contribution(
    name="logins",
    collect=collect,
    erase=erase,
    holds=frozenset(
        {
            "account.EmailAddress.user",
            "account.EmailConfirmation.email_address",
            "mfa.Authenticator.user",
            "socialaccount.SocialAccount.user",
            "socialaccount.SocialToken.account",
            "usersessions.UserSession.user",
        }
    ),
)
