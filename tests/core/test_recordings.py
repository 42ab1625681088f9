"""What recordings and captions say of themselves, and what is refused: nothing is believed of a name."""

import io
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from elearn.core.models import Recording, RecordingCaptions
from elearn.core.recordings import Facts, NotARecording, read_facts
from elearn.core.uploads import check_captions, check_recording
from tests.factories.recordings import (
    VTT,
    add_captions,
    box,
    m4a_bytes,
    make_poster,
    make_recording,
    mp3_bytes,
    mp4_bytes,
    ogg_bytes,
    webm_bytes,
)

GOOD = [
    ("a.mp3", mp3_bytes(50), Facts("mp3", 50 * 0.024, codecs=("mp3",))),
    ("a.mp3", mp3_bytes(50, tag=True), Facts("mp3", 50 * 0.024, codecs=("mp3",))),
    ("a.m4a", m4a_bytes(75), Facts("m4a", 75.0, codecs=("mp4a",))),
    ("a.ogg", ogg_bytes(3), Facts("ogg", 3.0, codecs=("vorbis",))),
    ("a.ogg", ogg_bytes(3, codec="opus"), Facts("ogg", 3.0, codecs=("opus",))),
    ("a.mp4", mp4_bytes(12), Facts("mp4", 12.0, 640, 360, ("avc1",))),
    ("a.mp4", mp4_bytes(12, index_first=False), Facts("mp4", 12.0, 640, 360, ("avc1",))),
    ("a.webm", webm_bytes(5), Facts("webm", 5.0, 640, 360, ("V_VP9",))),
    ("a.webm", webm_bytes(None, live=True), Facts("webm", None, 640, 360, ("V_VP9",))),
]


@pytest.mark.parametrize(("name", "data", "facts"), GOOD)
def test_recording_says_what_it_is(name: str, data: bytes, facts: Facts) -> None:
    found = check_recording(io.BytesIO(data), name)
    assert found.seconds == (None if facts.seconds is None else pytest.approx(facts.seconds))
    assert (found.extension, found.width, found.height, found.codecs) == (
        facts.extension,
        facts.width,
        facts.height,
        facts.codecs,
    )


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.wav", b"RIFF", "a.wav: a recording must be MP3, M4A, OGG, MP4 or WebM."),
        ("a.mp3", b"<script>alert(1)</script>" * 20, "a.mp3 is not a readable MP3 recording."),
        ("a.mp3", b"", "a.mp3 is not a readable MP3 recording."),
        ("a.mp3", mp3_bytes(2) + b"<html>" * 200, "a.mp3 is not a readable MP3 recording."),
        ("a.mp4", mp4_bytes()[:60], "a.mp4 is not a readable MP4 recording."),
        ("a.mp4", box(b"ftyp", b"isom") + box(b"moov", b""), "a.mp4 is not a readable MP4 recording."),
        ("a.ogg", ogg_bytes(codec="theora"), "a.ogg is not a readable OGG recording."),
        ("a.webm", webm_bytes(doctype=b"matroska"), "a.webm is not a readable WEBM recording."),
        ("a.mp4", mp4_bytes(4_000_000), "a.mp4 is not a readable MP4 recording."),
        ("a.mp4", mp4_bytes(width=65_000), "a.mp4 is not a readable MP4 recording."),
        ("a.webm", webm_bytes()[:9], "a.webm is not a readable WEBM recording."),
        (
            "a.mp3",
            mp4_bytes(),
            "a.mp3 holds MP4, which its name does not say. Name it .mp4, or save it anew.",
        ),
        (
            "a.mp4",
            m4a_bytes(),
            "a.mp4 holds M4A, which its name does not say. Name it .m4a, or save it anew.",
        ),
        (
            "a.mp4",
            mp4_bytes(codec=b"hvc1"),
            "a.mp4 is packed as hvc1, which many browsers cannot play. Save it as H.264 with AAC sound.",
        ),
    ],
)
def test_what_is_no_recording_is_refused_in_words(name: str, data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        check_recording(io.BytesIO(data), name)
    assert str(refusal.value) == message


def test_recording_that_is_too_large_is_refused(settings: object) -> None:
    settings.AUDIO_MB, settings.VIDEO_MB = 1, 2
    large = mp3_bytes(12_000)
    with pytest.raises(ValueError, match=r"^a\.mp3 is larger than 1 MB\.$"):
        check_recording(io.BytesIO(large), "a.mp3")
    video = mp4_bytes() + box(b"free", bytes(1024 * 1024))
    assert check_recording(io.BytesIO(video), "a.mp4").kind == "video"


@pytest.mark.parametrize("data", [data for _name, data, _facts in GOOD])
def test_damaged_recording_breaks_nothing(data: bytes) -> None:
    """Each byte of the head turned over, and the file cut anywhere: read, or refused, and never anything else."""
    for place in range(min(len(data), 400)):
        for damaged in (data[:place], data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]):
            with suppress(NotARecording):
                read_facts(io.BytesIO(damaged))


