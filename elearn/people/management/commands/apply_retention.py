from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from elearn.people.domain import retention
from elearn.people.domain.contributions import periods


class Command(BaseCommand):
    help = "End what was kept for long enough (settings RETENTION_..._DAYS). Runs daily by itself; harmless to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, **options: Any) -> None:
        dry_run = options["dry_run"]
        self.stdout.write(f"{'what':<12}{'older than':<14}{'rows':>8}  then")
        for applied in retention.apply_retention(dry_run=dry_run):
            since = f"{applied.cutoff:%Y-%m-%d}" if applied.cutoff else "kept"
            self.stdout.write(f"{applied.kept.key:<12}{since:<14}{applied.count:>8}  {applied.kept.then}")
        if dry_run:
            self.stdout.write("Nothing was changed: this was a dry run.")
        else:
            periods.tidy()
