from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.domain.packages.exporting import export_package
from courses.domain.packages.problems import PackageRefused
from courses.domain.packages.writing import ExportRefused


class Command(BaseCommand):
    help = "Write a course of the CMS into a course package (see docs/course-packages.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="The key of the course, for example training-of-trainers.")
        parser.add_argument("path", type=Path, help="A new folder, or a new file that ends in .zip.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            export = export_package(key=options["slug"], target=options["path"])
        except (ExportRefused, PackageRefused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        for loss in export.losses:
            self.stderr.write(loss)
        words = _("%(slug)s: %(count)d files written to %(path)s.")
        self.stdout.write(
            self.style.SUCCESS(words % {"slug": options["slug"], "count": export.files, "path": options["path"]})
        )
