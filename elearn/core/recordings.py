"""What a recording says of itself, read from its bytes: its container, its length, the size of its picture.

Nothing is decoded. Readers here see hostile files: every number is checked before it moves anything.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

AUDIO = "audio"
VIDEO = "video"
# The type under which a browser is told of each kind of file that is taken.
MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
INDEX_BYTES = 16 * 1024 * 1024  # The part of an MP4 that describes the rest: 16 MB would describe days.
TAIL_BYTES = 64 * 1024
MANY = 10_000  # No honest file has more parts than this on one level.


class NotARecording(Exception):
    """The bytes are none of the kinds that are taken."""


@dataclass(frozen=True)
class Facts:
    """`seconds` and the size of the picture are None where the file does not say; `codecs` as the file names them."""

    extension: str
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    codecs: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return VIDEO if MEDIA_TYPES[self.extension].startswith("video") else AUDIO


MOST_SECONDS = 7 * 86_400
MOST_PIXELS = 32_767


def read_facts(file: IO[bytes]) -> Facts:
    """What the content is, whatever its name says. Raises NotARecording; leaves the file at its beginning."""
    file.seek(0)
    head = file.read(16)
    try:
        if head[4:8] == b"ftyp":
            return _believable(_read_mp4(file))
        if head[:4] == b"OggS":
            return _believable(_read_ogg(file))
        if head[:4] == b"\x1a\x45\xdf\xa3":
            return _believable(_read_webm(file))
        if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0):
            return _believable(_read_mp3(file))
        raise NotARecording
    except (struct.error, LookupError, ArithmeticError, UnicodeError) as error:
        raise NotARecording from error
    finally:
        file.seek(0)


def _believable(facts: Facts) -> Facts:
    """What the columns can hold and a recording can be; some files say that they last for ever."""
    if facts.seconds is not None and not 0 <= facts.seconds <= MOST_SECONDS:
        raise NotARecording
    if max(facts.width or 0, facts.height or 0) > MOST_PIXELS:
        raise NotARecording
    return facts


def _length(file: IO[bytes]) -> int:
    return file.seek(0, io.SEEK_END)


# --- MP3: frames, one after the other ----------------------------------------------------------------------------

BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _read_mp3(file: IO[bytes]) -> Facts:
    file.seek(0)
    data = file.read()
    start = _after_id3(data)
    at, frames, seconds = start, 0, 0.0
    while at + 4 <= len(data):
        frame = _mp3_frame(data, at)
        if frame is None:
            break
        size, lasts = frame
        at, frames, seconds = at + size, frames + 1, seconds + lasts
    # Something else with the look of a frame or two at its beginning is no music.
    if frames < 2 or (min(at, len(data)) - start) * 2 < len(data) - start:
        raise NotARecording
    return Facts("mp3", seconds, codecs=("mp3",))


def _after_id3(data: bytes) -> int:
    at = 0
    if data[:3] == b"ID3":
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        at = 10 + size
    while at < len(data) and data[at] == 0:  # Some writers pad.
        at += 1
    return at


def _mp3_frame(data: bytes, at: int) -> tuple[int, float] | None:
    """The size in bytes of the frame that begins here and how long it sounds; None where none begins."""
    (word,) = struct.unpack_from(">I", data, at)
    version, layer, bitrate, rate = word >> 19 & 3, word >> 17 & 3, word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return None
    per_second = SAMPLE_RATES[version][rate]
    samples = 1152 if version == 3 else 576
    kilobits = BITRATES[1 if version == 3 else 2][bitrate]
    return samples // 8 * kilobits * 1000 // per_second + (word >> 9 & 1), samples / per_second


# --- Ogg: pages; the last one says how many samples came before it -----------------------------------------------


def _read_ogg(file: IO[bytes]) -> Facts:
    file.seek(0)
    head = file.read(TAIL_BYTES)
    first = head[27 + head[26] :]
    if first[:7] == b"\x01vorbis":
        codec, per_second, skipped = "vorbis", int.from_bytes(first[12:16], "little"), 0
    elif first[:8] == b"OpusHead":
        codec, per_second, skipped = "opus", 48_000, int.from_bytes(first[10:12], "little")
    else:
        raise NotARecording
    file.seek(max(0, _length(file) - TAIL_BYTES))
    tail = file.read()
    last = tail.rfind(b"OggS")
    samples = int.from_bytes(tail[last + 6 : last + 14], "little") if last >= 0 else 0
    seconds = (samples - skipped) / per_second if 0 < samples < 1 << 62 else None
    return Facts("ogg", seconds if seconds and seconds > 0 else None, codecs=(codec,))


# --- MP4 and M4A: boxes within boxes -----------------------------------------------------------------------------


def _read_mp4(file: IO[bytes]) -> Facts:
    index = _mp4_index(file)
    seconds: float | None = None
    width = height = None
    kinds, codecs = set(), []
    for name, body in _boxes(index):
        if name == b"mvhd":
            seconds = _mp4_seconds(body)
        elif name == b"trak":
            track = dict(_boxes(body))
            media = dict(_boxes(track.get(b"mdia", b"")))
            handler = media.get(b"hdlr", b"")[8:12]
            if handler not in (b"vide", b"soun"):
                continue
            kinds.add(handler)
            codecs.append(_mp4_codec(media))
            if handler == b"vide":
                width, height = (part >> 16 for part in struct.unpack(">II", track[b"tkhd"][-8:]))
    if not kinds:
        raise NotARecording
    return Facts("mp4" if b"vide" in kinds else "m4a", seconds, width or None, height or None, tuple(codecs))


def _mp4_index(file: IO[bytes]) -> bytes:
    """The box that describes the tracks; it may stand before or after the tracks themselves."""
    end, at = _length(file), 0
    for _number in range(MANY):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        size, name = struct.unpack(">I4s", head[:8])
        begins = 8
        if size == 1:
            size, begins = struct.unpack(">Q", head[8:16])[0], 16
        elif size == 0:
            size = end - at
        if size < begins or at + size > end:
            break
        if name == b"moov":
            if size > INDEX_BYTES:
                break
            file.seek(at + begins)
            return file.read(size - begins)
        at += size
    raise NotARecording


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _number in range(MANY):
        if at + 8 > len(data):
            return
        size, name = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > len(data):
            return
        yield name, data[at + 8 : at + size]
        at += size


def _mp4_seconds(body: bytes) -> float | None:
    per_second, units = struct.unpack_from(">IQ" if body[0] == 1 else ">II", body, 20 if body[0] == 1 else 12)
    unknown = (1 << (64 if body[0] == 1 else 32)) - 1
    return units / per_second if 0 < units < unknown and per_second else None


def _mp4_codec(media: dict[bytes, bytes]) -> str:
    table = dict(_boxes(dict(_boxes(media.get(b"minf", b""))).get(b"stbl", b""))).get(b"stsd", b"")
    entry = next(_boxes(table[8:]), None)
    return entry[0].decode("ascii", "replace") if entry else ""


# --- WebM: elements within elements ------------------------------------------------------------------------------

EBML_HEAD, DOCTYPE, SEGMENT, INFO, TRACKS, TRACK = 0x1A45DFA3, 0x4282, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE
SCALE, DURATION, TRACK_TYPE, CODEC, PICTURE, WIDTH, HEIGHT = 0x2AD7B1, 0x4489, 0x83, 0x86, 0xE0, 0xB0, 0xBA
CLUSTER = 0x1F43B675


def _read_webm(file: IO[bytes]) -> Facts:
    file.seek(0)
    data = file.read(INDEX_BYTES)  # What describes the file stands before its first cluster.
    top = _elements(data)
    name, header = next(top)
    if name != EBML_HEAD or dict(_elements(header)).get(DOCTYPE, b"").rstrip(b"\0") != b"webm":
        raise NotARecording
    segment = next((body for name, body in top if name == SEGMENT), b"")
    seconds: float | None = None
    width = height = None
    codecs = []
    for name, body in _elements(segment):
        if name == CLUSTER:
            break
        if name == INFO:
            seconds = _webm_seconds(dict(_elements(body)))
        elif name == TRACKS:
            for inner, track_body in _elements(body):
                track = dict(_elements(track_body)) if inner == TRACK else {}
                codecs.append(track.get(CODEC, b"").decode("ascii", "replace"))
                if track.get(TRACK_TYPE) == b"\x01":
                    picture = dict(_elements(track.get(PICTURE, b"")))
                    width = int.from_bytes(picture.get(WIDTH, b""), "big")
                    height = int.from_bytes(picture.get(HEIGHT, b""), "big")
    if width is None:
        raise NotARecording
    return Facts("webm", seconds, width or None, height or None, tuple(codec for codec in codecs if codec))


def _webm_seconds(info: dict[int, bytes]) -> float | None:
    scale = int.from_bytes(info.get(SCALE, b""), "big") or 1_000_000
    stored = info.get(DURATION, b"")
    if len(stored) not in (4, 8):
        return None
    (units,) = struct.unpack(">f" if len(stored) == 4 else ">d", stored)
    return float(units) * scale / 1e9 if 0 < units < 1e12 else None


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _number in range(MANY):
        if at >= len(data):
            return
        name, at = _number_at(data, at, keep_marker=True)
        size, after = _number_at(data, at, keep_marker=False)
        # All ones: until the end, as recorders write that did not know yet.
        whole = size == (1 << 7 * (after - at)) - 1
        end = len(data) if whole else min(after + size, len(data))
        yield name, data[after:end]
        at = end


def _number_at(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    first = data[at]
    length = 9 - first.bit_length()
    if length > 8 or at + length > len(data):
        raise NotARecording
    value = int.from_bytes(data[at : at + length], "big")
    return (value if keep_marker else value & ~(1 << 7 * length)), at + length