# --- Captions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        VTT,
        "\ufeff" + VTT,
        VTT.replace("\n", "\r\n"),
        "WEBVTT - title\n\nNOTE twice\n\n01:00:00.000 --> 01:00:01.000 align:start line:0\n<i>Hm.</i> <c.loud>No</c>\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nصباح الخير\n",
    ],
)
def test_captions_are_read(text: str) -> None:
    check_captions(io.BytesIO(text.encode()), "a.vtt")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: captions must be in the WebVTT format and begin with “WEBVTT”."),
        (
            b"1\n00:00:01,000 --> 00:00:02,000\nHello\n",
            "line 1: captions must be in the WebVTT format and begin with “WEBVTT”.",
        ),
        (b"WEBVTT\n", "there is no caption in the file."),
        (b"WEBVTT\nStyle\n", "line 2: an empty line must stand below “WEBVTT”."),
        (b"WEBVTT\n\n\xff\n", "line 3: this is not UTF-8. Save the file as UTF-8."),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\na\0b\n", "line 4: there is a control character. Take it out."),
        (b"WEBVTT\n\nSTYLE\n::cue { color: red }\n", "line 3: captions hold text only. Take this style or region out."),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", "line 3: the caption ends before it begins."),
        (
            b"WEBVTT\n\n00:05.000 --> 00:06.000\nx\n\n00:01.000 --> 00:02.000\ny\n",
            "line 6: the caption begins before the one above it. Put them in order.",
        ),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n", "line 3: the caption has no text."),
        (b"WEBVTT\n\n1\nHello\n", "line 4: a time like “00:00:01.000 --> 00:00:04.000” must stand here."),
        (
            b"WEBVTT\n\n00:01.000 --> 00:02.000\nx <script>alert(1)</script>\n",
            "line 4: “<script>” cannot stand in a caption. Take it out.",
        ),
        (
            b"WEBVTT\n\nNOTES-1\n00:01.000 --> 00:02.000\n<img src=x>\n",
            "line 5: “<img src=x>” cannot stand in a caption. Take it out.",
        ),
        (
            b"WEBVTT\n\n00:01.000 --> 00:02.000\n<b onclick=x",
            "line 4: “<b onclick=x” cannot stand in a caption. Take it out.",
        ),
    ],
)
def test_captions_that_are_no_captions_are_refused_with_the_line(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        check_captions(io.BytesIO(data), "a.vtt")
    assert str(refusal.value) == f"a.vtt, {message}"


def test_captions_of_another_name_or_too_large_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^a.srt: captions must be a WebVTT file \(.vtt\)\.$"):
        check_captions(io.BytesIO(VTT.encode()), "a.srt")
    with pytest.raises(ValueError, match=r"^a.vtt is larger than 512 KB\.$"):
        check_captions(io.BytesIO(VTT.encode() + b"\nNOTE " + b"x" * 600_000), "a.vtt")


# --- The rows ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "in_words"),
    [
        ("a.mp3", mp3_bytes(1_000), "Audio, 24 s, 93.8\xa0KB"),
        ("a.m4a", m4a_bytes(245), "Audio, 4 min, 339\xa0bytes"),
        ("a.mp4", mp4_bytes(61), "Video, 1 min, 339\xa0bytes"),
        ("a.webm", webm_bytes(None), "Video, 140\xa0bytes"),
    ],
)
def test_recording_tells_its_length_and_size(name: str, data: bytes, in_words: str) -> None:
    assert make_recording(name, data).in_words == in_words


@pytest.mark.django_db
def test_form_of_the_cms_refuses_what_is_no_recording() -> None:
    row = Recording(title="Talk", file=SimpleUploadedFile("talk.mp4", b"<html>"))
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.message_dict["file"] == ["talk.mp4 is not a readable MP4 recording."]


@pytest.mark.django_db
def test_file_of_another_kind_does_not_take_the_place_of_a_recording() -> None:
    row = make_recording("talk.mp4")
    row.file = SimpleUploadedFile("talk.mp3", mp3_bytes())
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.message_dict["file"] == ["This is of another kind than before. Make a new recording of it."]


@pytest.mark.django_db
def test_audio_has_no_poster() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_recording("talk.mp3", poster=make_poster())


@pytest.mark.django_db
def test_captions_stand_once_in_a_language_and_hold_captions_only() -> None:
    row = make_recording()
    add_captions(row, "pt-br")
    assert row.captions.get().html_language == "pt-BR"
    again = RecordingCaptions(recording=row, language="pt-br", file=ContentFile(b"WEBVTT", name="a.vtt"))
    with pytest.raises(ValidationError) as refusal:
        again.full_clean()
    assert refusal.value.message_dict["file"] == ["a.vtt, there is no caption in the file."]
    assert refusal.value.message_dict["__all__"] == ["There are captions in this language already."]
    with pytest.raises(IntegrityError), transaction.atomic():
        add_captions(row, "pt-br")


@pytest.mark.django_db
def test_address_of_a_stored_recording_never_comes_back() -> None:
    first, second = make_recording("talk.mp4"), make_recording("talk.mp4")
    assert first.file.name.endswith("/talk.mp4")
    assert second.file.name.endswith("/talk.mp4")
    assert first.file.name != second.file.name
