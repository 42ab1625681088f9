"""The files of a package, from a folder or a zip. Both are hostile: nothing is believed that is not checked here."""

import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from courses.domain.packages.problems import PackageRefused, Place, Problem, Problems

MEMBERS = 5_000
TEXT_BYTES = 256 * 1024
FILE_BYTES = max(50, settings.AUDIO_MB, settings.VIDEO_MB) * 1024 * 1024
TOTAL_BYTES = 500 * 1024 * 1024
# Deflate at its best reaches about 1000; text of a course reaches about 5.
RATIO = 100
RATIO_COUNTS_FROM = 1024 * 1024
# What computers leave behind in folders and zips without being asked.
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"}
SAFE_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class SourceFile:
    """A file of a package; `read` answers its bytes, never more than FILE_BYTES."""

    name: str
    size: int
    read: Callable[[], bytes]

    def open(self) -> IO[bytes]:
        return io.BytesIO(self.read())

    @cached_property
    def digest(self) -> str:
        return hashlib.sha1(self.read(), usedforsecurity=False).hexdigest()


@dataclass
class Source:
    """The checked files by their names, with "/" between the parts."""

    files: dict[str, SourceFile] = field(default_factory=dict)

    def text(self, name: str, problems: Problems) -> str | None:
        """The text of a file, lines ending in "\\n"; None, with a problem noted, when it is no readable text."""
        file = self.files[name]
        if file.size > TEXT_BYTES:
            problems.add(Place(name), _("The file is larger than 256 KB. Divide it."))
            return None
        try:
            text = file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            line = file.read()[: error.start].count(b"\n") + 1
            problems.add(Place(name, line), _("This is not UTF-8. Save the file as UTF-8."))
            return None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if text.startswith("\ufeff"):
            problems.add(Place(name, 1), _("The file begins with a byte order mark. Save it as UTF-8 without one."))
            return None
        found = UNPRINTABLE.search(text)
        if found:
            problems.add(
                Place(name, text.count("\n", 0, found.start()) + 1),
                _("There is a control character (%(code)s). Take it out.") % {"code": f"U+{ord(found.group()):04X}"},
            )
            return None
        return text


def open_source(path: Path) -> Source:
    """Read the list of files of a package. Raises PackageRefused when it holds anything that is not a plain file."""
    problems = Problems()
    if path.is_dir():
        source = _from_folder(path, problems)
    elif path.is_file():
        source = _from_zip(path, problems)
    else:
        problems.add(Place(str(path)), _("There is no such folder or zip file."))
        source = Source()
    problems.refuse_if_any()
    return source


def _from_folder(root: Path, problems: Problems) -> Source:
    source = Source()
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in LITTER)
        for name in sorted([*names, *folders]):
            if len(source.files) + len(problems) > MEMBERS:
                return source
            path = Path(folder, name)
            mode = path.lstat().st_mode
            shown = path.relative_to(root).as_posix()
            if stat.S_ISDIR(mode) or name in LITTER:
                continue
            if not stat.S_ISREG(mode):
                problems.add(Place(shown), _("This is a link or a special file. Put a plain file in its place."))
                continue
            if _name_is_good(shown, problems) and _fits(source, shown, path.lstat().st_size, problems):
                source.files[shown] = SourceFile(shown, path.lstat().st_size, _file_reader(path))
    return source


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        # O_NOFOLLOW: a file that became a link since it was checked is not followed.
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            return _bounded(file, path.name)

    return read


def _from_zip(path: Path, problems: Problems) -> Source:
    source = Source()
    if path.stat().st_size > TOTAL_BYTES:
        problems.add(Place(path.name), _("The zip is larger than 500 MB."))
        return source
    try:
        # Kept open: files are read when they are wanted. It closes with the process or when the source is forgotten.
        archive = zipfile.ZipFile(path)
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        problems.add(Place(path.name), _("This is neither a folder nor a readable zip file."))
        return source
    for member in members:
        _add_member(source, archive, member, problems)
        if len(source.files) + len(problems) > MEMBERS:
            break
    return _without_top_folder(source)


def _add_member(source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo, problems: Problems) -> None:
    # orig_filename: zipfile itself cuts a name at a NUL and turns backslashes round, which would hide them from us.
    name = member.orig_filename
    parts = name.rstrip("/").split("/")
    if parts[0] in LITTER or parts[-1] in LITTER:
        return
    shown = Place(name.encode("unicode_escape").decode())
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        problems.add(shown, _("This is a link or a special file. Put a plain file in its place."))
    elif not _name_is_good(name.rstrip("/"), problems) or member.is_dir():
        return
    elif member.flag_bits & 1:
        problems.add(shown, _("The file is encrypted. Make the zip without a password."))
    elif member.filename in source.files:
        problems.add(shown, _("The zip holds two files with this name."))
    elif member.file_size > RATIO_COUNTS_FROM and member.file_size > RATIO * max(member.compress_size, 1):
        problems.add(shown, _("The file is packed too tightly to be trusted. Pack the package again."))
    elif _fits(source, member.filename, member.file_size, problems):
        read = _member_reader(archive, member)
        source.files[member.filename] = SourceFile(member.filename, member.file_size, read)


def _member_reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(member) as file:
                return _bounded(file, member.filename)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            message = _("The file is damaged in the zip. Pack the package again.")
            raise PackageRefused([Problem(Place(member.filename), message)]) from error

    return read


def _without_top_folder(source: Source) -> Source:
    """The same files without the one folder that all of them stand in, as zipping a folder makes it."""
    tops = {name.split("/", 1)[0] for name in source.files}
    if len(tops) != 1 or not all("/" in name for name in source.files):
        return source
    cut = len(tops.pop()) + 1
    return Source({name[cut:]: SourceFile(name[cut:], file.size, file.read) for name, file in source.files.items()})


def _bounded(file: IO[bytes], name: str) -> bytes:
    # Sizes stated in a zip may lie: never read more than the limit.
    data = file.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise PackageRefused(
            [Problem(Place(name), _("The file is larger than %(size)d MB.") % {"size": FILE_BYTES // (1024 * 1024)})]
        )
    return data


def _name_is_good(name: str, problems: Problems) -> bool:
    if all(SAFE_PART.match(part) for part in name.split("/")) and len(name) <= 250:
        return True
    shown = name.encode("unicode_escape").decode()[:200]
    problems.add(
        Place(shown),
        _("This name is not allowed. Use letters without accents, digits, dots, hyphens and underscores."),
    )
    return False


def _fits(source: Source, name: str, size: int, problems: Problems) -> bool:
    if len(source.files) >= MEMBERS:
        problems.add(Place(name), _("The package has more than %(count)d files.") % {"count": MEMBERS})
    elif size > FILE_BYTES:
        problems.add(Place(name), _("The file is larger than %(size)d MB.") % {"size": FILE_BYTES // (1024 * 1024)})
    elif sum(file.size for file in source.files.values()) + size > TOTAL_BYTES:
        problems.add(Place(name), _("With this file the package is larger than 500 MB."))
    else:
        return True
    return False
