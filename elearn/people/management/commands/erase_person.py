from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from elearn.core import pending
from elearn.people.domain import erasure
from elearn.people.domain.personal_data import PersonErased
from elearn.people.enums import ErasureOrigin
from elearn.people.models import User


class Command(BaseCommand):
    help = "Erase an account at once: what names the person goes, the evidence stays. Cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="the e-mail address, or with --number the number of the account")
        parser.add_argument("--number", action="store_true", help="the log names accounts by their number")
        parser.add_argument("--reason", required=True, help="why; it is kept, so it must not name the person")
        parser.add_argument("--yes", action="store_true", help="do not ask whether it is meant")

    def handle(self, **options: Any) -> None:
        which = {"pk": options["person"]} if options["number"] else {"email__iexact": options["person"]}
        try:
            person = User.objects.get(**which)
        except (User.DoesNotExist, ValueError):
            raise CommandError("There is no such account. Nothing was changed.") from None
        if not options["yes"]:
            self.stdout.write(f"Account {person.pk}: {person.printed_name} <{person.email}>")
            if input("Erase it, for good? Type yes: ").strip() != "yes":
                raise CommandError("Nothing was changed.")
        try:
            done = erasure.erase_now(person=person, origin=ErasureOrigin.OPERATOR, reason=options["reason"])
        except (erasure.ErasureRefused, PersonErased) as refusal:
            raise CommandError(str(refusal)) from None
        pending.sweep()  # Files go by durable work; let the workers begin.
        self.stdout.write(f"Account {person.pk} was erased at {done.applied_at:%Y-%m-%d %H:%M} UTC.")
