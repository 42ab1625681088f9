"""Mail about a person's own data. Texts name the site and the day, never what is in the data."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from elearn.messages.domain import sending
from elearn.people import signals
from elearn.people.enums import ErasureOrigin
from elearn.people.models import ErasureRequest, User


def _page() -> str:
    return settings.SITE_URL + reverse("people:privacy")


def _day(moment: datetime) -> str:
    return date_format(moment, "j F Y")


@receiver(signals.export_ready)
def tell_export_is_ready(person: User, **kwargs: Any) -> None:
    with translation.override(person.language):
        export = person.data_exports.get()
        sending.write(
            person=person,
            reason=f"privacy-export-{export.public_id}",
            subject=_("Your data is ready to download"),
            body=_(
                "Hello %(name)s,\n\nthe file with your own data at %(site)s is ready. Log in and fetch it here until "
                "%(day)s; then it is deleted:\n%(page)s\n\nYou did not ask for it? Change your password, and tell us: "
                "%(contact)s\n"
            )
            % {
                "name": person.printed_name,
                "site": settings.SITE_NAME,
                "day": _day(export.expires_at),
                "page": _page(),
                "contact": settings.OPERATOR_CONTACT,
            },
        )


@receiver(signals.erasure_asked)
def tell_erasure_is_coming(erasure: ErasureRequest, **kwargs: Any) -> None:
    write = {ErasureOrigin.PERSON: _asked_body, ErasureOrigin.INACTIVITY: _unused_body}.get(
        ErasureOrigin(erasure.origin)
    )
    if write is not None:
        _write(erasure, "asked", gettext_noop("Your account will be erased"), write)


@receiver(signals.erasure_withdrawn)
def tell_erasure_is_off(erasure: ErasureRequest, **kwargs: Any) -> None:
    _write(erasure, "withdrawn", gettext_noop("Your account stays"), _withdrawn_body)


def _write(erasure: ErasureRequest, what: str, subject: str, body: Callable[[], str]) -> None:
    person = erasure.person
    with translation.override(person.language):
        sending.write(
            person=person,
            reason=f"privacy-erasure-{what}-{erasure.pk}",
            subject=_(subject),
            body=body()
            % {
                "name": person.printed_name,
                "site": settings.SITE_NAME,
                "day": _day(erasure.work_due_at),
                "page": _page(),
                "contact": settings.OPERATOR_CONTACT,
            },
        )


def _asked_body() -> str:
    return _(
        "Hello %(name)s,\n\nyou asked us to erase your account at %(site)s. We shall do so on %(day)s. Until then you "
        "can take it back here:\n%(page)s\n\nYou did not ask for it? Take it back, change your password, and tell us: "
        "%(contact)s\n"
    )


def _unused_body() -> str:
    return _(
        "Hello %(name)s,\n\nyou have not logged in at %(site)s for a long time. On %(day)s your account will be "
        "erased, and your name with it. To keep it, just log in before that day:\n%(page)s\n\nThere you can also "
        "download your data and your certificates. Questions: %(contact)s\n"
    )


def _withdrawn_body() -> str:
    return _(
        "Hello %(name)s,\n\nyour account at %(site)s will not be erased: the request was taken back. Nothing was "
        "changed.\n\nYou did not do that? Look here, change your password, and tell us: %(contact)s\n%(page)s\n"
    )


@receiver(signals.person_erased)
def say_goodbye(address: str, language: str, **kwargs: Any) -> None:
    """The last mail, sent at once: a row that waits would keep the address. If no server takes it, it is lost."""
    with translation.override(language):
        EmailMessage(
            subject=_("Your account was erased"),
            body=_(
                "Your account at %(site)s was erased. Your name and address are in none of our tables "
                "any more. Certificates that you hold on paper can still be checked with their serial.\n\n"
                "This is our last mail to you. Questions: %(contact)s\n"
            )
            % {"site": settings.SITE_NAME, "contact": settings.OPERATOR_CONTACT},
            to=[address],
        ).send(fail_silently=True)
