from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.domain.packages.importing import Outcome, import_package, preview_import
from courses.domain.packages.planning import QUIET, Action
from courses.domain.packages.problems import PackageRefused
from courses.domain.releasing import ReleaseRefused

PROBLEMS_SHOWN = 200


class Command(BaseCommand):
    help = "Bring a course package (a folder or a zip, see docs/course-packages.md) into the CMS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="The folder or the zip file of the package.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change; change nothing.")
        parser.add_argument("--release", action="store_true", help="Release an edition if structure or rules changed.")

    def handle(self, *args: Any, **options: Any) -> None:
        dry, and_release = options["dry_run"], options["release"]
        try:
            path = options["path"]
            outcome = preview_import(path) if dry else import_package(path, and_release=and_release)
        except PackageRefused as refused:
            raise CommandError(_in_words(refused)) from refused
        except ReleaseRefused as refused:
            lines = [_("The course cannot be released like this, so nothing was changed:"), *refused.problems]
            raise CommandError("\n  ".join(lines)) from refused
        self._show_changes(outcome)
        self._show_summary(outcome, dry=dry)
        if and_release:
            self._show_release(outcome, dry=dry)

    def _show_changes(self, outcome: Outcome) -> None:
        for change in outcome.plan.changes():
            if change.action != Action.UNCHANGED:
                self.stdout.write(f"  {change.action:<12} {change.label}")

    def _show_summary(self, outcome: Outcome, *, dry: bool) -> None:
        counts = outcome.plan.counts()
        if outcome.plan.is_empty:
            words = _("%(key)s: the CMS says what the package says; nothing to change.") % {"key": outcome.key}
        else:
            parts = [f"{counts[action]} {action}" for action in Action if counts[action] and action not in QUIET]
            parts.append(f"{counts[Action.UNCHANGED]} {Action.UNCHANGED}")
            words = f"{outcome.key}: {', '.join(parts)}."
        self.stdout.write(self.style.SUCCESS(words))
        if dry:
            self.stdout.write(_("This was a dry run: nothing was changed."))

    def _show_release(self, outcome: Outcome, *, dry: bool) -> None:
        if dry:
            words = _("Without --dry-run an edition is released if structure or rules differ from the current one.")
        elif outcome.edition is None:
            words = _("Nothing to release: structure and rules are those of the current edition.")
        else:
            words = _("Released edition %(number)d.") % {"number": outcome.edition.number}
        self.stdout.write(words)


def _in_words(refused: PackageRefused) -> str:
    problems = [str(problem) for problem in refused.problems]
    shown = problems[:PROBLEMS_SHOWN]
    if len(problems) > len(shown):
        shown.append(_("… and %(count)d more.") % {"count": len(problems) - len(shown)})
    head = _("The package was refused, and nothing was changed. Mend this and try again:")
    return "\n".join([head, *(f"  {line}" for line in shown)])
