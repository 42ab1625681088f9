from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from elearn.core import state


class Command(BaseCommand):
    help = "Empty the folder of the demo: people, courses, records, files. The next start begins anew."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This empties the demo only. Set DEMO=1 if that is what this is.")
        try:
            state.lock(settings.STATE_DIR)
        except state.InUse as holder:
            raise CommandError(
                f"The site is running in {settings.STATE_DIR} (process {holder}). "
                "Stop it first: press Ctrl-C where it runs, or `kill` that process. Nothing was removed."
            ) from None
        state.empty(settings.STATE_DIR)
        self.stdout.write(f"{settings.STATE_DIR} is empty. `make run` begins anew.")
