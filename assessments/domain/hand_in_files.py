"""Files that learners hand in: which kinds, how large, what they are called, and whether they are what they say."""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from elearn.core import uploads

DOCUMENTS = ("pdf", "docx", "odt", "pptx", "odp", "xlsx", "ods")
PICTURES = ("png", "jpg", "jpeg", "webp")
MEGABYTE = 1024 * 1024
DOCUMENT_BYTES = 20 * MEGABYTE
PICTURE_BYTES = uploads.PICTURE_BYTES
LONGEST_NAME = 100  # characters, with the ending
ENDINGS = ",".join(f".{kind}" for kind in (*DOCUMENTS, *PICTURES))


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be stored: what it is called on screens and in downloads, its size in bytes and its SHA-256."""

    file: File[Any]
    name: str
    size: int
    sha256: str

    @property
    def kind(self) -> str:
        return uploads.extension(self.name)


def kinds_in_words() -> str:
    """What may be handed in, for the page that asks for it."""
    return _(
        "PDF, Word, PowerPoint, Excel or OpenDocument, up to %(document)d MB each; pictures up to %(picture)d MB"
    ) % {
        "document": DOCUMENT_BYTES // MEGABYTE,
        "picture": PICTURE_BYTES // MEGABYTE,
    }


def check(file: File[Any], name: str) -> CheckedFile:
    """The file as it may be stored. Raises ValueError, in words for a person, for any other."""
    name = cleaned_name(name)
    kind = uploads.extension(name)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if not size:
        raise ValueError(_("%(name)s is empty. Nothing was added.") % {"name": name})
    if kind in DOCUMENTS:
        if size > DOCUMENT_BYTES:
            raise ValueError(
                _("%(name)s is larger than %(size)s MB.") % {"name": name, "size": DOCUMENT_BYTES // MEGABYTE}
            )
        uploads.check_document(file, name)
    elif kind in PICTURES:
        uploads.check_picture(file, name)
    else:
        raise ValueError(_("%(name)s: this kind of file cannot be handed in. Save it as PDF.") % {"name": name})
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return CheckedFile(file, name, size, digest.hexdigest())


def cleaned_name(name: str) -> str:
    """The last part of the name, without folders, control signs and signs that turn the direction of writing."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    path = PurePosixPath(" ".join(plain.split()).strip(". ") or "file")
    ending = path.suffix.lower()
    return path.stem[: LONGEST_NAME - len(ending)] + ending
