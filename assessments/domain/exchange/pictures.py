"""Pictures that come inside exchange files, and those that go out in them."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Collection

from assessments.formats.items import EmbeddedFile
from assessments.models import QuestionBank
from courses.domain.authors import library_of
from courses.models import CourseLibrary, CoursePage
from elearn.core.models import Picture
from elearn.core.uploads import check_picture, extension
from elearn.people.models import User


@dataclass(frozen=True)
class Found:
    file: EmbeddedFile
    alt: str


class Pictures:
    """The pictures of one file, by the hash of their bytes: the same bytes twice are one picture."""

    def __init__(self) -> None:
        self.found: dict[str, Found] = {}
        self._refusals: dict[tuple[str, str], str] = {}

    def take(self, file: EmbeddedFile, alt: str) -> str:
        """Keep the picture and answer its hash. Raises ValueError, in words, when it is no safe picture."""
        digest = hash_of(file.content)
        if digest not in self.found:
            named = (digest, extension(file.name))
            if named not in self._refusals:
                self._refusals[named] = _refusal(file)
            if self._refusals[named]:
                raise ValueError(self._refusals[named])
        known = self.found.get(digest)
        if known is None or (alt and not known.alt):
            self.found[digest] = Found(file, alt)
        return digest


def hash_of(content: bytes) -> str:
    # What Wagtail keeps of every picture; it guards nothing.
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _refusal(file: EmbeddedFile) -> str:
    try:
        check_picture(BytesIO(file.content), file.name[-80:])
    except ValueError as refusal:
        return _("%(reason)s It is not kept.") % {"reason": refusal}
    return ""


class Library:
    """The pictures of the course that a bank belongs to: those there are, and those that an import adds."""

    def __init__(self, bank: QuestionBank) -> None:
        self.bank = bank
        self._written: list[Any] = []
        self._known: dict[str, int] = {}

    def look_up(self, hashes: set[str]) -> None:
        """Learn which of these are there already."""
        held = self._collection(make=False) if hashes else None
        if held is not None:
            rows = Picture.objects.filter(file_hash__in=hashes, collection=held).order_by("-pk")
            self._known = dict(rows.values_list("file_hash", "pk"))

    def find(self, digest: str) -> int | None:
        return self._known.get(digest)

    def add(self, digest: str, found: Found, by: User | None) -> None:
        """Make a row and a file of the picture, unless it is there. Not undone by itself: see `clear_away`."""
        if digest in self._known:
            return
        name = PurePosixPath(found.file.name.replace("\\", "/"))
        stem = slugify(name.stem)[:80] or "picture"
        row = Picture(
            title=(name.stem or stem)[:255],
            file=ContentFile(found.file.content, name=f"{stem}.{extension(found.file.name)}"),
            alt_text=found.alt,
            is_decorative=not found.alt,
            uploaded_by_user=by,
            file_size=len(found.file.content),
            file_hash=digest,
        )
        row.collection = self._collection(make=True)
        self._written.append(row.file)
        row.save()
        self._known[digest] = row.pk

    def clear_away(self) -> None:
        """Remove the files that were written; their rows went with the transaction."""
        for file in self._written:
            # Not committed: it never reached the storage, and its name may be that of somebody else's file there.
            if file._committed:
                file.storage.delete(file.name)

    def _collection(self, *, make: bool) -> Collection | None:
        page = CoursePage.objects.filter(key=self.bank.course_code).order_by("pk").first()
        if page is None:
            return Collection.get_first_root_node()
        return library_of(page.translation_key) if make else _held_library(page)


def _held_library(page: CoursePage) -> Collection | None:
    held = CourseLibrary.objects.select_related("collection").filter(course_key=page.translation_key).first()
    return held.collection if held else None


class OutgoingPictures:
    """Pictures that questions show, as files; each is read once."""

    def __init__(self) -> None:
        self._files: dict[str, EmbeddedFile | None] = {}

    def fetch(self, pk: str) -> EmbeddedFile | None:
        if pk not in self._files:
            self._files[pk] = self._read(pk)
        return self._files[pk]

    def _read(self, pk: str) -> EmbeddedFile | None:
        row = Picture.objects.filter(pk=pk).first() if pk.isdecimal() else None
        if row is None:
            return None
        try:
            with row.file.open("rb") as file:
                return EmbeddedFile(PurePosixPath(row.file.name).name, file.read())
        except OSError:
            return None
