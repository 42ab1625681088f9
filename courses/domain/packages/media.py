"""Pictures and files of the CMS under the names that they have in a package."""

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.domain.packages.problems import PackageRefused, Place, Problem
from courses.domain.packages.source import SAFE_PART, SourceFile
from courses.domain.packages.values import MediaName
from elearn.core.models import Handout, Picture
from elearn.core.uploads import extension


@dataclass
class Shelf:
    """The pictures and files that a course uses, each under one name."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    rows: dict[str, Picture | Handout] = field(default_factory=dict)
    _names: dict[tuple[str, int], MediaName] = field(default_factory=dict)

    def name_of(self, row: Picture | Handout) -> MediaName:
        """The name of a row: its title where that is a file name, otherwise one made from the title."""
        identity = (type(row).__name__, row.pk)
        if identity not in self._names:
            self._names[identity] = self._place(row)
        return self._names[identity]

    def _place(self, row: Picture | Handout) -> MediaName:
        file = SourceFile(str(row.file.name), 0, _reader(row))
        name = wanted = _wished_name(row)
        number = 1
        while name in self.files and self.files[name].digest != file.digest:
            number += 1
            path = PurePosixPath(wanted)
            name = f"{path.stem}-{number}{path.suffix}"
        self.files.setdefault(name, file)
        self.rows.setdefault(name, row)
        return MediaName(name)


def _wished_name(row: Picture | Handout) -> str:
    stored = str(row.file.name)
    kind = extension(stored)
    if SAFE_PART.match(row.title) and extension(row.title) == kind:
        return str(row.title)
    stem = slugify(PurePosixPath(row.title).stem if extension(row.title) == kind else row.title)[:80]
    return f"{stem or slugify(PurePosixPath(stored).stem) or 'file'}.{kind}"


def _reader(row: Picture | Handout) -> Any:
    name = str(row.file.name)

    def read() -> bytes:
        try:
            with row.file.storage.open(name) as file:
                data: bytes = file.read()
        except OSError as error:
            message = _("The file of “%(title)s” is missing in the storage. Upload it again.") % {"title": row.title}
            raise PackageRefused([Problem(Place(name), message)]) from error
        return data

    return read


@dataclass
class Depot:
    """Makes rows for the files of a package, and takes the files back when the import fails."""

    known: Shelf
    files: dict[str, SourceFile]
    # The text alternative of each picture where it is first used; "" where it only decorates.
    alternatives: dict[str, str]
    _rows: dict[str, int] = field(default_factory=dict)
    _written: list[Any] = field(default_factory=list)

    def pk_of(self, name: str) -> int:
        if name not in self._rows:
            same = name in self.known.files and self.known.files[name].digest == self.files[name].digest
            row = self.known.rows[name] if same else self._make(name)
            self._rows[name] = row.pk
        return self._rows[name]

    def _make(self, name: str) -> Picture | Handout:
        data = self.files[name].read()
        content = ContentFile(data, name=name)
        row: Picture | Handout
        if name in self.alternatives:
            alt = self.alternatives[name]
            row = Picture(title=name, file=content, alt_text=alt, is_decorative=not alt)
        else:
            row = Handout(title=name, file=content)
        row.file_size = len(data)
        row.file_hash = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        self._written.append(row.file)
        row.save()
        return row

    def clear_away(self) -> None:
        """Remove the files that were written; their rows went with the transaction."""
        for file in self._written:
            # Not committed: it never reached the storage, and its name may be that of somebody else's file there.
            if file._committed:
                file.storage.delete(file.name)
