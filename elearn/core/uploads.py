"""Every uploaded or imported file is hostile until it has passed here."""

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import IO

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image as Pillow

from elearn.core import captions, recordings

PICTURE_BYTES = 5 * 1024 * 1024
PICTURE_PIXELS = 40_000_000
DOCUMENT_BYTES = 50 * 1024 * 1024
PICTURE_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
ZIPPED_DOCUMENTS = {"docx", "xlsx", "pptx", "odt", "ods", "odp"}
TEXT_DOCUMENTS = {"csv", "txt"}
RECORDINGS = {recordings.AUDIO: ("mp3", "m4a", "ogg"), recordings.VIDEO: ("mp4", "webm")}
CAPTIONS_BYTES = 512 * 1024
# What browsers play, by the names that files give it; a telephone's own H.265 is not among it.
CODECS = {
    "mp3": {"mp3"},
    "m4a": {"mp4a"},
    "ogg": {"vorbis", "opus"},
    "mp4": {"avc1", "avc3", "av01", "mp4a", "Opus"},
    "webm": {"V_VP8", "V_VP9", "V_AV1", "A_VORBIS", "A_OPUS"},
}
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


def recording_bytes(kind: str) -> int:
    """How large a recording of this kind may be."""
    return (settings.VIDEO_MB if kind == recordings.VIDEO else settings.AUDIO_MB) * 1024 * 1024


def check_recording(file: IO[bytes], name: str) -> recordings.Facts:
    """Raise ValueError, in words for a person, unless the file is a recording of the kind its name says."""
    wanted = extension(name)
    kind = next((kind for kind, known in RECORDINGS.items() if wanted in known), None)
    if kind is None:
        raise ValueError(_("%(name)s: a recording must be MP3, M4A, OGG, MP4 or WebM.") % {"name": name})
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > recording_bytes(kind):
        most = recording_bytes(kind) // (1024 * 1024)
        raise ValueError(_("%(name)s is larger than %(size)s MB.") % {"name": name, "size": most})
    try:
        facts = recordings.read_facts(file)
    except recordings.NotARecording as error:
        message = _("%(name)s is not a readable %(kind)s recording.") % {"name": name, "kind": wanted.upper()}
        raise ValueError(message) from error
    if facts.extension != wanted:
        raise ValueError(
            _("%(name)s holds %(real)s, which its name does not say. Name it .%(extension)s, or save it anew.")
            % {"name": name, "real": facts.extension.upper(), "extension": facts.extension}
        )
    unplayable = sorted(set(facts.codecs) - CODECS[wanted])
    if unplayable:
        raise ValueError(
            _("%(name)s is packed as %(codec)s, which many browsers cannot play. Save it as H.264 with AAC sound.")
            % {"name": name, "codec": unplayable[0][:20] or "?"}
        )
    return facts


def check_captions(file: IO[bytes], name: str) -> None:
    """Raise ValueError, in words for a person, unless the file holds captions: WebVTT, text and times only."""
    if extension(name) != "vtt":
        raise ValueError(_("%(name)s: captions must be a WebVTT file (.vtt).") % {"name": name})
    file.seek(0)
    data = file.read(CAPTIONS_BYTES + 1)
    file.seek(0)
    if len(data) > CAPTIONS_BYTES:
        raise ValueError(_("%(name)s is larger than %(size)s KB.") % {"name": name, "size": CAPTIONS_BYTES // 1024})
    try:
        captions.read_captions(data)
    except captions.NotCaptions as error:
        raise ValueError(f"{name}, {error}") from error


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
