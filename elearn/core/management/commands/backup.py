from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from elearn.core import backups, state


class Command(BaseCommand):
    help = "Write database, uploads, private files and keys into one file. The site may run meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, e.g. /backups/elearn-2026-11-22.tar.gz")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            with state.cleaning_up_when_told_to_stop():
                count = backups.backup(file.absolute(), backups.Place.here())
        except backups.BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None
        size = file.stat().st_size / 1_000_000
        self.stdout.write(f"{file}: the database and {count} files, {size:.1f} MB.")
        self.stdout.write("It holds people's data and keys: keep it as safe as the site itself.")
