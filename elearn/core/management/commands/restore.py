import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from elearn.core import backups, state


class Command(BaseCommand):
    help = "Bring a backup back into an empty database and an empty STATE_DIR, and bring it up to date."
    requires_system_checks = []  # They would look for tables that are not there yet.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        lock = self.take_folder()
        try:
            with state.cleaning_up_when_told_to_stop():
                manifest = backups.restore(file.absolute(), backups.Place.here())
            call_command("migrate", verbosity=0)
            self.forget_cached()
        except backups.BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None
        finally:
            os.close(lock)
        self.stdout.write(
            f"Restored as of {manifest.made_at}. Start the site; work that was outstanding goes on by itself."
        )
        if not settings.DEMO:
            self.stdout.write("SECRET_KEY and the other settings are not in a backup: use the ones of that site.")

    def take_folder(self) -> int:
        try:
            return state.lock(settings.STATE_DIR)
        except state.InUse as holder:
            raise CommandError(
                f"The site is running in {settings.STATE_DIR} (process {holder}). Stop it first."
            ) from None
        except OSError as error:
            raise CommandError(f"The folder {settings.STATE_DIR} cannot be written: {error.strerror}.") from None

    def forget_cached(self) -> None:
        """What a shared cache remembers belongs to rows that came after the backup."""
        try:
            cache.clear()
        except Exception as error:  # Whatever the cache's client raises: the site is restored all the same.
            self.stderr.write(f"The cache could not be emptied ({type(error).__name__}). Empty it before the start.")
