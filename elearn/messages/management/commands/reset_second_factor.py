from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from elearn.messages.domain import sending
from elearn.people.domain import second_factor
from elearn.people.models import User


class Command(BaseCommand):
    help = "Remove the second step of somebody who lost theirs, log them out everywhere, and tell them by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="How you made sure who asks. It is kept in the audit log.")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody has an account with {email}.")
        with transaction.atomic(), translation.override(person.language):
            removed = second_factor.reset(person=person, by=None, reason=reason)
            sending.write(
                person=person,
                reason=f"second-factor-reset-{timezone.now():%Y%m%d%H%M%S%f}",
                subject=_("Your two-step login at %(site)s was reset") % {"site": settings.SITE_NAME},
                body=_(
                    "The second step of your login was removed, because somebody asked the people who run the site to "
                    "do so. Log in and set up a new one.\n\nIf it was not you, answer this mail or tell them at once: "
                    "%(address)s\n"
                )
                % {"address": settings.SITE_URL},
            )
        self.stdout.write(f"{removed} removed for {person.email}. Logged out everywhere, and told by mail.")
