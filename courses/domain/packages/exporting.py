"""Writing a course of the CMS into a package."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from courses.domain.packages.dumping import exportable, read_current
from courses.domain.packages.writing import ExportRefused, package_files, write_folder, write_zip


@dataclass(frozen=True)
class Export:
    """What was written. `losses` says, in words, what a package cannot hold and was left out."""

    files: int
    losses: list[str]


def export_package(*, key: str, target: Path) -> Export:
    """Write the course with this key into a new folder, or into a zip when the path ends so.

    Refusals: ExportRefused when there is no such course or the target exists and is not an empty folder.
    """
    current = read_current(key)
    if current is None:
        raise ExportRefused(_("There is no course with the key “%(key)s” in the CMS.") % {"key": key})
    package = exportable(current)
    files = package_files(package)
    if target.suffix.lower() == ".zip":
        write_zip(files, target, top=key)
    else:
        write_folder(files, target)
    return Export(len(files), current.losses)
