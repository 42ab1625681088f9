import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from wagtail.models import Locale

from assessments.domain.exchange.banks import BankUnknown, create_bank, find_bank
from assessments.domain.exchange.file_formats import FORMATS
from assessments.domain.exchange.importing import Report, import_questions, prepare, preview
from assessments.formats.items import FileRefused
from assessments.models import QuestionBank


class Command(BaseCommand):
    help = "Bring questions from a GIFT, Moodle XML or Aiken file into a bank (see docs/question-formats.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The file with the questions.")
        parser.add_argument("--format", required=True, choices=list(FORMATS), dest="file_format")
        parser.add_argument("--bank", required=True, help="The bank: its key, its title, or course/key.")
        parser.add_argument("--course", help="The code of a course: the bank is made in it where it does not exist.")
        parser.add_argument("--language", help="The language of the questions; otherwise the site's.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen; change nothing.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._import(options)
        except (FileRefused, BankUnknown, OSError) as refusal:
            if options["json"]:
                refused = [{"line": 0, "name": "", "reason": str(refusal)}]
                told = {"imported": 0, "by_kind": {}, "refused": refused, "files": 0}
                self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
        else:
            self._show(report, dry=options["dry_run"])

    def _import(self, options: dict[str, Any]) -> Report:
        content = options["file"].read_bytes()
        locale = _locale(options["language"] or settings.LANGUAGE_CODE, dry=options["dry_run"])
        bank = _bank(options)
        prepared = prepare(content, options["file_format"])
        if options["dry_run"]:
            return preview(prepared=prepared, bank=bank, locale=locale)
        bank = bank or create_bank(course_code=options["course"], name=options["bank"])
        return import_questions(prepared=prepared, bank=bank, locale=locale, by=None)

    def _show(self, report: Report, *, dry: bool) -> None:
        for refused in report.refused:
            self.stdout.write(_("  refused  line %(line)d %(name)s: %(reason)s") % vars(refused))
        for note in report.notes:
            words = _("  note     %(count)d x, first in line %(line)d %(name)s: %(reason)s")
            self.stdout.write(words % vars(note))
        for kind, count in report.by_kind.items():
            self.stdout.write(f"  {kind:<12} {count}")
        words = _("%(imported)d imported, %(there)d already there, %(refused)d refused, %(files)d files kept.") % {
            **vars(report),
            "refused": len(report.refused),
        }
        self.stdout.write(self.style.SUCCESS(words))
        if dry:
            self.stdout.write(_("This was a dry run: nothing was changed."))


def _bank(options: dict[str, Any]) -> QuestionBank | None:
    """The bank; None where it is still to be made, in the course that is named."""
    try:
        return find_bank(options["bank"], course_code=options["course"])
    except BankUnknown:
        if options["course"]:
            return None
        raise


def _locale(language: str, *, dry: bool) -> Locale | None:
    """The language's row, made where the site has the language and no content in it yet; None for a dry run then."""
    code = language.lower()
    known = [code for code, _name in settings.LANGUAGES]
    if code not in known:
        words = _("The site has no language “%(language)s”. It has: %(known)s.")
        raise CommandError(words % {"language": language, "known": ", ".join(known)})
    found = Locale.objects.filter(language_code=code).first()
    return found if found or dry else Locale.objects.create(language_code=code)
