"""Recordings in course packages: there and back with captions and poster, and nothing that only looks like them."""

from pathlib import Path

import pytest

from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package, preview_import
from courses.domain.packages.problems import PackageRefused
from courses.models import CoursePage, LessonPage
from elearn.core.models import Picture, Recording
from tests.courses.domain.packages.conftest import PackageFolder, png, problems_of
from tests.courses.domain.packages.test_exporting import empty_the_cms, files_of
from tests.factories.recordings import VTT, m4a_bytes, mp3_bytes, mp4_bytes, webm_bytes

pytestmark = pytest.mark.django_db

BLOCKS = """
::: audio
file: story.mp3
title: A story
transcript: |
  I came **alone**.
:::

::: video
file: counter.mp4
title: At the counter
transcript: |
  An officer stands up.
:::
"""


@pytest.fixture
def recorded(package: PackageFolder) -> PackageFolder:
    package.files["en/basics/look-first.md"] += BLOCKS
    package.files["media/story.mp3"] = mp3_bytes()
    package.files["media/counter.mp4"] = mp4_bytes()
    package.files["media/counter.en.vtt"] = VTT
    package.files["media/counter.pt-BR.vtt"] = "\ufeff" + VTT
    package.files["media/counter.poster.png"] = png("blue")
    return package


def test_recordings_go_there_and_back(recorded: PackageFolder, tmp_path: Path) -> None:
    import_package(recorded.path)

    video = Recording.objects.get(kind="video")
    assert [row.language for row in video.captions.all()] == ["en", "pt-br"]
    assert (video.seconds, video.width, video.height, video.file_size) == (12, 640, 360, len(mp4_bytes()))
    assert video.poster.is_decorative
    lesson = LessonPage.objects.get(key="look-first")
    (block,) = lesson.body.blocks_by_name("video")
    assert block.value["file"] == video

    export_package(key="first-aid", target=tmp_path / "one")
    wanted = {name: data.encode() if isinstance(data, str) else data for name, data in recorded.files.items()}
    assert files_of(tmp_path / "one") == wanted
    assert preview_import(tmp_path / "one").plan.is_empty

    for page in CoursePage.objects.all():
        page.delete()
    Recording.objects.all().delete()
    empty_the_cms()
    import_package(tmp_path / "one")
    export_package(key="first-aid", target=tmp_path / "two")
    assert files_of(tmp_path / "two") == wanted


def test_captions_that_come_later_are_a_change(recorded: PackageFolder) -> None:
    import_package(recorded.path)
    recorded.files["media/counter.fr.vtt"] = VTT
    outcome = import_package(recorded.path)
    assert outcome.plan.counts() == {"updated": 1, "unchanged": outcome.plan.counts()["unchanged"]}
    (block,) = LessonPage.objects.get(key="look-first").body.blocks_by_name("video")
    assert [row.language for row in block.value["file"].captions.all()] == ["en", "fr", "pt-br"]
    assert preview_import(recorded.path).plan.is_empty


def test_two_recordings_of_one_title_get_two_names(recorded: PackageFolder, tmp_path: Path) -> None:
    import_package(recorded.path)
    audio = Recording.objects.get(kind="audio")
    audio.title = "counter"
    audio.save()
    export_package(key="first-aid", target=tmp_path / "out")
    names = {name for name in files_of(tmp_path / "out") if name.startswith("media/co")}
    assert "media/counter.mp3" in names
    assert {"media/counter-2.mp4", "media/counter-2.en.vtt", "media/counter-2.poster.png"} <= names
    assert preview_import(tmp_path / "out").key == "first-aid"


LESSON = "en/basics/look-first.md"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"media/story.mp3": b"<script>" * 50}, f"{LESSON}:45: story.mp3 is not a readable MP3 recording."),
        ({"media/story.mp3": None}, f"{LESSON}:45: There is no file “story.mp3” in media/."),
        (
            {"media/counter.en.vtt": None, "media/counter.pt-BR.vtt": None},
            f"{LESSON}:52: This video has no captions. Put them into media/counter.en.vtt.",
        ),
        (
            {"media/counter.en.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<script>x</script>\n"},
            "media/counter.en.vtt: counter.en.vtt, line 4: “<script>” cannot stand in a caption. Take it out.",
        ),
        (
            {"media/counter.xx.vtt": VTT},
            "media/counter.xx.vtt: The name must say a language of this site, as in talk.fr.vtt.",
        ),
        (
            {"media/counter.poster.png": b"no"},
            "media/counter.poster.png: counter.poster.png is not a readable png picture.",
        ),
        ({"media/counter.poster.jpg": png()}, f"{LESSON}:52: The recording has more than one poster. Keep one."),
        (
            {"media/counter.webm": webm_bytes()},
            f"{LESSON}:52: Another recording has the same name before its ending, so it is unclear whose captions "
            "these are.",
        ),
        ({"media/story.fr.txt": "x"}, "media/story.fr.txt: No text uses this file. Use it or take it out."),
        ({"media/other.en.vtt": VTT}, "media/other.en.vtt: No text uses this file. Use it or take it out."),
        (
            {"media/counter.mp4": mp4_bytes(codec=b"hvc1")},
            f"{LESSON}:52: counter.mp4 is packed as hvc1, which many "
            "browsers cannot play. Save it as H.264 with AAC sound.",
        ),
    ],
)
def test_what_is_wrong_with_a_recording_is_said_with_its_place(
    recorded: PackageFolder, changes: dict[str, bytes | str | None], problem: str
) -> None:
    for name, data in changes.items():
        if data is None:
            del recorded.files[name]
        else:
            recorded.files[name] = data
    with pytest.raises(PackageRefused) as refused:
        preview_import(recorded.path)
    assert problem in problems_of(refused)


def test_recording_in_the_block_of_the_other_kind_is_refused(recorded: PackageFolder) -> None:
    recorded.files["media/counter.m4a"] = m4a_bytes()
    recorded.replace(LESSON, "file: counter.mp4", "file: counter.m4a")
    with pytest.raises(PackageRefused) as refused:
        preview_import(recorded.path)
    assert f"{LESSON}:52: “counter.m4a” must be of one of these: MP4, WEBM." in problems_of(refused)


def test_recording_without_a_transcript_is_refused(recorded: PackageFolder) -> None:
    recorded.replace(LESSON, "title: A story\ntranscript: |\n  I came **alone**.\n", "title: A story\n")
    with pytest.raises(PackageRefused) as refused:
        preview_import(recorded.path)
    assert problems_of(refused) == [f"{LESSON}:45: “transcript” is missing."]


def test_refused_import_leaves_no_recording_behind(recorded: PackageFolder) -> None:
    recorded.replace(LESSON, "title: Look first", "title: ''")
    before = (Recording.objects.count(), Picture.objects.count())
    with pytest.raises(PackageRefused):
        import_package(recorded.path)
    assert (Recording.objects.count(), Picture.objects.count()) == before
