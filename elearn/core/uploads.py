"""Every uploaded or imported file is hostile until it has passed here."""

import re
import zipfile
from pathlib import PurePosixPath
from typing import IO

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from PIL import Image as Pillow

PICTURE_BYTES = 5 * 1024 * 1024
PICTURE_PIXELS = 40_000_000
DOCUMENT_BYTES = 50 * 1024 * 1024
PICTURE_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
ZIPPED_DOCUMENTS = {"docx", "xlsx", "pptx", "odt", "ods", "odp"}
TEXT_DOCUMENTS = {"csv", "txt"}
SVG_ELEMENTS_REFUSED = {"script", "foreignobject", "iframe", "object", "embed", "animate", "set", "handler", "image"}
# Excel, Word and LibreOffice refuse a zip bomb themselves; this bound keeps one from being stored at all.
UNZIPPED_BYTES = 500 * 1024 * 1024


def extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def check_picture(file: IO[bytes], name: str) -> None:
    """Raise ValueError, in words for a person, unless the file is a safe picture of the kind its name says."""
    kind = extension(name)
    data = _read(file, PICTURE_BYTES, name)
    if kind == "svg":
        _check_svg(data, name)
        return
    if kind not in PICTURE_FORMATS:
        raise ValueError(_("%(name)s: a picture must be PNG, JPEG, WebP or SVG.") % {"name": name})
    file.seek(0)
    try:
        with Pillow.open(file, formats=[PICTURE_FORMATS[kind]]) as picture:
            if picture.width * picture.height > PICTURE_PIXELS:
                raise ValueError(_("%(name)s: the picture has too many pixels (at most 40 million).") % {"name": name})
            picture.verify()
    except (OSError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise ValueError(_("%(name)s is not a readable %(kind)s picture.") % {"name": name, "kind": kind}) from error
    finally:
        file.seek(0)


def check_document(file: IO[bytes], name: str) -> None:
    """Raise ValueError, in words for a person, unless the file is a document of the kind its name says."""
    kind = extension(name)
    data = _read(file, DOCUMENT_BYTES, name)
    if kind == "pdf":
        good = data.startswith(b"%PDF-")
    elif kind in ZIPPED_DOCUMENTS:
        good = _is_office_file(file)
    elif kind in TEXT_DOCUMENTS:
        good = b"\x00" not in data
    else:
        raise ValueError(_("%(name)s: files of this kind cannot be offered for download.") % {"name": name})
    file.seek(0)
    if not good:
        raise ValueError(_("%(name)s is not a readable %(kind)s file.") % {"name": name, "kind": kind.upper()})


def _read(file: IO[bytes], limit: int, name: str) -> bytes:
    file.seek(0)
    data = file.read(limit + 1)
    file.seek(0)
    if len(data) > limit:
        raise ValueError(_("%(name)s is larger than %(size)s MB.") % {"name": name, "size": limit // (1024 * 1024)})
    return data


def _is_office_file(file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            size = sum(member.file_size for member in members)
            macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    except zipfile.BadZipFile:
        return False
    return size <= UNZIPPED_BYTES and not macros and bool(names & {"[Content_Types].xml", "mimetype"})


def _check_svg(data: bytes, name: str) -> None:
    try:
        root = ElementTree.fromstring(data, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise ValueError(_("%(name)s is not a readable SVG picture.") % {"name": name}) from error
    if root.tag.rpartition("}")[2] != "svg":
        raise ValueError(_("%(name)s is not a readable SVG picture.") % {"name": name})
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        values = [str(value) for value in element.attrib.values()] + ([element.text or ""] if tag == "style" else [])
        handler = any(key.rpartition("}")[2].lower().startswith("on") for key in element.attrib)
        links = [
            value
            for key, value in element.attrib.items()
            if key.rpartition("}")[2].lower() in ("href", "src") and not str(value).startswith("#")
        ]
        outside = any(re.search(r"url\(\s*['\"]?(?!#)|@import|javascript:", value, re.I) for value in values)
        if tag in SVG_ELEMENTS_REFUSED or handler or links or outside:
            raise ValueError(_("%(name)s holds a script or something from outside.") % {"name": name})
