"""Recordings of a few hundred bytes, made by hand: each says of itself what a real one would, and holds nothing."""

import struct

from django.core.files.base import ContentFile

from elearn.core.models import Picture, Recording, RecordingCaptions

VTT = """\
WEBVTT

1
00:00:00.000 --> 00:00:02.000
Good morning.

00:00:02.000 --> 00:00:04.500
<v Officer>Please sit down.
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'


def mp3_bytes(frames: int = 40, *, tag: bool = False) -> bytes:
    """Frames of 32 kbit/s at 24 kHz: 96 bytes and 24 ms each, all zeros after the head."""
    frame = struct.pack(">I", 0xFFF34400) + bytes(92)
    return (b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) if tag else b"") + frame * frames


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def mp4_bytes(
    seconds: int = 12, *, codec: bytes = b"avc1", width: int = 640, height: int = 360, index_first: bool = True
) -> bytes:
    """A container with one track that says what it is; `codec` mp4a makes it sound."""
    is_sound = codec == b"mp4a"
    head = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80))
    track_head = box(b"tkhd", bytes(76) + struct.pack(">II", *((0, 0) if is_sound else (width << 16, height << 16))))
    handler = box(b"hdlr", bytes(8) + (b"soun" if is_sound else b"vide") + bytes(12))
    samples = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1) + box(codec, bytes(8))))
    track = box(b"trak", track_head + box(b"mdia", handler + box(b"minf", samples)))
    index, data = box(b"moov", head + track), box(b"mdat", b"nothing")
    return box(b"ftyp", b"isom\0\0\0\1isom") + (index + data if index_first else data + index)


def m4a_bytes(seconds: int = 75) -> bytes:
    return mp4_bytes(seconds, codec=b"mp4a")


def ogg_bytes(seconds: int = 3, *, codec: str = "vorbis") -> bytes:
    def page(granule: int, body: bytes) -> bytes:
        return struct.pack("<4sBBqIIIBB", b"OggS", 0, 0, granule, 1, 0, 0, 1, len(body)) + body

    if codec == "opus":
        head = b"OpusHead\x01\x01" + struct.pack("<HIHB", 480, 48_000, 0, 0)
        return page(0, head) + page(seconds * 48_000 + 480, b"sound")
    head = (b"\x01vorbis" if codec == "vorbis" else b"\x80theora") + struct.pack("<IBI", 0, 1, 44_100) + bytes(14)
    return page(0, head) + page(seconds * 44_100, b"sound")


def element(name: int, body: bytes, *, size: bytes = b"") -> bytes:
    length = size or struct.pack(">Q", len(body) | 1 << 56)
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + length + body


def webm_bytes(
    seconds: float | None = 5.0, *, doctype: bytes = b"webm", codec: bytes = b"V_VP9", live: bool = False
) -> bytes:
    """`live`: as a recorder writes that does not know yet how long it will last."""
    lasts = element(0x4489, struct.pack(">d", seconds * 1000)) if seconds else b""
    picture = element(0xE0, element(0xB0, b"\x02\x80") + element(0xBA, b"\x01\x68"))
    track = element(0xAE, element(0x83, b"\x01") + element(0x86, codec) + picture)
    body = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40") + lasts) + element(0x1654AE6B, track)
    size = b"\x01" + b"\xff" * 7 if live else b""
    return element(0x1A45DFA3, element(0x4282, doctype)) + element(0x18538067, body, size=size)


def make_recording(name: str = "talk.mp4", data: bytes | None = None, **fields: object) -> Recording:
    made = {"mp3": mp3_bytes, "m4a": m4a_bytes, "ogg": ogg_bytes, "mp4": mp4_bytes, "webm": webm_bytes}
    content = made[name.rpartition(".")[2]]() if data is None else data
    row = Recording(title=fields.pop("title", name), file=ContentFile(content, name=name), **fields)
    row.take_facts()
    row.save()
    return row


def add_captions(recording: Recording, language: str = "en", text: str = VTT) -> RecordingCaptions:
    return RecordingCaptions.objects.create(
        recording=recording, language=language, file=ContentFile(text.encode(), name=f"{recording.title}.vtt")
    )


def make_poster() -> Picture:
    return Picture.objects.create(title="Poster", file=ContentFile(SVG, name="poster.svg"), is_decorative=True)
