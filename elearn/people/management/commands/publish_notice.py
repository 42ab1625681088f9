from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from elearn.people.domain import notices


class Command(BaseCommand):
    help = "Publish the next version of the privacy notice from Markdown files named LANGUAGE.md, for example en.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--new", default="", help="what is new in this version, in one or two sentences")
        parser.add_argument("--from", dest="effective_from", help="the day on which it comes into effect: 2027-01-31")

    def handle(self, **options: Any) -> None:
        texts = {}
        for file in options["files"]:
            if file.stem not in dict(settings.LANGUAGES):
                raise CommandError(f"{file.name}: name the file after its language, for example en.md.")
            try:
                texts[file.stem] = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{file}: {error}") from None
        try:
            day = datetime.strptime(options["effective_from"] or "", "%Y-%m-%d") if options["effective_from"] else None
            begins = timezone.make_aware(day) if day else None
            changes = {settings.LANGUAGE_CODE: options["new"]}
            notice = notices.publish(by=None, texts=texts, changes=changes, effective_from=begins)
        except (notices.NoticeRefused, ValueError) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Version {notice.version}, in effect from {notice.effective_from:%Y-%m-%d %H:%M} UTC.")
