import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Length, Lower, Trim
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from elearn.people.enums import AgeBand, Gender


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The e-mail address is the login; the printed name goes on certificates."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    printed_name = models.CharField(
        _("name as printed on certificates"), max_length=150, help_text=_("Your full name, in your own script.")
    )
    latin_name = models.CharField(_("name in Latin script"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166-1 alpha-2 code"))
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    age_band = models.CharField(_("age band"), max_length=10, choices=AgeBand.choices, blank=True)
    # Gender and age band are kept only with consent, for counting who is reached.
    statistics_consent_at = models.DateTimeField(null=True, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    # The newest privacy notice that the person has accepted (0: none); NoticeAcceptance has the history. Here as well,
    # so that asking whether there is a newer one costs no query.
    notice_version = models.PositiveIntegerField(default=0, editable=False)
    # From this moment the row names nobody (elearn.people.domain.erasure).
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Every session that began before this moment has ended, wherever sessions are kept.
    sessions_ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["printed_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
            models.CheckConstraint(
                condition=GreaterThan(Length(Trim("printed_name")), 0), name="person_has_printed_name"
            ),
            models.CheckConstraint(
                condition=models.Q(gender="", age_band="") | models.Q(statistics_consent_at__isnull=False),
                name="gender_and_age_only_with_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.printed_name

    def get_full_name(self) -> str:
        return self.printed_name

    def get_short_name(self) -> str:
        return self.printed_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django ends a session when this hash differs from the one that the login put there.
        known = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if self.sessions_ended_at is None:
            return str(known)
        text = f"{known} {self.sessions_ended_at.timestamp()}"
        return salted_hmac("elearn.people.sessions", text, secret=secret, algorithm="sha256").hexdigest()
