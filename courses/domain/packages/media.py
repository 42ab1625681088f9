"""Pictures, files and recordings of the CMS under the names that they have in a package."""

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Collection

from courses.domain.packages.problems import PackageRefused, Place, Problem
from courses.domain.packages.recordings import captions_name, companions_of, is_captions, language_of, poster_name
from courses.domain.packages.source import SAFE_PART, SourceFile
from courses.domain.packages.values import MediaName, RecordingName
from elearn.core.models import Handout, Picture, Recording, RecordingCaptions
from elearn.core.uploads import RECORDINGS, extension

Row = Picture | Handout | Recording
RECORDING_KINDS = {kind for kinds in RECORDINGS.values() for kind in kinds}


@dataclass
class Shelf:
    """The pictures, files and recordings that a course uses, each under one name."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    _names: dict[tuple[str, int], MediaName] = field(default_factory=dict)

    def name_of(self, row: Row) -> MediaName:
        """The name of a row: its title where that is a file name, otherwise one made from the title."""
        identity = (type(row).__name__, row.pk)
        if identity not in self._names:
            self._names[identity] = self._place(row)
        return self._names[identity]

    def _place(self, row: Row) -> MediaName:
        file = _source(row)
        name = wanted = _wished_name(row)
        number = 1
        while self._is_taken(name, row, file):
            number += 1
            path = PurePosixPath(wanted)
            name = f"{path.stem}-{number}{path.suffix}"
        self.files.setdefault(name, file)
        self.rows.setdefault(name, row)
        if not isinstance(row, Recording):
            return MediaName(name)
        companions = _companions(name, row)
        self.files.update(companions)
        return RecordingName(name, companions)

    def _is_taken(self, name: str, row: Row, file: SourceFile) -> bool:
        if not isinstance(row, Recording):
            return name in self.files and self.files[name].digest != file.digest
        # Captions are found by the name before the ending, so no two recordings share one.
        stem = PurePosixPath(name).stem
        rivals = any(isinstance(other, Recording) and PurePosixPath(n).stem == stem for n, other in self.rows.items())
        return rivals or name in self.files or any(other in self.files for other in _companions(name, row))


def _companions(name: str, recording: Recording) -> dict[str, SourceFile]:
    found: dict[str, SourceFile] = {captions_name(name, row.language): _source(row) for row in recording.captions.all()}
    poster = recording.poster
    if poster is not None:
        found[poster_name(name, extension(str(poster.file.name)))] = _source(poster)
    return found


def _wished_name(row: Row) -> str:
    stored = str(row.file.name)
    kind = extension(stored)
    if SAFE_PART.match(row.title) and extension(row.title) == kind:
        return str(row.title)
    stem = slugify(PurePosixPath(row.title).stem if extension(row.title) == kind else row.title)[:80]
    return f"{stem or slugify(PurePosixPath(stored).stem) or 'file'}.{kind}"


def _source(row: Row | RecordingCaptions) -> SourceFile:
    name = str(row.file.name)

    def read() -> bytes:
        try:
            with row.file.storage.open(name) as file:
                data: bytes = file.read()
        except OSError as error:
            message = _("The file of “%(title)s” is missing in the storage. Upload it again.") % {"title": row}
            raise PackageRefused([Problem(Place(name), message)]) from error
        return data

    return SourceFile(name, 0, read)


@dataclass
class Depot:
    """Makes rows for the files of a package, and takes the files back when the import fails."""

    known: Shelf
    files: dict[str, SourceFile]
    # The text alternative of each picture where it is first used; "" where it only decorates.
    alternatives: dict[str, str]
    # Where new rows go: the course's own, so that its authors may choose and change them.
    library: Collection | None = None
    _rows: dict[str, int] = field(default_factory=dict)
    _written: list[Any] = field(default_factory=list)

    def pk_of(self, name: str) -> int:
        if name not in self._rows:
            row = self.known.rows.get(name)
            if row is None or not self._is_same(name, row):
                row = self._make_recording(name) if extension(name) in RECORDING_KINDS else self._make(name)
            self._rows[name] = row.pk
        return self._rows[name]

    def _is_same(self, name: str, row: Row) -> bool:
        names = {name, *companions_of(name, self.files)} if isinstance(row, Recording) else {name}
        held = {name, *_companions(name, row)} if isinstance(row, Recording) else {name}
        return names == held and all(self.known.files[n].digest == self.files[n].digest for n in names)

    def _make_recording(self, name: str) -> Recording:
        row = Recording(title=name, file=ContentFile(self.files[name].read(), name=name))
        row.take_facts()
        companions = companions_of(name, self.files)
        for poster in (other for other in companions if not is_captions(other)):
            self.alternatives[poster] = ""  # It stands for the video, whose title says what there is to see.
            row.poster_id = self._make(poster).pk
        self._written.append(row.file)
        row.collection = self.library or row.collection
        row.save()
        for other in filter(is_captions, companions):
            content = ContentFile(self.files[other].read(), name=other)
            captions = RecordingCaptions(recording=row, language=language_of(other) or "", file=content)
            self._written.append(captions.file)
            captions.save()
        return row

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
        row.collection = self.library or row.collection
        row.save()
        return row

    def clear_away(self) -> None:
        """Remove the files that were written; their rows went with the transaction."""
        for file in self._written:
            # Not committed: it never reached the storage, and its name may be that of somebody else's file there.
            if file._committed:
                file.storage.delete(file.name)
